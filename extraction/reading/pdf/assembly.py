"""Lines and grids in reading order → the text, the lattices in it, and where everything stands on paper."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.document import Place, Table, TableCell
from extraction.reading.pdf.lines import joined
from extraction.reading.pdf.paragraphs import Measure, goes_on, measure_of
from extraction.reading.pdf.shapes import Grid, Item, Line
from extraction.records import Box


def assemble(items: Sequence[Item]) -> tuple[str, tuple[Table, ...], tuple[Place, ...]]:
    """A paragraph a line; a table's row a line, a tab between its cells. Cells stand in the text once."""
    measure = measure_of([item for item in items if isinstance(item, Line)])
    writer = _Writer(measure)
    for item in items:
        if isinstance(item, Grid):
            writer.grid(item)
        else:
            writer.line(item)
    return "".join(writer.parts), tuple(writer.tables), tuple(writer.places)


class _Writer:
    """The text so far; ``at`` is its length."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.parts: list[str] = []
        self.tables: list[Table] = []
        self.places: list[Place] = []
        self.at = 0
        self.last: Line | None = None

    def line(self, line: Line) -> None:
        text = line.text
        if self.last is not None and goes_on(self.last, line, self.measure):
            self._write(joined((self.last.text, text))[len(self.last.text) : -len(text)])
        elif self.parts:
            self._write("\n")
        self._put(text, line.page, line.box)
        self.last = line

    def grid(self, grid: Grid) -> None:
        if self.parts:
            self._write("\n")
        start, row = self.at, -1
        cells: list[TableCell] = []
        for cell in grid.cells:
            if row >= 0:
                self._write("\t" if cell.row == row else "\n")
            row, begin = cell.row, self.at
            for part in cell.parts:
                self._put(part.text, part.page, part.box)
            cells.append(TableCell(cell.row, cell.column, cell.row_span, cell.column_span, begin, self.at))
        self.tables.append(Table(tuple(cells), grid.rows, grid.columns, start, self.at))
        self.last = None

    def _put(self, text: str, page: int, box: Box) -> None:
        start = self.at
        self._write(text)
        left, top, right, bottom = box
        rounded = (round(left, 2), round(top, 2), round(right, 2), round(bottom, 2))
        self.places.append(Place(start, self.at, page, rounded))

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.at += len(text)
