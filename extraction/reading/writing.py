"""Lines and grids → the text of a Document and the lattices in it."""

from __future__ import annotations

from extraction.document import Table, TableCell
from extraction.reading.html.flow import Grid, Item, Line


def write(items: list[Item]) -> tuple[str, tuple[Table, ...]]:
    """A paragraph or a row of a table a line, tabs between a row's cells; pictures leave no trace."""
    parts: list[str] = []
    tables: list[Table] = []
    position = 0
    for item in items:
        if isinstance(item, Line):
            parts.append(item.text)
            position += len(item.text) + 1
        elif isinstance(item, Grid):
            table = _table(item, position)
            tables.append(table)
            parts += ["\t".join(cell.text for cell in line) for line in item.lines if line]
            position = table.end + 1
    return "\n".join(parts), tuple(tables)


def _table(grid: Grid, start: int) -> Table:
    cells: list[TableCell] = []
    position = start
    for line in grid.lines:
        for cell in line:
            end = position + len(cell.text)
            cells.append(TableCell(cell.row, cell.column, cell.row_span, cell.column_span, position, end))
            position = end + 1
    return Table(tuple(cells), len(grid.lines), grid.columns, start, position - 1)
