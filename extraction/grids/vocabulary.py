"""The words of the standard grids, ready for comparison: which piece of text names which row.

A piece is compared by its *key*: its Chinese characters alone, without a leading ordinal. So ``1. 属于国家秘密``,
``①属于国家秘密`` and ``（1）属于 国家秘密`` have one key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from extraction.forms import GridForm, Label, load_forms
from extraction.normalise import normalise

_ORDINAL = re.compile(
    r"^[\s|*#]*(?:[(\[]\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)\]][\s.、]*"
    r"|[一二三四五六七八九十]{1,3}\s*[、.,:：]\s*|\d{1,2}\s*[、.,:：)]?\s*(?=[一-鿿]))+"
)
_NOT_HAN = re.compile(r"[^一-鿿]+")
_ORDINAL_OF_RULE = re.compile(r"\d位")  # 保留4位小数 and 保留四位小数 have one key

DISCLOSURE = "disclosure"
APPLICATIONS = "applications"
REVIEW = "review"


@lru_cache(maxsize=65536)
def key_of(piece: str) -> str:
    """The key of a piece of normalised text: its Chinese characters without a leading ordinal."""
    return _NOT_HAN.sub("", _ORDINAL.sub("", piece))


@dataclass(frozen=True, slots=True)
class RowName:
    """One row of one family of grids, at its place in the form's order (both generations merged)."""

    family: str
    table: str
    row: str
    order: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything the grids' wording tells, by key."""

    rows: dict[str, tuple[RowName, ...]]
    articles: dict[str, str]  # 第二十条第一项 → disclosure.art20_1
    columns: dict[str, frozenset[tuple[str, str, str]]]  # key → (table, form, column)
    heads: frozenset[str]
    families: dict[str, tuple[RowName, ...]]
    titles: dict[tuple[str, str], tuple[str, ...]]  # (table, row) → keys, the title's first
    pattern: re.Pattern[str]  # any row's key, longest first

    def column(self, key: str) -> frozenset[tuple[str, str, str]]:
        """The columns a head names; words behind the title (单位：万元，保留4位小数) do not matter."""
        owners = self.columns.get(key)
        if owners is None and key:
            begun = [k for k in self.columns if len(k) >= 4 and key.startswith(k)]
            owners = self.columns[max(begun, key=len)] if begun else frozenset()
        return owners or frozenset()

    def known(self, key: str) -> bool:
        """Whether a key is a row, a head, a column or an article of the form."""
        return key in self.rows or key in self.heads or key in self.columns or key in self.articles


def _keys(label: Label) -> tuple[str, ...]:
    texts = (label.title, *label.aliases)
    return tuple(dict.fromkeys(key_of(normalise(text)) for text in texts))


def _merged_rows(grids: list[GridForm]) -> list[tuple[str, Label]]:
    """The rows of several generations of one table in one order: 其他处理 before its three parts."""
    merged: list[tuple[str, Label]] = []
    for grid in grids:
        at = 0
        for label in grid.rows:
            parent = label.key.rpartition(".")[0]
            known = {other.key: i for i, (_, other) in enumerate(merged)}
            at = max(at, known.get(parent, -1) + 1)
            if label.key in known:
                at = known[label.key] + 1
            else:
                merged.insert(at, (grid.table, label))
                at += 1
    return merged


@cache
def vocabulary() -> Vocabulary:
    """Build the vocabulary from the forms; once per process."""
    forms = load_forms()
    tables: dict[str, list[GridForm]] = {}
    for grid in forms.grids.values():
        tables.setdefault(grid.table, []).append(grid)
    rows: dict[str, list[RowName]] = {}
    families: dict[str, list[RowName]] = {}
    titles: dict[tuple[str, str], tuple[str, ...]] = {}
    columns: dict[str, set[tuple[str, str, str]]] = {}
    articles: dict[str, str] = {}
    for table, grids in tables.items():
        family = table.split(".")[0]
        for _, label in _merged_rows(grids):
            name = RowName(family, table, label.key, len(families.setdefault(family, [])))
            families[family].append(name)
            titles[table, label.key] = _keys(label)
            for key in _keys(label):
                rows.setdefault(key, []).append(name)
        for grid in grids:
            for label in grid.columns:
                for key in _keys(label):
                    columns.setdefault(key, set()).add((table, grid.form, label.key))
            if grid.article:
                for wording in ("第二十条第{}项", "第二十条{}项", "二十条第{}项", "条例第二十条第{}项"):
                    articles[wording.format(grid.article)] = table
    long_keys = sorted((k for k in rows if len(k) >= 4), key=len, reverse=True)
    return Vocabulary(
        rows={key: tuple(names) for key, names in rows.items()},
        articles=articles,
        columns={key: frozenset(names) for key, names in columns.items()},
        heads=frozenset(key_of(normalise(head)) for head in forms.heads),
        families={family: tuple(names) for family, names in families.items()},
        titles=titles,
        pattern=re.compile("|".join(long_keys)),
    )
