"""A page of a government site becomes its report: text, tables, metadata, and what is missing said aloud."""

from __future__ import annotations

import time

import pytest

from extraction.document import Document, Table
from extraction.errors import LimitExceeded, UnreadableInput
from extraction.reading.html import read_html
from tests.extraction.reading.pages import PROBLEMS, PROSE, TITLE, body, grids, page, table


def read(html: str, encoding: str = "utf-8") -> Document:
    return read_html(html.encode(encoding), "report.html")


def rows(document: Document, lattice: Table) -> list[list[str]]:
    out: list[list[str]] = [[] for _ in range(lattice.rows)]
    for cell in lattice.cells:
        out[cell.row].append(document.text[cell.start : cell.end])
    return out


def test_every_grid_is_a_lattice_whose_offsets_are_true():
    document = read(page())
    assert [rows(document, lattice) for lattice in document.tables] == list(grids().values())
    for lattice in document.tables:
        assert document.text[lattice.start : lattice.end] == "\n".join(
            map("\t".join, rows(document, lattice))
        )


def test_prose_and_headings_stand_on_lines_of_their_own():
    lines = read(page()).text.split("\n")
    for line in (
        TITLE,
        "一、总体情况",
        *PROSE,
        "二、主动公开政府信息情况",
        PROBLEMS,
        "六、其他需要报告的事项",
        "无",
    ):
        assert lines.count(line) == 1, line


def test_menus_scripts_and_hidden_text_are_gone_and_lines_about_the_report_stay():
    text = read(page()).text
    for gone in ("栏目第3号", "不是单元格", "隐藏的统计", "color", "青石县2019年", "备案号"):
        assert gone not in text
    lines = text.split("\n")
    assert lines[0] == "当前位置：首页 > 政务公开 > 年报"
    assert lines[1] == "索引号：QS-2024-0007　发布日期：2024-01-22"


def test_metadata():
    assert read(page()).metadata == {
        "title": f"{TITLE}_青石县人民政府门户网站",
        "ArticleTitle": TITLE,
        "PubDate": "2024-01-22 09:30",
        "ContentSource": "青石县政府办公室",
    }


@pytest.mark.parametrize(
    ("declared", "used", "named"),
    [
        ("utf-8", "utf-8", "utf-8"),
        ("utf-8", "utf-8-sig", "utf-8"),
        ("gb2312", "gbk", "gb18030"),
        ("utf-8", "gbk", "gb18030"),
        ("gb2312", "utf-8", "utf-8"),
        ("iso-8859-1", "gb18030", "gb18030"),
        ("utf-8", "utf-16", "utf-16"),
    ],
)
def test_encodings(declared: str, used: str, named: str):
    document = read(page(charset=declared), used)
    assert document.text == read(page()).text
    assert document.encoding == named


def test_gbk_after_pages_of_styles():
    html = page(charset="utf-8").replace("<head>", "<head><style>" + "p { margin: 0 }\n" * 3000 + "</style>")
    assert read(html, "gbk").text == read(page()).text


def test_entities():
    text = read("<p>甲&#12288;乙&lt;丙&gt;&amp;丁&nbsp;戊&ldquo;己&rdquo;&#x4E00;&unknown;</p>").text
    assert text == "甲\u3000乙<丙>&丁\xa0戊“己”一&unknown;"


def test_no_entity_of_a_document_type_is_expanded():
    assert "秘密" not in read("<!DOCTYPE html [<!ENTITY a '秘密'>]><p>公开&a;</p>").text


def test_blanks_and_breaks():
    text = read(
        "<p>政府信\n  息公开\n2603 条<br>第二   行<br/>\n<br>\t第三行</p>尾<pre>规章      1\n 乙  2</pre>"
    ).text
    assert text == "政府信息公开 2603 条\n第二 行\n第三行\n尾\n规章      1\n 乙  2"


def test_export_of_word():
    html = """<body lang=ZH-CN><div class=Section1><p class=MsoNormal style='text-indent:2em'><b><span
    style='font-size:16.0pt;mso-bidi-font-size:12pt'
    >一、总体情<span lang=EN-US><o:p></o:p></span>况</span></b></p>
    <!--[if gte mso 9]><xml><w:WordDocument>不要</w:WordDocument></xml><![endif]-->
    <p class=MsoListParagraph><![if !supportLists]><span>1、<span>&nbsp;&nbsp;</span></span><![endif]>公开
    <del>旧文</del><ins>新文</ins><span style='display:none;mso-hide:all'>隐藏</span></p>
    <table class=MsoNormalTable border=1><tr style='mso-yfti-irow:0'><td width=84 valign=top>
    <p class=MsoNormal align=center><span lang=EN-US>规章<o:p></o:p></span></p></td><td><p class=MsoNormal>
    <span lang=EN-US style='mso-hide:all'>9</span>1<span>2</span><o:p>&nbsp;</o:p></p></td></tr>
    <tr><td>行政<br>许可</td><td><o:p>&nbsp;</o:p></td></tr></table></div>"""
    document = read(html)
    assert rows(document, document.tables[0]) == [["规章", "12"], ["行政 许可", ""]]
    assert document.text == "一、总体情况\n1、\xa0\xa0公开新文\n规章\t12\n行政 许可\t"


def test_a_layout_table_around_everything_is_no_table():
    report = body()
    around = f"<tr><td colspan=2>页头</td></tr><tr><td>左栏</td><td>{report}</td></tr><tr><td>页脚</td></tr>"
    document = read(f"<body><table>{around}</table></body>")
    assert [rows(document, lattice) for lattice in document.tables] == list(grids().values())
    assert PROSE[0] in document.text.split("\n")


def test_a_whole_report_in_the_rows_of_one_table():
    form = grids()
    wide = "<tr><td colspan=9>{}</td></tr>"
    inner = "".join(
        [wide.format("二、主动公开政府信息情况")]
        + ["<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in form["disclosure.art20_1"]]
        + [wide.format("三、收到和处理政府信息公开申请情况")]
        + ["<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in form["applications"]]
        + [wide.format(PROBLEMS + PROSE[2])]
    )
    document = read(f"<table>{wide.format('一、总体情况')}{wide.format(PROSE[0])}{inner}</table>")
    assert [rows(document, lattice) for lattice in document.tables] == [
        form["disclosure.art20_1"],
        form["applications"],
    ]
    assert document.text.split("\n")[1] == PROSE[0]


def test_a_grid_of_divs_flows_a_cell_a_line():
    cells = "".join(
        f"<div class=row>{''.join(f'<div>{c}</div>' for c in row)}</div>" for row in grids()["review"]
    )
    document = read(f"<body><h2>四、行政复议、行政诉讼情况</h2>{cells}</body>")
    assert document.tables == ()
    assert document.text.split("\n")[1:] == [cell for row in grids()["review"] for cell in row]
    spans = (
        "<div><span style='display:inline-block'>规章</span><span style='display:inline-block'>1</span></div>"
    )
    assert read(spans).text == "规章 1"


def test_a_picture_in_place_of_a_grid_is_said_aloud():
    report = body().replace(table(grids()["review"]), "<p><img src='/files/grid4.png' width=600></p>")
    notices = read(page(report)).notices
    assert [notice.code for notice in notices] == ["html.picture_grid"]
    assert "四、政府信息公开行政复议" in notices[0].message
    assert "/files/grid4.png" in notices[0].message


def test_prose_outside_the_content_element_is_kept():
    html = page().replace('<div class="more">', f'<p>{PROBLEMS[:30]}</p><div class="more">')
    assert PROBLEMS[:30] in read(html).text.split("\n")


def test_menus_are_gone_where_no_element_holds_the_report_alone():
    html = page().replace('<div class="content" id="zoom">', "").replace("</div></div>\n", "\n")
    for element in ("top", "left", "right", "more", "info"):
        html = html.replace(f'<div class="{element}">', "<p>")
    lines = read(html).text.split("\n")
    assert PROSE[0] in lines
    assert "栏目第3号" not in lines
    assert "青石县2019年政府信息公开工作年度报告" not in lines


def test_a_page_of_pictures_only():
    notices = read(page(f"<h1>{TITLE}</h1><img src=1.jpg><img src=2.jpg>")).notices
    assert [notice.code for notice in notices] == ["html.picture_grid"]


def test_pictures_beside_grids_and_icons_are_no_finding():
    assert read(page("<img src=photo.jpg>" + body() + "<img src=qr.png>")).notices == ()
    report = body().replace(
        table(grids()["review"]), "<img src=icon.gif width=16>" + table(grids()["review"])
    )
    assert read(page(report)).notices == ()


def test_a_report_that_a_script_makes_visible():
    html = page().replace('id="zoom"', 'id="zoom" style="display:none"')
    assert len(read(html).tables) == len(grids())


def test_damaged_bytes_are_a_notice():
    data = page().encode()
    cut = data.index("全年收到".encode()) + 1
    document = read_html(data[:cut] + b"\xff" + data[cut + 1 :], "report.html")
    assert [notice.code for notice in document.notices] == ["encoding.damaged"]


def refused(html: str) -> str:
    started = time.process_time()
    with pytest.raises(LimitExceeded) as caught:
        read(html)
    assert time.process_time() - started < 8
    assert caught.value.step == "read"
    return caught.value.code


@pytest.mark.parametrize("tag", ["div", "table", "span", "b", "table><tr><td", "ul><li"])
def test_nesting_is_refused(tag: str):
    assert refused("<p>年报</p>" + f"<{tag}>" * 100_000) == "html.too_deep"


def test_nesting_with_ends_that_do_not_match_is_refused():
    assert refused("<p>年报</p>" + "<div>" * 100_000 + "</p>" * 100_000) == "html.too_deep"


def test_unclosed_font_tags_are_read():
    text = read("".join(f"<p><font size=3>第{i}段文字" for i in range(400))).text
    assert text.split("\n")[-1] == "第399段文字"


def test_cells_are_capped(monkeypatch: pytest.MonkeyPatch):
    assert refused("<table>" + "<tr><td>年<td>1" * 10_001 + "</table>") == "html.too_many_cells"
    spans = "<tr>" + "<td colspan=1000 rowspan=65534>年" * 25 + "<tr><td>1"
    assert refused(f"<table>{spans}</table>") == "html.too_many_cells"
    spans = "<tr>" + "<td colspan=1000 rowspan=65534>年" * 19 + "<tr><td>1" * 1000
    assert refused(f"<table>{spans}</table>") == "html.too_many_cells"
    monkeypatch.setattr("extraction.reading.html.collect.MAX_CELLS", 2000)
    assert refused(("<table>" + "<tr><td>年<td>1" * 100 + "</table>") * 11) == "html.too_many_cells"


def test_length_is_capped():
    assert refused("<p>" + "年" * 5_000_001) == "html.too_large"
    assert refused("<p>年" + " " * 20_000_001) == "html.too_large"


@pytest.mark.parametrize(
    "html", ["<html></html>", "<script>年报</script>", "<p>&nbsp;</p><table><tr></tr></table>"]
)
def test_a_page_without_text(html: str):
    with pytest.raises(UnreadableInput) as caught:
        read(html)
    assert caught.value.code == "html.no_text"
