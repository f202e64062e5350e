"""A fictional annual report as a page of a government site, with furniture around it."""

from __future__ import annotations

from extraction.forms import GridForm, load_forms

UNIT = "青石县人民政府"
TITLE = "青石县人民政府2023年政府信息公开工作年度报告"
PROSE = (
    "2023年，青石县坚持以公开为常态、不公开为例外，全年通过门户网站主动公开政府信息1286条，其中政策文件42件。",
    "全年收到政府信息公开申请17件，上年结转2件，办结18件，结转下年度继续办理1件，答复均在法定期限内作出。",
    "县政府办公室组织业务培训3次，参训人员210人次，对各乡镇和部门的公开平台逐月检查，发现问题当月整改。",
)
PROBLEMS = (
    "一些部门主动公开不够及时，个别栏目更新缓慢。"
    "下一步将细化公开目录，按月通报，逐项销号，年底前全部整改到位。"
)


def rows_of(grid: GridForm) -> list[list[str]]:
    """A grid of one header row, then a label and made-up numbers in each row."""
    rows = [["信息内容", *(column.title for column in grid.columns)]]
    for i, row in enumerate(grid.rows):
        rows.append([row.title, *(str(7 * i + j) for j, _ in enumerate(grid.columns))])
    return rows


def grids() -> dict[str, list[list[str]]]:
    """The grids of the 2021 form by table."""
    return {grid.table: rows_of(grid) for grid in load_forms().tables("2021")}


def table(rows: list[list[str]]) -> str:
    """Rows as the plainest HTML table."""
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f"<table border='1'><tbody>{body}</tbody></table>"


def body(form: dict[str, list[list[str]]] | None = None) -> str:
    """The report itself: title, six sections, grids as tables."""
    form = grids() if form is None else form
    disclosure = "".join(table(rows) for key, rows in form.items() if key.startswith("disclosure"))
    return (
        f"<h1>{TITLE}</h1><h2>一、总体情况</h2>"
        + "".join(f"<p>　　{paragraph}</p>\n" for paragraph in PROSE)
        + f"<h2>二、主动公开政府信息情况</h2>{disclosure}"
        + f"<h2>三、收到和处理政府信息公开申请情况</h2>{table(form['applications'])}"
        + f"<h2>四、政府信息公开行政复议、行政诉讼情况</h2>{table(form['review'])}"
        + f"<h2>五、存在的主要问题及改进情况</h2><p>{PROBLEMS}</p>"
        + "<h2>六、其他需要报告的事项</h2><p>无</p>"
    )


def page(report: str | None = None, *, charset: str = "utf-8") -> str:
    """The whole page: head, menus of links, breadcrumbs, the report, older reports, a footer."""
    menu = "".join(f"<li><a href='/c{i}/'>栏目第{i}号</a></li>" for i in range(20))
    older = "".join(
        f"<li><a href='/{y}.html'>青石县{y}年政府信息公开工作年度报告</a></li>" for y in range(2015, 2023)
    )
    return f"""<!DOCTYPE html>
<html><head><meta charset="{charset}"><title>{TITLE}_青石县人民政府门户网站</title>
<meta name="ArticleTitle" content="{TITLE}"><meta name="pubdate" content="2024-01-22 09:30">
<meta name="ContentSource" content="青石县政府办公室"><meta name="viewport" content="width=device-width">
<style>.a {{ color: red }}</style>
<script>var grid = "<td>不是单元格</td>";</script></head>
<body><div class="top"><ul>{menu}</ul></div>
<div class="path">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 年报</div>
<div class="left"><ul>{older}</ul></div>
<div class="right"><div class="info">索引号：QS-2024-0007　发布日期：2024-01-22</div>
<div class="content" id="zoom">{body() if report is None else report}</div></div>
<div class="more"><ul>{older}</ul></div>
<div class="footer"><p>版权所有：青石县人民政府　主办：青石县人民政府办公室
　电话：0000-1234567　备案号：某备00000001号</p></div>
<div style="DISPLAY: none">隐藏的统计代码</div></body></html>"""
