"""One report in every format and in every way of making its tables: the same record comes out of each."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from extraction.pipeline import Options, extract_bytes
from extraction.records import Report
from tests.extraction.reading.test_pdf_reports import draw
from tests.rendering.layouts import render
from tests.rendering.sheets import Sheet, sheets
from tests.rendering.web import WAYS, render_web
from tests.rendering.word import Manner, render_word

TABLES = [name for name in WAYS if name != "fields_of_divs"]
SEEDS = st.integers(0, 999)
# No shrinking: a report has 200 values, and minutes of it tell no more than the cells that the failure names.
_RUN = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


def read(data: bytes, path: str) -> Report:
    """Without the tagger: it sees the prose only, which is the same in all reports here."""
    return extract_bytes(data, path, Options(with_text=True, figures=False))


def thinned(sheet: Sheet, seed: int) -> Sheet:
    """Any cells blank, up to four in five, whole rows and totals among them: nothing is left to infer from."""
    random = Random(seed)
    share, zeros_only = random.choice((0.05, 0.3, 0.8)), random.random() < 0.5
    return replace(
        sheet,
        cells={
            key: None if random.random() < share and (not value or not zeros_only) else value
            for key, value in sheet.cells.items()
        },
    )


def check_exact(sheet: Sheet, report: Report) -> None:
    """Every cell has its value or is blank, and stands in the text where it says."""
    assert {cell.key for cell in report.cells} == sheet.cells.keys()
    assert [c for c in report.cells if c.value != sheet.cells[c.key]] == []
    for cell in report.cells:
        assert cell.kind == ("blank" if sheet.cells[cell.key] is None else "number"), cell
        assert report.text is not None and cell.start is not None and cell.end is not None, cell
        assert report.text[cell.start : cell.end] == cell.raw
    order = [(cell.start, cell.end) for cell in report.cells]
    assert len(set(order)) == len(order)


def doubts(report: Report) -> list[str]:
    return [f"{f.check}: {f.message}" for f in report.findings if f.severity != "note"]


def unflagged(sheet: Sheet, report: Report) -> list[tuple[str, object, object]]:
    """Values that differ from the sheet's."""
    return [
        (cell.key, sheet.cells.get(cell.key), cell.value)
        for cell in report.cells
        if cell.value is not None and cell.value != sheet.cells.get(cell.key)
    ]


@pytest.mark.parametrize("way", TABLES)
@_RUN
@given(sheet=sheets(), seed=SEEDS)
def test_a_page_reads_back(way: str, sheet: Sheet, seed: int):
    report = read(render_web(sheet, way, seed), "report.html")
    check_exact(sheet, report)
    said = [d for d in doubts(report) if not d.startswith("money.")]
    if way not in ("total_first", "strange_column"):
        assert said == []
    assert (report.year, report.unit.name) == (sheet.year, "云岭县人民政府")
    assert {"disclosure", "applications", "review"} <= {section.key for section in report.sections}


@pytest.mark.parametrize("way", TABLES)
@_RUN
@given(sheet=sheets(), seed=SEEDS)
def test_blank_cells_of_a_page_are_blank_in_their_place(way: str, sheet: Sheet, seed: int):
    sheet = thinned(sheet, seed)
    check_exact(sheet, read(render_web(sheet, way, seed), "report.html"))


@_RUN
@given(sheet=sheets(), seed=SEEDS)
def test_a_page_without_tables_reads_back(sheet: Sheet, seed: int):
    check_exact(sheet, read(render_web(sheet, "fields_of_divs", seed), "report.html"))


@_RUN
@given(sheet=sheets(blanks=True), seed=SEEDS)
def test_a_page_without_tables_has_no_wrong_value(sheet: Sheet, seed: int):
    assert unflagged(sheet, read(render_web(sheet, "fields_of_divs", seed), "report.html")) == []


@_RUN
@given(sheet=sheets(), seed=SEEDS)
def test_what_the_form_does_not_know_is_said(sheet: Sheet, seed: int):
    strange = read(render_web(sheet, "strange_column", seed), "report.html")
    said = [f for f in strange.findings if f.check == "grid.unknown_column"]
    assert len(said) == len(sheet.grids()) - 1  # the review grid has none
    assert all(f.actual == "同比增长" and f.severity == "warning" for f in said)
    turned = read(render_web(sheet, "total_first", seed), "report.html")
    tables = {key.split("/")[0] for f in turned.findings if f.check == "grid.column_order" for key in f.cells}
    assert tables == {grid.table for grid in sheet.grids() if len(grid.columns) > 1}


@_RUN
@given(sheet=sheets(), numbered=st.booleans(), nested=st.booleans(), torn=st.booleans(), seed=SEEDS)
def test_blank_cells_of_a_word_file_are_blank_in_their_place(sheet, numbered, nested, torn, seed):
    sheet = thinned(sheet, seed)
    manner = Manner(numbered=numbered, nested=nested, torn=torn, seed=seed)
    check_exact(sheet, read(render_word(sheet, manner), "report.docx"))


@settings(_RUN, max_examples=5)
@given(sheet=sheets(), cut=st.integers(2, 20), seed=SEEDS)
def test_blank_cells_of_a_pdf_have_page_and_box(sheet: Sheet, cut: int, seed: int):
    sheet = thinned(sheet, seed)
    report = read(draw(sheet, "boxes", cut), "report.pdf")
    check_exact(sheet, report)
    boxes = {(cell.page, cell.bbox) for cell in report.cells}
    assert len(boxes) == len(report.cells)
    assert all(page and box and box[0] < box[2] and box[1] < box[3] for page, box in boxes)


@settings(_RUN, max_examples=5)
@given(sheet=sheets(), seed=SEEDS, cut=st.integers(2, 20))
def test_all_formats_agree(sheet: Sheet, seed: int, cut: int):
    files = {
        "report.html": render_web(sheet, Random(seed).choice(TABLES), seed),
        "report.docx": render_word(sheet, Manner(seed=seed)),
        "ruled.pdf": draw(sheet, "boxes", cut),
        "lines.pdf": draw(sheet, "lines", cut),
        "bars.pdf": draw(sheet, "bars", cut),
        "aligned.pdf": draw(sheet, "none", cut),
        "tabs.txt": render(sheet, "tabs").encode("gb18030"),
        "report.md": render(sheet, "markdown").encode(),
        "lines.txt": render(sheet, "lines").encode("utf-8-sig"),
    }
    for path, data in files.items():
        report = read(data, path)
        assert {cell.key: cell.value for cell in report.cells} == sheet.cells, path
        assert all(report.text[cell.start : cell.end] == cell.raw for cell in report.cells), path  # type: ignore[index]
        assert report.form in ("2019", "2021", "mixed")
        assert report.year == sheet.year, path
