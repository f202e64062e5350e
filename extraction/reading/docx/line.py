"""One paragraph on its way from runs to lines."""

from __future__ import annotations

import re

from extraction.reading.html.flow import Flow, Line, Picture

_BREAKS = re.compile("[\r\n\v\f\x1c-\x1f\x85\u2028\u2029]+")
_EDGES = " \t\xa0\u2002\u2003\u2009\u200b\u2060\u3000\ufeff"
# An ordinal turned from automatic to typed keeps its tab, which is no column's.
_ORDINAL = re.compile(r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]{1,2}|[①-⑳]) *\t\s*")


class Paragraph:
    """The pieces of a paragraph's text, and what is anchored in it and stands behind it."""

    __slots__ = ("behind", "dotted", "fields", "hidden", "pieces", "small", "style")

    def __init__(self, *, style: str | None, dotted: bool) -> None:
        self.pieces: list[str] = []
        self.behind = Flow()  # text boxes and pictures
        self.fields: list[bool] = []  # of the open fields, outermost first: whether still in its instruction
        self.hidden = False
        self.small = False  # whether the drawing is too small to hold a grid
        self.style = style
        self.dotted = dotted

    @property
    def size(self) -> int:
        """Grows with everything shown."""
        return len(self.pieces) + len(self.behind.items)

    @property
    def shows(self) -> bool:
        """Whether text that comes now is shown."""
        return not self.hidden and not any(self.fields)

    def write(self, text: str) -> None:
        """Add text as it stands in the file; its line breaks are blanks, its soft hyphens nothing."""
        if self.shows and text:
            self.pieces.append(_BREAKS.sub(" ", text).replace("\xad", ""))

    def break_line(self) -> None:
        """Begin a new line within the paragraph."""
        if self.shows:
            self.pieces.append("\n")

    def tab(self, *, dotted: bool) -> None:
        """Add a tab; one that is shown as a row of dots is dots."""
        if self.shows:
            self.pieces.append("……" if dotted else "\t")

    def picture(self, source: str | None) -> None:
        """Add a picture behind the paragraph, if it is large enough for a grid."""
        if self.shows and not self.small:
            self.behind.items.append(Picture(source or "embedded"))

    def field(self, part: str | None) -> None:
        """A field begins, comes to its result (``separate``) or ends."""
        if part == "begin":
            self.fields.append(True)
        elif self.fields and part == "separate":
            self.fields[-1] = False
        elif self.fields and part == "end":
            self.fields.pop()


def lines_of(text: str) -> list[Line]:
    """A paragraph's text as lines without blank edges; inside, blanks and tabs stay: they align columns."""
    lines = (_joined(line.strip(_EDGES)) for line in text.split("\n"))
    return [Line(line, 0) for line in lines if line]


def _joined(line: str) -> str:
    found = _ORDINAL.match(line) if "\t" in line else None
    if found is None:
        return line
    ordinal = found[0].rstrip()
    return ordinal + (" " if ordinal.isascii() else "") + line[found.end() :]
