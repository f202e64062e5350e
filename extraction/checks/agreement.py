"""The text against the grids and against itself, without crying wolf.

A figure of the text agrees with the grid if any current figure of its label, or the sum of them (parts by
department), says the same. Where none does, the readings of ``agreement.yaml`` are tried: one that fits makes a
note that names it. Only what no reading explains is a warning, and only if the figure is one to rely on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from extraction.records import Cell, Figure, Finding, Number, Report, Severity

_ROUND = 0.1  # “about” and “more than”: how far the exact number may lie away


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a figure off the grids: cells to add up, and what to call it."""

    says: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that text and grids both count."""

    key: str
    labels: tuple[str, ...]
    noun: str
    grid: tuple[str, ...]
    parts: bool
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """One thing of the text that holds others of the text."""

    key: str
    whole: str
    parts: tuple[str, ...]
    says: str


@cache
def _rules() -> tuple[tuple[Rule, ...], tuple[str, ...], tuple[Whole, ...]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load(
        files(__package__).joinpath("agreement.yaml").read_bytes(), Loader=loader
    )
    rules = tuple(
        Rule(
            r["key"],
            tuple(r["labels"]),
            r["noun"],
            tuple(r["grid"]),
            bool(r.get("parts", False)),
            tuple(Reading(x["says"], tuple(x["sum"])) for x in r.get("readings", ())),
        )
        for r in data["rules"]
    )
    wholes = tuple(Whole(w["key"], w["whole"], tuple(w["parts"]), w["says"]) for w in data["wholes"])
    return rules, tuple(data["circles"]), wholes


def agreement(report: Report) -> list[Finding]:
    """Findings on every rule that the report's figures and cells say something about."""
    if not report.figures:
        return []
    rules, circles, wholes = _rules()
    cells = {cell.key: cell for cell in report.cells}
    numbered = list(enumerate(report.figures))
    found = [_judge(rule, cells, numbered, circles) for rule in rules]
    found += [_within(whole, numbered) for whole in wholes]
    return [finding for finding in found if finding is not None]


def _judge(
    rule: Rule,
    cells: Mapping[str, Cell],
    numbered: Sequence[tuple[int, Figure]],
    circles: Sequence[str],
) -> Finding | None:
    mine = [
        (i, f)
        for i, f in numbered
        if f.label in rule.labels and f.period == "current" and f.value is not None
    ]
    expected = _sum(rule.grid, cells)
    if not mine or expected is None:
        return None
    total, keys = expected
    if any(_says(f, total) for _, f in mine) or _exact_sum(mine) == total:
        return None
    if rule.parts and all(_is_part(f, rule, cells) for _, f in mine):
        return None
    index, figure = max(mine, key=_weight)
    severity, reading, more = _explain(rule, figure, cells, circles)
    grid = " + ".join(str(_value(cells[key])) for key in keys) + " = " if len(keys) > 1 else ""
    return Finding(
        check=f"agreement.{rule.key}",
        severity=severity,
        message=f"The text says {figure.value:,} {rule.noun} (“{figure.text}”); "
        f"the grid says {grid}{total:,}.{reading}",
        expected=total,
        actual=figure.value,
        cells=tuple(dict.fromkeys((*keys, *more))),
        figures=(index,),
    )


def _weight(pair: tuple[int, Figure]) -> tuple[bool, Number]:
    """Which of several figures of a label stands for the whole: one to rely on, the greatest."""
    return pair[1].accepted, pair[1].value or 0


def _explain(
    rule: Rule, figure: Figure, cells: Mapping[str, Cell], circles: Sequence[str]
) -> tuple[Severity, str, tuple[str, ...]]:
    """How serious a difference is, the reading that reconciles it, and the cells of that reading."""
    for reading in rule.readings:
        other = _sum(reading.cells, cells)
        if other is not None and _says(figure, other[0]):
            shown = " + ".join(str(_value(cells[key])) for key in other[1])
            return "note", f" The text counts {reading.says}: {shown} = {other[0]:,}.", other[1]
    circle = next((word for word in circles if word in figure.sentence), None)
    if circle:
        return "note", f" The sentence speaks of {circle}: it may count other units than the grid.", ()
    return ("warning" if figure.accepted else "note"), "", ()


def _sum(patterns: Sequence[str], cells: Mapping[str, Cell]) -> tuple[Number, tuple[str, ...]] | None:
    """The sum of the cells that match, and their names; None where one of them cannot be told."""
    keys = _matching(tuple(patterns), tuple(cells))
    values = [_value(cells[key]) for key in keys]
    if not keys or any(value is None for value in values):
        return None
    return sum(value for value in values if value is not None), keys


@lru_cache(maxsize=1024)
def _matching(patterns: tuple[str, ...], keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that a pattern means: the same for all reports with the same cells, so found once."""
    return tuple(
        key
        for key in keys
        for pattern in patterns
        if key == pattern or ("*" in pattern and fnmatchcase(key, pattern))
    )


def _value(cell: Cell) -> Number | None:
    if cell.kind in ("blank", "not_applicable"):
        return 0
    return cell.value if cell.kind == "number" else None


def _exact_sum(mine: Sequence[tuple[int, Figure]]) -> Number | None:
    if len(mine) < 2 or any(f.approx != "exact" for _, f in mine):
        return None
    return sum(f.value for _, f in mine if f.value is not None)


def _says(figure: Figure, number: Number) -> bool:
    """Whether a figure, with its approximation, says a number."""
    value = figure.value
    if value is None:
        return False
    if figure.approx == "exact":
        return value == number
    low = value if figure.approx == "at_least" else value * (1 - _ROUND)
    high = value if figure.approx == "at_most" else value * (1 + _ROUND)
    return low <= number <= high


def _is_part(figure: Figure, rule: Rule, cells: Mapping[str, Cell]) -> bool:
    """Whether a figure is one of the rows that make up the rule's sum."""
    found = _sum(rule.grid, cells)
    return found is not None and any(_says(figure, _value(cells[key]) or 0) for key in found[1])


def _within(whole: Whole, numbered: Sequence[tuple[int, Figure]]) -> Finding | None:
    """A part that is greater than its whole, both said exactly and of the same year."""
    exact = [
        (i, f) for i, f in numbered if f.period == "current" and f.approx == "exact" and f.value is not None
    ]
    wholes = [(i, f) for i, f in exact if f.label == whole.whole]
    parts = [(i, f) for i, f in exact if f.label in whole.parts]
    if not wholes or not parts:
        return None
    top_index, top = max(wholes, key=lambda pair: pair[1].value or 0)
    index, part = max(parts, key=lambda pair: pair[1].value or 0)
    if (part.value or 0) <= (top.value or 0):
        return None
    sure = top.accepted and part.accepted and top.sentence == part.sentence
    message = (
        f"The text gives {part.value:,} {whole.says} (“{part.text}”), more than the whole it names, "
        f"{top.value:,} (“{top.text}”)."
    )
    return Finding(
        check=f"agreement.{whole.key}",
        severity="warning" if sure else "note",
        message=message,
        expected=top.value,
        actual=part.value,
        figures=(top_index, index),
    )
