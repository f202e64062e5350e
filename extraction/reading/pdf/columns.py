"""Columns from how numbers stand under each other, where no line rules them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extraction.reading.pdf.shapes import Line, Run
from extraction.reading.pdf.wording import is_value


@dataclass(frozen=True, slots=True)
class Columns:
    """Where label columns begin, and the extents of the columns of numbers; both from left to right."""

    labels: tuple[float, ...]
    values: tuple[tuple[float, float], ...]

    @property
    def count(self) -> int:
        """All columns."""
        return len(self.labels) + len(self.values)

    def is_label(self, run: Run) -> bool:
        """Whether a run stands in the columns of labels."""
        first = self.values[0][0]
        return (run.box[0] + run.box[2]) / 2 < first and run.box[0] < first - 1

    def place(self, run: Run) -> tuple[int, int]:
        """The column a run begins in and how many it covers."""
        left, _, right, _ = run.box
        if self.is_label(run):
            return max(0, bisect_right(self.labels, left + 0.5 * (run.box[3] - run.box[1])) - 1), 1
        covered = [i for i, (low, high) in enumerate(self.values) if low < right and high > left]
        if not covered:
            middle = (left + right) / 2
            covered = [min(range(len(self.values)), key=lambda i: abs(sum(self.values[i]) / 2 - middle))]
        return len(self.labels) + covered[0], covered[-1] - covered[0] + 1

    def edges(self, left: float, right: float) -> tuple[float, ...]:
        """Edges in the middle of the gaps; ``left`` and ``right`` are the table's own."""
        out = [min(left, *self.labels, self.values[0][0]) if self.labels else min(left, self.values[0][0])]
        out += [max(x, out[0] + 0.1) for x in self.labels[1:]]
        ends = [(out[-1] + self.values[0][0]) / 2] if self.labels else []
        ends += [(a[1] + b[0]) / 2 for a, b in pairwise(self.values)]
        return (*out, *ends, max(right, self.values[-1][1]))


def values_of(line: Line) -> list[Run]:
    """The runs of a line that can be numbers' cells: all behind its label, or all."""
    return [run for run in line.runs if is_value(run.text)]


def columns_of(lines: Sequence[Line]) -> Columns:
    """The columns of a stretch of lines with numbers: the fullest lines say how many there are."""
    extents: list[tuple[float, float]] = []
    for line in sorted(lines, key=lambda line: -len(values_of(line))):
        for run in values_of(line):
            left, right = run.box[0], run.box[2]
            met = [i for i, (low, high) in enumerate(extents) if low < right and high > left]
            if not met:
                extents.append((left, right))
            elif len(met) == 1:
                low, high = extents[met[0]]
                extents[met[0]] = min(low, left), max(high, right)
        extents.sort()
    first = extents[0][0]
    return Columns(_label_starts(lines, first), tuple(extents))


def _label_starts(lines: Sequence[Line], first_value: float) -> tuple[float, ...]:
    """Where label columns begin: the leftmost label, and second labels on one line with a first."""
    starts: list[float] = []
    seconds: list[float] = []
    for line in lines:
        labels = [run for run in line.runs if run.box[2] <= first_value + 1 and not is_value(run.text)]
        starts += [run.box[0] for run in labels[:1]]
        seconds += [run.box[0] for run in labels[1:]]
    if not starts:
        return ()
    out = [min(starts)]
    size = lines[0].size
    for second in sorted(seconds):
        if second - out[-1] > size:
            out.append(second)
    return tuple(out)
