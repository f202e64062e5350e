"""The paragraphs of a report's prose by digest: enough to find those repeated, with nothing of the text kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from extraction.checks.constants import constants
from extraction.normalise import normalise
from extraction.records import Report

_LINE = re.compile(r"[^\n]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


class Paragraph(NamedTuple):
    """One paragraph: digest of its characters, its place in the text, how many Chinese characters it counts for.

    Sentences that every report carries anew (boilerplate) do not count; ``length`` is 0 where too little else is
    left. ``years`` are those it reports on.
    """

    digest: str
    start: int
    end: int
    length: int
    years: tuple[int, ...]


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    rules = constants("continuity.yaml")["repeated"]
    return re.compile("|".join(rules["boilerplate"])), tuple(map(re.compile, rules["year"]))


def paragraphs(report: Report) -> tuple[Paragraph, ...]:
    """The prose paragraphs of a report that carries its text, in order; none where it carries none.

    Prose is a line of the sections without grids that holds a full stop and no cell.
    """
    if report.text is None:
        return ()
    rules = constants("continuity.yaml")["repeated"]
    plain = normalise(report.text)
    within = [(s.start, s.end) for s in report.sections if s.key in rules["sections"]]
    cells = {cell.start for cell in report.cells if cell.start is not None}
    found: dict[int, Paragraph] = {}
    for start, end in within if report.sections else [(0, len(plain))]:
        for one in _prose(plain, start, end, rules["least_characters"]):
            if cells.isdisjoint(range(one.start, one.end)):
                found[one.start] = one
    return tuple(found[start] for start in sorted(found))


def _prose(plain: str, start: int, end: int, least: int) -> Iterator[Paragraph]:
    boilerplate, years = _patterns()
    for line in _LINE.finditer(plain, start, end):
        words = "".join(line[0].split())
        if "。" not in words or len(_HAN.findall(words)) < least:
            continue
        own = "".join(sentence for sentence in words.split("。") if not boilerplate.search(sentence))
        length = len(_HAN.findall(own))
        first = line.start() + len(line[0]) - len(line[0].lstrip())
        yield Paragraph(
            digest=hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest(),
            start=first,
            end=first + len(line[0].strip()),
            length=length if length >= least else 0,
            years=tuple(sorted({int(m[1]) for pattern in years for m in pattern.finditer(line[0])})),
        )
