"""A report as a Word document: the standard grids with merged cells, in the ways that real files have them."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from random import Random

import docx
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph

from tests.rendering.page import HEADINGS, application_rows, disclosure_rows, review_row
from tests.rendering.sheets import Sheet

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass(frozen=True)
class Box:
    """A cell of a lattice, before it is written: its upper left corner, size and text."""

    row: int
    column: int
    text: str
    height: int = 1
    width: int = 1


Lattice = Sequence[Box]


@dataclass(frozen=True)
class Manner:
    """How the document is made."""

    numbered: bool = False  # the headings' numbers are automatic
    nested: bool = False  # the grids stand in a layout table
    tracked: bool = False  # values were changed, rows and paragraphs deleted
    torn: bool = False  # a cell's text stands in several runs and paragraphs
    seed: int = 0


def _heads(texts: Sequence[str], row: int, column: int, *, height: int = 1) -> list[Box]:
    return [Box(row, column + i, text, height) for i, text in enumerate(texts)]


def disclosure_lattices(sheet: Sheet) -> list[Lattice]:
    """One lattice an article, its title across all columns."""
    out: list[list[Box]] = []
    for row in disclosure_rows(sheet):
        cells = [*row.labels, *row.values]
        if row.key is None and len(cells) == 1:
            out.append([Box(0, 0, cells[0])])
            continue
        lattice = out[-1]
        lattice += _heads(cells, lattice[-1].row + 1, 0)
    return [[Box(0, 0, b[0].text, 1, max(x.column for x in b) + 1), *b[1:]] for b in out]


def application_lattice(sheet: Sheet) -> Lattice:
    """Three columns of labels, merged down and across, and seven of values under three rows of heads."""
    out = [
        Box(0, 0, "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
        Box(0, 3, "申请人情况", 1, 7),
        Box(1, 3, "自然人", 2),
        Box(1, 4, "法人或其他组织", 1, 5),
        Box(1, 9, "总计", 2),
        *_heads(("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"), 2, 4),
    ]
    rows = application_rows(sheet)
    families = [r.key.split("/")[1].split(".")[0] if r.key else "" for r in rows]
    inside = [i for i, family in enumerate(families) if family not in ("new", "carried_in", "carried_out")]
    for i, row in enumerate(rows):
        at = i + 3
        labels = list(row.labels)
        first = 1 if i in inside else 0
        if i == inside[0]:
            out.append(Box(at, 0, labels.pop(0), len(inside)))
        if len(labels) > 1:
            out.append(Box(at, 1, labels.pop(0), families.count(families[i])))
        if families.count(families[i]) > 1:
            first = 2
        out.append(Box(at, first, labels[0], 1, 3 - first))
        out += _heads(row.values, at, 3)
    return out


def review_lattice(sheet: Sheet) -> Lattice:
    """Fifteen columns under three rows of heads."""
    results = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    return [
        Box(0, 0, "行政复议", 1, 5),
        Box(0, 5, "行政诉讼", 1, 10),
        *_heads(results, 1, 0, height=2),
        Box(1, 5, "未经复议直接起诉", 1, 5),
        Box(1, 10, "复议后起诉", 1, 5),
        *_heads((*results, *results), 2, 5),
        *_heads(review_row(sheet).values, 3, 0),
    ]


def _tracked(paragraph: Paragraph, text: str, rng: Random) -> None:
    """The text as the outcome of changes: an old value deleted, the new one inserted."""
    old = rng.choice(("7", "旧文", text))
    change = f'{NAMES} w:id="{rng.randrange(10**6)}" w:author="甲" w:date="2024-01-05T00:00:00Z"'
    moved = rng.choice((("del", "ins", "delText"), ("moveFrom", "moveTo", "t")))
    for kind, tag, shown in ((moved[0], moved[2], old), (moved[1], "t", text)):
        run = f'<w:r><w:{tag} xml:space="preserve">{shown}</w:{tag}></w:r>'
        paragraph._p.append(parse_xml(f"<w:{kind} {change}>{run}</w:{kind}>"))


class Writer:
    """Writes one report into a document, in one manner."""

    def __init__(self, manner: Manner) -> None:
        self.word: Word = docx.Document()
        self.manner = manner
        self.rng = Random(manner.seed)
        self._list = self._numbering() if manner.numbered else 0

    def _numbering(self) -> int:
        level = '<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        style = self.rng.choice(("chineseCounting", "chineseCountingThousand", "japaneseCounting"))
        levels = level.format(i=0, style=style, text="%1、") + level.format(i=1, style=style, text="（%2）")
        part = self.word.part.numbering_part.element
        part.insert(0, parse_xml(f'<w:abstractNum {NAMES} w:abstractNumId="90">{levels}</w:abstractNum>'))
        part.append(parse_xml(f'<w:num {NAMES} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
        return 90

    def heading(self, text: str) -> None:
        """A section's heading; where numbers are automatic its own is left out."""
        if not self.manner.numbered:
            self.word.add_paragraph(text)
            return
        paragraph = self.word.add_paragraph(text.partition("、")[2])
        properties = paragraph._p.get_or_add_pPr()
        numbered = f'<w:numPr {NAMES}><w:ilvl w:val="0"/><w:numId w:val="{self._list}"/></w:numPr>'
        properties.append(parse_xml(numbered))
        if self.manner.tracked:  # a heading that was deleted has no number
            gone = copy.deepcopy(paragraph._p)
            mark = f'<w:rPr {NAMES}><w:del w:id="1" w:author="甲"/></w:rPr>'
            gone.find(qn("w:pPr")).append(parse_xml(mark))
            for run in gone.findall(qn("w:r")):
                gone.remove(run)
            paragraph._p.addprevious(gone)

    def paragraph(self, text: str) -> None:
        self._fill(self.word.add_paragraph(), text)

    def _fill(self, paragraph: Paragraph, text: str) -> None:
        if self.manner.tracked and self.rng.random() < 0.3:
            _tracked(paragraph, text, self.rng)
        elif self.manner.torn and len(text) > 1:
            cut = self.rng.randrange(1, len(text))
            paragraph.add_run(text[:cut])
            paragraph.add_run(text[cut:])
        else:
            paragraph.add_run(text)

    def grid(self, lattice: Lattice) -> None:
        """A lattice as a table, in a layout table beside a note or straight in the body."""
        rows = max(box.row + box.height for box in lattice)
        columns = max(box.column + box.width for box in lattice)
        if self.manner.nested:
            frame = self.word.add_table(2, 2).rows[1].cells
            frame[0].text = ""
            table = frame[1].add_table(rows, columns)
        else:
            table = self.word.add_table(rows, columns)
        cells = [list(row.cells) for row in table.rows]
        for box in lattice:
            first = cells[box.row][box.column]
            if box.height * box.width > 1:
                first = first.merge(cells[box.row + box.height - 1][box.column + box.width - 1])
            self._cell(first, box.text)
        if self.manner.tracked:
            self._deleted_row(table.rows[-1]._tr)

    def _cell(self, cell: WordCell, text: str) -> None:
        self._fill(cell.paragraphs[0], text)
        if self.manner.torn:
            cell.add_paragraph("")

    @staticmethod
    def _deleted_row(row: object) -> None:
        """After the last row the same again, deleted."""
        again = copy.deepcopy(row)
        properties = again.get_or_add_trPr()  # type: ignore[attr-defined]
        properties.append(parse_xml(f'<w:del {NAMES} w:id="2" w:author="甲"/>'))
        row.addnext(again)  # type: ignore[attr-defined]

    def bytes(self) -> bytes:
        out = BytesIO()
        self.word.save(out)
        return out.getvalue()


def render_word(sheet: Sheet, manner: Manner = Manner()) -> bytes:
    """A whole report as the bytes of a DOCX."""
    writer = Writer(manner)
    writer.word.add_paragraph(f"云岭县人民政府{sheet.year}年政府信息公开工作年度报告")
    writer.heading(HEADINGS["overview"])
    writer.paragraph(f"{sheet.year}年，云岭县围绕群众关切推进公开，全年主动公开信息356条。")
    writer.heading(HEADINGS["disclosure"])
    for lattice in disclosure_lattices(sheet):
        writer.grid(lattice)
        writer.word.add_paragraph("")
    writer.heading(HEADINGS["applications"])
    writer.grid(application_lattice(sheet))
    writer.heading(HEADINGS["review"])
    writer.grid(review_lattice(sheet))
    writer.heading(HEADINGS["problems"])
    writer.paragraph("一是公开的意识还要加强。二是3个部门更新不够及时。")
    writer.heading(HEADINGS["other"])
    writer.paragraph("无。")
    return writer.bytes()
