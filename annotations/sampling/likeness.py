"""How like a sentence is to those seen before: shared runs of five characters, numbers folded, spaces left out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict

_RUN = 5
_SPACE, _NUMBER = re.compile(r"\s+"), re.compile(r"[0-9０-９]+")


class Likeness:
    """The sentences seen so far; the greatest Jaccard similarity of another one to any of them."""

    def __init__(self) -> None:
        self._sizes: list[int] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        self._whole: set[frozenset[str]] = set()

    def add(self, text: str) -> None:
        """See a sentence; one seen before costs nothing."""
        runs = runs_of(text)
        if runs in self._whole:
            return
        self._whole.add(runs)
        for run in runs:
            self._places[run].append(len(self._sizes))
        self._sizes.append(len(runs))

    def __len__(self) -> int:
        """How many different sentences were seen."""
        return len(self._sizes)

    def nearest(self, text: str, *, since: int = 0) -> float:
        """From 0, nothing in common with any sentence seen, to 1, the same but for numbers and spaces.

        ``since``: compare with those only that came after the first so many.
        """
        runs = runs_of(text)
        if runs in self._whole:
            return 1.0
        shared: Counter[int] = Counter()
        for run in runs:
            if (places := self._places.get(run)) and places[-1] >= since:
                shared.update(places[bisect_left(places, since) :])
        return max(
            (common / (len(runs) + self._sizes[number] - common) for number, common in shared.items()),
            default=0.0,
        )


def runs_of(text: str) -> frozenset[str]:
    """The runs of a sentence; a shorter one is one run."""
    folded = _NUMBER.sub("0", _SPACE.sub("", text))
    return frozenset(folded[i : i + _RUN] for i in range(max(1, len(folded) - _RUN + 1)))
