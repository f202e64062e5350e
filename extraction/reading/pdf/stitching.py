"""Tables that go on over a page break: one lattice, its torn rows and torn labels whole again."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.reading.pdf.shapes import Grid, GridCell, Item
from extraction.reading.pdf.wording import begins_item, has_digits, is_title

_AGREE = 6.0  # points between the edges of one column on two pages


def stitched(items: Sequence[Item]) -> list[Item]:
    """``items`` with each table that ends a page joined to the one that begins the next, if edges agree."""
    out: list[Item] = []
    for item in items:
        last = out[-1] if out else None
        if (
            isinstance(item, Grid)
            and isinstance(last, Grid)
            and last.last_page + 1 == item.page
            and (edges := _common_edges(last.edges, item.edges))
        ):
            out[-1] = _join(_on_edges(last, edges), _on_edges(item, edges))
        else:
            out.append(item)
    return out


def _common_edges(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, ...] | None:
    """The edges of both, if the outer ones agree and one's inner edges are among the other's."""
    if abs(a[0] - b[0]) > _AGREE or abs(a[-1] - b[-1]) > _AGREE:
        return None
    more, fewer = (a, b) if len(a) >= len(b) else (b, a)
    near = [min(range(len(more)), key=lambda i: abs(more[i] - edge)) for edge in fewer]
    if any(abs(more[i] - edge) > _AGREE for i, edge in zip(near, fewer, strict=True)):
        return None
    return more if len(set(near)) == len(near) else None


def _on_edges(grid: Grid, edges: tuple[float, ...]) -> Grid:
    if len(grid.edges) == len(edges):
        return grid
    at = [min(range(len(edges)), key=lambda i: abs(edges[i] - edge)) for edge in grid.edges]
    cells = tuple(
        GridCell(c.row, at[c.column], c.row_span, at[c.column + c.column_span] - at[c.column], c.parts)
        for c in grid.cells
    )
    return Grid(cells, grid.rows, edges, grid.page, grid.top, grid.bottom, grid.last_page)


def _join(a: Grid, b: Grid) -> Grid:
    ends = {(c.column, c.column_span): c for c in a.cells if c.row + c.row_span == a.rows}
    begins = {(c.column, c.column_span): c for c in b.cells if c.row == 0}
    torn = _is_torn(ends, begins)
    shift = a.rows - torn
    first = min((c.column for c in (*ends.values(), *begins.values()) if has_digits(c.text)), default=None)
    joined: dict[GridCell, GridCell] = {}
    for key, lower in begins.items():
        upper = ends.get(key)
        if upper is not None and (torn or _is_one_label(upper, lower, first)):
            joined[upper] = lower
    cells = [_one(c, joined[c], shift) if c in joined else c for c in a.cells]
    taken = set(joined.values())
    cells += [
        GridCell(c.row + shift, c.column, c.row_span, c.column_span, c.parts)
        for c in b.cells
        if c not in taken
    ]
    cells.sort(key=lambda c: (c.row, c.column))
    return Grid(tuple(cells), b.rows + shift, a.edges, a.page, a.top, b.bottom, b.last_page)


_Edge = dict[tuple[int, int], GridCell]


def _is_torn(ends: _Edge, begins: _Edge) -> bool:
    """Whether the break goes through a row: the same cells on both sides, and numbers on one side only.

    Where a number stands, the other half must be blank, as the number of a torn cell stands once. Two whole
    labels of the form, or an ordinal at the lower half's head, are two rows.
    """
    if ends.keys() != begins.keys():
        return False
    pairs = [(ends[key], begins[key]) for key in sorted(ends)]
    upper = any(has_digits(a.text) for a, _ in pairs)
    lower = any(has_digits(b.text) for _, b in pairs)
    if upper == lower:
        return False
    if any((has_digits(a.text) and b.text) or (has_digits(b.text) and a.text) for a, b in pairs):
        return False
    words = [(a.text, b.text) for a, b in pairs if (a.text or b.text) and not has_digits(a.text + b.text)]
    return bool(words) and all(_is_torn_label(a, b) for a, b in words)


def _is_torn_label(upper: str, lower: str) -> bool:
    if not upper or not lower:
        return True
    return not begins_item(lower) and not (is_title(upper) and is_title(lower))


def _is_one_label(upper: GridCell, lower: GridCell, first: int | None) -> bool:
    """Whether a label that stands beside several rows goes on over the break.

    ``first`` is the first column with numbers. Labels right before it are of single rows, unless they show
    that they span several; those further left name groups of rows.
    """
    single = max(upper.row_span, lower.row_span) == 1
    if single and not upper.text and not lower.text:  # two blank cells, one above the other
        return False
    if single and (first is None or upper.column + upper.column_span >= first):
        return False
    if first is not None and upper.column >= first:
        return False
    return _is_torn_label(upper.text, lower.text)


def _one(upper: GridCell, lower: GridCell, shift: int) -> GridCell:
    parts = tuple(p for p in (*upper.parts, *lower.parts) if p.text) or upper.parts
    span = lower.row + shift + lower.row_span - upper.row
    return GridCell(upper.row, upper.column, span, upper.column_span, parts)
