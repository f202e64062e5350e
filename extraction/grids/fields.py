"""Where the numbers of one grid stand in a true table: which column of the lattice is which of the form.

The heads say it, and so do the rows that have exactly as many cells as the form has columns. Where both
speak and differ in order (a site that prints 总计 first), the heads are believed unless the rows' own
arithmetic contradicts them. Columns whose head the form does not know are named, never squeezed in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from extraction.document import Table
from extraction.forms import GridForm
from extraction.grids.pieces import Kind, Piece
from extraction.grids.placing import Group, Placing, accepts, entry_of, must_split
from extraction.grids.rows import PrintedRow
from extraction.grids.vocabulary import DISCLOSURE, RowName, vocabulary

_HEADS = 60  # pieces before the first row that can be heads: three rows of the widest grid


@dataclass(frozen=True, slots=True)
class Fields:
    """The lattice column of each place, in the form's order, and the lattice rows that are built as most are.

    ``strange``: columns under a head that the form does not know; ``reordered``: the heads stand in another
    order than the form's and were followed; ``contradicted``: they were not, the arithmetic speaks against.
    """

    columns: tuple[int, ...]
    whole: frozenset[int]
    strange: Mapping[int, Piece] = field(default_factory=dict)
    reordered: bool = False
    contradicted: bool = False

    def read(self, row: PrintedRow, normal: str) -> Placing | None:
        """The row's cells by their columns; None where it is not built as the others are."""
        cells = own_cells(row)
        if not cells or cells[0].row not in self.whole:
            return None
        return self._by_column(cells, normal)

    def _by_column(self, cells: Sequence[Piece], normal: str) -> Placing | None:
        at: dict[int, Piece] = {}
        for piece in cells:
            if piece.column in self.columns:
                if piece.column in at or must_split(piece, normal):
                    return None
                at[piece.column] = piece
            elif piece.holds_place and piece.column not in self.strange:
                return None
        if len(at) < len(self.columns):
            return None
        return tuple(entry_of(at[column]) for column in self.columns)


def table_of(row: PrintedRow) -> int:
    """The true table in which a row's cells stand, -1 where there is none or more than one."""
    slots = row.slots
    if not slots or slots[0].table != slots[-1].table:
        return -1
    return slots[0].table


def own_cells(row: PrintedRow) -> list[Piece]:
    """The cells in the lattice row of the row's label (of its first cell where it has none)."""
    if not row.slots:
        return []
    line = row.slots[0].line
    if row.slots[-1].line == line:  # slots are in reading order
        return row.slots
    return [p for p in row.slots if p.line == line]


def _coverage(table: Table) -> list[int]:
    """How many columns of the lattice have a cell in each of its rows, spans from above included."""
    covered = [0] * table.rows
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            covered[row] += cell.column_span
    return covered


def read_fields(
    grid: GridForm,
    lines: Mapping[str, PrintedRow],
    pieces: Sequence[Piece],
    *,
    tables: Sequence[Table],
    groups: Sequence[Group],
    normal: str,
) -> dict[int, Fields]:
    """The fields of a grid in each true table that holds rows of it, by the table's index."""
    rows: dict[int, list[PrintedRow]] = {}
    for line in lines.values():
        table = table_of(line)
        if table >= 0:
            rows.setdefault(table, []).append(line)
    out: dict[int, Fields] = {}
    for table, mine in rows.items():
        heads = list(_heads(mine, table, pieces))
        whole = _whole_rows(tables[table], mine, heads)
        learnt = _learnt(mine, _places(grid))
        headed, strange = _headed(grid, heads, mine)
        judge = _Judge(mine, groups, normal)
        found = judge.choose(Fields(learnt, whole), Fields(headed, whole, strange))
        if found is None:  # a table that goes on from another has its columns
            before = next((f for t, f in out.items() if tables[t].columns == tables[table].columns), None)
            found = before and replace(before, whole=whole)
        if found is not None:
            out[table] = found
    return out


def _places(grid: GridForm) -> int:
    return len(grid.columns) * (len(grid.rows) if grid.single_row else 1)


@dataclass(frozen=True, slots=True)
class _Judge:
    """Chooses between heads and rows by what the rows' arithmetic says."""

    rows: Sequence[PrintedRow]
    groups: Sequence[Group]
    normal: str

    def choose(self, learnt: Fields, headed: Fields) -> Fields | None:
        """The habit of the rows, or what the heads say; either may be empty."""
        if not headed.columns or headed.columns == learnt.columns:
            known = headed if headed.columns else learnt
            return known if known.columns else None
        ordered = replace(headed, columns=tuple(sorted(headed.columns)))
        if learnt.columns and ordered.columns != learnt.columns and not headed.strange:
            return learnt  # heads that stand beside the numbers
        if ordered.columns == headed.columns:
            return headed
        if self._accepted(ordered) > self._accepted(headed):
            return replace(ordered, contradicted=True)
        return replace(headed, reordered=True)

    def _accepted(self, fields: Fields) -> int:
        placings = (fields.read(row, self.normal) for row in self.rows)
        return sum(p is not None and accepts(p, self.groups, inferred=False) for p in placings)


def _heads(rows: Sequence[PrintedRow], table: int, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The words above a grid's first row in its table, last first, up to what belongs to the grid before."""
    words = vocabulary()
    first = min((row.slots[0] for row in rows), key=_start_of)
    behind = bisect_left(pieces, first.start, key=_start_of)
    for piece in reversed(pieces[max(0, behind - _HEADS) : behind]):
        if piece.table != table or piece.holds_place:
            return
        if piece.kind is not Kind.WORDS or piece.line == first.line:
            continue
        if any(name.family == DISCLOSURE for name in words.rows.get(piece.key, ())):
            return
        yield piece
        if piece.key in words.articles:
            return


def _start_of(piece: Piece) -> int:
    return piece.start


def _whole_rows(table: Table, rows: Sequence[PrintedRow], heads: Sequence[Piece]) -> frozenset[int]:
    """The rows that cover as much of the lattice as most of the grid's rows do; of two habits the wider."""
    covered = _coverage(table)
    mine = {cells[0].row for row in rows if (cells := own_cells(row))} | {p.row for p in heads}
    counts = Counter(covered[row] for row in mine)
    usual = max(counts, key=lambda count: (counts[count], count))
    return frozenset(row for row in mine if covered[row] == usual)


def _learnt(rows: Sequence[PrintedRow], places: int) -> tuple[int, ...]:
    """The columns of the rows that have exactly the form's number of cells; empty where most do not agree."""
    seen: Counter[tuple[int, ...]] = Counter()
    for row in rows:
        cells = own_cells(row)
        if len(cells) != places:
            cells = [p for p in cells if p.holds_place]
        columns = tuple(p.column for p in cells)
        if len(columns) == places == len(set(columns)):
            seen[columns] += 1
    if not seen:
        return ()
    columns, count = seen.most_common(1)[0]
    return columns if 2 * count > sum(seen.values()) else ()


def _headed(
    grid: GridForm, heads: Sequence[Piece], rows: Sequence[PrintedRow]
) -> tuple[tuple[int, ...], dict[int, Piece]]:
    """The columns that the heads give the form's places, and those under heads it does not know.

    Empty unless every place has one head, with cells of the rows below it.
    """
    below = {p.column for row in rows for p in own_cells(row)}
    owned = _owned_by_review(grid, heads) if grid.single_row else _owned(grid, heads)
    columns = tuple(owned.get(place, -1) for place in range(_places(grid)))
    if len(set(columns)) < len(columns) or not set(columns) <= below:
        return (), {}
    strange = {
        p.column: p for p in heads if p.column in below and p.column not in columns and p.span == 1 and p.key
    }
    return columns, strange


def _owned(grid: GridForm, heads: Sequence[Piece]) -> dict[int, int]:
    """Place → column. A place that two heads claim has none."""
    keys = [column.key for column in grid.columns]
    claims: dict[int, set[int]] = {}
    for piece in heads:
        for table, form, column in vocabulary().column(piece.key):
            if table == grid.table and form == grid.form:
                claims.setdefault(keys.index(column), set()).add(piece.column)
    return {place: columns.pop() for place, columns in claims.items() if len(columns) == 1}


def _owned_by_review(grid: GridForm, heads: Sequence[Piece]) -> dict[int, int]:
    """Place → column, where each head stands under that of its route."""
    keys = [column.key for column in grid.columns]
    routes = {row.key: [p for p in heads if _names_row(p, grid.table, row.key)] for row in grid.rows}
    claims: dict[int, set[int]] = {}
    for number, row in enumerate(grid.rows):
        for route in routes[row.key]:
            for piece in heads:
                inside = piece.row > route.row and route.column <= piece.column < route.column + route.span
                for table, form, column in vocabulary().column(piece.key) if inside else ():
                    if table == grid.table and form == grid.form:
                        place = number * len(keys) + keys.index(column)
                        claims.setdefault(place, set()).add(piece.column)
    return {place: columns.pop() for place, columns in claims.items() if len(columns) == 1}


def _names_row(piece: Piece, table: str, row: str) -> bool:
    names: tuple[RowName, ...] = vocabulary().rows.get(piece.key, ())
    return any(name.table == table and name.row == row for name in names)
