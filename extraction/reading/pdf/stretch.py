"""Where lines of text form a table without rulings: numbers under each other, with labels and heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extraction.reading.pdf.columns import Columns, columns_of, values_of
from extraction.reading.pdf.shapes import Line
from extraction.reading.pdf.wording import is_heading, is_sentence

_BETWEEN = 6  # lines between two lines with numbers
_ABOVE = 12  # lines of heads above the first
_WIDE = 0.75  # of the text's width: a line of prose
_ROW_OF_NUMBERS = 4  # on one line under heads: a table of a single row


@dataclass(slots=True)
class Section:
    """Rows of one set of columns: the heads above them, then lines with numbers and label lines."""

    heads: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)

    @property
    def numbers(self) -> list[Line]:
        """The lines with numbers."""
        return [line for line in self.body if has_values(line)]


def has_values(line: Line) -> bool:
    """Whether a line ends in a number as a row of a table does."""
    values = values_of(line)
    if not values or values[-1] is not line.runs[-1]:
        return False
    return not any(is_sentence(run.text) for run in line.runs)


def stretches(lines: Sequence[Line], width: float) -> list[tuple[int, int]]:
    """``[start, end)`` of every stretch of ``lines`` that looks like a table; ``width`` is the text's own."""
    out: list[tuple[int, int]] = []
    at, free = 0, 0
    while at < len(lines):
        if not has_values(lines[at]):
            at += 1
            continue
        last = _last_row(lines, at, width)
        rows = [line for line in lines[at : last + 1] if has_values(line) and len(line.runs) > 1]
        start = _first_head(lines, at, free, width)
        if len(rows) > 1 or (rows and start < at and len(values_of(rows[0])) >= _ROW_OF_NUMBERS):
            end = _last_label(lines, last, width)
            out.append((start, end))
            free = end
        at = last + 1
    return out


def _is_barrier(line: Line, width: float) -> bool:
    if has_values(line):
        return False
    if len(line.runs) == 1 and line.box[2] - line.box[0] > _WIDE * width:
        return True
    return is_heading(line.text) or is_sentence(line.text)


def _last_row(lines: Sequence[Line], first: int, width: float) -> int:
    last = at = first
    while at + 1 < len(lines) and at - last <= _BETWEEN:
        at += 1
        if _is_barrier(lines[at], width):
            break
        if has_values(lines[at]):
            last = at
    return last


def _first_head(lines: Sequence[Line], first: int, free: int, width: float) -> int:
    at = first
    while at > free and first - at < _ABOVE and not _is_barrier(lines[at - 1], width):
        at -= 1
    return at


def _last_label(lines: Sequence[Line], last: int, width: float) -> int:
    """Behind the last row its label may go on for two lines; the sharing says which."""
    at = last + 1
    while at < len(lines) and at - last <= 2 and len(lines[at].runs) == 1:
        if _is_barrier(lines[at], width) or lines[at].page != lines[last].page:
            break
        at += 1
    return at


def sections_of(lines: Sequence[Line]) -> list[Section]:
    """A stretch cut where heads announce other columns."""
    first = columns_of([line for line in lines if has_values(line)])
    sections = [Section()]
    for line in lines:
        if has_values(line) or not first.is_head(line):
            sections[-1].body.append(line)
            continue
        if sections[-1].numbers:
            sections.append(Section())
        sections[-1].heads += [*sections[-1].body, line]
        sections[-1].body = []
    return _merged(sections)


def _merged(sections: list[Section]) -> list[Section]:
    """Sections with the same columns as one: heads repeated on the next page, a head between rows."""
    out: list[Section] = []
    for section in sections:
        if out and section.numbers and out[-1].numbers:
            a, b = columns_of(out[-1].numbers), columns_of(section.numbers)
            if _same(a, b):
                out[-1].body += [*section.heads, *section.body]
                continue
        out.append(section)
    return out


def _same(a: Columns, b: Columns) -> bool:
    if len(a.values) != len(b.values):
        return False
    return all(x[0] < y[1] and y[0] < x[1] for x, y in zip(a.values, b.values, strict=True))
