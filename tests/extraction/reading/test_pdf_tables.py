"""Tables of the standard form drawn as PDFs read back exactly."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extraction.document import Document, Table
from extraction.forms import GridForm, load_forms
from extraction.reading.pdf import read_pdf
from extraction.reading.pdf.sharing import LabelLine, NumberRow, share
from tests.extraction.reading import pdf_drawing as drawing
from tests.extraction.reading.pdf_drawing import Paper, Spec, plain
from tests.extraction.reading.pdf_drawing import Table as Drawn

QUICK = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
PROSE = "全年通过门户网站主动公开政府信息一千余条，各乡镇和部门按月更新栏目，办公室逐月检查并通报结果。" * 3


def lattice(document: Document, table: Table) -> list[Spec]:
    return [
        Spec(c.row, c.column, c.row_span, c.column_span, document.text[c.start : c.end]) for c in table.cells
    ]


def assert_same(document: Document, cells: list[Spec]) -> None:
    assert len(document.tables) == 1
    read = lattice(document, document.tables[0])
    assert (sorted(set(read) - set(cells))[:3], sorted(set(cells) - set(read))[:3]) == ([], [])
    assert read == cells


def form_of(forms: GridForm, values: list[list[str]], *, group: bool) -> list[Spec]:
    """Heads, then each row's label and values; labels of a group stand once beside their rows."""
    wide = 2 if group else 1
    cells = [Spec(0, 0, 1, wide, "信息内容")]
    cells += [Spec(0, wide + i, 1, 1, column.title) for i, column in enumerate(forms.columns)]
    for number, row in enumerate(forms.rows, 1):
        mates = [
            i for i, other in enumerate(forms.rows, 1) if group and row.group and other.group == row.group
        ]
        if mates and mates[0] == number:
            cells.append(Spec(number, 0, len(mates), 1, row.group or ""))
        at = 1 if mates else 0
        cells.append(Spec(number, at, 1, wide - at, row.title))
        cells += [Spec(number, wide + i, 1, 1, value) for i, value in enumerate(values[number - 1])]
    return sorted(cells)


@st.composite
def forms(draw: st.DrawFn, *, group: bool) -> tuple[list[Spec], list[float]]:
    """One grid of the form with random values, and the widths of its columns."""
    names = [
        (t, f)
        for t, f in load_forms().grids
        if t == "applications" or (not group and len(load_forms().grids[t, f].rows) > 1 and t != "review")
    ]
    grid = load_forms().grids[draw(st.sampled_from(sorted(names)))]
    value = st.one_of(st.integers(0, 9).map(str), st.sampled_from(["12", "3,005", "418.25", "-7", "0"]))
    count = len(grid.columns)
    values = draw(
        st.lists(
            st.lists(value, min_size=count, max_size=count), min_size=len(grid.rows), max_size=len(grid.rows)
        )
    )
    label = draw(st.sampled_from([110.0, 140.0, 190.0]))
    share = (451 - label - (40 if group else 0)) / count
    return form_of(grid, values, group=group), [*([40.0] if group else []), label, *[share] * count]


def table_of(drawn: tuple[list[Spec], list[float]], rules: drawing.Rules) -> drawing.Table:
    pad, side = (12, 24) if rules == "none" else (6, 6)
    return drawing.Table(*drawn, rules, None, pad, side)


def read_table(table: drawing.Table) -> Document:
    paper = Paper(head="青石县人民政府信息公开")
    paper.paragraph(PROSE)
    paper.line("二、主动公开政府信息情况")
    paper.table(table)
    paper.line("五、存在的主要问题及改进情况")
    paper.paragraph(PROSE)
    return read_pdf(paper.data(), "x.pdf")


@QUICK
@given(forms(group=True), st.sampled_from(["boxes", "lines", "bars"]), st.data())
def test_ruled_table_over_a_page_break_reads_back(drawn, rules, data):
    table = table_of(drawn, rules)
    table.break_before = data.draw(st.sampled_from(table.breaks(150)))
    document = read_table(table)
    assert_same(document, table.cells)


@QUICK
@given(forms(group=False), st.data())
def test_table_without_rulings_reads_back(drawn, data):
    table = table_of(drawn, "none")
    table.break_before = data.draw(st.sampled_from(table.breaks(150)))
    document = read_table(table)
    assert_same(document, table.cells)
    assert document.text.startswith("全年通过") and document.text.endswith("。")


@QUICK
@given(forms(group=True), st.sampled_from(["boxes", "none"]))
def test_every_cell_has_its_place(drawn, rules):
    table = table_of(drawn, rules)
    table.break_before = table.breaks(150)[-1]
    document = read_table(table)
    starts = {place.start: place for place in document.places}
    for table in document.tables:
        for cell in table.cells:
            place = starts[cell.start]
            left, top, right, bottom = place.bbox
            assert 0 <= left < right <= drawing.WIDTH and 0 <= top < bottom <= drawing.HEIGHT
            assert place.page in (1, 2) and place.start <= place.end
    assert [p.start for p in document.places] == sorted(p.start for p in document.places)


def test_a_head_near_the_next_row_is_no_line_of_its_label():
    """Two lines of labels one character apart would be one label: not where the upper one heads the columns."""
    lines = [LabelLine(10, False), LabelLine(32, False, True)]
    assert share([NumberRow(54, LabelLine(54, False))], [lines, []], 11.6) == [(0, 0), (0, 0)]
    label = [LabelLine(10, False), LabelLine(32, False)]
    assert share([NumberRow(54, LabelLine(54, False))], [label, []], 11.6)[0][1] == 2


@pytest.mark.parametrize("pad", [2, 6, 8, 12])
def test_small_tables_under_each_other_keep_their_heads(pad: int):
    paper = Paper()
    for title, first in (("第二十条第（五）项", "行政许可"), ("第二十条第（六）项", "行政处罚")):
        rows = [
            [title, "", "", ""],
            ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
            [first, "7", "-1", "355"],
        ]
        paper.table(Drawn(plain(rows), [150, 100, 100, 100], "none", None, pad, 24))
    text = read_pdf(paper.data(), "x.pdf").text
    assert "行政许可\t7\t-1\t355" in text and "行政处罚\t7\t-1\t355" in text
