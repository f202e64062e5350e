"""Values that no count can have: negative, fractional, implausibly large, or words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from extraction.checks.sheet import Sheet
from extraction.checks.wording import cell_name, in_table, some, tidy
from extraction.forms import Label
from extraction.records import Cell, Finding, Severity

Test = Callable[[Cell, Label], bool]

# The most one unit can plausibly report, far above anything seen: national bodies receive some tens of
# thousands of applications a year, and a province's police decides some tens of millions of penalties.
_LIMITS = {"applications": 1_000_000, "review": 100_000}
_DECISIONS = 1_000_000_000
_EVERYDAY = range(1000)  # below every limit
_SMALL = {"county": 10, "township": 100, "department": 10}  # how much less a smaller unit can report


def _limit(cell: Cell, level: str | None) -> float:
    return _LIMITS.get(cell.table, _DECISIONS) / _SMALL.get(level or "", 1)


def _negative(cell: Cell, column: Label) -> bool:
    return not column.signed and cell.value is not None and cell.value < 0


def _fractional(cell: Cell, column: Label) -> bool:
    return column.money is None and cell.value is not None and cell.value != int(cell.value)


def _odd(sheet: Sheet) -> dict[str, list[tuple[Cell, Label]]]:
    """The few cells of each table that are worth a test: nearly all are small whole numbers."""
    odd: dict[str, list[tuple[Cell, Label]]] = {}
    for name, grid in sheet.grids.items():
        columns = {column.key: column for column in grid.columns}
        odd[name] = [
            (cell, columns[cell.column])
            for cell in sheet.tables[name].values()
            if cell.kind == "number" and cell.value not in _EVERYDAY and cell.column in columns
        ]
    return odd


def _found(
    odd: dict[str, list[tuple[Cell, Label]]], check: str, severity: Severity, says: str, test: Test
) -> Iterator[Finding]:
    """One finding a table for all its cells that fail ``test``."""
    for name, cells in odd.items():
        bad = [cell for cell, column in cells if test(cell, column)]
        if bad:
            values = [f"{cell_name(cell.key)} is {tidy(cell.value or 0)}" for cell in bad]
            only = tidy(bad[0].value or 0) if len(bad) == 1 else None
            keys = tuple(cell.key for cell in bad)
            message = in_table(name, f"{says}: {some(values)}.")
            yield Finding(check, severity, message, actual=only, cells=keys)


def _texts(sheet: Sheet) -> Iterator[Finding]:
    said = sheet.doubted()
    for name, table in sheet.tables.items():
        bad = [cell for cell in table.values() if cell.kind == "text" and cell.key not in said]
        if bad:
            words = [
                f"{cell_name(cell.key)} says “{' '.join((cell.raw or '').split())[:30]}”" for cell in bad
            ]
            message = in_table(name, f"words stand where a number is due: {some(words)}.")
            yield Finding("values.text", "note", message, cells=tuple(cell.key for cell in bad))


def values(sheet: Sheet) -> Iterator[Finding]:
    """Negative counts (``error``), fractional and implausibly large ones (``warning``), words (``note``)."""
    level, odd = sheet.report.unit.level, _odd(sheet)
    yield from _found(odd, "values.negative", "error", "a count can't be negative", _negative)
    yield from _found(odd, "values.fractional", "warning", "a count can't be a fraction", _fractional)

    def large(cell: Cell, column: Label) -> bool:
        return column.money is None and abs(cell.value or 0) > _limit(cell, level)

    says = "implausibly large, digits of two cells may have run together"
    yield from _found(odd, "values.large", "warning", says, large)
    yield from _texts(sheet)
