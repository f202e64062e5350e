"""Tables without rulings: stretches of aligned lines become grids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extraction.reading.pdf.columns import Columns, columns_of
from extraction.reading.pdf.heads import head_cells
from extraction.reading.pdf.lines import joined
from extraction.reading.pdf.shapes import Grid, GridCell, Item, Line, Part, Run, hull
from extraction.reading.pdf.sharing import LabelLine, NumberRow, share
from extraction.reading.pdf.stretch import Section, has_values, sections_of, stretches
from extraction.reading.pdf.wording import begins_item

_PAGE_GAP = 3.0  # of a line's height: what a page break counts between two lines

_Row = list[Line]


def aligned_grids(items: Sequence[Item]) -> list[Item]:
    """``items`` with every table that only alignment shows as a grid; tables may go on over pages."""
    lines = [item for item in items if isinstance(item, Line)]
    if not lines:
        return list(items)
    width = max(line.box[2] for line in lines) - min(line.box[0] for line in lines)
    out: list[Item] = []
    run: list[Line] = []
    for item in [*items, None]:
        if isinstance(item, Line):
            run.append(item)
            continue
        out += _with_grids(run, width)
        run = []
        if item is not None:
            out.append(item)
    return out


def _with_grids(lines: list[Line], width: float) -> Iterable[Item]:
    at = 0
    for start, end in stretches(lines, width):
        yield from lines[at:start]
        for section in sections_of(lines[start:end]):
            yield from _section(section)
        at = end
    yield from lines[at:]


def _section(section: Section) -> Iterable[Item]:
    if not section.numbers:
        yield from (*section.heads, *section.body)
        return
    columns = columns_of(section.numbers, section.heads)
    rows, before, after = _rows(section, columns)
    if not section.heads:
        yield from before
        before = []
    heads = [[line] for line in (*section.heads, *before)]
    yield _grid(heads, rows, columns)
    yield from after


def _rows(section: Section, columns: Columns) -> tuple[list[_Row], list[Line], list[Line]]:
    """The rows, each of its label lines and its line of numbers; the lines before and behind all rows."""
    anchors: list[int] = [i for i, line in enumerate(section.body) if has_values(line)]
    depths = _depths(section.body)
    gaps = [list(range(a + 1, b)) for a, b in zip([-1, *anchors], [*anchors, len(section.body)], strict=True)]

    def label(index: int) -> LabelLine:
        line = section.body[index]
        heads = not has_values(line) and columns.is_head(line)
        return LabelLine(depths[index], begins_item(line.runs[0].text), heads)

    numbers = [
        NumberRow(depths[i], label(i) if columns.is_label(section.body[i].runs[0]) else None) for i in anchors
    ]
    sizes = sorted(line.size for line in section.body)
    shares = share(numbers, [[label(i) for i in gap] for gap in gaps], sizes[len(sizes) // 2])
    rows: list[_Row] = []
    before: list[Line] = []
    after: list[Line] = []
    for number, (gap, (high, low)) in enumerate(zip(gaps, shares, strict=True)):
        lines = [section.body[i] for i in gap]
        if number:
            rows[-1] += lines[:high]
        alone = lines[high : len(lines) - low]
        if number == 0:
            before = alone
        elif number == len(anchors):
            after = alone
        else:
            rows += [[line] for line in alone]
        if number < len(anchors):
            rows.append([*lines[len(lines) - low :], section.body[anchors[number]]])
    return rows, before, after


def _depths(lines: Sequence[Line]) -> list[float]:
    """Heights of base lines as if all pages were one."""
    out: list[float] = []
    shift = 0.0
    for number, line in enumerate(lines):
        if number and line.page != lines[number - 1].page:
            shift = out[-1] + _PAGE_GAP * line.size - line.base
        out.append(line.base + shift)
    return out


def _grid(heads: list[_Row], rows: list[_Row], columns: Columns) -> Grid:
    everything = [line for row in (*heads, *rows) for line in row]
    left, top, right, bottom = hull([line.box for line in everything])
    edges = columns.edges(left, right)
    count, cells = head_cells([(row[0], _cells(row, i, columns, edges)) for i, row in enumerate(heads)])
    for number, row in enumerate(rows, count):
        cells += _cells(row, number, columns, edges)
    cells.sort(key=lambda cell: (cell.row, cell.column))
    first, last = everything[0], everything[-1]
    top = first.box[1] if first.page != last.page else top
    bottom = last.box[3] if first.page != last.page else bottom
    return Grid(tuple(cells), count + len(rows), edges, first.page, top, bottom, last.page)


def _cells(row: _Row, number: int, columns: Columns, edges: tuple[float, ...]) -> list[GridCell]:
    held: dict[int, list[tuple[Run, int]]] = {}
    spans: dict[int, int] = {}
    for line in row:
        for run, (column, span) in zip(line.runs, columns.places(line), strict=True):
            held.setdefault(column, []).append((run, line.page))
            spans[column] = max(spans.get(column, 1), span)
    cells: list[GridCell] = []
    column = 0
    anchor = next((line for line in row if has_values(line)), row[0])
    while column < columns.count:
        taken = held.get(column)
        span = 1
        if taken:
            limit = min((c for c in held if c > column), default=columns.count)
            span = min(spans[column], limit - column)
            parts = _parts(taken)
        else:
            box = (edges[column], anchor.box[1], edges[column + 1], anchor.box[3])
            parts = (Part("", anchor.page, box),)
        cells.append(GridCell(number, column, 1, span, parts))
        column += span
    return cells


def _parts(runs: list[tuple[Run, int]]) -> tuple[Part, ...]:
    """One part a page."""
    parts = []
    for page in sorted({page for _, page in runs}):
        here = [run for run, on in runs if on == page]
        parts.append(Part(_text(here), page, hull([run.box for run in here])))
    return tuple(parts)


def _text(runs: list[Run]) -> str:
    """Runs of one cell: those on one line with a blank between them, lines without a break."""
    lines: list[str] = []
    bottom = float("-inf")
    for run in runs:
        middle = (run.box[1] + run.box[3]) / 2
        if lines and middle < bottom:
            lines[-1] += " " + run.text
        else:
            lines.append(run.text)
        bottom = run.box[3]
    return joined(lines)
