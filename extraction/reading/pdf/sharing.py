"""Wrapped labels beside numbers without rulings: which label lines belong to which row of numbers.

Between two rows of numbers stand some label lines: the first few end the upper row's label, the last few
begin the lower row's. Of all ways to share them out, the one is taken whose labels stand best where labels
stand: centred on their numbers, or beginning or ending with them. Exact, by dynamic programming.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

_APART = 0.4  # of a line's height: what leaving a line out of all labels costs
_NO_LABEL = 4.0  # of a line's height: what a row without any label costs
_TIGHT = 2.0  # of a line's height between the lines of one label
_MOST = 8  # lines between two rows; more are heads or prose

Measure = Callable[[float, float, float], float]


@dataclass(frozen=True, slots=True)
class LabelLine:
    """A line of label text: its height on the page, whether it begins an item, whether it heads columns."""

    y: float
    begins: bool
    heads: bool = False  # no label's line, however near it stands


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A row of numbers: its height, its own label line if one stands beside it, and the lines behind it."""

    y: float
    own: LabelLine | None


@dataclass(frozen=True, slots=True)
class _Way:
    cost: float
    shares: tuple[tuple[int, int], ...]  # by gap: lines to the row above it, lines to the row below it


def share(
    rows: Sequence[NumberRow], gaps: Sequence[Sequence[LabelLine]], size: float
) -> list[tuple[int, int]]:
    """How the lines of each gap (before the first row, between rows, behind the last) are shared out.

    By gap: how many, from its top, belong to the row above, and how many, from its bottom, to the row below;
    the others to none.
    """
    measures: tuple[Measure, ...] = (
        lambda top, bottom, y: abs((top + bottom) / 2 - y),
        lambda top, bottom, y: abs(top - y),
        lambda top, bottom, y: abs(bottom - y),
    )
    ways = [_best(rows, gaps, size, measure) for measure in measures]
    best = min(ways, key=lambda way: way.cost)
    chosen = ways[0] if ways[0].cost <= best.cost + 0.1 * size else best
    return list(chosen.shares)


def _best(
    rows: Sequence[NumberRow], gaps: Sequence[Sequence[LabelLine]], size: float, measure: Measure
) -> _Way:
    states: dict[tuple[int, int], _Way] = {
        (0, low): _Way(_left_out(gaps[0], 0, low, size), ((0, low),)) for low in _up_to(gaps[0])
    }
    for number, row in enumerate(rows):
        last = number == len(rows) - 1
        above, below = gaps[number], gaps[number + 1]
        options = [
            (high, low)
            for high, low in product(_up_to(below), (0,) if last else _up_to(below))
            if high + low <= len(below)
        ]
        costs: dict[tuple[int, int], float] = {}
        after: dict[tuple[int, int], _Way] = {}
        for option in options:
            left_out = _left_out(below, *option, size)
            for state, way in states.items():
                key = (state[1], option[0])
                if key not in costs:
                    own = (row.own,) if row.own else ()
                    lines = [*above[len(above) - state[1] :], *own, *below[: option[0]]]
                    costs[key] = _row_cost(row, lines, size, measure)
                cost = way.cost + costs[key] + left_out
                if option not in after or cost < after[option].cost:
                    after[option] = _Way(cost, (*way.shares, option))
        states = after
    return min(states.values(), key=lambda way: way.cost)


def _up_to(gap: Sequence[LabelLine]) -> range:
    return range(min(len(gap), _MOST) + 1)


def _left_out(gap: Sequence[LabelLine], high: int, low: int, size: float) -> float:
    return _APART * size * (len(gap) - high - low)


def _row_cost(row: NumberRow, lines: Sequence[LabelLine], size: float, measure: Measure) -> float:
    if not lines:
        return _NO_LABEL * size
    if any(line.heads for line in lines) or any(line.begins for line in lines[1:]):
        return float("inf")
    if any(b.y - a.y > _TIGHT * size for a, b in pairwise(lines)):
        return float("inf")
    return measure(lines[0].y, lines[-1].y, row.y)
