"""A report's characters without blanks, line breaks and Markdown marks, with the way back to the text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

_MARKS = " \n#*|`>•●■◆◇□▪·"


@dataclass(frozen=True, slots=True)
class Outline:
    """``text`` is the normal form's ``compact`` characters; ``places[i]`` is the offset of ``text[i]`` in it.

    ``lines`` holds the compact offsets at which a line of the report begins; empty lines have none.
    """

    text: str
    places: NDArray[np.int64]
    lines: list[int]

    def line_at(self, offset: int) -> int:
        """The number of the line that compact ``offset`` stands in."""
        return bisect_right(self.lines, offset) - 1

    def line_end(self, line: int) -> int:
        """The compact offset at which ``line`` ends."""
        return self.lines[line + 1] if line + 1 < len(self.lines) else len(self.text)

    def lines_between(self, start: int, stop: int) -> list[str]:
        """The compact lines whose first character stands in ``[start, stop)`` of the report's text."""
        low, high = (int(n) for n in np.searchsorted(self.places, [start, stop]))
        first, last = bisect_left(self.lines, low), bisect_left(self.lines, high)
        return [self.text[self.lines[n] : self.line_end(n)] for n in range(first, last)]

    def place(self, offset: int) -> int:
        """The offset in the report's text of compact ``offset``; the end's is one past the last character."""
        if offset < len(self.places):
            return int(self.places[offset])
        return int(self.places[-1]) + 1 if len(self.places) else 0


@cache
def _kept() -> NDArray[np.bool_]:
    kept = np.ones(0x10000, dtype=np.bool_)
    kept[[ord(c) for c in _MARKS]] = False
    return kept


def outline(normal: str) -> Outline:
    """The outline of a normalised text."""
    codes = np.frombuffer(normal.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    # 0xFFFF stands for every character beyond the Basic Multilingual Plane: kept, like all of them.
    places = np.flatnonzero(_kept()[codes if codes.max(initial=0) < 0x10000 else np.minimum(codes, 0xFFFF)])
    text = codes[places].tobytes().decode("utf-32-le", "surrogatepass")
    breaks = np.flatnonzero(codes == 10)
    # A line begins at the first character kept after each break; breaks in a row begin the same line.
    begins = np.zeros(len(places) + 1, dtype=np.bool_)
    begins[np.searchsorted(places, breaks)] = True
    begins[0] = True
    return Outline(text, places, np.flatnonzero(begins[:-1]).tolist())
