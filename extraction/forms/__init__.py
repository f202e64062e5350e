"""The standard forms and the narrative labels as data, and their loader.

Sources of the forms: 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

Axis = Literal["row", "column"]


@dataclass(frozen=True, slots=True)
class Label:
    """One row or column of a grid: its key, its title as printed, other ways of writing it."""

    key: str
    title: str
    aliases: tuple[str, ...] = ()
    group: str | None = None
    signed: bool = False
    money: str | None = None  # the unit of an amount, e.g. 万元


@dataclass(frozen=True, slots=True)
class GridForm:
    """One grid in one generation of the form: ``rows`` by ``columns``, in the form's order."""

    table: str
    form: str
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    article: str | None = None
    single_row: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Every cell's name, row by row."""
        return tuple(f"{self.table}/{r.key}/{c.key}" for r in self.rows for c in self.columns)


@dataclass(frozen=True, slots=True)
class Identity:
    """One 勾稽关系 of one table: sum of ``left`` = sum of ``right``, for every line along ``axis``."""

    key: str
    table: str
    axis: Axis
    left: tuple[str, ...]
    right: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class NarrativeLabel:
    """One label of narrative figures: key, Chinese title, whether core, what counts."""

    key: str
    zh: str
    core: bool
    means: str


@dataclass(frozen=True, slots=True)
class Forms:
    """All standard grids by table and generation, their identities, and words that are no row."""

    grids: dict[tuple[str, str], GridForm]
    identities: tuple[Identity, ...]
    heads: tuple[str, ...]

    def grid(self, table: str, form: str) -> GridForm | None:
        """The grid of a table in one generation, None where that generation has none (art20_9 in 2021)."""
        return self.grids.get((table, form))

    def tables(self, form: str) -> tuple[GridForm, ...]:
        """Every grid of one generation, in the form's order."""
        return tuple(grid for (_, name), grid in self.grids.items() if name == form)

    def identities_of(self, grid: GridForm) -> tuple[Identity, ...]:
        """The identities of one grid, with ranges of rows spelled out for its generation."""
        return tuple(
            Identity(i.key, i.table, i.axis, i.left, _expand(i.right, grid), i.says)
            for i in self.identities
            if i.table == grid.table
        )


def _expand(terms: tuple[str, ...], grid: GridForm) -> tuple[str, ...]:
    keys = [row.key for row in grid.rows]
    out: list[str] = []
    for term in terms:
        if ".." not in term:
            out.append(term)
            continue
        first, _, last = term.partition("..")
        inside = [i for i, key in enumerate(keys) if key == last or key.startswith(last + ".")]
        out += keys[keys.index(first) : inside[-1] + 1]
    return tuple(out)


def _load_yaml(name: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load(files(__package__).joinpath(name).read_bytes(), Loader=loader)
    return data


def _labels(entries: dict[str, dict[str, Any]]) -> tuple[Label, ...]:
    return tuple(
        Label(
            key=key,
            title=entry["title"],
            aliases=tuple(entry.get("aliases", ())),
            group=entry.get("group"),
            signed=bool(entry.get("signed", False)),
            money=entry.get("money"),
        )
        for key, entry in entries.items()
    )


@cache
def load_forms() -> Forms:
    """Load the standard grids; read once per process."""
    data = _load_yaml("forms.yaml")
    grids = {
        (entry["table"], form): GridForm(
            table=entry["table"],
            form=form,
            rows=_labels(variant["rows"]),
            columns=_labels(variant["columns"]),
            article=entry.get("article"),
            single_row=bool(entry.get("single_row", False)),
        )
        for entry in data["tables"]
        for form, variant in entry["variants"].items()
    }
    identities = tuple(
        Identity(i["key"], i["table"], i["for_every"], tuple(i["left"]), tuple(i["right"]), i["says"])
        for i in data["identities"]
    )
    return Forms(grids, identities, tuple(data["heads"]))


@cache
def load_labels() -> dict[str, NarrativeLabel]:
    """Load the labels of narrative figures by key; read once per process."""
    data = _load_yaml("labels.yaml")["labels"]
    return {
        key: NarrativeLabel(key, entry["zh"], bool(entry["core"]), entry["means"])
        for key, entry in data.items()
    }
