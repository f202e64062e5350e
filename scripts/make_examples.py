"""Draw one report of examples/ again as a web page, a PDF and a Word file, with the form's merged cells.

The plain text is the master: its prose and its numbers are taken from there, the grids' frames from
国办公开办函〔2021〕30号. The four files are the same report, so their records must hold the same cells.

    python scripts/make_examples.py [FOLDER]      # needs the test extra: reportlab, python-docx
"""

from __future__ import annotations

import html
import io
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import SimpleDocTemplate, Table

EXAMPLES = Path(__file__).parent.parent / "examples"
MASTER = EXAMPLES / "青岚县人民政府2023年政府信息公开工作年度报告.txt"
_EPOCH = (2024, 1, 26, 16, 20, 0)
_RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
_APPLICANTS = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")


@dataclass(frozen=True)
class Box:
    """One cell of a grid: its upper left place, how many rows and columns it takes, what it says."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Grid:
    """A table of ``rows`` by ``columns`` places, every place covered by exactly one box."""

    rows: int
    columns: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Words:
    """A heading (level 0: the title, 1: a section's) or a paragraph (level None)."""

    text: str
    level: int | None = None


Block = Words | Grid


# --- the master ---------------------------------------------------------------------------------------


def blocks(text: str) -> list[Block]:
    """The report itself, without the page around it: its title, headings, paragraphs and grids."""
    lines = text.splitlines()
    first = next(i for i, line in enumerate(lines) if line.endswith("政府信息公开工作年度报告"))
    last = next(i for i, line in enumerate(lines) if line.startswith("【打印】"))
    out: list[Block] = [Words(lines[first], 0)]
    section: list[str] = []
    for line in [*lines[first + 1 : last], "七、"]:
        if line[:2] in ("一、", "二、", "三、", "四、", "五、", "六、", "七、") and "\t" not in line:
            out += _section(section)
            section = []
        section.append(line)
    return out


def _section(lines: Sequence[str]) -> Iterator[Block]:
    rows = [line.split("\t") for line in lines if "\t" in line]
    draw = {"二": _disclosure, "三": _applications, "四": _review}
    for number, line in enumerate(filter(None, lines)):
        heading = number == 0 and line[1:2] == "、"
        if heading:
            yield Words(line, 1)
            if rows:
                yield draw[line[0]](rows)
        elif not rows:
            yield Words(line)


# --- the frames of the form ---------------------------------------------------------------------------


def _disclosure(rows: Sequence[Sequence[str]]) -> Grid:
    """Grid two: four columns; where an article has one number, it takes three of them."""
    articles = iter(("（一）", "（五）", "（六）", "（八）"))
    boxes: list[Box] = []
    at = 0
    for cells in rows:
        if cells[0] == "信息内容":
            boxes.append(Box(at, 0, f"第二十条第{next(articles)}项", columns=4))
            at += 1
        wide = 3 // (len(cells) - 1)
        boxes.append(Box(at, 0, cells[0]))
        boxes += [Box(at, 1 + i * wide, cell, columns=wide) for i, cell in enumerate(cells[1:])]
        at += 1
    return Grid(at, 4, tuple(boxes))


def _applications(rows: Sequence[Sequence[str]]) -> Grid:
    """Grid three: three columns of labels, seven of numbers, under three rows of heads."""
    boxes = [
        Box(0, 0, rows[0][0], rows=3, columns=3),
        Box(0, 3, "申请人情况", columns=7),
        Box(1, 3, "自然人", rows=2),
        Box(1, 4, "法人或其他组织", columns=5),
        Box(1, 9, "总计", rows=2),
        *(Box(2, 4 + i, name) for i, name in enumerate(_APPLICANTS)),
    ]
    body = rows[3:]
    for at, cells in enumerate(body, 3):
        boxes += _labels(body, at - 3, at)
        boxes += [Box(at, 3 + i, value) for i, value in enumerate(cells[3:10])]
    return Grid(len(body) + 3, 10, tuple(boxes))


def _labels(body: Sequence[Sequence[str]], number: int, at: int) -> Iterator[Box]:
    first, second, third = body[number][:3]
    after = body[number + 1 :]
    if first and not second:
        yield Box(at, 0, first, columns=3)
        return
    if first:
        yield Box(at, 0, first, rows=1 + _until(after, lambda cells: bool(cells[0])))
    if not third:
        yield Box(at, 1, second, columns=2)
        return
    if second:
        yield Box(at, 1, second, rows=1 + _until(after, lambda cells: bool(cells[0] or cells[1])))
    yield Box(at, 2, third)


def _until(rows: Sequence[Sequence[str]], ends: Callable[[Sequence[str]], bool]) -> int:
    return next((i for i, cells in enumerate(rows) if ends(cells)), len(rows))


def _review(rows: Sequence[Sequence[str]]) -> Grid:
    """Grid four: fifteen numbers under three rows of heads."""
    boxes = [
        Box(0, 0, "行政复议", columns=5),
        Box(0, 5, "行政诉讼", columns=10),
        *(Box(1, i, name, rows=2) for i, name in enumerate(_RESULTS)),
        Box(1, 5, "未经复议直接起诉", columns=5),
        Box(1, 10, "复议后起诉", columns=5),
        *(Box(2, 5 + i, name) for i, name in enumerate(_RESULTS * 2)),
        *(Box(3, i, value) for i, value in enumerate(rows[-1])),
    ]
    return Grid(4, 15, tuple(boxes))


# --- HTML ---------------------------------------------------------------------------------------------


def to_html(report: Sequence[Block]) -> bytes:
    """A county's web page around the report: navigation, a head of data, a foot."""
    title = next(block.text for block in report if isinstance(block, Words) and block.level == 0)
    body = "\n".join(map(_html_block, report[1:]))
    crumbs = _links({"/": "首页", "/zwgk/": "政务公开", "/zwgk/nb/": "政府信息公开年报"}, " &gt; ")
    page = f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{title}_青岚县人民政府</title>
<meta name="SiteName" content="四川省青岚县人民政府">
<meta name="ArticleTitle" content="{title}">
<meta name="PubDate" content="2024-01-26 16:20">
<style>
table {{ border-collapse: collapse }}
td {{ border: 1px solid #333; text-align: center; padding: 2px 4px }}
</style>
</head>
<body>
<div class="top">{_links({"/": "首页", "/zwgk/": "政务公开", "/bsfw/": "办事服务", "/hdjl/": "互动交流"}, " | ")}</div>
<div class="crumbs">您当前的位置：{crumbs}</div>
<div class="article">
<h1>{title}</h1>
<p class="info"><span>发布机构：青岚县人民政府办公室</span>&nbsp;&nbsp;<span>发布时间：2024-01-26</span>
<a href="javascript:window.print()">打印</a></p>
<div class="content" id="zoom">
{body}
</div>
<p class="after"><a href="2022.html">上一篇：青岚县2022年政府信息公开工作年度报告</a></p>
</div>
<div class="foot">主办：青岚县人民政府办公室&nbsp;&nbsp;网站标识码：5109990001 <a href="/map/">网站地图</a></div>
</body>
</html>
"""
    return page.encode()


def _links(pages: dict[str, str], between: str) -> str:
    return between.join(f'<a href="{address}">{name}</a>' for address, name in pages.items())


def _html_block(block: Block) -> str:
    if isinstance(block, Grid):
        return _html_grid(block)
    text = html.escape(block.text, quote=False)
    return f"<p>&emsp;&emsp;{text}</p>" if block.level is None else f"<p><strong>{text}</strong></p>"


def _html_grid(grid: Grid) -> str:
    lines = ["<table>"]
    for row in range(grid.rows):
        cells = []
        for box in sorted((box for box in grid.boxes if box.row == row), key=lambda box: box.column):
            spans = f' rowspan="{box.rows}"' * (box.rows > 1) + f' colspan="{box.columns}"' * (
                box.columns > 1
            )
            cells.append(f"<td{spans}>{html.escape(box.text, quote=False)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table>"])


# --- PDF ----------------------------------------------------------------------------------------------


def to_pdf(report: Sequence[Block]) -> bytes:
    """A4 pages with ruled grids that run over the page's end, and a page number at the foot."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    base = {"fontName": "STSong-Light", "wordWrap": "CJK"}
    styles = {
        0: ParagraphStyle("title", fontSize=17, leading=26, alignment=1, **base),
        1: ParagraphStyle("heading", fontSize=13, leading=26, **base),
        None: ParagraphStyle("prose", fontSize=11, leading=19, firstLineIndent=22, **base),
    }
    cell = ParagraphStyle("cell", fontSize=8.5, leading=11, alignment=1, **base)
    flow = []
    for block in report:
        if isinstance(block, Grid):
            flow += [_pdf_table(block, cell), Spacer(1, 8)]
        else:
            flow.append(Paragraph(html.escape(block.text), styles[block.level]))
    stream = io.BytesIO()
    title = next(block.text for block in report if isinstance(block, Words) and block.level == 0)
    template = SimpleDocTemplate(stream, pagesize=A4, invariant=1, title=title, author="青岚县人民政府办公室")
    template.build(flow, onFirstPage=_page_number, onLaterPages=_page_number)
    return stream.getvalue()


def _pdf_table(grid: Grid, style: ParagraphStyle) -> Table:
    from reportlab.platypus import Paragraph, Table

    rows: list[list[object]] = [[""] * grid.columns for _ in range(grid.rows)]
    commands: list[tuple[object, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.6, "black"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ]
    for box in grid.boxes:
        rows[box.row][box.column] = Paragraph(html.escape(box.text), style)
        if box.rows > 1 or box.columns > 1:
            end = (box.column + box.columns - 1, box.row + box.rows - 1)
            commands.append(("SPAN", (box.column, box.row), end))
    widths = {10: [34, 52, 106] + [36] * 7, 15: [30] * 15, 4: [126, 108, 108, 108]}[grid.columns]
    return Table(rows, colWidths=widths, style=commands)


def _page_number(canvas: Canvas, template: SimpleDocTemplate) -> None:
    canvas.setFont("STSong-Light", 9)
    canvas.drawCentredString(template.pagesize[0] / 2, 40, f"- {canvas.getPageNumber()} -")


# --- DOCX ---------------------------------------------------------------------------------------------


def to_docx(report: Sequence[Block]) -> bytes:
    """A Word file whose grids have merged cells; the same bytes whenever it is made."""
    from datetime import datetime

    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = datetime(*_EPOCH)
    for block in report:
        if isinstance(block, Grid):
            _docx_table(document, block)
            continue
        paragraph = document.add_paragraph()
        run = paragraph.add_run(block.text)
        run.bold = block.level is not None
        if block.level == 0:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    stream = io.BytesIO()
    document.save(stream)
    return _dated(stream.getvalue())


def _docx_table(document: Document, grid: Grid) -> None:
    table = document.add_table(rows=grid.rows, cols=grid.columns)
    table.style = "Table Grid"
    places = [list(row.cells) for row in table.rows]  # looked up once: python-docx counts them every time
    for box in grid.boxes:
        cell = places[box.row][box.column]
        if box.rows > 1 or box.columns > 1:
            cell = cell.merge(places[box.row + box.rows - 1][box.column + box.columns - 1])
        cell.paragraphs[0].text = box.text


def _dated(archive: bytes) -> bytes:
    """The same zip with every member dated alike."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


WRITERS = {".html": to_html, ".pdf": to_pdf, ".docx": to_docx}


def main(folder: Path) -> None:
    """Write the three files beside each other, under the master's name."""
    report = blocks(MASTER.read_text(encoding="utf-8"))
    for suffix, write in WRITERS.items():
        (folder / MASTER.name).with_suffix(suffix).write_bytes(write(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES)
