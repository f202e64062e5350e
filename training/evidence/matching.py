"""Which of the wanted figures were found: an own matcher whose counts no order can change.

Strict: same characters, same label. Overlap: same label, at least one character in common. Value: as overlap,
and both read as the same value, which is what a table of figures needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

KINDS = ("strict", "overlap", "value")
RIGHT, WRONG, MISSED = range(3)
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Item:
    """``[start, end)`` of a text carries ``label`` and reads as ``value`` (None: cannot be told)."""

    start: int
    end: int
    label: str
    value: object = None


def counts_of(wanted: Sequence[Item], found: Sequence[Item], labels: Sequence[str]) -> Counts:
    """Right, wrong and missed by kind and label: shape (kinds, labels, 3).

    A wanted and a found item are matched at most once each, by a largest possible matching.
    """
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(KINDS), len(labels), 3), dtype=np.int64)
    right = (_strict(wanted, found), _overlap(wanted, found, False), _overlap(wanted, found, True))
    marked, present = Counter(f.label for f in found), Counter(w.label for w in wanted)
    for kind, by_label in enumerate(right):
        for label in marked | present:
            good = by_label[label]
            counts[kind, place[label]] = good, marked[label] - good, present[label] - good
    return counts


def pairs_of(wanted: Sequence[Item], found: Sequence[Item]) -> list[tuple[Item | None, Item | None]]:
    """Who stands for whom, whatever the label: each with the one it shares most characters with, else None.

    In order of offset; one to one; ties go to the equal label, then to the equal value, then to the left.
    """
    shared = sorted(
        (-_common(w, f), w.label != f.label, w.value != f.value, _key(w), _key(f), i, j)
        for i, w in enumerate(wanted)
        for j, f in enumerate(found)
        if _common(w, f) > 0
    )
    of_wanted: dict[int, int] = {}
    taken: set[int] = set()
    for *_, i, j in shared:
        if i not in of_wanted and j not in taken:
            of_wanted[i] = j
            taken.add(j)
    pairs: list[tuple[Item | None, Item | None]] = [
        (w, found[of_wanted[i]] if i in of_wanted else None) for i, w in enumerate(wanted)
    ]
    pairs += [(None, f) for j, f in enumerate(found) if j not in taken]
    return sorted(pairs, key=_place)


def _place(pair: tuple[Item | None, Item | None]) -> tuple[int, int, str, str]:
    item = pair[0] or pair[1]
    assert item is not None
    return _key(item)


def _key(item: Item) -> tuple[int, int, str, str]:
    return item.start, item.end, item.label, repr(item.value)


def _common(one: Item, other: Item) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _strict(wanted: Sequence[Item], found: Sequence[Item]) -> Counter[str]:
    want = Counter((w.label, w.start, w.end) for w in wanted)
    both = want & Counter((f.label, f.start, f.end) for f in found)
    right: Counter[str] = Counter()
    for (label, *_), n in both.items():
        right[label] += n
    return right


def _overlap(wanted: Sequence[Item], found: Sequence[Item], is_value_asked: bool) -> Counter[str]:
    edges = [
        (i, j)
        for i, w in enumerate(wanted)
        for j, f in enumerate(found)
        if w.label == f.label and _common(w, f) > 0 and (not is_value_asked or w.value == f.value)
    ]
    if not edges:
        return Counter()
    rows, columns = zip(*edges, strict=True)
    graph = csr_array((np.ones(len(edges)), (rows, columns)), shape=(len(wanted), len(found)))
    partner = maximum_bipartite_matching(graph, perm_type="column")
    return Counter(w.label for w, j in zip(wanted, partner, strict=True) if j >= 0)
