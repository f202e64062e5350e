"""A page's characters through pdfium's text page: one call a character and property, so as few as do."""

from __future__ import annotations

import ctypes
from collections import Counter
from math import pi

from extraction.reading.pdf.frame import Frame
from extraction.reading.pdf.handle import Handle
from extraction.reading.pdf.shapes import Glyph
from extraction.records import Box

_SAMPLE = 40  # characters looked at to learn which way a page's text runs
_BLANKS = frozenset((0x20, 0xA0, 0x3000, 0x2002, 0x2003, 0x2009))
# What pdfium gives where a font has no map to Unicode: nothing, not-a-character, private use.
_UNMAPPED = (0, 0xFFFD, 0xFFFE, 0xFFFF)
_HYPHEN = 2  # pdfium's mark for a hyphen at a line's end
_TOO_TALL, _TOO_LOW = 3.0, 0.5  # times a full character's ink: the font's box is wrong
_INK = 0.92  # of an em, the ink of a Chinese character
_BELOW = 0.14  # of an em, what Chinese fonts have below the base line


class GlyphReader:
    """Reads pages' characters; ctypes' cells are made once."""

    def __init__(self, frame: Frame) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._frame = frame
        self._ems: dict[int, float] = {}  # by the box's height in tenths: the true em of a wrong box, else 0
        self.unmapped = 0

    def read(self, textpage: Handle, count: int) -> list[Glyph]:
        """The visible characters and the blanks that have a width, in the file's order."""
        loose, x, y = self._raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        box, at_x, at_y = ctypes.byref(loose), ctypes.byref(x), ctypes.byref(y)
        unicode_of, box_of = self._raw.FPDFText_GetUnicode, self._raw.FPDFText_GetLooseCharBox
        origin_of, frame = self._raw.FPDFText_GetCharOrigin, self._frame
        glyphs: list[Glyph] = []
        high = 0
        for index in range(count):
            code = unicode_of(textpage, index)
            if code < 0x20 and code not in (0, _HYPHEN):
                continue
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if not box_of(textpage, index, box) or not origin_of(textpage, index, at_x, at_y):
                continue
            rect = frame.box(loose.left, loose.bottom, loose.right, loose.top)
            left, base = frame.point(x.value, y.value)
            if code in _BLANKS:
                if rect[2] > rect[0]:  # blanks that pdfium makes up have no width
                    glyphs.append(Glyph(" ", *rect, base))
                continue
            em = self._em(textpage, index, code, rect)
            if em:
                rect = (left, base - (1 - _BELOW) * em, left + em, base + _BELOW * em)
            glyphs.append(Glyph(self._char(code, high), *rect, base))
            high = 0
        return glyphs

    def _em(self, textpage: Handle, index: int, code: int, rect: Box) -> float:
        """The em where boxes of this height are wrong, as for characters that the file turns and scales."""
        key = round((rect[3] - rect[1]) * 10)
        em = self._ems.get(key)
        if em is None:
            if not _is_full(code):
                return 0.0
            sides = [ctypes.c_double() for _ in range(4)]
            if not self._raw.FPDFText_GetCharBox(textpage, index, *map(ctypes.byref, sides)):
                return 0.0
            ink = max(sides[1].value - sides[0].value, sides[3].value - sides[2].value)
            height = rect[3] - rect[1]
            wrong = ink > 0 and not _TOO_LOW * ink <= height <= _TOO_TALL * ink
            em = self._ems[key] = ink / _INK if wrong else 0.0
        return em

    def _char(self, code: int, high: int) -> str:
        if code == _HYPHEN:
            return "-"
        if 0xDC00 <= code < 0xE000 and high:
            return chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00)
        if code in _UNMAPPED or 0xDC00 <= code < 0xE000:
            self.unmapped += 1
            return "\ufffd"
        if 0xE000 <= code < 0xF900:
            self.unmapped += 1
        return chr(code)


def _is_full(code: int) -> bool:
    """Whether a character's ink shows its size: Chinese characters but for 一, digits, capitals."""
    return 0x4E01 <= code < 0xA000 or 0x30 <= code <= 0x39 or 0x41 <= code <= 0x5A


def turns_of(textpage: Handle, count: int) -> int | None:
    """Quarter turns clockwise that make most of a page's text upright; None where it has no characters."""
    from pypdfium2 import raw

    seen: Counter[int] = Counter()
    for index in range(0, count, max(1, count // _SAMPLE)):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if code <= 0x20:
            continue
        angle = raw.FPDFText_GetCharAngle(textpage, index)
        if angle >= 0:
            seen[-round(angle / (pi / 2)) % 4] += 1  # pdfium counts clockwise, the page turns back
    return seen.most_common(1)[0][0] if seen else None
