"""One grid in its generation: printed rows → cells, with what had to be repaired or left open said aloud."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extraction.document import Place, Table
from extraction.forms import Forms, GridForm, Label
from extraction.grids import findings as say
from extraction.grids.fields import Fields, own_cells, read_fields, table_of
from extraction.grids.layout import Layout
from extraction.grids.pieces import Kind, Piece
from extraction.grids.placing import Entry, Group, Placing, RowPrint, entry_of, must_split
from extraction.grids.rows import PrintedRow
from extraction.grids.solving import ColumnIdentity, Solved, solve
from extraction.grids.vocabulary import vocabulary
from extraction.records import Cell, CellKind, Finding


@dataclass(frozen=True, slots=True)
class Source:
    """What cells are traced to: the text as read and as compared, its stream, its places on paper."""

    text: str
    normal: str
    pieces: Sequence[Piece]
    places: tuple[Place, ...]
    tables: tuple[Table, ...]
    layout: Layout
    money_unit: str | None = None  # what the head of the grid at hand says of amounts


def fit(
    grid: GridForm, forms: Forms, printed: Sequence[PrintedRow], source: Source
) -> tuple[list[Cell], list[Finding]]:
    """Place the numbers of one grid. Every cell of the grid comes out, ``missing`` where not shown."""
    lines = _lines(grid, printed)
    places = len(grid.columns) * (len(grid.rows) if grid.single_row else 1)
    groups = _groups(grid, forms)
    fields = read_fields(
        grid, lines, source.pieces, tables=source.tables, groups=groups, normal=source.normal
    )
    settled = {key: _settled(row, places, fields, source) for key, row in lines.items()}
    solved = {key: Solved((placing,), "printed") for key, placing in settled.items() if placing}
    rows = _row_prints(grid, lines, solved, places, source) if len(solved) < len(lines) else {}
    if rows:
        solve(rows, solved, groups=groups, columns=_column_identities(grid, forms), text=source.normal)
    if source.layout.deduplicated:
        solved = {k: s if s.method == "printed" else Solved((), "dropped", 0) for k, s in solved.items()}
    cells: list[Cell] = []
    findings = list(_said_of_fields(grid, fields, lines, source))
    if any(column.money for column in grid.columns):
        source = replace(source, money_unit=_said_unit(lines, source))
    for key, labels in _row_keys(grid):
        cells += _row_cells(grid, labels, solved.get(key), source)
        if key in rows:
            findings += say.row_findings(grid, key, rows[key], solved[key], source.text)
    return cells, say.together(grid, findings)


def _settled(row: PrintedRow, places: int, fields: Mapping[int, Fields], source: Source) -> Placing | None:
    """The placing of a row that the print alone settles; None where there is something to search for."""
    table = table_of(row)
    if table < 0:
        return _plain_placing(row, places, source.normal)
    return fields[table].read(row, source.normal) if table in fields else None


def _said_of_fields(
    grid: GridForm, fields: Mapping[int, Fields], lines: Mapping[str, PrintedRow], source: Source
) -> Iterator[Finding]:
    """What must be said of a grid's columns, once for all its tables, and of numbers beside every label."""
    for found in fields.values():
        if found.reordered or found.contradicted:
            yield say.column_order(grid, followed=found.reordered)
            break
    rows = [own_cells(row) for row in lines.values() if table_of(row) in fields]
    strange = {p.key: p for found in fields.values() for p in found.strange.values()}
    for head in strange.values():
        columns = {c for found in fields.values() for c, p in found.strange.items() if p.key == head.key}
        held = [p for cells in rows for p in cells if p.column in columns and p.kind is not Kind.BLANK]
        if held:
            yield say.unknown_column(grid, source.text, head, held)
    for row in lines.values():
        if table_of(row) in fields and len(own_cells(row)) < len(row.slots):
            loose = [p for p in row.slots if p.line != row.slots[0].line and p.holds_place]
            if loose:
                yield say.unlabelled(grid, source.text, loose)


def _plain_placing(row: PrintedRow, places: int, normal: str) -> Placing | None:
    """The placing of a row that shows exactly its values, each whole: nothing to search for. Else None."""
    if row.filled != places:
        return None
    held = [p for p in row.slots if p.kind <= Kind.MARK]
    if len(held) != places or any(must_split(p, normal) for p in held):
        return None
    return tuple(map(entry_of, held))


def _row_prints(
    grid: GridForm,
    lines: Mapping[str, PrintedRow],
    plain: Collection[str],
    places: int,
    source: Source,
) -> dict[str, RowPrint]:
    """The rows that are not plain, with what the layout tells about their places."""
    columns = _columns_by_label(grid, lines, places, source.pieces)
    ragged = {key for key, row in lines.items() if _is_ragged(row, source.normal)}
    return {
        key: RowPrint(
            slots=tuple(own_cells(row) if key in ragged else row.slots),
            places=places,
            columns=columns.get(_label_column(row)) if row.mark else None,
            ragged=key in ragged,
            usual_gap=source.layout.usual_gap,
            gap_after=row.gap_after,
            glued=source.layout.glued,
        )
        for key, row in lines.items()
        if row.slots and key not in plain
    }


def _is_ragged(row: PrintedRow, normal: str) -> bool:
    """Whether a row that its columns do not settle is one of a true table with whole cells."""
    if table_of(row) < 0:
        return False
    cells = own_cells(row)
    return len({p.column for p in cells}) == len(cells) and not any(must_split(p, normal) for p in cells)


def _lines(grid: GridForm, printed: Sequence[PrintedRow]) -> dict[str, PrintedRow]:
    """The printed rows by the key of the line they fill; the review's single line under its first row's."""
    if grid.single_row:
        return {grid.rows[0].key: printed[0]} if printed else {}
    wanted = {row.key for row in grid.rows}
    lines: dict[str, PrintedRow] = {}
    for row in printed:
        if row.row.row in wanted and (row.slots or row.row.row not in lines):
            lines[row.row.row] = row  # where a head repeats a row's name, the one with cells
    return lines


def _row_keys(grid: GridForm) -> list[tuple[str, tuple[Label, ...]]]:
    """Each printed line's key with the form's rows it fills."""
    if grid.single_row:
        return [(grid.rows[0].key, grid.rows)]
    return [(row.key, (row,)) for row in grid.rows]


def _groups(grid: GridForm, forms: Forms) -> list[Group]:
    """The identities within a printed line, by position."""
    at = {column.key: i for i, column in enumerate(grid.columns)}
    width = len(grid.columns)
    repeats = len(grid.rows) if grid.single_row else 1
    return [
        Group(at[i.left[0]] + k * width, tuple(at[key] + k * width for key in i.right))
        for k in range(repeats)
        for i in forms.identities_of(grid)
        if i.axis == "row"
    ]


def _column_identities(grid: GridForm, forms: Forms) -> list[ColumnIdentity]:
    return [ColumnIdentity(i.left, i.right) for i in forms.identities_of(grid) if i.axis == "column"]


def _label_column(row: PrintedRow) -> int:
    return row.mark.column if row.mark else -1


def _columns_by_label(
    grid: GridForm, lines: Mapping[str, PrintedRow], places: int, pieces: Sequence[Piece]
) -> dict[int, tuple[int, ...]]:
    """For each field that labels stand in: the fields of the values, learnt from the full rows.

    Lines of flattened text lose the fields that a rowspan covers, so rows are compared only with rows whose
    label stands in the same field. The heads decide where no row is full.
    """
    seen: dict[int, Counter[tuple[int, ...]]] = {}
    for row in lines.values():
        held = [p for p in row.slots if p.holds_place]
        if row.mark is None or len(held) != places or any(p.column < 0 for p in held):
            continue
        if len({p.line for p in held}) == 1:
            seen.setdefault(_label_column(row), Counter())[tuple(p.column for p in held)] += 1
    learnt = {}
    for column, counter in seen.items():
        fields, count = counter.most_common(1)[0]
        if count * 2 > sum(counter.values()) and len(set(fields)) == places:
            learnt[column] = fields
    heads = _columns_by_heads(grid, lines, pieces)
    if heads:
        learnt.setdefault(*heads)
    return learnt


def _columns_by_heads(
    grid: GridForm, lines: Mapping[str, PrintedRow], pieces: Sequence[Piece]
) -> tuple[int, tuple[int, ...]] | None:
    """The fields of the column heads, where one line shows all of them and the label's own head."""
    first = min((row.mark.first for row in lines.values() if row.mark), default=0)
    words = vocabulary()
    keys = [column.key for column in grid.columns]
    found: dict[str, int] = {}
    line = -1
    for piece in pieces[max(0, first - 24) : first]:
        owners = words.column(piece.key)
        mine = [c for t, f, c in owners if t == grid.table and f == grid.form]
        if piece.kind is Kind.WORDS and piece.column >= 0 and mine:
            if piece.line != line:
                found, line = {}, piece.line
            found[mine[0]] = piece.column
    if sorted(found) != sorted(keys) or len(keys) < 2:
        return None
    fields = tuple(found[key] for key in keys)
    return (min(fields) - 1, fields) if list(fields) == sorted(fields) else None


def _said_unit(lines: Mapping[str, PrintedRow], source: Source) -> str | None:
    """元 where the head says so, None where the form's own unit (万元) holds."""
    first = min((row.mark.first for row in lines.values() if row.mark), default=0)
    heads = "".join(
        source.normal[p.start : p.end]
        for p in source.pieces[max(0, first - 8) : first]
        if p.kind is Kind.WORDS
    )
    return "元" if "单位:元" in heads.replace(" ", "") else None


def _row_cells(
    grid: GridForm,
    rows: tuple[Label, ...],
    solved: Solved | None,
    source: Source,
) -> list[Cell]:
    """The cells of one printed line, in the form's order."""
    names = [(grid.table, row.key, column) for row in rows for column in grid.columns]
    if solved is None or solved.method == "dropped" or not solved.placings:
        kind: CellKind = "ambiguous" if solved is not None and solved.method == "none" else "missing"
        return [Cell(table, row, column.key, kind) for table, row, column in names]
    first, *others = solved.placings
    out: list[Cell] = []
    for at, ((table, row, column), entry) in enumerate(zip(names, first, strict=True)):
        if others and any(_meaning(p[at]) != _meaning(entry) for p in others):
            out.append(Cell(table, row, column.key, "ambiguous"))
        elif entry is None:
            out.append(Cell(table, row, column.key, "blank"))
        else:
            out.append(_cell(table, row, column, entry, source))
    return out


def _cell(table: str, row: str, column: Label, entry: Entry, source: Source) -> Cell:
    unit = None
    if column.money and entry.kind == "number":
        unit = entry.unit if entry.unit in ("元", "万元") else (source.money_unit or column.money)
    place = _place(source.places, entry.start) if source.places else None
    raw = source.text[entry.start : entry.end]
    page, box = (place.page, place.bbox) if place else (None, None)
    return Cell(table, row, column.key, entry.kind, entry.value, raw, unit, entry.start, entry.end, page, box)


def _meaning(entry: Entry | None) -> object:
    return None if entry is None or entry.kind == "blank" else (entry.kind, entry.value)


def _place(places: tuple[Place, ...], offset: int) -> Place | None:
    if not places:
        return None
    at = bisect_right(places, offset, key=_start_of) - 1
    return places[at] if at >= 0 and (places[at].end > offset or places[at].start == offset) else None


def _start_of(place: Place) -> int:
    return place.start
