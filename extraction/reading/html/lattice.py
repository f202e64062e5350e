"""Rows of cells with spans → positions in a lattice, as browsers place them.

The rules are the HTML standard's "forming a table" (section 4.9.12), with its clamps, and two of ours: a
rowspan ends with its row group or band, and a column in which no cell begins is not a column
(``colspan=100`` on a title says "all of them").
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

from extraction.reading.html.flow import Flow
from extraction.reading.html.limits import (
    MAX_COLUMN_SPAN,
    MAX_ROW_SPAN,
    MAX_STEPS,
    MAX_TABLE_CELLS,
    too_many_cells,
)

_INTEGER = re.compile(r"[ \t\n\f\r]*\+?([0-9]{1,9})")


class RawCell(NamedTuple):
    """A cell as the markup has it: spans clamped (a ``row_span`` of 0 reaches to its group's end)."""

    flow: Flow
    column_span: int
    row_span: int


class RawRow(NamedTuple):
    """A row as the markup has it, with the number of its row group and whether that is the foot."""

    cells: list[RawCell]
    group: int
    foot: bool = False


class Placed(NamedTuple):
    """A cell in its place."""

    cell: RawCell
    row: int
    column: int
    row_span: int
    column_span: int


def span(value: str | None, *, rows: bool) -> int:
    """A colspan or rowspan as browsers take it: 1 for nonsense; rowspan 0 means "to the group's end"."""
    found = _INTEGER.match(value) if value else None
    if found is None:
        return 1
    number = int(found[1])
    if rows:
        return min(number, MAX_ROW_SPAN)
    return min(number, MAX_COLUMN_SPAN) or 1


def place(rows: list[RawRow]) -> tuple[list[Placed], int]:
    """Give every cell its place; returns the cells in reading order and the number of columns.

    Raises LimitExceeded (``html.too_many_cells``) where spans make a lattice that no report has.
    """
    ends = _group_ends(rows)
    busy: list[int] = []  # by column: the first row in which it is free
    placed: list[Placed] = []
    steps = 0
    for number, row in enumerate(rows):
        column = 0
        for cell in row.cells:
            start = column
            while column < len(busy) and busy[column] > number:
                column += 1
            steps += column - start
            _, wide, high = cell
            if wide == high == 1 and column < len(busy):
                busy[column] = number + 1
            else:
                high = min(high or MAX_ROW_SPAN, ends[number] - number)
                _occupy(busy, column, wide, number + high)
            placed.append(Placed(cell, number, column, high, wide))
            column += wide
        if len(busy) > MAX_TABLE_CELLS or steps > MAX_STEPS:
            raise too_many_cells("The lattice of a table", MAX_TABLE_CELLS)
    return _squeeze(placed, len(busy))


def _group_ends(rows: list[RawRow]) -> list[int]:
    ends = [len(rows)] * len(rows)
    for number in range(len(rows) - 2, -1, -1):
        same = rows[number].group == rows[number + 1].group
        ends[number] = ends[number + 1] if same else number + 1
    return ends


def _occupy(busy: list[int], column: int, wide: int, until: int) -> None:
    taken = busy[column : column + wide]
    busy[column : column + wide] = [max(until, row) for row in taken] + [until] * (wide - len(taken))


def _squeeze(placed: list[Placed], columns: int) -> tuple[list[Placed], int]:
    begun = {cell.column for cell in placed}
    if len(begun) == columns:
        return placed, columns
    index = list(accumulate((column in begun for column in range(columns)), initial=0))
    squeezed = [
        Placed(
            cell.cell,
            cell.row,
            index[cell.column],
            cell.row_span,
            index[min(cell.column + cell.column_span, columns)] - index[cell.column],
        )
        for cell in placed
    ]
    return squeezed, len(begun)
