"""Ruling lines to lattices: crossing lines form faces, faces with no line between them form cells.

A grid that a page break cuts has no line at the cut: there the lattice ends where its lines across the cut
end. A double line and the four borders that Word draws between four cells are one line here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extraction.reading.pdf.limits import MAX_FACES, MAX_RULINGS
from extraction.records import Box

_SNAP = 2.6  # points between two lines that are one
_REACH = 3.5  # points a line may end short of the line it meets, or be broken
_OVERHANG = 5.0  # points a line must reach beyond the last crossing one to rule something there
_COVERED = 0.6  # of a side, to count as ruled

Ruling = tuple[float, float, float]  # where it stands, and from where to where it goes


class Face(NamedTuple):
    """A cell of a lattice: upper left position and size."""

    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Lattice:
    """Edges from left to right and from top to bottom, and the cells between them in reading order."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    faces: tuple[Face, ...]

    @property
    def box(self) -> Box:
        """The outer edges."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def face_box(self, face: Face) -> Box:
        """The edges of one cell."""
        return (
            self.xs[face.column],
            self.ys[face.row],
            self.xs[face.column + face.column_span],
            self.ys[face.row + face.row_span],
        )


def lattices_of(across: Sequence[Ruling], down: Sequence[Ruling]) -> tuple[list[Lattice], bool]:
    """Every lattice of a page, the smallest first; false where some lines were too many to look at."""
    rows, columns = _merged(across), _merged(down)
    if len(rows) > MAX_RULINGS or len(columns) > MAX_RULINGS:
        return [], False
    found: list[Lattice] = []
    complete = True
    for a, d in _components(rows, columns):
        xs = _edges([x for x, _, _ in d], [(x0, x1) for _, x0, x1 in a])
        ys = _edges([y for y, _, _ in a], [(y0, y1) for _, y0, y1 in d])
        faces = (len(xs) - 1) * (len(ys) - 1)
        if faces > MAX_FACES:
            complete = False
        elif faces > 1:
            found.append(Lattice(xs, ys, tuple(sorted(_faces(xs, ys, a, d)))))
    found.sort(key=lambda t: (t.xs[-1] - t.xs[0]) * (t.ys[-1] - t.ys[0]))
    return found, complete


def _merged(rulings: Sequence[Ruling]) -> list[Ruling]:
    """One ruling where several follow or cover each other."""
    out: list[Ruling] = []
    for group in _groups(sorted(rulings)):
        at = sum(r[0] for r in group) / len(group)
        spans = sorted((r[1], r[2]) for r in group)
        low, high = spans[0]
        for start, end in spans[1:]:
            if start <= high + _REACH:
                high = max(high, end)
            else:
                out.append((at, low, high))
                low, high = start, end
        out.append((at, low, high))
    return out


def _groups(rulings: list[Ruling]) -> Iterator[list[Ruling]]:
    group: list[Ruling] = []
    for ruling in rulings:
        if group and ruling[0] - group[0][0] > _SNAP:
            yield group
            group = []
        group.append(ruling)
    if group:
        yield group


def _components(rows: list[Ruling], columns: list[Ruling]) -> Iterator[tuple[list[Ruling], list[Ruling]]]:
    """Lines that touch each other, directly or by way of others."""
    if not rows or not columns:
        return
    a, d = np.array(rows), np.array(columns)
    touch: NDArray[np.bool_] = (
        (d[None, :, 0] >= a[:, None, 1] - _REACH)
        & (d[None, :, 0] <= a[:, None, 2] + _REACH)
        & (a[:, None, 0] >= d[None, :, 1] - _REACH)
        & (a[:, None, 0] <= d[None, :, 2] + _REACH)
    )
    left = np.ones(len(rows), dtype=bool)
    for first in range(len(rows)):
        if not left[first]:
            continue
        mine = np.zeros(len(rows), dtype=bool)
        mine[first] = True
        while True:
            met = touch[mine].any(axis=0)
            grown = mine | touch[:, met].any(axis=1)
            if (grown == mine).all():
                break
            mine = grown
        left &= ~mine
        if met.any():
            yield [rows[i] for i in np.flatnonzero(mine)], [columns[i] for i in np.flatnonzero(met)]


def _edges(positions: list[float], spans: list[tuple[float, float]]) -> tuple[float, ...]:
    """Where the lattice is divided: at the lines, and where lines across end beyond the last of them."""
    edges: list[float] = []
    for position in sorted(positions):
        if not edges or position - edges[-1] > _SNAP:
            edges.append(position)
    low, high = min(s[0] for s in spans), max(s[1] for s in spans)
    if low < edges[0] - _OVERHANG:
        edges.insert(0, low)
    if high > edges[-1] + _OVERHANG:
        edges.append(high)
    return tuple(edges)


def _faces(
    xs: tuple[float, ...], ys: tuple[float, ...], across: list[Ruling], down: list[Ruling]
) -> Iterator[Face]:
    """Elementary faces joined over the sides that no line rules, as rectangles."""
    ruled_above = _ruled(ys, xs, across)  # [edge][column]
    ruled_left = _ruled(xs, ys, down)  # [edge][row]
    rows, columns = len(ys) - 1, len(xs) - 1
    free = [[True] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if not free[row][column]:
                continue
            end = column + 1
            while end < columns and free[row][end] and not ruled_left[end][row]:
                end += 1
            high = 1
            while row + high < rows and all(free[row + high][column:end]):
                if not _goes_on(row + high, range(column, end), ruled_above, ruled_left):
                    break
                high += 1
            for r in range(row, row + high):
                free[r][column:end] = [False] * (end - column)
            yield Face(row, column, high, end - column)


def _goes_on(row: int, inside: range, ruled_above: list[list[bool]], ruled_left: list[list[bool]]) -> bool:
    """Whether the rectangle above goes on into ``row``: no line above it, none in it, its end alike."""
    return (
        not any(ruled_above[row][c] for c in inside)
        and not any(ruled_left[c][row] for c in inside[1:])
        and (inside.stop >= len(ruled_left) - 1 or ruled_left[inside.stop][row])
    )


def _ruled(edges: tuple[float, ...], ticks: tuple[float, ...], rulings: list[Ruling]) -> list[list[bool]]:
    covered = [[0.0] * (len(ticks) - 1) for _ in edges]
    for at, low, high in rulings:
        edge = covered[_nearest(edges, at)]
        first = max(0, bisect_left(ticks, low) - 1)
        for tick in range(first, len(ticks) - 1):
            if ticks[tick] >= high:
                break
            edge[tick] += max(0.0, min(high, ticks[tick + 1]) - max(low, ticks[tick]))
    sizes = [b - a for a, b in pairwise(ticks)]
    return [[c >= _COVERED * s for c, s in zip(edge, sizes, strict=True)] for edge in covered]


def _nearest(edges: tuple[float, ...], at: float) -> int:
    right = bisect_left(edges, at)
    if right == 0:
        return 0
    if right == len(edges) or at - edges[right - 1] <= edges[right] - at:
        return right - 1
    return right
