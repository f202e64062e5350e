"""What a page is made of once markup is gone: lines, pictures and grids, in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_TORN = re.compile(f"(?<=[{_WIDE}])[ \\t\\r\\f]*\\n[ \\t\\r\\n\\f]*(?=[{_WIDE}])")
_BLANKS = re.compile("[ \\t\\n\\r\\f\\v\\x1c-\\x1f\\x85\\u2028\\u2029]+")
_EDGES = " \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u2002\u2003\u2009\u2028\u2029\u200b\u2060\u3000\ufeff"


class Line(NamedTuple):
    """One paragraph without its markup, and how many of its characters are link text."""

    text: str
    links: int


class Picture(NamedTuple):
    """An image large enough to hold a grid: its address as the page writes it."""

    source: str


class GridCell(NamedTuple):
    """A cell of a data table: lattice position and size, and its text on one line."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A data table: the cells of each row in the order of their columns; empty rows have none."""

    lines: tuple[tuple[GridCell, ...], ...]
    columns: int


Item = Line | Picture | Grid


class Flow:
    """Items in reading order, and the extents ``[start, end)`` of the elements that could hold the report."""

    __slots__ = ("items", "spans")

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.spans: list[tuple[int, int]] = []

    def extend(self, other: Flow) -> None:
        """Append the other flow's items; the whole of it becomes one more extent."""
        shift = len(self.items)
        self.items += other.items
        self.spans += [(start + shift, end + shift) for start, end in other.spans]
        if other.items:
            self.spans.append((shift, len(self.items)))


def mend(text: str) -> str:
    """Join what the source wraps: a line break between two wide characters is none (CSS Text 3, 4.1.2).

    Word's export breaks its lines inside Chinese words; a browser shows them whole.
    """
    return _TORN.sub("", text) if "\n" in text else text


def tidy(text: str) -> str:
    """White space as a browser shows it in a paragraph: runs of ASCII blanks are one, edges are bare.

    No-break and ideographic blanks inside stay: typists align columns with them.
    """
    text = text.strip(_EDGES)
    if text.isalnum():  # most cells are a number or a short label
        return text
    if "  " in text or not text.isprintable():
        return _BLANKS.sub(" ", mend(text))
    return text


def flat(text: str) -> str:
    """A cell's text: every run of white space, of whatever kind, is one blank; edges are bare."""
    if text.isalnum():
        return text
    text = text.strip(_EDGES)
    return " ".join(mend(text).split())
