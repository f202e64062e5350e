"""Marked figures as Label Studio's results, there and back: the core that the bank and the project share.

Offsets are code points of the text, end exclusive, in both (checked against Label Studio 1.23.2). A region is
up to three results with one id: its label, its value, its period. What the server stores is anything at all:
it checks next to nothing, so everything is checked here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from annotations.bank.markup import Mark, MarkupError
from annotations.studio.labelling import LABEL, PERIOD, PRIOR, TEXT, VALUE
from extraction.records import Number

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Region:
    """A mark with the value somebody gave it (None: none given) and the model's score, if a model made it."""

    mark: Mark
    value: Number | None = None
    score: float | None = None


def results_of(text: str, regions: Sequence[Region], key: str) -> list[Result]:
    """Regions of ``text`` as Label Studio's results, in order; ids follow from ``key`` and the place."""
    out: list[Result] = []
    for region in regions:
        mark = region.mark
        place = {"start": mark.start, "end": mark.end, "text": text[mark.start : mark.end]}
        name = hashlib.sha256(f"{key}/{mark.start}/{mark.end}".encode()).hexdigest()[:10]
        score = {} if region.score is None else {"score": region.score}
        out.append(_result(name, LABEL, "labels", place | {"labels": [mark.label]}) | score)
        if region.value is not None:
            out.append(_result(name, VALUE, "number", place | {"number": region.value}))
        if mark.prior:
            out.append(_result(name, PERIOD, "choices", place | {"choices": [PRIOR]}))
    return out


def _result(name: str, control: str, kind: str, value: dict[str, Any]) -> Result:
    return {"id": name, "from_name": control, "to_name": TEXT, "type": kind, "value": value}


def regions_of(
    text: str, results: Iterable[Result], labels: Collection[str] | None = None
) -> tuple[Region, ...]:
    """Label Studio's results as regions in order of offset.

    Raises MarkupError for whatever is no region of ``text``: a place outside it, none or several labels, a
    label that is not among ``labels`` (where given), two regions that overlap, a value that is no number.
    """
    marks: dict[str, tuple[Mark, float | None]] = {}
    values: dict[str, Number] = {}
    prior: set[str] = set()
    for result in results:
        name, control, value = _parts(result)
        if control == LABEL:
            if name in marks:
                raise MarkupError(f"region {name} is marked twice")
            marks[name] = (_mark(text, name, value, labels), result.get("score"))
        elif control == VALUE:
            values[name] = _number(name, value)
        elif control == PERIOD:
            if PRIOR in value.get("choices", ()):
                prior.add(name)
        else:
            raise MarkupError(f"region {name} is of the control {control!r}, which is none of ours")
    if loose := sorted((values.keys() | prior) - marks.keys()):
        raise MarkupError(f"region {loose[0]} has a value or a period but no label")
    found = [
        Region(Mark(m.label, m.start, m.end, name in prior), values.get(name), score)
        for name, (m, score) in marks.items()
    ]
    found.sort(key=lambda region: (region.mark.start, region.mark.end))
    _refuse_overlaps(text, found)
    return tuple(found)


def _parts(result: Result) -> tuple[str, str, dict[str, Any]]:
    try:
        name, control, value = result["id"], result["from_name"], result["value"]
    except (KeyError, TypeError) as error:
        raise MarkupError(f"a result is no region: {str(result)[:80]}") from error
    if not isinstance(name, str) or not isinstance(value, dict):
        raise MarkupError(f"a result is no region: {str(result)[:80]}")
    return name, str(control), value


def _mark(text: str, name: str, value: dict[str, Any], labels: Collection[str] | None) -> Mark:
    start, end, given = value.get("start"), value.get("end"), value.get("labels")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        raise MarkupError(f"region {name} lies outside its text: {start}..{end} of {len(text)}")
    if not isinstance(given, list) or len(given) != 1:
        raise MarkupError(f"region {name} (“{text[start:end]}”) has {len(given or ())} labels instead of one")
    if labels is not None and given[0] not in labels:
        raise MarkupError(
            f"region {name} (“{text[start:end]}”) has the label {given[0]!r}, which does not exist"
        )
    return Mark(str(given[0]), start, end)


def _number(name: str, value: dict[str, Any]) -> Number:
    number = value.get("number")
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise MarkupError(f"the value of region {name} is no number: {number!r}")
    return number


def _refuse_overlaps(text: str, regions: Sequence[Region]) -> None:
    for one, other in pairwise(regions):
        if other.mark.start < one.mark.end:
            spans = [text[r.mark.start : r.mark.end] for r in (one, other)]
            raise MarkupError(f"two regions overlap: “{spans[0]}” and “{spans[1]}”, at {other.mark.start}")
