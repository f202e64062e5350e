"""What the grid reader says aloud: repaired, inferred and open cells, and what the form does not know."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.document import Notice
from extraction.forms import Forms, GridForm
from extraction.grids.pieces import Piece
from extraction.grids.placing import Entry, RowPrint
from extraction.grids.rows import Stranger
from extraction.grids.solving import Solved
from extraction.grids.vocabulary import RowName
from extraction.records import Finding

_REPAIRS = {
    "blank_shown": ("grid.blank_placed", "the empty fields were matched to places by the form's arithmetic"),
    "blank_placed": ("grid.blank_placed", "only one placing of the blanks satisfies the form's arithmetic"),
    "split": ("grid.digits_split", "digits run together were taken apart in the one way that fits"),
    "merged": ("grid.digits_merged", "a number torn apart was put together in the one way that fits"),
    "surplus": ("grid.surplus", "what is too much was left out"),
    "ragged": (
        "grid.ragged_row",
        "the row is not built as the table's others are; the cells were taken in order",
    ),
}
_MANY_ROWS = 4  # findings of one kind in one grid, from which they are said once
_MANY = 6  # so many numbers are quoted in a message at the most


def row_findings(grid: GridForm, key: str, row: RowPrint, solved: Solved, text: str) -> list[Finding]:
    """What must be said of one row: nothing if it stands there as the form has it."""
    if solved.method == "printed" or (solved.method == "blank_shown" and len(solved.placings) == 1):
        return []
    held = [p for p in row.slots if p.holds_place]
    if not held and not solved.placings:
        return []
    names = _cells(grid, key)
    title = _title(grid, key)
    shown = ", ".join(text[p.start : p.end] for p in held[:_MANY]) + (", …" if len(held) > _MANY else "")
    counts = f"{len(held)} numbers ({shown}) for {row.places} places"
    if solved.method == "dropped":
        return [
            Finding(
                "grid.lines_dropped",
                "warning",
                f"{title}: the page shows {counts}; the converter dropped repeated lines, so none can be placed.",
                expected=row.places,
                actual=len(held),
                cells=names,
            )
        ]
    if not solved.placings:
        message = (
            f"{title}: {counts}, and no way of placing them satisfies the form's arithmetic; none is given."
        )
        return [Finding("grid.ambiguous", "warning", message, row.places, len(held), names)]
    same = sum(len({_value(p[i]) for p in solved.placings}) == 1 for i in range(row.places))
    if same < row.places:
        message = (
            f"{title}: {counts}; {len(solved.placings)} ways of placing them satisfy the form's arithmetic. "
            f"{same} of the {row.places} cells are the same in all and are given, the rest is left open."
        )
        return [Finding("grid.ambiguous", "warning", message, row.places, len(held), names)]
    check, reason = _REPAIRS[solved.method]
    return [Finding(check, "warning", f"{title}: {counts}; {reason}.", row.places, len(held), names)]


def together(grid: GridForm, findings: list[Finding]) -> list[Finding]:
    """One finding for a cause that many rows of a grid share."""
    by_check: dict[str, list[Finding]] = {}
    for finding in findings:
        by_check.setdefault(finding.check, []).append(finding)
    out: list[Finding] = []
    for check, same in by_check.items():
        if len(same) < _MANY_ROWS:
            out += same
            continue
        cells = tuple(cell for finding in same for cell in finding.cells)
        message = f"{len(same)} rows of {grid.table} have one thing in common; the first: {same[0].message}"
        out.append(Finding(check, same[0].severity, message, len(grid.rows), len(same), cells))
    return out


def _value(entry: Entry | None) -> object:
    return None if entry is None or entry.kind == "blank" else (entry.kind, entry.value)


def _cells(grid: GridForm, key: str) -> tuple[str, ...]:
    if grid.single_row:
        return grid.keys
    return tuple(f"{grid.table}/{key}/{column.key}" for column in grid.columns)


def _title(grid: GridForm, key: str) -> str:
    if grid.single_row:
        return f"Grid {grid.table}"
    label = next(row for row in grid.rows if row.key == key)
    return f"Row {label.title} ({grid.table}/{key})"


def unknown_row(text: str, stranger: Stranger) -> Finding:
    """A row of the print that the form does not have."""
    words = text[stranger.words.start : stranger.words.end].strip()
    values = ", ".join(text[p.start : p.end] for p in stranger.values[:_MANY])
    return Finding(
        "grid.unknown_row",
        "warning",
        f"Grid {stranger.family} has a row “{words}” ({values}) that the form does not know; it is in no cell.",
        actual=words,
    )


def unknown_column(grid: GridForm, text: str, head: Piece, held: Sequence[Piece]) -> Finding:
    """A column of the print that the form does not have: a warning for numbers, a note for words."""
    words = " ".join(text[head.start : head.end].split())
    numbers = any(p.holds_place for p in held)
    shown = ", ".join(" ".join(text[p.start : p.end].split()) for p in held[:_MANY])
    return Finding(
        "grid.unknown_column",
        "warning" if numbers else "note",
        f"Grid {grid.table} has a column “{words}” ({shown}{', …' if len(held) > _MANY else ''}) that the form "
        "does not know; it is in no cell.",
        actual=words,
    )


def column_order(grid: GridForm, *, followed: bool) -> Finding:
    """Heads in another order than the form's."""
    what = (
        "the numbers were read under the heads they stand under"
        if followed
        else "but the sums agree in the form's order, so the heads were not followed"
    )
    return Finding(
        "grid.column_order",
        "warning",
        f"Grid {grid.table} prints its column heads in another order than the form; {what}.",
        cells=grid.keys,
    )


def unlabelled(grid: GridForm, text: str, loose: Sequence[Piece]) -> Finding:
    """Numbers in a row of the table that has no label."""
    shown = ", ".join(text[p.start : p.end] for p in loose[:_MANY])
    return Finding(
        "grid.unlabelled_row",
        "warning",
        f"Grid {grid.table} has numbers ({shown}{', …' if len(loose) > _MANY else ''}) in a row without a label; "
        "they are in no cell.",
        actual=len(loose),
    )


def lost_label(forms: Forms, name: RowName) -> Finding:
    """A row whose label the print has lost."""
    return Finding(
        "grid.lost_label",
        "warning",
        f"A row of numbers without a label was read as {name.table}/{name.row}: the only row of the form that is "
        "missing at that place.",
        cells=tuple(
            f"{name.table}/{name.row}/{c.key}"
            for c in next(g for (t, _), g in forms.grids.items() if t == name.table).columns
        ),
    )


def notice(said: Notice) -> Finding:
    """What a reader noticed about the file itself."""
    return Finding(f"reading.{said.code}", "warning", said.message)


def no_grids(year: int) -> Finding:
    """A report of the years with standard grids that shows none."""
    return Finding(
        "grid.none",
        "error",
        f"No standard grid was found, though reports for {year} must hold three (国办公开办函〔2019〕60号).",
    )
