"""Random reports that satisfy the form's arithmetic: the values that a rendered report must give back."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from extraction.forms import GridForm, load_forms

Value = int | float | None  # None: the cell is blank


@dataclass(frozen=True)
class Sheet:
    """All cells of one report by key ``table/row/column``; ``forms`` tells each table's generation."""

    year: int
    forms: dict[str, str]
    cells: dict[str, Value]

    def grids(self) -> list[GridForm]:
        forms = load_forms()
        return [grid for (table, form), grid in forms.grids.items() if self.forms.get(table) == form]

    def row(self, grid: GridForm, row: str) -> list[Value]:
        return [self.cells[f"{grid.table}/{row}/{column.key}"] for column in grid.columns]


_COUNT = st.one_of(st.just(0), st.just(0), st.integers(0, 9), st.integers(10, 4000))
_FEW = st.one_of(st.just(0), st.just(0), st.just(0), st.integers(0, 12), st.integers(13, 300))


@st.composite
def sheets(draw: st.DrawFn, *, blanks: bool = False) -> Sheet:
    """A consistent report of either generation; with ``blanks`` some zeros are left empty."""
    year = draw(st.integers(2019, 2024))
    form = "2021" if year >= 2021 else "2019"
    forms = load_forms()
    tables = {t: form for t, f in forms.grids if f == form}
    if form == "2021" and draw(st.booleans()):
        tables["applications"] = "2019"
    cells: dict[str, Value] = {}
    for (table, name), grid in forms.grids.items():
        if tables.get(table) != name:
            continue
        if table == "applications":
            cells |= _applications(draw, grid)
        elif table == "review":
            cells |= _review(draw, grid)
        else:
            cells |= _disclosure(draw, grid)
    if blanks:
        zeros = [k for k, v in cells.items() if v == 0 and not k.endswith("/total")]
        if zeros:
            for key in draw(st.lists(st.sampled_from(zeros), max_size=4, unique=True)):
                cells[key] = None
    return Sheet(year, tables, cells)


def _disclosure(draw: st.DrawFn, grid: GridForm) -> dict[str, Value]:
    out: dict[str, Value] = {}
    for row in grid.rows:
        for column in grid.columns:
            value: Value
            if column.money:
                value = draw(st.one_of(st.just(0), st.integers(1, 10**9).map(lambda v: v / 10**4)))
                value = int(value) if value == int(value) else value
            else:
                value = draw(_COUNT)
                if column.signed and value and draw(st.booleans()):
                    value = -value
            out[f"{grid.table}/{row.key}/{column.key}"] = value
    return out


def _applications(draw: st.DrawFn, grid: GridForm) -> dict[str, Value]:
    columns = [c.key for c in grid.columns][:-1]
    rows = {row.key: dict.fromkeys(columns, 0) for row in grid.rows}
    outcomes = [row.key for row in grid.rows if row.key not in ("new", "carried_in", "total", "carried_out")]
    for key in draw(st.lists(st.sampled_from(outcomes), max_size=8, unique=True)):
        for column in draw(st.lists(st.sampled_from(columns), min_size=1, max_size=3, unique=True)):
            rows[key][column] = draw(_FEW)
    for column in columns:
        rows["total"][column] = sum(rows[key][column] for key in outcomes)
        rows["carried_out"][column] = draw(_FEW) if draw(st.integers(0, 4)) == 0 else 0
        due = rows["total"][column] + rows["carried_out"][column]
        rows["carried_in"][column] = draw(st.integers(0, due)) if due and draw(st.booleans()) else 0
        rows["new"][column] = due - rows["carried_in"][column]
    out: dict[str, Value] = {}
    for key, values in rows.items():
        for column, value in values.items():
            out[f"applications/{key}/{column}"] = value
        out[f"applications/{key}/total"] = sum(values.values())
    return out


def _review(draw: st.DrawFn, grid: GridForm) -> dict[str, Value]:
    out: dict[str, Value] = {}
    for row in grid.rows:
        parts = [draw(_FEW) for _ in range(4)]
        for column, value in zip(grid.columns, [*parts, sum(parts)], strict=True):
            out[f"review/{row.key}/{column.key}"] = value
    return out
