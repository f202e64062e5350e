"""Automatic numbers as Word counts and shows them."""

from __future__ import annotations

import pytest

from extraction.reading.docx.numerals import numeral
from tests.extraction.reading.ooxml import p, read, tbl, tc, tr


def lvl(level: int, style: str, text: str, more: str = "", start: int = 1) -> str:
    inside = f'<w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{level}">{inside}</w:lvl>'


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def num(number: int, of: int, more: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


def item(text: str, listed: int = 1, level: int | None = 0, **more: str) -> str:
    at = "" if level is None else f'<w:ilvl w:val="{level}"/>'
    return p(text, properties=f'<w:numPr>{at}<w:numId w:val="{listed}"/></w:numPr>', **more)


CHINESE = (
    lvl(0, "chineseCountingThousand", "%1、"),
    lvl(1, "chineseCounting", "（%2）"),
    lvl(2, "decimal", "%3."),
)
ONE = abstract(7, *CHINESE) + num(1, 7)


def lines(body: str, numbering: str = ONE, styles: str = "") -> list[str]:
    return read(body, numbering=numbering, styles=styles).text.split("\n")


def test_headings_of_three_levels():
    body = item("总体情况") + item("主动公开", level=1) + item("申请", level=1) + item("公开数", level=2)
    body += p("正文。") + item("问题") + item("不足", level=1)
    assert lines(body) == [
        "一、总体情况",
        "（一）主动公开",
        "（二）申请",
        "1. 公开数",
        "正文。",
        "二、问题",
        "（一）不足",
    ]


def test_a_missing_level_is_optional():
    assert lines(item("甲", level=None) + item("乙", listed=0) + item("丙", listed=9)) == [
        "一、甲",
        "乙",
        "丙",
    ]


def test_numbers_of_upper_levels_in_a_label():
    outline = abstract(
        7, lvl(0, "decimal", "%1"), lvl(1, "decimal", "%1.%2"), lvl(2, "lowerLetter", "%1.%2.%3")
    )
    body = item("甲", level=1) + item("乙") + item("丙", level=1) + item("丁", level=2)
    assert lines(body, outline + num(1, 7)) == ["1.1 甲", "1 乙", "1.1 丙", "1.1.a 丁"]


def test_two_lists_of_one_definition_count_together_unless_restarted():
    more = num(2, 7) + num(3, 7, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
    body = item("甲") + item("乙", 2) + item("丙", 3) + item("丁", 3) + item("戊", 1)
    assert lines(body, ONE + more) == ["一、甲", "二、乙", "一、丙", "二、丁", "三、戊"]


def test_a_list_may_change_a_level():
    own = f'<w:lvlOverride w:ilvl="0">{lvl(0, "decimal", "（%1）")}</w:lvlOverride>'
    assert lines(item("甲", 2), ONE + num(2, 7, own)) == ["（1）甲"]


def test_restarts():
    def counted(more: str) -> list[str]:
        levels = (lvl(0, "decimal", "%1、"), lvl(1, "decimal", "%2）"), lvl(2, "decimal", "%3，", more))
        body = item("a", level=2) + item("b", level=1) + item("c", level=2) + item("d") + item("e", level=2)
        return [line[0] for line in lines(body, abstract(7, *levels) + num(1, 7))]

    assert counted("") == ["1", "1", "1", "1", "1"]
    assert counted('<w:lvlRestart w:val="0"/>') == ["1", "1", "2", "1", "3"]
    assert counted('<w:lvlRestart w:val="1"/>') == ["1", "1", "2", "1", "1"]


def test_start_suffix_legal_and_bullets():
    def shown(level: str) -> str:
        return lines(item("文"), abstract(7, level) + num(1, 7))[0]

    assert shown(lvl(0, "chineseCounting", "第%1部分", '<w:suff w:val="space"/>', 3)) == "第三部分 文"
    assert shown(lvl(0, "decimal", "%1.", '<w:suff w:val="nothing"/>')) == "1.文"
    assert shown(lvl(0, "chineseCounting", "%1、", "<w:isLgl/>")) == "1、文"
    assert shown(lvl(0, "bullet", "\uf0b7")) == "文"
    assert shown(lvl(0, "none", "注：")) == "注：文"
    assert shown(lvl(0, "decimal", "%1、", "<w:rPr><w:vanish/></w:rPr>")) == "文"


def test_numbers_from_styles():
    numbered = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    styles = (
        f'<w:style w:type="paragraph" w:styleId="h1"><w:pPr>{numbered}</w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="h2"><w:basedOn w:val="h1"/>'
        '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
        f'<w:style w:type="paragraph" w:styleId="h3"><w:pPr>{numbered}</w:pPr></w:style>'
    )
    levels = (*CHINESE[:2], lvl(2, "decimal", "%3.", '<w:pStyle w:val="h3"/>'))
    body = p("甲", style="h1") + p("乙", style="h2") + p("丙", style="h3")
    body += p("丁", style="h1", properties='<w:numPr><w:numId w:val="0"/></w:numPr>')
    assert lines(body, abstract(7, *levels) + num(1, 7), styles) == ["一、甲", "（一）乙", "1. 丙", "丁"]


def test_a_list_defined_through_a_style():
    inside = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = f'<w:style w:type="numbering" w:styleId="s">{inside}</w:style>'
    link = '<w:abstractNum w:abstractNumId="8"><w:numStyleLink w:val="s"/></w:abstractNum>'
    assert lines(item("甲", 2), ONE + link + num(2, 8), styles) == ["一、甲"]
    round_about = '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="s"/></w:abstractNum>'
    assert lines(item("甲"), round_about + num(1, 7), styles) == ["甲"]


def test_what_is_deleted_or_hidden_is_not_counted():
    body = item("甲") + item("", mark="<w:del/>") + item("", mark="<w:vanish/>") + item("乙")
    assert lines(body) == ["一、甲", "二、乙"]


def test_an_empty_numbered_line_counts_but_is_no_line():
    assert lines(item("甲") + item("") + item("乙")) == ["一、甲", "三、乙"]


def test_the_marks_that_join_paragraphs():
    gone = item("收到", mark="<w:del/>") + item("申请") + item("后")
    assert lines(gone) == ["一、收到申请", "二、后"]
    hidden = item("总体情况", mark="<w:vanish/>") + item("正文。") + item("后")
    assert lines(hidden) == ["一、总体情况正文。", "二、后"]


def test_numbers_in_cells():
    document = read(
        tbl(tr(tc(item("予以公开", level=1)), "3"), tr(tc(item("", level=1)), "4")), numbering=ONE
    )
    assert document.text == "（一）予以公开\t3\n（二）\t4"


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("decimal", "1 2 9 10 11 20 21 99 100 101 110 123 1005"),
        ("chineseCounting", "一 二 九 十 十一 二十 二十一 九十九 一○○ 一○一 一一○ 一二三 一○○五"),
        (
            "chineseCountingThousand",
            "一 二 九 十 十一 二十 二十一 九十九 一百 一百零一 一百一十 一百二十三 一千零五",
        ),
        ("japaneseCounting", "一 二 九 十 十一 二十 二十一 九十九 百 百一 百一十 百二十三 千五"),
        (
            "chineseLegalSimplified",
            "壹 贰 玖 壹拾 壹拾壹 贰拾 贰拾壹 玖拾玖 壹佰 壹佰零壹 壹佰壹拾 壹佰贰拾叁 壹仟零伍",
        ),
        ("ideographDigital", "一 二 九 一〇 一一 二〇 二一 九九 一〇〇 一〇一 一一〇 一二三 一〇〇五"),
        ("decimalEnclosedCircle", "① ② ⑨ ⑩ ⑪ ⑳ 21 99 100 101 110 123 1005"),
        ("decimalFullWidth", "１ ２ ９ １０ １１ ２０ ２１ ９９ １００ １０１ １１０ １２３ １００５"),
        ("decimalZero", "01 02 09 10 11 20 21 99 100 101 110 123 1005"),
        ("unheard", "1 2 9 10 11 20 21 99 100 101 110 123 1005"),
        ("lowerRoman", "i ii ix x xi xx xxi xcix c ci cx cxxiii mv"),
    ],
)
def test_numerals(style: str, shown: str):
    numbers = (1, 2, 9, 10, 11, 20, 21, 99, 100, 101, 110, 123, 1005)
    assert " ".join(numeral(number, style) for number in numbers) == shown


def test_letters_and_the_like():
    assert [numeral(n, "upperLetter") for n in (1, 26, 27, 53)] == ["A", "Z", "AA", "AAA"]
    assert [numeral(n, "ideographTraditional") for n in (1, 10, 11)] == ["甲", "癸", "甲"]
    assert [numeral(n, "decimalEnclosedParen") for n in (1, 20, 21)] == ["⑴", "⒇", "21"]
    assert [numeral(n, "chineseCounting") for n in (0, -1)] == ["0", "-1"]
    assert numeral(3, "none") == ""


def test_an_empty_numbered_line_of_a_text_box_in_a_cell_is_no_line():
    box = f"<w:r><w:pict><w:txbxContent>{item('')}{item('框')}</w:txbxContent></w:pict></w:r>"
    document = read(tbl(tr("规章", tc(p("3", box)))), numbering=ONE)
    assert document.text == "规章\t3 二、框"
