"""Glyphs to lines: those on one base line, from left to right, cut into runs where a wide gap stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter

from extraction.reading.pdf.shapes import Glyph, Line, Run, hull

_SAME_BASE = 0.4  # of a character's height; superscripts are within it, the next line is not
_WORD_GAP = 0.28  # between Latin letters or digits: a blank that the file leaves to the layout
_RUN_GAP = 1.2  # a gap that separates columns; justified text stretches less
_DIGIT_GAP = 0.8
_FAKE_BOLD = 0.3  # of a character's width: the same character printed again to look bold


def lines_of(glyphs: Iterable[Glyph], page: int) -> list[Line]:
    """The lines that ``glyphs`` of one page form, from top to bottom."""
    return [line for row in _rows(glyphs) if (line := _line(row, page)) is not None]


def _rows(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    row: list[Glyph] = []
    limit = 0.0
    for glyph in sorted(glyphs, key=itemgetter(5, 1)):
        if row and glyph.base > limit:
            yield row
            row = []
        if not row:
            limit = glyph.base + _SAME_BASE * (glyph.bottom - glyph.top)
        row.append(glyph)
    if row:
        yield row


def _line(glyphs: list[Glyph], page: int) -> Line | None:
    glyphs.sort(key=itemgetter(1))
    runs: list[Run] = []
    text: list[str] = []
    first = last = None
    top = bottom = 0.0
    blank = False
    for glyph in glyphs:
        if glyph.char == " ":
            blank = True
            continue
        if last is None or first is None:
            first, text, top, bottom = glyph, [glyph.char], glyph.top, glyph.bottom
        elif glyph.char == last.char and glyph.left - last.left < _FAKE_BOLD * (glyph.right - glyph.left):
            continue
        else:
            gap = glyph.left - last.right
            if _apart(last, glyph, gap):
                runs.append(Run("".join(text), (first.left, top, last.right, bottom)))
                first, text, top, bottom = glyph, [glyph.char], glyph.top, glyph.bottom
            else:
                if blank or (gap > _WORD_GAP * (glyph.bottom - glyph.top) and _latin(last.char, glyph.char)):
                    text.append(" ")
                text.append(glyph.char)
                top, bottom = min(top, glyph.top), max(bottom, glyph.bottom)
        last, blank = glyph, False
    if last is None or first is None:
        return None
    runs.append(Run("".join(text), (first.left, top, last.right, bottom)))
    return _finished(runs, glyphs, page)


def _finished(runs: list[Run], glyphs: list[Glyph], page: int) -> Line:
    middle = sorted(g.bottom - g.top for g in glyphs)[len(glyphs) // 2]
    base = sorted(g.base for g in glyphs)[len(glyphs) // 2]
    box = hull([run.box for run in runs]) if len(runs) > 1 else runs[0].box
    return Line(tuple(runs), page, box, base, middle)


def _apart(left: Glyph, right: Glyph, gap: float) -> bool:
    size = min(left.bottom - left.top, right.bottom - right.top)
    if gap < _DIGIT_GAP * size:
        return False
    return gap >= _RUN_GAP * size or (left.char.isdigit() and right.char.isdigit())


def _latin(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and (left.isalnum() or right.isalnum())


def joined(lines: Iterable[str]) -> str:
    """Wrapped lines as one text: nothing between Chinese characters or digits, a blank between words."""
    out = ""
    for line in lines:
        if (
            out
            and line
            and out[-1].isascii()
            and line[0].isascii()
            and out[-1].isalpha()
            and line[0].isalpha()
        ):
            out += " "
        out += line
    return out
