"""The small exact search: which placings of all rows satisfy the form's arithmetic together.

Rows that the print settles are taken as they are, right or wrong (the checks say so). The others keep every
placing that satisfies their own row's identities and, with the other rows, the columns'. Where no placing of a
row satisfies anything, nothing is claimed about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extraction.grids.placing import Group, Placing, RowPrint, accepts, tiers
from extraction.records import Number

_JOINT_BUDGET = 20_000  # steps of the search over several uncertain rows


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
    solved: dict[str, Solved],
    *,
    groups: Sequence[Group],
    columns: Sequence[ColumnIdentity],
    text: str,
) -> None:
    """Place the numbers of ``rows`` (by row key) into ``solved``, which already holds the grid's other rows."""
    for key, row in rows.items():
        solved[key] = _solve_row(row, groups, text)
    open_rows = [key for key in rows if len(solved[key].placings) > 1]
    if open_rows and columns:
        _solve_jointly(solved, open_rows, columns)


def _solve_row(row: RowPrint, groups: Sequence[Group], text: str) -> Solved:
    as_printed: Solved | None = None
    for tier in tiers(row, groups, text):
        good = tuple(p for p in tier.placings if accepts(p, groups, inferred=tier.inferred))
        if good:
            return Solved(good, tier.method, len(good))
        if as_printed is None and len(tier.placings) == 1 and not tier.inferred:
            as_printed = Solved(tier.placings, tier.method)
    shown = any(p.holds_place for p in row.slots)
    return as_printed or Solved((), "none" if shown else "empty", 0)


Vector = tuple[Number, ...]  # one value a place, blanks as zero


def _vector(placing: Placing) -> Vector:
    return tuple(0 if e is None or e.value is None else e.value for e in placing)


def _solve_jointly(
    solved: dict[str, Solved], open_rows: Sequence[str], identities: Sequence[ColumnIdentity]
) -> None:
    """Keep the placings of the open rows that occur in some joint solution; all of them if none does.

    To the columns only a placing's values matter, so the search runs over each row's distinct vectors.
    """
    judged = [i for i in identities if all(solved.get(k) and solved[k].placings for k in (*i.left, *i.right))]
    signs = [{**dict.fromkeys(i.left, 1), **dict.fromkeys(i.right, -1)} for i in judged]
    choices: dict[str, dict[Vector, list[Placing]]] = {}
    for key in open_rows:
        for placing in solved[key].placings:
            choices.setdefault(key, {}).setdefault(_vector(placing), []).append(placing)
    free = [k for k in open_rows if len(choices[k]) > 1 and any(k in sign for sign in signs)]
    if not free:
        return
    width = len(solved[free[0]].placings[0])
    base = [[0.0] * width for _ in judged]
    for sums, sign in zip(base, signs, strict=True):
        for key, factor in sign.items():
            if key not in free:
                _add(sums, _vector(solved[key].placings[0]), factor)
    kept = _search([(key, list(choices[key])) for key in free], signs, base)
    for key, vectors in kept.items():
        placings = tuple(p for vector in vectors for p in choices[key][vector])
        solved[key] = Solved(placings, solved[key].method, len(placings))


def _search(
    free: Sequence[tuple[str, list[Vector]]],
    signs: Sequence[Mapping[str, int]],
    base: Sequence[Sequence[float]],
) -> dict[str, set[Vector]]:
    """The vectors of each free row that occur in some solution; empty if there is none or too much to try."""
    steps = 0
    kept: dict[str, set[Vector]] = {}
    names = [key for key, _ in free]
    last_use = [max((i for i, key in enumerate(names) if key in sign), default=-1) for sign in signs]
    watched = [i for i, last in enumerate(last_use) if last >= 0]
    stack: list[tuple[tuple[Vector, ...], list[list[float]]]] = [((), [list(b) for b in base])]
    while stack:
        chosen, sums = stack.pop()
        depth = len(chosen)
        if depth == len(free):
            for key, vector in zip(names, chosen, strict=True):
                kept.setdefault(key, set()).add(vector)
            continue
        key, vectors = free[depth]
        for vector in vectors:
            steps += 1
            if steps > _JOINT_BUDGET:
                return {}
            fresh = [list(s) for s in sums]
            for i in watched:
                if key in signs[i]:
                    _add(fresh[i], vector, signs[i][key])
            if not any(any(fresh[i]) for i in watched if last_use[i] == depth):
                stack.append(((*chosen, vector), fresh))
    return kept


def _add(sums: list[float], vector: Vector, factor: int) -> None:
    for i, value in enumerate(vector):
        sums[i] += factor * value
