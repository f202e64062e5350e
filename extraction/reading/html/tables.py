"""A finished ``<table>`` → what it is: data (a grid), layout (its cells' content flows), or both by turns.

Whole reports come in one table: rows of prose across its full width between the rows of the grids. So each
row is judged: rows that hold prose, headings of sections or grids of their own flow, and the runs of rows
between them are grids.
"""

from __future__ import annotations

import re

from extraction.reading.html.flow import Flow, Grid, GridCell, Line, flat
from extraction.reading.html.lattice import Placed, RawRow, place

_HEADING = re.compile(
    r"[（(]?[一二三四五六七八九十1-9]{1,2}[）)]?[、.．\s]*[^，。；]{0,16}"
    r"(?:总体|概述|主动公开|收到和处理|行政复议|存在|需要报告|改进)"
)
_PROSE = 300  # characters that no cell of a grid has, notes and rules in brackets included
_SENTENCE = 60
_LINKS = 0.8


def lower(rows: list[RawRow], into: Flow) -> None:
    """Append a table's content to the flow around it: grids, and what only stood in a table.

    Raises LimitExceeded where its lattice is larger than any report's.
    """
    if any(row.foot for row in rows):  # a <tfoot> is shown last wherever it stands
        rows = sorted(rows, key=lambda row: row.foot)
    placed, columns = place(rows)
    if columns < 2:
        for cell in placed:
            into.extend(cell.cell.flow)
        return
    flowing = _flowing(placed, len(rows), columns)
    if not any(flowing):
        _band(rows, (placed, columns), into)
        return
    start = 0
    for number in range(len(rows) + 1):
        if number < len(rows) and not flowing[number]:
            continue
        if start < number:
            band = rows[start:number]
            _band(band, place(band), into)
        if number < len(rows):
            for raw in rows[number].cells:
                into.extend(raw.flow)
        start = number + 1


def _flowing(placed: list[Placed], rows: int, columns: int) -> list[bool]:
    flowing = [False] * rows
    torn = [False] * rows  # a rowspan from above reaches into the row
    for cell in placed:
        for row in range(cell.row + 1, cell.row + cell.row_span if cell.row_span > 1 else 0):
            torn[row] = True
    for cell in placed:
        items = cell.cell.flow.items
        if not items:
            continue
        if len(items) == 1 and cell.column_span < columns:
            only = items[0]
            if isinstance(only, Line) and len(only.text) <= _PROSE:
                continue
        if any(isinstance(item, Grid) for item in items):
            flowing[cell.row : cell.row + cell.row_span] = [True] * cell.row_span
        elif not torn[cell.row] and cell.row_span == 1 and _prose(cell, columns):
            flowing[cell.row] = True
    return flowing


def _prose(cell: Placed, columns: int) -> bool:
    text = _text(cell.cell.flow)
    if len(text) > _PROSE:
        return True
    if cell.column_span < columns:
        return False
    return _HEADING.match(text) is not None or (len(text) > _SENTENCE and "。" in text)


def _text(flow: Flow) -> str:
    return " ".join(item.text for item in flow.items if isinstance(item, Line))


def _band(rows: list[RawRow], lattice: tuple[list[Placed], int], into: Flow) -> None:
    placed, columns = lattice
    filled = [cell for cell in placed if cell.cell.flow.items]
    if columns < 2 or not filled or _is_menu(filled):
        for cell in filled:
            into.extend(cell.cell.flow)
        return
    lines: list[list[GridCell]] = [[] for _ in rows]
    for cell in placed:
        items = cell.cell.flow.items
        if not items:
            text = ""
        elif len(items) == 1 and isinstance(items[0], Line):
            text = flat(items[0].text)
        else:
            text = flat(_text(cell.cell.flow))
        lines[cell.row].append(GridCell(cell.row, cell.column, cell.row_span, cell.column_span, text))
    into.items.append(Grid(tuple(map(tuple, lines)), columns))


def _is_menu(filled: list[Placed]) -> bool:
    """Whether the cells hold links or pictures and hardly anything else: navigation laid out as a table."""
    text = links = 0
    for cell in filled:
        for item in cell.cell.flow.items:
            if isinstance(item, Line):
                text += len(item.text)
                links += item.links
    return links >= _LINKS * text
