"""What the form has and the report does not show: whole grids, single cells; grids of two generations."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.checks.sheet import Sheet, cell_names
from extraction.checks.wording import cell_name, in_table, some
from extraction.forms import load_forms
from extraction.headings import SECTIONS, table_title
from extraction.records import Finding

_FIRST_YEAR = 2019  # reports for earlier years have prose only


def _due(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """The tables the report owes, each with its cells' names."""
    form = sheet.report.form
    due = {name: cell_names(name, grid.form) for name, grid in sheet.grids.items()}
    if form in ("2019", "2021"):
        for grid in load_forms().tables(form):
            due.setdefault(grid.table, cell_names(grid.table, grid.form))
    return due


def _absent(sheet: Sheet, table: str) -> bool:
    return all(cell.kind == "missing" for cell in sheet.tables.get(table, {}).values())


def _missing_grids(sheet: Sheet, due: dict[str, tuple[str, ...]], absent: list[str]) -> Iterator[Finding]:
    year = sheet.report.year
    if len(absent) == len(due):
        said = any(finding.check == "grid.none" for finding in sheet.report.findings)
        if not said and (year is None or year >= _FIRST_YEAR):
            cells = tuple(key for keys in due.values() for key in keys)
            message = "The report shows none of the form's grids."
            yield Finding("coverage.missing_grid", "warning", message, cells=cells)
        return
    sections: dict[str, list[str]] = {}
    for table in due:
        sections.setdefault(table.split(".")[0], []).append(table)
    for section, tables in sections.items():
        lost = [table for table in tables if table in absent]
        whole = len(lost) == len(tables) > 1
        for group in [lost] if whole else [[table] for table in lost]:
            name = (
                f"{SECTIONS.get(section, section)} ({section})"
                if whole
                else f"{table_title(group[0])} ({group[0]})"
            )
            message = f"The report does not show the grid {name}."
            cells = tuple(key for table in group for key in due[table])
            yield Finding("coverage.missing_grid", "warning", message, cells=cells)


def _missing_cells(sheet: Sheet, due: dict[str, tuple[str, ...]], absent: list[str]) -> Iterator[Finding]:
    said = sheet.doubted()
    for table, keys in due.items():
        if table in absent:
            continue
        shown = {
            key for key, cell in sheet.tables[table].items() if cell.kind not in ("missing", "ambiguous")
        }
        lost = [key for key in keys if key not in shown and key not in said]
        if lost:
            names = some([cell_name(key) for key in lost])
            message = in_table(table, f"{len(lost)} of {len(keys)} cells could not be read: {names}.")
            yield Finding(
                "coverage.missing_cells", "warning", message, len(keys), len(keys) - len(lost), tuple(lost)
            )


def _mixed(sheet: Sheet) -> Iterator[Finding]:
    if sheet.report.form != "mixed":
        return
    by_form: dict[str, list[str]] = {}
    both = {table for table, _ in load_forms().grids if _same_in_all(table)}
    for name, grid in sheet.grids.items():
        if name not in both:
            by_form.setdefault(grid.form, []).append(f"{table_title(name)} ({name})")
    parts = [f"of {form}: {', '.join(names)}" for form, names in sorted(by_form.items())]
    message = "The report mixes two generations of the form: " + ("; ".join(parts) or "see its cells") + "."
    yield Finding("coverage.mixed_form", "note", message)


def _same_in_all(table: str) -> bool:
    keys = [grid.keys for (name, _), grid in load_forms().grids.items() if name == table]
    return len(keys) > 1 and len(set(keys)) == 1


def coverage(sheet: Sheet) -> Iterator[Finding]:
    """``coverage.missing_grid``, ``coverage.missing_cells`` (one a table), ``coverage.mixed_form``.

    Cells that the grid reader's own findings name are said already and not named again.
    """
    due = _due(sheet)
    absent = [table for table in due if _absent(sheet, table)]
    yield from _missing_grids(sheet, due, absent)
    yield from _missing_cells(sheet, due, absent)
    yield from _mixed(sheet)
