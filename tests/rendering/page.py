"""A report as rows of cells, before a layout decides what stands between them."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.forms import GridForm
from tests.rendering.sheets import Sheet, Value

GROUPS = {
    "refused": "（三）不予公开",
    "unavailable": "（四）无法提供",
    "not_processed": "（五）不予处理",
    "other": "（六）其他处理",
}
_NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True)
class Row:
    """One line of a grid: label cells (groups first), then value cells as printed ('' = blank).

    ``key`` is ``table/row`` for a row of the form, None for heads.
    """

    labels: tuple[str, ...]
    values: tuple[str, ...]
    key: str | None = None


def show(value: Value) -> str:
    return "" if value is None else str(value)


def disclosure_rows(sheet: Sheet) -> list[Row]:
    out: list[Row] = []
    for grid in sheet.grids():
        if grid.article is None:
            continue
        out.append(Row((f"第二十条第（{grid.article}）项",), ()))
        out.append(Row(("信息内容", *(_head(grid, i) for i in range(len(grid.columns)))), ()))
        for row in grid.rows:
            title = row.title
            if grid.form == "2021" and row.key == "normative_documents":
                title = "行政规范性文件"
            out.append(Row((title,), tuple(map(show, sheet.row(grid, row.key))), f"{grid.table}/{row.key}"))
    return out


def _head(grid: GridForm, index: int) -> str:
    column = grid.columns[index]
    return f"{column.title}（单位：万元）" if column.money else column.title


def application_heads() -> list[Row]:
    rule = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    return [
        Row((rule, "申请人情况"), ()),
        Row(("自然人", "法人或其他组织", "总计"), ()),
        Row(("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"), ()),
    ]


def application_rows(sheet: Sheet) -> list[Row]:
    grid = next(g for g in sheet.grids() if g.table == "applications")
    out: list[Row] = []
    group = ""
    for row in grid.rows:
        family = row.key.split(".")[0] if "." in row.key else ""
        labels: list[str] = []
        if row.key == "granted":
            labels.append("三、本年度办理结果")
        if family and family != group:
            labels.append(GROUPS[family])
        group = family
        title = row.title
        if row.key == "partial":
            title += "（区分处理的，只计这一情形，不计其他情形）"
        out.append(
            Row((*labels, title), tuple(map(show, sheet.row(grid, row.key))), f"applications/{row.key}")
        )
    return out


def review_heads() -> list[Row]:
    results = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    return [
        Row(("行政复议", "行政诉讼"), ()),
        Row((*results, "未经复议直接起诉", "复议后起诉"), ()),
        Row((*results, *results), ()),
    ]


def review_row(sheet: Sheet) -> Row:
    grid = next(g for g in sheet.grids() if g.table == "review")
    values = tuple(show(v) for row in grid.rows for v in sheet.row(grid, row.key))
    return Row((), values, "review/*")


HEADINGS = {
    "overview": "一、总体情况",
    "disclosure": "二、主动公开政府信息情况",
    "applications": "三、收到和处理政府信息公开申请情况",
    "review": "四、政府信息公开行政复议、行政诉讼情况",
    "problems": "五、存在的主要问题及改进情况",
    "other": "六、其他需要报告的事项",
}


def page(sheet: Sheet, grids: dict[str, str]) -> str:
    """A whole plain-text report around three rendered grids (keys disclosure, applications, review)."""
    return "\n\n".join(
        [
            f"云岭县人民政府{sheet.year}年政府信息公开工作年度报告",
            HEADINGS["overview"],
            f"{sheet.year}年，云岭县围绕群众关切推进公开，全年主动公开信息356条。",
            HEADINGS["disclosure"],
            grids["disclosure"],
            HEADINGS["applications"],
            grids["applications"],
            HEADINGS["review"],
            grids["review"],
            HEADINGS["problems"],
            "一是公开的意识还要加强。二是3个部门更新不够及时。",
            HEADINGS["other"],
            "无。",
            "",
        ]
    )
