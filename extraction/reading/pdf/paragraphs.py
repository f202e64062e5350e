"""Which lines are one paragraph: a line that reaches the right margin goes on where no indent follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extraction.reading.pdf.shapes import Line
from extraction.reading.pdf.wording import begins_item, is_heading

_LEAST = 14.0  # characters of a line that is full; where all lines are short there is no right margin to see
_FULL = 1.7  # of a character: a line this near to the right margin is full
_INDENT = 0.8  # of a character: more is a first line's indent
_SAME_SIZE = 0.15
_PITCH = 1.5  # times the usual distance of lines: a new paragraph
_ENDS = "。！？：；.!?:;"


@dataclass(frozen=True, slots=True)
class Measure:
    """The text's margins and the usual distance of its lines."""

    left: float
    right: float
    pitch: float


def measure_of(lines: Sequence[Line]) -> Measure:
    """Margins as most long lines have them; nothing of it is certain on a page with few lines."""
    if not lines:
        return Measure(0.0, float("inf"), 0.0)
    right = _common([line.box[2] for line in lines], last=True)
    left = _common([line.box[0] for line in lines], last=False)
    pitches = [b.base - a.base for a, b in pairwise(lines) if a.page == b.page and b.base > a.base]
    pitch = sorted(pitches)[len(pitches) // 2] if pitches else 0.0
    return Measure(left, right, pitch)


def _common(values: list[float], *, last: bool) -> float:
    """The outermost place where several lines end: a lone line that hangs out does not make a margin."""
    counts = Counter(round(value / 4) for value in values)
    several = [place for place, count in counts.items() if count > 1] or list(counts)
    place = max(several) if last else min(several)
    near = [value for value in values if abs(value / 4 - place) <= 1]
    return max(near) if last else min(near)


def goes_on(upper: Line, lower: Line, measure: Measure) -> bool:
    """Whether ``lower`` is the rest of the paragraph whose line ``upper`` is."""
    size = max(upper.size, lower.size)
    if abs(upper.size - lower.size) > _SAME_SIZE * size or len(upper.runs) > 3 < len(upper.text) // 8:
        return False
    if upper.box[2] < measure.right - _FULL * size or lower.box[0] > measure.left + _INDENT * size:
        return False
    if upper.box[2] - upper.box[0] < _LEAST * size or is_heading(upper.text):
        return False
    if lower.page == upper.page and lower.base - upper.base > _PITCH * max(measure.pitch, size):
        return False
    if lower.page not in (upper.page, upper.page + 1) or is_heading(lower.text):
        return False
    return not (upper.text[-1:] in _ENDS and begins_item(lower.text))
