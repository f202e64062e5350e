"""Heads of a table without rulings: wrapped over several lines, one above the other, made cells."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.reading.pdf.lines import joined
from extraction.reading.pdf.shapes import GridCell, Line, Part, hull
from extraction.reading.pdf.wording import is_title

_TIGHT = 1.6  # of a line's height between the lines of one head


def head_cells(rows: Sequence[tuple[Line, list[GridCell]]]) -> tuple[int, list[GridCell]]:
    """How many rows the heads are, and their cells; given is each line with the cells it would be alone.

    Pieces that stand under each other are one cell where together they are a title of the form. Lines that
    then have nothing under each other any more are one row.
    """
    cells = {(cell.row, cell.column): cell for _, row in rows for cell in row}
    for column in sorted({column for _, column in cells}):
        _merge_column(cells, [cells[key] for key in sorted(cells) if key[1] == column and cells[key].text])
    numbers = _row_numbers([line for line, _ in rows], [cell for cell in cells.values() if cell.text])
    out: dict[tuple[int, int], GridCell] = {}
    for cell in sorted(cells.values(), key=lambda cell: (bool(cell.text), cell.row)):
        top, last = numbers[cell.row], numbers[cell.row + cell.row_span - 1]
        out[top, cell.column] = GridCell(top, cell.column, last - top + 1, cell.column_span, cell.parts)
    return max(numbers, default=-1) + 1, _without_covered(out)


def _merge_column(cells: dict[tuple[int, int], GridCell], stack: list[GridCell]) -> None:
    at = 0
    while at < len(stack):
        for until in range(len(stack), at + 1, -1):
            pieces = stack[at:until]
            if is_title("".join(cell.text for cell in pieces)):
                _merge(cells, pieces)
                at = until - 1
                break
        at += 1


def _merge(cells: dict[tuple[int, int], GridCell], pieces: list[GridCell]) -> None:
    first, last = pieces[0], pieces[-1]
    for row in range(first.row, last.row + 1):
        cells.pop((row, first.column), None)
    parts = [part for piece in pieces for part in piece.parts]
    if len({part.page for part in parts}) == 1:
        parts = [Part(joined(p.text for p in parts), parts[0].page, hull([p.box for p in parts]))]
    cells[first.row, first.column] = GridCell(
        first.row, first.column, last.row - first.row + 1, first.column_span, tuple(parts)
    )


def _row_numbers(lines: Sequence[Line], filled: Sequence[GridCell]) -> list[int]:
    """For each line of heads its row: the row above's while they are tight and share no column."""
    numbers: list[int] = []
    taken: set[int] = set()
    for number, line in enumerate(lines):
        new = {
            column
            for cell in filled
            if cell.row == number
            for column in range(cell.column, cell.column + cell.column_span)
        }
        above = lines[number - 1] if number else line
        tight = above.page == line.page and line.base - above.base <= _TIGHT * line.size
        if number and tight and not taken & new:
            numbers.append(numbers[-1])
            taken |= new
        else:
            numbers.append(numbers[-1] + 1 if numbers else 0)
            taken = new
    return numbers


def _without_covered(cells: dict[tuple[int, int], GridCell]) -> list[GridCell]:
    """Without the blank cells that others cover since lines have become rows."""
    covered: set[tuple[int, int]] = set()
    for cell in cells.values():
        if cell.text:
            covered |= {
                (row, column)
                for row in range(cell.row, cell.row + cell.row_span)
                for column in range(cell.column, cell.column + cell.column_span)
            }
    return [cell for key, cell in cells.items() if cell.text or key not in covered]
