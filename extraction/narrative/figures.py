"""The figures of a report's prose: spans from the tagger, values from their words, places from the document.

Numbers inside the standard grids are never narrative figures, nor are the grids' own labels; prose that stands
among the grids is read like any other.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from extraction.document import Document, Table
from extraction.grids.vocabulary import key_of, vocabulary
from extraction.narrative.quantities import parse_quantity
from extraction.narrative.sentences import Sentences, Stretch, plain_may_hold
from extraction.narrative.tagger import Span, Tagger
from extraction.recognise import Identity
from extraction.records import Cell, Figure, Section

_AROUND = 12  # characters beside a span that may hold its sign or approximation
_GRID = 2  # cells of the form in a true table from which all of it is grid
# A table in pipes (GitHub Flavored Markdown 4.10): its head, the line of dashes, its rows.
_PIPES = re.compile(
    r"^[ ]{0,3}\|[^\n]*\n[ ]{0,3}\|(?:[ ]*:?-+:?[ ]*\|)+[ ]*\n(?P<rows>(?:[ ]{0,3}\|[^\n]*(?:\n|\Z))*)",
    re.MULTILINE,
)
_HAN = re.compile("[一-鿿]")
_FIELDS = re.compile(r"[|\t]")
_REMARK = re.compile(r"[（(][^（()）|0-9]*[)）]")  # behind a title of the form: its unit of money


def read_figures(
    document: Document, identity: Identity, cells: Sequence[Cell], tagger: Tagger
) -> tuple[Figure, ...]:
    """Every narrative figure of the report in order of offset."""
    text = document.text
    prose = Prose(identity.normal, cells, document.tables)
    sentences = Sentences(text)
    figures = []
    for span in tagger.tag(sentences, year=identity.year, keep=prose.holds):
        first, last = sentences.around(span.start, span.end)
        figures.append(_figure(text, span, identity.sections, text[first:last]))
    return tuple(figures)


def _figure(text: str, span: Span, sections: Sequence[Section], sentence: str) -> Figure:
    quantity = parse_quantity(
        text[span.start : span.end],
        span.label,
        before=text[max(0, span.start - _AROUND) : span.start],
        after=text[span.end : span.end + _AROUND],
    )
    section = next((s.key for s in sections if s.start <= span.start < s.end), "preamble")
    return Figure(
        label=span.label,
        value=quantity.value,
        unit=quantity.unit,
        approx=quantity.approx,
        period="prior" if span.prior else "current",
        zero_statement=quantity.zero,
        text=text[span.start : span.end],
        start=span.start,
        end=span.end,
        section=section,
        sentence=sentence,
        score=round(span.score, 6),
        accepted=span.accepted and quantity.value is not None,
    )


class Prose:
    """Tells stretches of prose from lines of the grids."""

    def __init__(self, normal: str, cells: Sequence[Cell], tables: Sequence[Table]) -> None:
        self._normal = normal
        self._starts = sorted(cell.start for cell in cells if cell.start is not None)
        self._grids = [(t.start, t.end) for t in tables if self._cells_in(t.start, t.end) >= _GRID]
        self._grids += [m.span() for m in _PIPES.finditer(normal) if self._is_grid(m)]

    def _cells_in(self, start: int, end: int) -> int:
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)

    def _is_grid(self, table: re.Match[str]) -> bool:
        """Whether a table in pipes is of the form: it has a cell of it, or its rows have the form's words only.

        Then its head, which converters make up (数据1, 数据2), holds no figure either.
        """
        return self._cells_in(*table.span()) > 0 or _of_the_form(table["rows"])

    def holds(self, stretch: Stretch) -> bool:
        """Whether a stretch is prose that could hold a figure."""
        start, end = stretch.start, stretch.end
        if self._cells_in(start, end) or any(a <= start < b for a, b in self._grids):
            return False
        sentence = self._normal[start:end]
        return plain_may_hold(sentence) and not _of_the_form(sentence)


def _of_the_form(lines: str) -> bool:
    """Whether all words of ``lines``, whose fields pipes or tabs may part, are the form's own."""
    fields = [field for field in _FIELDS.split(lines) if _HAN.search(field)]
    return bool(fields) and all(vocabulary().known(key_of(_REMARK.sub("", field))) for field in fields)
