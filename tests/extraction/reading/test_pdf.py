"""PDFs: text in reading order, furniture, torn rows, scans, and what is refused."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from extraction.errors import LimitExceeded, UnreadableInput
from extraction.reading.pdf import read_pdf
from tests.extraction.reading.pdf_drawing import LEFT, SIZE, Paper, Spec, Table, plain
from tests.extraction.reading.test_pdf_tables import lattice

LONG = "青石县各乡镇和部门按月更新栏目，办公室逐月检查并通报结果，年底前全部整改到位。" * 4


def read(paper: Paper):
    return read_pdf(paper.data(), "x.pdf")


def texts(document):
    return [cell.text for cell in lattice(document, document.tables[0])]


def test_paragraphs_are_joined_over_lines_and_pages():
    paper = Paper()
    paper.line("一、总体情况")
    paper.y = 950
    paper.paragraph(LONG)
    paper.paragraph(LONG)
    assert paper.page == 2
    assert read(paper).text.split("\n") == ["一、总体情况", LONG, LONG]


@pytest.mark.parametrize("numbers", ["- {} -", "— {} —", "{}", "第{}页 共3页", "{}/3", "Page {}"])
def test_page_furniture_is_dropped(numbers):
    paper = Paper(head="青石县人民政府办公室", numbers=numbers)
    for title in ("一、总体情况", "五、存在的问题", "六、其他事项"):
        paper.line(title)
        paper.line("共3次")
        if title[0] != "六":
            paper.feed()
    assert read(paper).text.split("\n") == [
        "一、总体情况",
        "共3次",
        "五、存在的问题",
        "共3次",
        "六、其他事项",
        "共3次",
    ]


def test_a_bare_number_in_the_margin_that_numbers_no_page_is_kept():
    paper = Paper(numbers="")
    for number in ("418", "77"):
        paper.line("共收到申请")
        paper.text(LEFT, 1160, number)
        paper.canvas.showPage()
        paper._begin()
    text = read(paper).text
    assert "418" in text and "77" in text


def test_places_are_true():
    paper = Paper(title="青石县2023年报告")
    paper.text(100, 300, "收到申请17件")
    document = read(paper)
    (place,) = document.places
    assert document.text[place.start : place.end] == "收到申请17件"
    left, top, right, bottom = place.bbox
    assert place.page == 1 and left == 100 and top < 300 < bottom < 304
    assert abs(right - (100 + 6 * SIZE)) < 1 and 8 < bottom - top < 13
    assert document.metadata["title"] == "青石县2023年报告"
    assert document.metadata["created"].startswith("20")


def test_a_label_of_one_character_a_line_is_one_cell():
    paper = Paper()
    rows = [[" ", f"{i}.属于第{i}类事项", str(i)] for i in range(1, 10)]
    cells = [c for c in plain(rows) if c.column]
    paper.table(Table(sorted([Spec(0, 0, 9, 1, "三、本年度办理结果"), *cells]), [18, 200, 80]))
    document = read(paper)
    assert lattice(document, document.tables[0])[0] == Spec(0, 0, 9, 1, "三、本年度办理结果")


def draw_halves(upper: list[list[str]], lower: list[list[str]]):
    """One table drawn as two, the second at the head of the next page."""
    paper = Paper()
    widths = [60.0, 200.0, 60.0, 60.0]
    paper.table(Table(plain([["不予公开", "1.属于国家秘密", "0", "0"], *upper]), widths))
    paper.feed()
    paper.table(Table(plain([*lower, ["", "8.属于行政查询事项", "4", "4"]]), widths))
    return read(paper)


def test_a_row_torn_by_the_break_is_joined():
    document = draw_halves([["", "7.属于行政", "3", "3"]], [["", "执法案卷", "", ""]])
    assert len(document.tables) == 1
    assert "7.属于行政执法案卷\t3\t3\n" in document.text


def test_a_row_whose_numbers_stand_behind_the_break_is_joined():
    document = draw_halves([["", "7.属于行政", "", ""]], [["", "执法案卷", "3", "3"]])
    assert "7.属于行政执法案卷\t3\t3\n" in document.text


def test_rows_that_are_whole_stay_apart():
    document = draw_halves([["", "6.属于四类过程性信息", "", ""]], [["", "7.属于行政执法案卷", "3", "3"]])
    assert texts(document).count("7.属于行政执法案卷") == 1
    both = draw_halves([["", "6.属于四类", "1", "1"]], [["", "过程性信息", "3", "3"]])
    assert "6.属于四类" in texts(both) and "过程性信息" in texts(both)


def test_a_group_label_torn_by_the_break_is_joined():
    document = draw_halves(
        [["（四）无", "1.不掌握相关信息", "3", "3"]], [["法提供", "2.没有现成信息", "0", "0"]]
    )
    assert "（四）无法提供" in texts(document)


def test_tables_with_other_edges_are_not_joined():
    paper = Paper()
    paper.table(Table(plain([["信息内容", "数量"], ["规章", "1"]]), [200, 100]))
    paper.feed()
    paper.table(Table(plain([["行政复议", "行政诉讼"], ["2", "3"]]), [140, 300]))
    assert [t.columns for t in read(paper).tables] == [2, 2]


def test_numbers_stacked_without_a_line_between_rows_are_taken_apart():
    paper = Paper()
    paper.table(Table(plain([["项目", "上年", "本年"], ["", "", ""]]), [150, 80, 80], pad=36))
    top = 120 + 50 + 18
    for i, row in enumerate((("行政许可", "12", "15"), ("行政处罚", "3", "4"))):
        for x, text in zip((80, 250, 330), row, strict=True):
            paper.text(x, top + 18 * i, text)
    assert read(paper).text.endswith("行政许可\t12\t15\n行政处罚\t3\t4")


def test_a_single_row_of_numbers_under_heads_is_a_table():
    paper = Paper()
    heads = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    paper.line("四、政府信息公开行政复议、行政诉讼情况")
    for i, head in enumerate(heads):
        paper.text(LEFT + 80 * i, 200, head)
        paper.text(LEFT + 80 * i + 20, 220, str(i))
    document = read(paper)
    assert texts(document) == [*heads, "0", "1", "2", "3", "4"]


def test_a_frame_around_the_page_is_no_table():
    paper = Paper()
    paper.canvas.rect(40, 40, 515, 1100)
    paper.line("一、总体情况")
    paper.table(Table(plain([["规章", "12"], ["行政规范性文件", "5"]]), [150, 80]))
    document = read(paper)
    assert document.text == "一、总体情况\n规章\t12\n行政规范性文件\t5"


def test_rulings_within_a_form_are_seen_where_it_stands():
    paper = Paper()
    paper.canvas.beginForm("lines")
    for y in (0, 30, 60):
        paper.canvas.line(0, y, 200, y)
    for x in (0, 120, 200):
        paper.canvas.line(x, 0, x, 60)
    paper.canvas.endForm()
    paper.canvas.saveState()
    paper.canvas.translate(100, 700)
    paper.canvas.doForm("lines")
    paper.canvas.restoreState()
    for y, row in ((450, ("规章", "12")), (480, ("规范性文件", "5"))):
        for x, text in zip((105, 230), row, strict=True):
            paper.text(x, y, text)
    assert texts(read(paper)) == ["规章", "12", "规范性文件", "5"]


def test_text_printed_twice_to_look_bold_is_read_once():
    paper = Paper()
    for shift in (0, 0.4):
        paper.text(LEFT + shift, 200, "信息内容1123")
    assert read(paper).text == "信息内容1123"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pages_turned_by_their_rotation_are_upright(turn):
    paper = Paper(numbers="")
    paper.canvas.setPageRotation(turn)
    paper.canvas.saveState()
    paper.canvas.translate(300, 500)
    paper.canvas.rotate(turn)
    paper.canvas.setFont("STSong-Light", SIZE)
    paper.canvas.drawString(0, 20, "收到申请17件")
    paper.canvas.drawString(0, 0, "办结16件")
    paper.canvas.restoreState()
    document = read(paper)
    assert document.text == "收到申请17件\n办结16件"
    assert all(0 < p.bbox[1] < p.bbox[3] and not document.notices for p in document.places)


def scan(tmp_path: Path) -> tuple[bytes, str]:
    paper = Paper(numbers="")
    paper.canvas.rect(0, 0, 10, 10, fill=1)
    return paper.data(), str(tmp_path / "scan.pdf")


def test_a_scan_is_refused_with_the_way_out(tmp_path):
    data, path = scan(tmp_path)
    with pytest.raises(UnreadableInput) as caught:
        read_pdf(data, path)
    assert caught.value.code == "pdf.no_text" and "OCR" in caught.value.message


def test_plain_text_beside_a_scan_is_taken(tmp_path):
    data, path = scan(tmp_path)
    Path(path + ".txt").write_text("一、总体情况\r\n收到申请17件", "utf-8")
    document = read_pdf(data, path)
    assert document.text == "一、总体情况\n收到申请17件" and document.places == ()
    assert [n.code for n in document.notices] == ["pdf.ocr"]


def test_hocr_beside_a_scan_gives_tables_and_places(tmp_path):
    data, path = scan(tmp_path)
    rows = (("信息内容", "上年", "本年"), ("行政许可", "12", "15"), ("行政处罚", "3", "4"))
    lines = ""
    for y, row in enumerate(rows):
        words = "".join(
            f"<span class='ocrx_word' title='bbox {300 + 600 * i} {600 + 100 * y} {360 + 600 * i + 40 * len(w)} "
            f"{650 + 100 * y}; x_wconf 90'>{w}</span> "
            for i, w in enumerate(row)
        )
        lines += (
            f"<span class='ocr_line' title='bbox 300 {600 + 100 * y} 1900 {650 + 100 * y}'>{words}</span>"
        )
    page = f"<div class='ocr_page' title='bbox 0 0 2480 3508; ppageno 0; scan_res 300 300'>{lines}</div>"
    Path(path + ".hocr").write_text(f"<html><body>{page}</body></html>", "utf-8")
    document = read_pdf(data, path)
    assert document.text == "\n".join("\t".join(row) for row in rows)
    assert document.tables[0].columns == 3
    assert document.places[0].bbox[:2] == (72.0, 144.0)


def stream_file(*streams: bytes, page_count: int = 1) -> bytes:
    """A minimal PDF whose pages share ``streams`` as their content."""
    refs = " ".join(f"{10 + i} 0 R" for i in range(len(streams)))
    kids = " ".join(["3 0 R"] * page_count)
    out = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    out += f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {page_count}>>endobj\n".encode()
    out += f"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents[{refs}]>>endobj\n".encode()
    for i, stream in enumerate(streams):
        out += f"{10 + i} 0 obj<</Filter/FlateDecode/Length {len(stream)}>>stream\n".encode()
        out += stream + b"\nendstream endobj\n"
    return out + b"trailer<</Root 1 0 R>>\n%%EOF"


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """400 MB of zeros, deflated."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(400)) + packer.flush()


def test_a_stream_that_inflates_to_400_megabytes_is_refused(bomb):
    with pytest.raises(LimitExceeded) as caught:
        read_pdf(stream_file(bomb), "x.pdf")
    assert caught.value.code == "pdf.too_large"


def test_a_bomb_within_a_bomb_is_refused(bomb):
    data = stream_file(zlib.compress(bomb, 9)).replace(b"/FlateDecode", b"[/FlateDecode/Fl]")
    with pytest.raises(LimitExceeded) as caught:
        read_pdf(data, "x.pdf")
    assert caught.value.code == "pdf.too_large"


def test_many_pages_are_refused():
    with pytest.raises(LimitExceeded) as caught:
        read_pdf(stream_file(zlib.compress(b"q Q"), page_count=201), "x.pdf")
    assert caught.value.code == "pdf.too_many_pages"


def test_an_encrypted_file_is_refused():
    import io

    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("secret"))
    canvas.drawString(72, 72, "x")
    canvas.save()
    with pytest.raises(UnreadableInput) as caught:
        read_pdf(file.getvalue(), "x.pdf")
    assert caught.value.code == "pdf.encrypted"


@pytest.mark.parametrize("data", [b"%PDF-1.4\n", b"%PDF-1.7\n" + b"\x00" * 5000, b"%PDF-1.4 trailer<<>>"])
def test_a_damaged_file_is_refused(data):
    with pytest.raises(UnreadableInput) as caught:
        read_pdf(data, "x.pdf")
    assert caught.value.code == "pdf.damaged"
