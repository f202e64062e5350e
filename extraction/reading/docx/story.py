"""The one pass over a document's body: blocks and runs in reading order, to lines, grids and pictures."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from extraction.document import Notice
from extraction.errors import LimitExceeded
from extraction.reading.docx.limits import MAX_CELLS, MAX_CHARACTERS, MAX_NESTING, too_deep, too_large
from extraction.reading.docx.line import Paragraph, lines_of
from extraction.reading.docx.numbering import Numbering
from extraction.reading.docx.parts import Parts, W
from extraction.reading.docx.properties import number, switch, value
from extraction.reading.docx.styles import Styles
from extraction.reading.docx.symbols import symbol
from extraction.reading.docx.tables import REMOVED, rows_of
from extraction.reading.html.flow import Flow, Line
from extraction.reading.html.tables import lower

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_V = "{urn:schemas-microsoft-com:vml}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_ICON = 857_250  # EMU, 90 pixels: what is narrower or lower holds no grid
_SIDES = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*([\d.]+)pt")
_ICON_POINTS = 67.5
# Properties, deletions, the reading aids above a ruby's base, what only a screen shows.
_DROPPED = REMOVED | {
    W + name
    for name in (
        "pPr", "rPr", "sectPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "fldData",
        "instrText", "delText", "delInstrText", "rt", "rubyPr", "customXmlPr", "smartTagPr", "pgNum",
    )
}  # fmt: skip


class _Body:
    """A place that holds blocks: the document's body, a cell, a text box, a note."""

    __slots__ = ("carried", "flow", "labelled")

    def __init__(self) -> None:
        self.flow = Flow()
        self.carried: list[
            str
        ] = []  # text of a paragraph whose end is deleted or hidden: the next one goes on
        self.labelled = False  # whether the line that is carried on has begun as a paragraph of its own

    def settle(self) -> None:
        """Nothing carries the line on: it ends."""
        self.flow.items += lines_of("".join(self.carried))
        self.carried, self.labelled = [], False


class Story:
    """The reading of one document: ``flow`` is its body, ``notices`` what had to be said.

    Raises LimitExceeded ``docx.too_large``.
    """

    def __init__(self, parts: Parts) -> None:
        self.notices: list[Notice] = []
        self._parts = parts
        self._styles = Styles(parts.beside("styles"))
        self._numbering = Numbering(parts.beside("numbering"), self._styles)
        self._nesting = 0
        self._tables = 0  # open around the place
        self._cells = 0
        self._characters = 0
        self._notes: list[str] = []  # ids of notes referred to, not yet shown
        self._in_note = False
        self._note_parts: dict[str, dict[str, Element]] = {}
        body = parts.document.find(f"{W}body")
        self.flow = self._flow_of(parts.document if body is None else body)

    # Blocks

    def _flow_of(self, parent: Element) -> Flow:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise too_deep()
        body = _Body()
        self._blocks(parent, body)
        body.settle()
        self._nesting -= 1
        return body.flow

    def _blocks(self, parent: Element, body: _Body) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}p":
                self._paragraph(child, body)
            elif tag == f"{W}tbl":
                self._table(child, body)
            elif tag == _ALTERNATE:
                self._one_of(child, lambda branch: self._blocks(branch, body), lambda: len(body.flow.items))
            elif tag == f"{W}altChunk":
                self._say_embedded(child)
            elif tag not in _DROPPED and not _is_placeholder(child):
                self._blocks(child, body)

    def _paragraph(self, element: Element, body: _Body) -> None:
        properties = element.find(f"{W}pPr")
        style = value(properties, "pStyle")
        paragraph = Paragraph(style=style, dotted=self._styles.leads(properties, style))
        self._inline(element, paragraph)
        text = "".join(paragraph.pieces)
        mark = None if properties is None else properties.find(f"{W}rPr")
        removed = mark is not None and any(mark.find(tag) is not None for tag in REMOVED)
        hidden = switch(mark, "vanish") is True
        self._count(len(text))
        body.carried.append(text)
        if not removed and not body.labelled and (text or not hidden):
            label = self._numbering.label(properties, style)
            self._count(len(label))
            if self._tables or any(piece.strip() for piece in body.carried):
                body.carried.insert(0, label)
            body.labelled = True
        if not removed and not hidden:
            body.settle()
        if paragraph.behind.items:
            body.settle()
            body.flow.extend(paragraph.behind)
        if self._notes and not self._tables:
            body.settle()
            self._show_notes(body)

    def _table(self, element: Element, body: _Body) -> None:
        body.settle()
        self._tables += 1
        rows = rows_of(element, self._cell, self._say_covered)
        self._tables -= 1
        try:
            lower(rows, body.flow)
        except LimitExceeded as error:
            raise too_large("cells and more in a table's lattice", MAX_CELLS, MAX_CELLS) from error
        if self._notes and not self._tables:
            self._show_notes(body)

    def _cell(self, element: Element) -> Flow:
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise too_large("cells", self._cells, MAX_CELLS)
        return self._flow_of(element)

    def _show_notes(self, body: _Body) -> None:
        """Footnotes and endnotes behind the paragraph or table that refers to them; their marks are dropped."""
        waiting, self._notes = self._notes, []
        self._in_note = True
        for note in waiting:
            kind, _, reference = note.partition(":")
            if kind not in self._note_parts:
                part = self._parts.beside(f"{kind}s")
                children = () if part is None else part.iterfind(f"{W}{kind}")
                self._note_parts[kind] = {child.get(f"{W}id", ""): child for child in children}
            found = self._note_parts[kind].get(reference)
            if found is not None:
                body.flow.extend(self._flow_of(found))
        self._in_note = False

    # Runs

    def _inline(self, parent: Element, paragraph: Paragraph) -> None:
        for child in parent:
            tag = child.tag
            handler = _RUNS.get(tag)
            if handler is not None:
                handler(self, child, paragraph)
            elif tag not in _DROPPED and not _is_placeholder(child):
                self._inline(child, paragraph)

    def run(self, element: Element, paragraph: Paragraph) -> None:
        properties = element.find(f"{W}rPr")
        before = paragraph.hidden
        paragraph.hidden = before or self._is_hidden(properties, paragraph.style)
        self._inline(element, paragraph)
        paragraph.hidden = before

    def _is_hidden(self, properties: Element | None, style: str | None) -> bool:
        own = switch(properties, "vanish")
        if own is None:
            own = self._styles.hidden(value(properties, "rStyle"), paragraph=False)
        if own is None:
            own = self._styles.hidden(style, paragraph=True)
        return own is True

    def text(self, element: Element, paragraph: Paragraph) -> None:
        text = element.text or ""
        if element.get(_SPACE) != "preserve":
            text = text.strip(" \t\r\n")
        paragraph.write(text)

    def tab(self, element: Element, paragraph: Paragraph) -> None:
        leader = element.get(f"{W}leader", "none")  # of a w:ptab
        paragraph.tab(dotted=paragraph.dotted or leader != "none")

    def line_break(self, _: Element, paragraph: Paragraph) -> None:
        paragraph.break_line()

    def hyphen(self, _: Element, paragraph: Paragraph) -> None:
        paragraph.write("-")

    def symbol(self, element: Element, paragraph: Paragraph) -> None:
        paragraph.write(symbol(element.get(f"{W}font"), element.get(f"{W}char")))

    def field(self, element: Element, paragraph: Paragraph) -> None:
        paragraph.field(element.get(f"{W}fldCharType"))

    def note(self, element: Element, paragraph: Paragraph) -> None:
        if paragraph.shows and not self._in_note:
            kind = "footnote" if element.tag == f"{W}footnoteReference" else "endnote"
            self._notes.append(f"{kind}:{element.get(f'{W}id', '')}")

    def text_box(self, element: Element, paragraph: Paragraph) -> None:
        if paragraph.shows:
            tables, self._tables = self._tables, 0  # an empty numbered line in a box is no cell
            waiting, self._notes = self._notes, []
            flow = self._flow_of(element)
            self._tables, self._notes = tables, waiting + self._notes
            paragraph.behind.extend(flow)

    def word_art(self, element: Element, paragraph: Paragraph) -> None:
        shown = element.get("string", "").strip()
        if shown and paragraph.shows:
            self._count(len(shown))
            paragraph.behind.items.append(Line(" ".join(shown.split()), 0))

    def drawing(self, element: Element, paragraph: Paragraph) -> None:
        extent = element.find(f"*/{_WP}extent")
        sides = [] if extent is None else [number(extent.get(side), _ICON) for side in ("cx", "cy")]
        self._sized(element, paragraph, small=any((side or 0) < _ICON for side in sides))

    def shape(self, element: Element, paragraph: Paragraph) -> None:
        sides = _SIDES.findall(element.get("style", ""))
        self._sized(element, paragraph, small=any(_points(side) < _ICON_POINTS for side in sides))

    def _sized(self, element: Element, paragraph: Paragraph, *, small: bool) -> None:
        before, paragraph.small = paragraph.small, small
        self._inline(element, paragraph)
        paragraph.small = before

    def picture(self, element: Element, paragraph: Paragraph) -> None:
        reference = element.get(f"{_R}embed") or element.get(f"{_R}link") or element.get(f"{_R}id")
        paragraph.picture(self._parts.target(reference))
        self._inline(element, paragraph)

    def alternate(self, element: Element, paragraph: Paragraph) -> None:
        self._one_of(
            element, lambda branch: self._inline(branch, paragraph), lambda: paragraph.size + len(self._notes)
        )

    def _one_of(self, element: Element, walk: Callable[[Element], None], size: Callable[[], int]) -> None:
        """The first branch that shows something: the others are the same for other programs."""
        before = size()
        for branch in element:
            walk(branch)
            if size() > before:
                return

    # Bounds and notices

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > MAX_CHARACTERS:
            raise too_large("characters", self._characters, MAX_CHARACTERS)

    def _say_covered(self, text: str) -> None:
        shown = text if len(text) <= 40 else text[:40] + "…"
        self.notices.append(
            Notice(
                "docx.covered_text",
                f"A cell that is merged into another holds “{shown}”, which Word does not show; it is not read. "
                "Look at the table in Word.",
            )
        )

    def _say_embedded(self, element: Element) -> None:
        source = self._parts.target(element.get(f"{_R}id")) or "no name"
        self.notices.append(
            Notice(
                "docx.embedded_document",
                f"The document embeds another one ({source}), which is not read. "
                "Open it in Word and save it again: then its text is part of the document.",
            )
        )


def _is_placeholder(element: Element) -> bool:
    """Whether it is a content control that shows only its prompt ("click here to enter text")."""
    return element.tag == f"{W}sdt" and switch(element.find(f"{W}sdtPr"), "showingPlcHdr") is True


def _points(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return _ICON_POINTS


_RUNS: dict[str, Callable[[Story, Element, Paragraph], None]] = {
    f"{W}r": Story.run,
    f"{W}t": Story.text,
    f"{_M}t": Story.text,
    f"{W}tab": Story.tab,
    f"{W}ptab": Story.tab,
    f"{W}br": Story.line_break,
    f"{W}cr": Story.line_break,
    f"{W}noBreakHyphen": Story.hyphen,
    f"{W}sym": Story.symbol,
    f"{W}fldChar": Story.field,
    f"{W}footnoteReference": Story.note,
    f"{W}endnoteReference": Story.note,
    f"{W}txbxContent": Story.text_box,
    f"{_V}textpath": Story.word_art,
    f"{W}drawing": Story.drawing,
    f"{_V}shape": Story.shape,
    f"{_V}rect": Story.shape,
    f"{_V}imagedata": Story.picture,
    f"{_A}blip": Story.picture,
    _ALTERNATE: Story.alternate,
}
