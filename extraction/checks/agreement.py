"""The text against the grids and against itself, without crying wolf.

A figure of the text agrees with the grid if any current figure of its label, or the sum of them (parts by
department), says the same. Where none does, the readings of ``agreement.yaml`` are tried: one that fits makes a
note that names it. Only what no reading explains is a warning, and only if the figure is one to rely on.
"""

from __future__ import annotations

import re
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
    word: str = ""  # a pattern that stands beside the figures meant; a difference is then only a note


@dataclass(frozen=True, slots=True)
class Whole:
    """One thing of the text that holds others of the text."""

    key: str
    whole: tuple[str, ...]
    parts: tuple[str, ...]
    says: str
    plus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rules:
    """All of agreement.yaml."""

    rules: tuple[Rule, ...]
    circles: tuple[str, ...]
    wholes: tuple[Whole, ...]
    denials: tuple[str, ...]
    limits: tuple[str, ...]


@cache
def _rules() -> _Rules:
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
            r.get("word", ""),
        )
        for r in (*data["rules"], *data["kinds"])
    )
    wholes = tuple(
        Whole(w["key"], tuple(w["whole"]), tuple(w["parts"]), w["says"], tuple(w.get("plus", ())))
        for w in data["wholes"]
    )
    return _Rules(rules, tuple(data["circles"]), wholes, tuple(data["denials"]), tuple(data["limits"]))


def agreement(report: Report) -> list[Finding]:
    """Findings on every rule that the report's figures and cells say something about."""
    if not report.figures:
        return []
    known = _rules()
    cells = {cell.key: cell for cell in report.cells}
    numbered = list(enumerate(report.figures))
    found = [_judge(rule, cells, numbered, known.circles) for rule in known.rules]
    found += [_within(whole, numbered) for whole in known.wholes]
    found += [_denied(label, numbered, (*known.circles, *known.limits)) for label in known.denials]
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
        if f.label in rule.labels
        and f.period == "current"
        and f.value is not None
        and (not rule.word or _beside(rule.word, f))
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
    return ("warning" if figure.accepted and not rule.word else "note"), "", ()


def _beside(word: str, figure: Figure) -> bool:
    """Whether a word stands directly before the figure (自然人申请5件) or behind it (5件规范性文件)."""
    said = re.escape(figure.text)
    return bool(
        re.search(rf"(?:{word})[^\d，,。；;：:、（(]{{0,6}}{said}", figure.sentence)
        or re.search(rf"(?<!\d){said}(?:{word})", figure.sentence)
    )


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
    wholes = [(i, f) for i, f in exact if f.label in whole.whole]
    parts = [(i, f) for i, f in exact if f.label in whole.parts]
    if not wholes or not parts:
        return None
    top_index, top = max(wholes, key=lambda pair: pair[1].value or 0)
    index, part = max(parts, key=lambda pair: pair[1].value or 0)
    beside = sum(f.value or 0 for _, f in exact if f.label in whole.plus)
    if (part.value or 0) <= (top.value or 0) + beside:
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


def _denied(label: str, numbered: Sequence[tuple[int, Figure]], limits: Sequence[str]) -> Finding | None:
    """The same thing denied in one sentence and counted in another, both to be relied on, of all of the year."""
    mine = [
        (i, f)
        for i, f in numbered
        if f.label == label
        and f.period == "current"
        and f.accepted
        and f.value is not None
        and not any(word in f.sentence for word in limits)
    ]
    nothing = next(((i, f) for i, f in mine if f.zero_statement), None)
    some = max(((i, f) for i, f in mine if f.value), key=_weight, default=None)
    if nothing is None or some is None or nothing[1].sentence == some[1].sentence:
        return None
    return Finding(
        check="agreement.denied",
        severity="warning",
        message=f"The text denies {label} in one sentence (“{nothing[1].text}”) and gives {some[1].value:,} in "
        f"another (“{some[1].text}”).",
        expected=0,
        actual=some[1].value,
        figures=(nothing[0], some[0]),
    )
