"""What a Word document shows as text, and what it does not."""

from __future__ import annotations

import pytest

from tests.extraction.reading.ooxml import p, read, run, tbl, tc, tr


def text(body: str, **beside: str) -> str:
    return read(body, **beside).text


def based_on(style: str, other: str) -> str:
    return f'<w:style w:styleId="{style}"><w:basedOn w:val="{other}"/></w:style>'


def test_a_paragraph_a_line():
    document = read(p("一、总体情况") + p() + p("　　第一段。") + p("第二", "段。"))
    assert document.text == "一、总体情况\n第一段。\n第二段。"
    assert document.media_type.endswith("wordprocessingml.document")
    assert (document.encoding, document.tables, document.notices) == (None, (), ())


def test_breaks_tabs_and_blanks():
    assert text(p("规章", "<w:r><w:tab/><w:t>1</w:t><w:tab/><w:t>2</w:t></w:r>")) == "规章\t1\t2"
    assert text(p("规章    1   2")) == "规章    1   2"
    assert text(p("甲", "<w:r><w:br/></w:r>", "乙", "<w:r><w:cr/></w:r>", "丙")) == "甲\n乙\n丙"
    assert text(p("甲\n乙\u2028丙")) == "甲 乙 丙"
    assert text("<w:p><w:r><w:t> 甲 </w:t></w:r><w:r><w:t>乙</w:t></w:r></w:p>") == "甲乙"


def test_a_tab_behind_an_ordinal_is_no_column():
    assert text(p("一、", "<w:r><w:tab/></w:r>", "总体情况")) == "一、总体情况"
    assert text(p("1.", "<w:r><w:tab/></w:r>", "2023年")) == "1. 2023年"
    assert text(p("12", "<w:r><w:tab/></w:r>", "3")) == "12\t3"


def test_a_dotted_tab_is_dots():
    tabs = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="8296"/></w:tabs>'
    line = ("一、总体情况", "<w:r><w:tab/></w:r>", "1")
    assert text(p(*line, properties=tabs)) == "一、总体情况……1"
    styles = based_on("a", "b") + f'<w:style w:styleId="b"><w:pPr>{tabs}</w:pPr></w:style>'
    assert text(p(*line, style="a"), styles=styles) == "一、总体情况……1"
    assert text(p("目", '<w:r><w:ptab w:leader="dot"/></w:r>', "2")) == "目……2"


def test_hyphens_and_symbols():
    assert (
        text(p("<w:r><w:noBreakHyphen/><w:t>27</w:t></w:r>", "政\xad府", "<w:r><w:softHyphen/></w:r>"))
        == "-27政府"
    )
    shown = {
        ("Symbol", "F032"): "2",
        ("Symbol", "F0B7"): "•",
        ("Wingdings", "F0FE"): "☑",
        ("宋体", "4E00"): "一",
    }
    for (font, char), expected in shown.items():
        assert text(p(f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>')) == expected
    for font, char in (
        ("Wingdings", "F001"),
        ("Webdings", "F061"),
        ("宋体", "zz"),
        ("宋体", "D800"),
        ("宋体", "FFFFFFFF"),
    ):
        assert text(p(f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>')) == "\ufffd"


def test_tracked_changes_are_accepted():
    deleted = '<w:del w:id="1"><w:r><w:delText>28</w:delText></w:r><w:r><w:t>9</w:t></w:r></w:del>'
    inserted = f'<w:ins w:id="2">{run("31")}</w:ins>'
    moved = f'<w:moveFrom w:id="3">{run("去")}</w:moveFrom><w:moveTo w:id="4">{run("来")}</w:moveTo>'
    assert text(p("收到", deleted, inserted, "件", moved)) == "收到31件来"
    old = "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"
    assert text(p(run("甲", old))) == "甲"


@pytest.mark.parametrize("mark", ["<w:del/>", "<w:moveFrom/>", "<w:vanish/>"])
def test_a_paragraph_whose_end_is_gone_goes_on(mark: str):
    body = p("第一", mark=mark) + p("段。") + p("第二段。")
    assert text(body) == "第一段。\n第二段。"
    assert text(p("末段", mark=mark)) == "末段"
    assert text(p("末段", mark=mark) + tbl(tr("甲", "乙")) + p("后")) == "末段\n甲\t乙\n后"


def test_hidden_text():
    assert text(p("甲", run("隐", "<w:vanish/>"), run("乙", '<w:vanish w:val="0"/>'))) == "甲乙"
    styles = (
        '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="q"><w:basedOn w:val="r"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="r"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="n"><w:rPr/></w:style>'
    )
    body = p(run("隐", '<w:rStyle w:val="h"/>'), "甲") + p(
        "隐", run("乙", '<w:vanish w:val="off"/>'), style="q"
    )
    assert text(body, styles=styles) == "甲\n乙"


def test_styles_that_go_round():
    assert text(p("甲", style="a"), styles=based_on("a", "b") + based_on("b", "a")) == "甲"


def test_fields_show_their_results():
    def part(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    asked = '<w:r><w:instrText>DATE \\@ "yyyy"</w:instrText></w:r>'
    inner = part("begin") + asked + part("separate") + run("条件") + part("end")
    whole = part("begin") + asked + inner + part("separate") + run("2023") + part("end")
    assert text(p("甲", whole, "年")) == "甲2023年"
    assert text(p("甲", f'<w:fldSimple w:instr="PAGE">{run("5")}</w:fldSimple>')) == "甲5"
    assert text(p("甲", part("end"), "乙", part("begin"), asked) + p("下段")) == "甲乙\n下段"


def test_wrappers_are_looked_through():
    inside = run("文")
    link = f'<w:hyperlink r:id="x" w:anchor="y">{inside}</w:hyperlink>'
    tag = f"<w:smartTag><w:smartTagPr/>{inside}</w:smartTag><w:customXml>{inside}</w:customXml>"
    control = f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    formula = "<m:oMath><m:r><m:t>2</m:t></m:r></m:oMath>"
    assert text(p(link, tag, control, formula)) == "文文文文2"
    block = f"<w:sdt><w:sdtContent>{p('甲')}{tbl(tr('乙', '丙'))}</w:sdtContent></w:sdt>"
    assert text(block) == "甲\n乙\t丙"


def test_a_prompt_is_no_text():
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处输入')}</w:sdtContent></w:sdt>"
    assert text(p("甲", prompt)) == "甲"


def test_ruby_shows_its_base():
    ruby = f"<w:ruby><w:rubyPr/><w:rt>{run('yán')}</w:rt><w:rubyBase>{run('研')}</w:rubyBase></w:ruby>"
    assert text(p(f"<w:r>{ruby}</w:r>")) == "研"


def box(*blocks: str) -> str:
    """A text box as Word writes it: once for itself, once for older programs."""
    inside = f"<w:txbxContent>{''.join(blocks)}</w:txbxContent>"
    shape = f"<a:graphic><wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp></a:graphic>"
    new = f"<w:drawing><wp:anchor>{shape}</wp:anchor></w:drawing>"
    old = f"<w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_a_text_box_once_behind_its_paragraph():
    assert text(p("锚", box(p("框内")), "段") + p("后")) == "锚段\n框内\n后"
    document = read(p(box(p("题"), tbl(tr("规章", "1")))))
    assert document.text == "题\n规章\t1"
    assert len(document.tables) == 1
    assert text(p("甲", f"<w:r><w:rPr><w:vanish/></w:rPr>{box(p('隐'))[5:]}")) == "甲"


def test_the_fallback_where_the_choice_shows_nothing():
    choice = f'<mc:Choice Requires="x"><w:unknown/></mc:Choice><mc:Fallback>{run("旧")}</mc:Fallback>'
    assert text(p(f"<mc:AlternateContent>{choice}</mc:AlternateContent>")) == "旧"
    blocks = choice.replace(run("旧"), p("旧段"))
    assert text(f"<mc:AlternateContent>{blocks}</mc:AlternateContent>") == "旧段"


def test_word_art():
    assert (
        text(p('<w:r><w:pict><v:shape><v:textpath string="年度报告"/></v:shape></w:pict></w:r>'))
        == "年度报告"
    )


def mark(number: int, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


NOTES = "".join(
    f'<w:footnote w:id="{n}">{note}</w:footnote>'
    for n, note in ((1, p("注：含上年结转3件")), (2, p("自指", mark(2))))
)


def test_notes_stand_behind_their_paragraph():
    body = p("收到26", mark(1), "件。") + p("后")
    assert text(body, footnotes=NOTES) == "收到26件。\n注：含上年结转3件\n后"
    ends = f'<w:endnote w:id="1">{p("尾注")}</w:endnote>'
    assert text(p("甲", mark(1, "endnote")), endnotes=ends) == "甲\n尾注"
    assert text(p("甲", mark(2), mark(9)), footnotes=NOTES) == "甲\n自指"


def test_notes_of_a_table_stand_behind_it():
    document = read(tbl(tr("规章", tc(p("26", mark(1)))), tr("行政许可", "3")) + p("后"), footnotes=NOTES)
    assert document.text == "规章\t26\n行政许可\t3\n注：含上年结转3件\n后"


def test_headers_and_footers_are_left_out():
    assert text(p("文") + '<w:sectPr><w:headerReference r:id="h"/></w:sectPr>') == "文"


def test_an_embedded_document_is_said():
    more = '<Relationship Id="h1" Type="http://x/aFChunk" Target="afchunk.mht"/>'
    document = read(p("文") + '<w:altChunk r:id="h1"/>', more=more)
    assert [n.code for n in document.notices] == ["docx.embedded_document"]
    assert "word/afchunk.mht" in document.notices[0].message


# Pictures in place of grids

HEADS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "五、存在的主要问题及改进情况",
)


def image(side: int = 3_000_000) -> str:
    extent = f'<wp:extent cx="{side}" cy="{side}"/>'
    return f'<w:r><w:drawing><wp:inline>{extent}<a:blip r:embed="p1"/></wp:inline></w:drawing></w:r>'


GRID = tbl(tr("信息内容", "本年制发件数"), tr("规章", "1"), tr("规范性文件", "2"))


def codes(body: str) -> list[str]:
    return [n.code for n in read(body).notices]


def test_a_grid_that_is_a_picture():
    document = read(
        p(HEADS[0]) + p("正文。") + p(HEADS[1]) + GRID + p(HEADS[2]) + p(image()) + p(HEADS[3]) + p("无。")
    )
    assert [n.code for n in document.notices] == ["docx.picture_grid"]
    assert HEADS[2] in document.notices[0].message
    assert "word/media/image1.png" in document.notices[0].message
    assert document.text.split("\n")[-2:] == [HEADS[3], "无。"]


def test_pictures_that_hide_no_grid():
    assert codes(p(HEADS[0]) + p(image()) + p(HEADS[1]) + GRID) == []
    assert codes(p(HEADS[1]) + p(image()) + GRID) == []
    assert codes(p(HEADS[1]) + p(image(300_000)) + p("正文。")) == []
    assert codes(p(HEADS[1]) + p(image()) + "".join(p(f"规章  {n}") for n in range(4))) == []


def test_a_report_without_any_grid():
    assert codes(p("某县年度报告") + p("正文。") + p(image()) + p(image())) == ["docx.picture_grid"]
    old = '<w:r><w:pict><v:shape style="width:400pt;height:300pt"><v:imagedata r:id="p1"/></v:shape></w:pict></w:r>'
    assert codes(p("某县年度报告") + p(old)) == ["docx.picture_grid"]
    assert codes(p("某县年度报告") + p(old.replace("400pt", "20.5pt"))) == []
