"""Whole random reports drawn as PDFs, with and without rulings, give back every cell of the form."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extraction.forms import GridForm
from extraction.grids import read_grids
from extraction.reading.pdf import read_pdf
from extraction.recognise import recognise
from tests.extraction.reading.pdf_drawing import Paper, Rules, Spec, Table
from tests.rendering.sheets import Sheet, sheets

TITLES = {
    "disclosure.art20_1": "第二十条第（一）项",
    "disclosure.art20_5": "第二十条第（五）项",
    "disclosure.art20_6": "第二十条第（六）项",
    "disclosure.art20_8": "第二十条第（八）项",
    "disclosure.art20_9": "第二十条第（九）项",
}


def shown(value: float | None) -> str:
    return "" if value is None else str(value)


def disclosure(sheet: Sheet) -> list[list[Spec]]:
    """One table an article, each with its title over all columns."""
    out = []
    for grid in sheet.grids():
        if grid.table not in TITLES:
            continue
        wide = len(grid.columns) + 1
        cells = [Spec(0, 0, 1, wide, TITLES[grid.table]), Spec(1, 0, 1, 1, "信息内容")]
        cells += [Spec(1, i, 1, 1, c.title) for i, c in enumerate(grid.columns, 1)]
        for number, row in enumerate(grid.rows, 2):
            cells.append(Spec(number, 0, 1, 1, row.title))
            cells += [Spec(number, i, 1, 1, shown(v)) for i, v in enumerate(sheet.row(grid, row.key), 1)]
        out.append(cells)
    return out


def applications(sheet: Sheet, grid: GridForm) -> list[Spec]:
    """Three columns of labels: the vertical one, the groups, the items."""
    cells = [Spec(0, 0, 1, 3, "")] + [Spec(0, i, 1, 1, c.title) for i, c in enumerate(grid.columns, 3)]
    inner = [i for i, row in enumerate(grid.rows, 1) if row.key not in ("new", "carried_in", "carried_out")]
    cells.append(Spec(inner[0], 0, len(inner), 1, "三、本年度办理结果"))
    for number, row in enumerate(grid.rows, 1):
        mates = [i for i, other in enumerate(grid.rows, 1) if row.group and other.group == row.group]
        at = 2 if mates else (1 if number in inner else 0)
        if mates and mates[0] == number:
            cells.append(Spec(number, 1, len(mates), 1, row.group or ""))
        cells.append(Spec(number, at, 1, 3 - at, row.title))
        cells += [Spec(number, i, 1, 1, shown(v)) for i, v in enumerate(sheet.row(grid, row.key), 3)]
    return sorted(cells)


def plain_applications(sheet: Sheet, grid: GridForm) -> list[Spec]:
    """One column of labels, as a converter that loses the groups has it."""
    cells = [Spec(0, 0, 1, 1, "信息内容")] + [
        Spec(0, i, 1, 1, c.title) for i, c in enumerate(grid.columns, 1)
    ]
    for number, row in enumerate(grid.rows, 1):
        cells.append(Spec(number, 0, 1, 1, row.title))
        cells += [Spec(number, i, 1, 1, shown(v)) for i, v in enumerate(sheet.row(grid, row.key), 1)]
    return cells


def review(sheet: Sheet, grid: GridForm) -> list[Spec]:
    cells = [Spec(0, 0, 2, 5, "行政复议"), Spec(0, 5, 1, 10, "行政诉讼")]
    cells += [Spec(1, 5, 1, 5, "未经复议直接起诉"), Spec(1, 10, 1, 5, "复议后起诉")]
    values = [value for row in grid.rows for value in sheet.row(grid, row.key)]
    for i, value in enumerate(values):
        cells += [Spec(2, i, 1, 1, grid.columns[i % 5].title), Spec(3, i, 1, 1, shown(value))]
    return sorted(cells)


def draw(sheet: Sheet, rules: Rules, cut: int) -> bytes:
    grids = {grid.table: grid for grid in sheet.grids()}
    paper = Paper(head="青石县人民政府信息公开")
    paper.line(f"青石县人民政府{sheet.year}年政府信息公开工作年度报告", x=150)
    paper.line("一、总体情况")
    paper.paragraph("各乡镇和部门按月更新栏目，办公室逐月检查并通报结果，年底前全部整改到位。" * 2)
    paper.line("二、主动公开政府信息情况")
    side = 24 if rules == "none" else 6
    for cells in disclosure(sheet):
        share = 300 / (max(c.column for c in cells))
        paper.table(Table(cells, [150, *[share] * max(c.column for c in cells)], rules, None, 8, side))
        if paper.y > 800:
            paper.feed()
    paper.feed()
    paper.line("三、收到和处理政府信息公开申请情况")
    grid = grids["applications"]
    if rules == "none":
        table = Table(plain_applications(sheet, grid), [150, *[43.0] * 7], rules, None, 8, 12)
    else:
        table = Table(applications(sheet, grid), [18, 42, 100, *[41.0] * 7], rules, None, 8)
    table.break_before = cut if cut in table.breaks(60) else table.breaks(60)[0]
    paper.table(table)
    paper.feed()
    paper.line("四、政府信息公开行政复议、行政诉讼情况")
    paper.table(Table(review(sheet, grids["review"]), [30.0] * 15, rules, None, 8))
    paper.line("五、存在的主要问题及改进情况")
    paper.paragraph("个别栏目更新不够及时，下一步逐项销号。")
    paper.line("六、其他需要报告的事项")
    paper.paragraph("无其他需要报告的事项。")
    return paper.data()


@pytest.mark.parametrize("rules", ["boxes", "none"])
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(sheet=sheets(), cut=st.integers(2, 20))
def test_report_reads_back(rules, sheet, cut):
    document = read_pdf(draw(sheet, rules, cut), "x.pdf")
    reading = read_grids(document, recognise(document, "x.pdf"))
    got = {cell.key: cell.value for cell in reading.cells}
    wrong = {key: (value, got.get(key)) for key, value in sheet.cells.items() if got.get(key) != value}
    assert dict(list(wrong.items())[:4]) == {}
    for cell in reading.cells:
        assert cell.page is not None and cell.bbox is not None
        assert document.text[cell.start : cell.end] == cell.raw
