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
    """Where label columns begin and end, and the extents of the columns of numbers, from left to right."""

    labels: tuple[float, ...]
    label_end: float
    values: tuple[tuple[float, float], ...]

    @property
    def count(self) -> int:
        """All columns."""
        return len(self.labels) + len(self.values)

    def is_label(self, run: Run) -> bool:
        """Whether a run stands in the columns of labels: where labels do, or nearer to them than to numbers."""
        first = self.values[0][0]
        left, _, right, _ = run.box
        if left < self.label_end:
            return (left + right) / 2 < first
        return right <= first and left - self.label_end < first - right

    def is_head(self, line: Line) -> bool:
        """Whether a line without numbers heads the columns: one run a column, or some run over the numbers."""
        return self._one_each(line) or not all(self.is_label(run) for run in line.runs)

    def _one_each(self, line: Line) -> bool:
        return len(line.runs) == self.count > 1

    def places(self, line: Line) -> list[tuple[int, int]]:
        """For each run of a line, the column it begins in and how many it covers."""
        if self._one_each(line):
            return [(column, 1) for column in range(self.count)]
        return [self.place(run) for run in line.runs]

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


def columns_of(lines: Sequence[Line], heads: Sequence[Line] = ()) -> Columns:
    """The columns of lines with numbers: the fullest lines say how many there are.

    Then ``heads`` do: one that stands over no number is the head of a blank column.
    """
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
    labels, end = _labels(lines, first)
    extents += _blank_columns(extents, heads, labels=bool(labels))
    return Columns(labels, end, tuple(sorted(extents)))


def _blank_columns(
    extents: Sequence[tuple[float, float]], heads: Sequence[Line], *, labels: bool
) -> list[tuple[float, float]]:
    """Heads without a number under them, on the line of heads that has one for every column of numbers."""
    fullest = max(heads, key=lambda line: len(line.runs), default=None)
    if fullest is None:
        return []
    sides = [(run.box[0], run.box[2]) for run in fullest.runs[1 if labels else 0 :]]
    if len(sides) <= len(extents):
        return []
    near = {min(range(len(sides)), key=lambda i: abs(sum(sides[i]) - low - high)) for low, high in extents}
    if len(near) < len(extents):
        return []
    free = [side for i, side in enumerate(sides) if i not in near]
    return [(a, b) for a, b in free if not any(low < b and high > a for low, high in extents)]


def _labels(lines: Sequence[Line], first_value: float) -> tuple[tuple[float, ...], float]:
    """Where label columns begin: the leftmost label, second labels on one line with a first; where they end."""
    starts: list[float] = []
    seconds: list[float] = []
    end = 0.0
    for line in lines:
        labels = [run for run in line.runs if run.box[2] <= first_value + 1 and not is_value(run.text)]
        starts += [run.box[0] for run in labels[:1]]
        seconds += [run.box[0] for run in labels[1:]]
        end = max([end, *(run.box[2] for run in labels)])
    if not starts:
        return (), 0.0
    out = [min(starts)]
    for second in sorted(seconds):
        if second - out[-1] > lines[0].size:
            out.append(second)
    return tuple(out), end
