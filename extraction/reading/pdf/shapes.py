"""What a page is made of on its way to a Document: glyphs, lines of runs, and grids of cells.

All lengths are PDF points; x grows to the right and y downwards from the page's upper left corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from extraction.records import Box


class Glyph(NamedTuple):
    """One printed character: its box by the font's measures, and the height of its base line."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    base: float


class Run(NamedTuple):
    """Characters of one line that stand together."""

    text: str
    box: Box


class Line(NamedTuple):
    """Runs on one base line, from left to right; ``size`` is the height of its characters."""

    runs: tuple[Run, ...]
    page: int
    box: Box
    base: float
    size: float

    @property
    def text(self) -> str:
        """The runs with two blanks between them, as aligned plain text has them."""
        return "  ".join(run.text for run in self.runs)


class Part(NamedTuple):
    """Text of a cell that stands on one page, and where; the empty text for a blank cell."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell in its lattice; its text is that of its parts, more than one where a page break tears it."""

    row: int
    column: int
    row_span: int
    column_span: int
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The parts joined as the lines of a paragraph are."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: cells in reading order, and the x of its column edges (one more than columns)."""

    cells: tuple[GridCell, ...]
    rows: int
    edges: tuple[float, ...]
    page: int
    top: float
    bottom: float
    last_page: int

    @property
    def columns(self) -> int:
        """How many columns the lattice has."""
        return len(self.edges) - 1


Item = Line | Grid


def hull(boxes: list[Box]) -> Box:
    """The smallest box around all of ``boxes``, of which there is at least one."""
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
