"""Two years of one unit that go together: what the second must carry on from the first, and else no jump."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tests.rendering.sheets import Sheet, Value, sheets

COLUMNS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other")
DOCUMENTS = "disclosure.art20_1"


@st.composite
def two_years(draw: st.DrawFn) -> tuple[Sheet, Sheet]:
    """Two consistent reports in the form of 2021, of a year and the next."""
    before = draw(sheets().filter(lambda sheet: 2021 <= sheet.year <= 2023))
    first, second = dict(before.cells), dict(before.cells)
    for column in COLUMNS:
        _carry(first, column, int(first[_of("carried_out", column)] or 0))
        more = draw(st.integers(1, 3))
        second[_of("granted", column)] = int(second[_of("granted", column)] or 0) + more
        second[_of("total", column)] = int(second[_of("total", column)] or 0) + more
        _carry(second, column, int(first[_of("carried_out", column)] or 0))
    for cells in (first, second):
        for row in {key.split("/")[1] for key in cells if key.startswith("applications/")}:
            cells[_of(row, "total")] = sum(int(cells[_of(row, c)] or 0) for c in COLUMNS)
    for row in ("regulations", "normative_documents"):
        stock, issued, repealed = (f"{DOCUMENTS}/{row}/{c}" for c in ("in_force", "issued", "repealed"))
        most = int(first[stock] or 0) + int(second[issued] or 0)
        second[repealed] = draw(st.integers(0, min(most, 9)))
        second[stock] = most - int(second[repealed] or 0)
    return replace(before, cells=first), replace(before, year=before.year + 1, cells=second)


def broken(sheet: Sheet, changes: dict[str, Value]) -> Sheet:
    """The report with some cells changed."""
    return replace(sheet, cells=sheet.cells | changes)


def _of(row: str, column: str) -> str:
    return f"applications/{row}/{column}"


def _carry(cells: dict[str, Value], column: str, carried: int) -> None:
    """Let a column carry in ``carried``, and receive what its outcomes then need."""
    handled = int(cells[_of("total", column)] or 0)
    out = min(int(cells[_of("carried_out", column)] or 0), carried)
    cells[_of("carried_out", column)] = out
    cells[_of("carried_in", column)] = carried
    cells[_of("new", column)] = handled + out - carried
    if handled + out < carried:  # nothing was done: then all is carried on
        cells[_of("carried_out", column)] = carried - handled
        cells[_of("new", column)] = 0
