"""What annotators decide: of every place in a sentence, which label it carries, or none.

A place is a span that somebody marked, or a number with a measure word that nobody did: that nobody marked it is
a decision too, and one that they share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotations.bank.markup import Mark
from annotations.bank.spans import uncovered_places

NONE = "O"


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence (or passage) as one annotator marked it."""

    key: str
    annotator: str
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One place of a sentence, and the label that each of its annotators gave it (``O``: none)."""

    key: str
    start: int
    end: int
    around: str
    labels: tuple[tuple[str, str], ...]  # annotator, label

    @property
    def disputed(self) -> bool:
        """Whether two annotators differ."""
        return len({label for _, label in self.labels}) > 1


def decisions(readings: Iterable[Reading]) -> list[Decision]:
    """Every place of the sentences that two annotators or more have read, in order.

    Spans that differ by a character are two places, each marked by one: strict, as everywhere. A figure of
    another year carries ``!prior`` behind its label.
    """
    by_key: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_key[reading.key].append(reading)
    out: list[Decision] = []
    for key, group in sorted(by_key.items()):
        if len({one.annotator for one in group}) > 1:
            out += _of_sentence(key, sorted(group, key=lambda one: one.annotator))
    return out


def _of_sentence(key: str, group: Sequence[Reading]) -> list[Decision]:
    text = group[0].text
    given = {one.annotator: {(m.start, m.end): name_of(m) for m in one.marks} for one in group}
    marked = {place for places in given.values() for place in places}
    blank = uncovered_places(text, [m for one in group for m in one.marks])
    return [
        Decision(
            key, *place, around(text, *place), tuple((who, given[who].get(place, NONE)) for who in given)
        )
        for place in sorted(marked.union(blank))
    ]


def name_of(mark: Mark) -> str:
    """Label and period, as in the bank's markup."""
    return mark.label + ("!prior" if mark.prior else "")


def around(text: str, start: int, end: int) -> str:
    """A place with the words around it, on one line."""
    shown = f"{text[max(0, start - 20) : start]}【{text[start:end]}】{text[end : end + 10]}"
    return shown.replace("\n", "⏎")
