"""A report's cells laid out for checking: by name, by table, with the generation each table follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from extraction.forms import GridForm, load_forms
from extraction.headings import variants
from extraction.records import Cell, Report


@dataclass(frozen=True, slots=True)
class Sheet:
    """One report's cells by name and by table; ``grids`` gives the form each known table follows."""

    report: Report
    cells: dict[str, Cell]
    tables: dict[str, dict[str, Cell]]
    grids: dict[str, GridForm]

    def doubted(self) -> frozenset[str]:
        """The cells that a finding of the grid reader (``grid.*``) names: their trouble is said already."""
        named = (f.cells for f in self.report.findings if f.check.startswith("grid."))
        return frozenset(key for cells in named for key in cells)


@cache
def cell_names(table: str, form: str) -> tuple[str, ...]:
    """``GridForm.keys`` of one grid, spelled out once per process."""
    return load_forms().grids[table, form].keys


def _variant(table: str, keys: Iterable[str], form: str | None) -> GridForm | None:
    # A report may mix the generations, and the record names one form for the whole: the cells decide.
    own = set(keys)

    def distance(grid: GridForm) -> tuple[int, bool]:
        return len(own.symmetric_difference(cell_names(table, grid.form))), grid.form != form

    return min(variants(table), key=distance, default=None)


def read_sheet(report: Report) -> Sheet:
    """Lay out the cells of ``report``."""
    cells = {cell.key: cell for cell in report.cells}
    tables: dict[str, dict[str, Cell]] = {}
    for key, cell in cells.items():
        tables.setdefault(cell.table, {})[key] = cell
    grids = {name: _variant(name, table, report.form) for name, table in tables.items()}
    return Sheet(report, cells, tables, {name: grid for name, grid in grids.items() if grid})
