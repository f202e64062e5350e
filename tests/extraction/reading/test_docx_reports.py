"""Random consistent reports, written with Word's means in many manners, read back exact."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.pipeline import Options, extract_bytes
from tests.rendering.sheets import Sheet, sheets
from tests.rendering.word import Manner, render_word

MANNERS = st.builds(
    Manner,
    numbered=st.booleans(),
    nested=st.booleans(),
    tracked=st.booleans(),
    torn=st.booleans(),
    seed=st.integers(0, 999),
)


@given(sheet=sheets(blanks=True), manner=MANNERS)
@settings(max_examples=12, deadline=None)
def test_every_cell_comes_back(sheet: Sheet, manner: Manner):
    report = extract_bytes(render_word(sheet, manner), "云岭县.docx", Options(with_text=True))
    assert {cell.key: cell.value for cell in report.cells} == sheet.cells
    assert report.text is not None
    for cell in report.cells:
        if cell.kind == "number":
            assert report.text[cell.start : cell.end] == cell.raw
    assert [section.key for section in report.sections] == [
        "overview",
        "disclosure",
        "applications",
        "review",
        "problems",
        "other",
    ]
    assert (report.year, report.unit.name) == (sheet.year, "云岭县人民政府")
