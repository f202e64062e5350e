"""Fictional reports drawn as PDFs with reportlab: prose, tables with and without rulings, page breaks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT, SIZE = "STSong-Light", 10.5
WIDTH, HEIGHT = 595, 1190  # A3's height, so that a long table needs one break only
LEFT, TOP, BOTTOM = 72, 120, 1070
PITCH = 14  # between the lines of a wrapped label
Rules = Literal["boxes", "lines", "bars", "none"]


class Spec(NamedTuple):
    """A cell to draw and to find again: lattice position, size and text."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


@dataclass
class Table:
    """A table to draw: cells, widths of columns in points, and before which row a page ends."""

    cells: list[Spec]
    widths: list[float]
    rules: Rules = "boxes"
    break_before: int | None = None
    pad: float = 10  # above and below the text of a cell, together
    side: float = 6  # to its left and right

    @property
    def rows(self) -> int:
        return max(c.row + c.row_span for c in self.cells)

    def heights(self) -> list[float]:
        """The height of each row."""
        out = []
        for row in range(self.rows):
            lines = [
                len(wrap(c.text, sum(self.widths[c.column : c.column + c.column_span]) - self.side))
                for c in self.cells
                if c.row == row and c.row_span == 1
            ]
            out.append(PITCH * max(lines, default=1) + self.pad)
        return out

    def breaks(self, used: float) -> list[int]:
        """Rows before which the table can be broken with both halves on their pages, ``used`` of the first taken."""
        heights = self.heights()
        room = BOTTOM - TOP
        return [r for r in range(1, self.rows) if sum(heights[:r]) < room - used and sum(heights[r:]) < room]


def plain(rows: Sequence[Sequence[str]]) -> list[Spec]:
    """Rows of texts as cells of size one."""
    return [Spec(r, c, 1, 1, text) for r, row in enumerate(rows) for c, text in enumerate(row)]


class Paper:
    """A PDF being drawn from top to bottom."""

    def __init__(self, head: str = "", numbers: str = "- {} -", title: str = "") -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self.file = io.BytesIO()
        self.canvas = Canvas(self.file, pagesize=(WIDTH, HEIGHT), invariant=True)
        self.canvas.setTitle(title)
        self.head, self.numbers = head, numbers
        self.page = 0
        self._begin()

    def _begin(self) -> None:
        self.page += 1
        self.y: float = TOP
        self.text(LEFT, 40, self.head)
        self.text(280, HEIGHT - 32, self.numbers.format(self.page))

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> None:
        """``text`` with its base line at ``y`` from the top."""
        self.canvas.setFont(FONT, size)
        if text:
            # pdfium drops a lone character of a font that is not embedded; a blank behind it keeps it.
            self.canvas.drawString(x, HEIGHT - y, text + " " if len(text) == 1 else text)

    def feed(self) -> None:
        """Go on on the next page."""
        self.canvas.showPage()
        self._begin()

    def paragraph(self, text: str) -> None:
        """Prose with an indent of two characters, wrapped at the right margin."""
        room, indent = int((WIDTH - 2 * LEFT) / SIZE), 2
        at = 0
        while at < len(text):
            line = text[at : at + room - indent]
            if self.y > BOTTOM:
                self.feed()
            self.text(LEFT + indent * SIZE, self.y, line)
            at, indent = at + len(line), 0
            self.y += 20

    def line(self, text: str, x: float = LEFT) -> None:
        """A line of its own."""
        self.text(x, self.y, text)
        self.y += 24

    def table(self, table: Table) -> None:
        """Draw a table; at its page break cells that span it are cut, their text in the larger half."""
        cut = table.break_before or table.rows
        heights = table.heights()
        for first, last in ((0, cut), (cut, table.rows)):
            if first == last:
                continue
            if first:
                self.feed()
            self._piece(table, heights, first, last)
        self.y += 30

    def _piece(self, table: Table, heights: list[float], first: int, last: int) -> None:
        xs = [LEFT + sum(table.widths[:i]) for i in range(len(table.widths) + 1)]
        tops = {first: self.y}
        for row in range(first, last):
            tops[row + 1] = tops[row] + heights[row]
        for cell in table.cells:
            low, high = max(cell.row, first), min(cell.row + cell.row_span, last)
            if high <= low:
                continue
            box = xs[cell.column], tops[low], xs[cell.column + cell.column_span], tops[high]
            self._rules(table.rules, box)
            here = high - low
            if 2 * here > cell.row_span or (2 * here == cell.row_span and low == cell.row):
                self._cell(cell.text, box, table.side)
        self.y = tops[last]

    def _cell(self, text: str, box: tuple[float, float, float, float], side: float) -> None:
        left, top, right, bottom = box
        lines = wrap(text, right - left - side)
        y = (top + bottom) / 2 - PITCH * (len(lines) - 1) / 2 + 0.36 * SIZE
        for line in lines:
            wide = pdfmetrics.stringWidth(line, FONT, SIZE)
            x = (left + right - wide) / 2 if line.isascii() else left + 3
            self.text(x, y, line)
            y += PITCH

    def _rules(self, rules: Rules, box: tuple[float, float, float, float]) -> None:
        left, top, right, bottom = box
        if rules == "boxes":
            self.canvas.rect(left, HEIGHT - bottom, right - left, bottom - top)
        elif rules == "bars":
            for x, y, w, h in (
                (left, bottom, right - left, 0.7),
                (left, top, right - left, 0.7),
                (left, bottom, 0.7, bottom - top),
                (right, bottom, 0.7, bottom - top),
            ):
                self.canvas.rect(x, HEIGHT - y, w, h, stroke=0, fill=1)
        elif rules == "lines":
            path = self.canvas.beginPath()
            for x0, y0, x1, y1 in (
                (left, top, right, top),
                (right, top, right, bottom),
                (right, bottom, left, bottom),
                (left, bottom, left, top),
            ):
                path.moveTo(x0, HEIGHT - y0)
                path.lineTo(x1, HEIGHT - y1)
            self.canvas.drawPath(path)

    def data(self) -> bytes:
        """The finished file."""
        self.canvas.showPage()
        self.canvas.save()
        return self.file.getvalue()


def wrap(text: str, width: float) -> list[str]:
    """``text`` in lines that fit a cell of ``width``."""
    room = max(1, int(width / SIZE)) if not text.isascii() else max(1, len(text))
    return [text[i : i + room] for i in range(0, len(text), room)] or [""]
