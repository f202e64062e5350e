"""A consistent report drawn in every layout reads back: what the layout keeps is exact, the rest is never wrong."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from extraction.pipeline import Options, extract_bytes
from extraction.records import Report
from tests.rendering.layouts import LAYOUTS, render
from tests.rendering.sheets import Sheet, sheets

GRIDS_ALONE = Options(figures=False)
# Layouts in which every value and every blank has its place on the page.
LOSSLESS = ["tabs", "pipes_padded", "pipes_open", "markdown", "pipe_after_cell", "pipe_between", "lines"]
# Layouts in which the values stand, but a blank leaves no trace.
WITHOUT_BLANKS = ["spaces", "lines_dropping_blanks"]

_RUN = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def _read(sheet: Sheet, layout: str) -> Report:
    return extract_bytes(render(sheet, layout).encode(), "report.txt", GRIDS_ALONE)


def _wrong(sheet: Sheet, report: Report) -> list[tuple[str, object, object]]:
    got = {cell.key: cell for cell in report.cells}
    return [
        (key, value, got[key].value)
        for key, value in sheet.cells.items()
        if key in got and got[key].value is not None and got[key].value != value
    ]


def _not_exact(sheet: Sheet, report: Report) -> list[tuple[str, object, object]]:
    got = {cell.key: cell for cell in report.cells}
    return [
        (key, value, got.get(key))
        for key, value in sheet.cells.items()
        if key not in got or got[key].value != value
    ]


@pytest.mark.parametrize("layout", [*LOSSLESS, *WITHOUT_BLANKS])
def test_every_cell_of_a_full_report_reads_back(layout: str) -> None:
    @_RUN
    @given(sheets())
    def check(sheet: Sheet) -> None:
        report = _read(sheet, layout)
        assert _not_exact(sheet, report) == []
        assert {c.key for c in report.cells} == set(sheet.cells)
        assert report.text is None

    check()


@pytest.mark.parametrize("layout", LOSSLESS)
def test_blanks_that_the_layout_shows_are_blank(layout: str) -> None:
    @_RUN
    @given(sheets(blanks=True))
    def check(sheet: Sheet) -> None:
        report = _read(sheet, layout)
        assert _wrong(sheet, report) == []
        blanks = {k for k, v in sheet.cells.items() if v is None}
        # A row of one or two cells that are all blank leaves nothing to tell its place from padding.
        unsure = [c.key for c in report.cells if c.kind == "ambiguous"]
        assert len(unsure) <= 7 * len(blanks)
        for cell in report.cells:
            if cell.key in blanks:
                assert cell.value is None
            elif cell.kind != "ambiguous":
                assert (cell.kind, cell.value) == ("number", sheet.cells[cell.key])

    check()


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_no_value_is_wrong_even_where_the_layout_lost_cells(layout: str) -> None:
    @_RUN
    @given(sheets(blanks=layout != "glued"))
    def check(sheet: Sheet) -> None:
        assert _wrong(sheet, _read(sheet, layout)) == []

    check()


def test_digits_run_together_are_taken_apart_where_arithmetic_tells() -> None:
    @_RUN
    @given(sheets())
    def check(sheet: Sheet) -> None:
        report = _read(sheet, "glued")
        assert _wrong(sheet, report) == []
        small = [
            c for c in report.cells if c.table in ("applications", "review") and sheet.cells.get(c.key) == 0
        ]
        assert sum(c.value == 0 for c in small) >= 0.8 * len(small)

    check()


def test_dropped_lines_are_missing_with_a_finding() -> None:
    @_RUN
    @given(sheets())
    def check(sheet: Sheet) -> None:
        report = _read(sheet, "deduplicated")
        assert _wrong(sheet, report) == []
        assert any(cell.kind == "missing" for cell in report.cells)
        assert any(f.severity in ("warning", "error") for f in report.findings)

    check()


def test_every_shown_cell_is_the_text_at_its_offsets() -> None:
    @_RUN
    @given(sheets())
    def check(sheet: Sheet) -> None:
        text = render(sheet, "tabs")
        report = extract_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode(), "report.txt", GRIDS_ALONE)
        shown = [c for c in report.cells if c.start is not None]
        assert len(shown) == len(sheet.cells)
        assert all(text[c.start : c.end] == c.raw for c in shown)

    check()
