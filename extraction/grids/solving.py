"""The small exact search: which placings of all rows satisfy the form's arithmetic together.

Rows that the print settles are taken as they are, right or wrong (the checks say so). The others keep every
placing that satisfies their own row's identities and, with the other rows, the columns'. Where no placing of a
row satisfies anything, nothing is claimed about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extraction.grids.placing import Group, Placing, RowPrint, accepts, tiers

_JOINT_BUDGET = 50_000  # steps of the search over several uncertain rows


@dataclass(frozen=True, slots=True)
class ColumnIdentity:
    """Sum of the rows ``left`` = sum of the rows ``right``, in every column."""

    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Solved:
    """One row's surviving placings (empty: none is possible) and how they were read."""

    placings: tuple[Placing, ...]
    method: str
    considered: int = 1


def solve(
    rows: Mapping[str, RowPrint],
    *,
    groups: Sequence[Group],
    columns: Sequence[ColumnIdentity],
    text: str,
) -> dict[str, Solved]:
    """Place the numbers of every row of one grid; ``rows`` by row key."""
    solved = {key: _solve_row(row, groups, text) for key, row in rows.items()}
    open_rows = [key for key, s in solved.items() if len(s.placings) > 1]
    if open_rows and columns:
        _solve_jointly(solved, open_rows, columns)
    return solved


def _solve_row(row: RowPrint, groups: Sequence[Group], text: str) -> Solved:
    for tier in tiers(row, groups, text):
        if len(tier.placings) == 1 and not tier.inferred:
            return Solved(tier.placings, tier.method)
        good = tuple(p for p in tier.placings if accepts(p, groups, inferred=tier.inferred))
        if good:
            return Solved(good, tier.method, len(good))
    return Solved((), "none", 0)


def _solve_jointly(
    solved: dict[str, Solved], open_rows: Sequence[str], identities: Sequence[ColumnIdentity]
) -> None:
    """Keep the placings of the open rows that occur in some joint solution; all of them if none does."""
    judged = [
        i
        for i in identities
        if all(key in solved and solved[key].placings for key in (*i.left, *i.right))
        and any(key in open_rows for key in (*i.left, *i.right))
    ]
    if not judged:
        return
    open_rows = [k for k in open_rows if any(k in (*i.left, *i.right) for i in judged)]
    signs = [
        {**dict.fromkeys(i.left, 1), **dict.fromkeys(i.right, -1)} for i in judged
    ]
    width = len(solved[open_rows[0]].placings[0])
    base = [[0.0] * width for _ in judged]
    for row_sums, sign in zip(base, signs, strict=True):
        for key, factor in sign.items():
            if key not in open_rows:
                _add(row_sums, solved[key].placings[0], factor)
    kept: dict[str, set[int]] = {key: set() for key in open_rows}
    if _search(solved, open_rows, signs, base, kept):
        for key in open_rows:
            if kept[key]:
                placings = tuple(p for i, p in enumerate(solved[key].placings) if i in kept[key])
                solved[key] = Solved(placings, solved[key].method, len(placings))


def _search(
    solved: Mapping[str, Solved],
    open_rows: Sequence[str],
    signs: Sequence[Mapping[str, int]],
    base: Sequence[Sequence[float]],
    kept: dict[str, set[int]],
) -> bool:
    steps = 0
    last_use = [max(i for i, k in enumerate(open_rows) if k in sign) for sign in signs]
    stack: list[tuple[int, tuple[int, ...], list[list[float]]]] = [(0, (), [list(b) for b in base])]
    while stack:
        depth, chosen, sums = stack.pop()
        steps += 1
        if steps > _JOINT_BUDGET:
            return False
        if depth == len(open_rows):
            for key, index in zip(open_rows, chosen, strict=True):
                kept[key].add(index)
            continue
        key = open_rows[depth]
        for index, placing in enumerate(solved[key].placings):
            fresh = [list(s) for s in sums]
            for s, sign in zip(fresh, signs, strict=True):
                if key in sign:
                    _add(s, placing, sign[key])
            settled = (s for s, last in zip(fresh, last_use, strict=True) if last == depth)
            if all(not any(s) for s in settled):
                stack.append((depth + 1, (*chosen, index), fresh))
    return True


def _add(sums: list[float], placing: Placing, factor: int) -> None:
    for i, entry in enumerate(placing):
        if entry is not None and entry.value is not None:
            sums[i] += factor * entry.value
