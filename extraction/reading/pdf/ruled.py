"""A page's glyphs shared out to the cells of its lattices; what is left over flows as lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from extraction.reading.pdf.lattice import Face, Lattice
from extraction.reading.pdf.lines import joined, lines_of
from extraction.reading.pdf.shapes import Glyph, Grid, GridCell, Line, Part, hull
from extraction.records import Box

_EDGE = 1.0  # points a glyph's middle may stand outside the outermost line
_VALUE = re.compile(r"[-+−－＋]?[\d０-９][\d０-９,，.．]*%?|[/／—–－-]+")


def ruled_grids(
    glyphs: Sequence[Glyph], lattices: Sequence[Lattice], page: int
) -> tuple[list[Grid], list[Glyph]]:
    """The tables on a page, and the glyphs outside them.

    A lattice that holds another within one of its cells, or has a single column, is a frame: not a table.
    """
    tables = [t for t in lattices if len(t.xs) > 2 and not _holds_another(t, lattices)]
    if not tables or not glyphs:
        return [], list(glyphs)
    xs = np.array([(g.left + g.right) / 2 for g in glyphs])
    ys = np.array([(g.top + g.bottom) / 2 for g in glyphs])
    free = np.ones(len(glyphs), dtype=bool)
    grids: list[Grid] = []
    for table in tables:
        left, top, right, bottom = table.box
        inside = (
            free & (xs > left - _EDGE) & (xs < right + _EDGE) & (ys > top - _EDGE) & (ys < bottom + _EDGE)
        )
        chosen = np.flatnonzero(inside).tolist()
        grid = _grid(table, [glyphs[i] for i in chosen], page)
        if grid is not None:
            grids.append(grid)
            free &= ~inside
    return grids, [glyphs[i] for i in np.flatnonzero(free).tolist()]


def _holds_another(table: Lattice, lattices: Sequence[Lattice]) -> bool:
    left, top, right, bottom = table.box
    return any(
        other is not table
        and len(other.faces) > 1
        and other.xs[0] > left
        and other.xs[-1] < right
        and other.ys[0] > top
        and other.ys[-1] < bottom
        for other in lattices
    )


def _grid(table: Lattice, glyphs: list[Glyph], page: int) -> Grid | None:
    owner = [[0] * (len(table.xs) - 1) for _ in table.ys[1:]]
    for number, face in enumerate(table.faces):
        for row in range(face.row, face.row + face.row_span):
            owner[row][face.column : face.column + face.column_span] = [number] * face.column_span
    held: list[list[Glyph]] = [[] for _ in table.faces]
    last_row, last_column = len(owner) - 1, len(owner[0]) - 1
    for glyph in glyphs:
        row = bisect_right(table.ys, (glyph.top + glyph.bottom) / 2) - 1
        column = bisect_right(table.xs, (glyph.left + glyph.right) / 2) - 1
        held[owner[min(max(row, 0), last_row)][min(max(column, 0), last_column)]].append(glyph)
    lines = [lines_of(inside, page) for inside in held]
    if sum(bool(inside) for inside in lines) < 2:
        return None
    cells = [
        GridCell(*face, (_part(inside, page, table.face_box(face)),))
        for face, inside in zip(table.faces, lines, strict=True)
    ]
    cells = _unstacked(cells, table.faces, lines, page)
    rows = max(cell.row + cell.row_span for cell in cells)
    return _trimmed(Grid(tuple(cells), rows, table.xs, page, table.ys[0], table.ys[-1], page))


def _part(lines: Sequence[Line], page: int, blank: Box) -> Part:
    if not lines:
        return Part("", page, blank)
    text = joined(" ".join(run.text for run in line.runs) for line in lines)
    return Part(text, page, hull([line.box for line in lines]))


def _trimmed(grid: Grid) -> Grid:
    """Without empty rows at either end, where lines reach beyond a table: nothing stands there.

    A last row ruled into the same cells as the one above it stays: it is one of the table's, left blank.
    """
    filled = {row for c in grid.cells if c.text for row in range(c.row, c.row + c.row_span)}
    first, last = min(filled), max(filled)
    if last + 1 < grid.rows and _ruling(grid, last + 1) == _ruling(grid, last) != [(0, grid.columns, 1)]:
        last += 1
    if first == 0 and last == grid.rows - 1:
        return grid
    kept = []
    for cell in grid.cells:
        top, bottom = max(cell.row, first), min(cell.row + cell.row_span, last + 1)
        if bottom > top:
            kept.append(GridCell(top - first, cell.column, bottom - top, cell.column_span, cell.parts))
    return Grid(tuple(kept), last + 1 - first, grid.edges, grid.page, grid.top, grid.bottom, grid.last_page)


def _ruling(grid: Grid, row: int) -> list[tuple[int, int, int]]:
    return sorted((c.column, c.column_span, c.row_span) for c in grid.cells if c.row == row)


def _unstacked(
    cells: list[GridCell], faces: Sequence[Face], lines: list[list[Line]], page: int
) -> list[GridCell]:
    """Rows that no line rules, where a cell holds a number on each of several lines, taken apart.

    Only where at least two cells of a row show the same lines of numbers: then each number has its row, and
    the other lines go to the number that stands nearest.
    """
    out: list[GridCell] = []
    shift = 0
    for row in range(max(f.row for f in faces) + 1):
        here = [i for i, f in enumerate(faces) if f.row == row]
        stacks = [lines[i] for i in here if len(lines[i]) > 1 and all(map(_is_value, lines[i]))]
        deep = len(stacks[0]) if len(stacks) > 1 else 0
        whole = all(faces[i].row_span == 1 for i in here) and _rows_covered(faces, row) == len(here)
        if not deep or not whole or any(len(stack) != deep for stack in stacks):
            out += [_moved(cells[i], cells[i].row + shift) for i in here]
            continue
        bases = [sum(stack[k].base for stack in stacks) / len(stacks) for k in range(deep)]
        for k in range(deep):
            for i in here:
                mine = [line for line in lines[i] if _nearest(bases, line.base) == k]
                part = _part(mine, page, cells[i].parts[0].box)
                out.append(GridCell(row + shift + k, faces[i].column, 1, faces[i].column_span, (part,)))
        shift += deep - 1
    return out


def _rows_covered(faces: Sequence[Face], row: int) -> int:
    return sum(f.row <= row < f.row + f.row_span for f in faces)


def _moved(cell: GridCell, row: int) -> GridCell:
    return (
        cell if row == cell.row else GridCell(row, cell.column, cell.row_span, cell.column_span, cell.parts)
    )


def _is_value(line: Line) -> bool:
    return len(line.runs) == 1 and _VALUE.fullmatch(line.runs[0].text) is not None


def _nearest(bases: Sequence[float], base: float) -> int:
    return min(range(len(bases)), key=lambda k: abs(bases[k] - base))
