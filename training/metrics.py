"""Strict agreement of two markings: same characters, same label (and, where asked, the same value)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one comparison: right, wrongly marked, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where there is nothing right."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


@dataclass(slots=True)
class Tally:
    """Scores by label, added up text by text."""

    labels: dict[str, Score] = field(default_factory=dict)

    def add(self, wanted: Iterable[tuple[str, Hashable]], found: Iterable[tuple[str, Hashable]]) -> None:
        """Compare two markings of one text, each a bag of (label, whatever must agree)."""
        want, have = Counter(wanted), Counter(found)
        for label in {key for key, _ in want | have}:
            right = sum((Counter({k: n for k, n in want.items() if k[0] == label}) & have).values())
            marked = sum(n for k, n in have.items() if k[0] == label)
            present = sum(n for k, n in want.items() if k[0] == label)
            self.labels[label] = self.labels.get(label, Score()) + Score(
                right, marked - right, present - right
            )

    def total(self, labels: Iterable[str] | None = None) -> Score:
        """The sum over ``labels``, over all where None."""
        chosen = self.labels if labels is None else labels
        return sum((self.labels.get(label, Score()) for label in chosen), Score())
