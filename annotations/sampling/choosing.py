"""A queue of a given length out of many sentences: the most telling ones, no two alike, from many counties.

Greedy: a sentence's worth is the weighted sum of its signals, less for every sentence that its county has in the
queue already and the more it is like one that was annotated or chosen; near-duplicates are left out. Worth only
falls while the queue grows, so a heap of outdated worths finds the best one (lazy greedy, Minoux 1978).
"""

from __future__ import annotations

import hashlib
import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from annotations.sampling.likeness import Likeness
from annotations.sampling.signals import Candidate
from extraction.forms import load_labels

_ALIKE = 0.8  # from here on two sentences are near-duplicates (annotations/bank/check.py)
_CROWDED = 0.15  # how much a sentence already chosen takes from the next one of its county
_WORTH_SAYING = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each signal counts."""

    uncertainty: float = 0.55
    rules: float = 0.1
    grids: float = 0.2
    rarity: float = 0.15


@dataclass(slots=True)
class Known:
    """What is annotated already: figures by label, sentences by county, and what sentences look like."""

    labels: Counter[str] = field(default_factory=Counter)
    counties: Counter[str] = field(default_factory=Counter)
    likeness: Likeness = field(default_factory=Likeness)

    def add(self, text: str, county: str, labels: Iterable[str]) -> None:
        """Take a sentence in."""
        self.labels.update(labels)
        self.counties[county] += 1
        self.likeness.add(text)


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence for the queue, what it is worth, and why it was chosen."""

    candidate: Candidate
    worth: float
    reason: str


def choose(
    candidates: Iterable[Candidate],
    budget: int,
    *,
    known: Known,
    weights: Weights = Weights(),
    seed: int = 7,
) -> list[Choice]:
    """At most ``budget`` sentences, the best first; the same for the same candidates in whatever order.

    ``known`` takes the chosen ones in: it is changed.
    """
    floor = min((known.labels[key] for key in load_labels()), default=0)
    taken: Counter[str] = Counter()
    heap = [
        (-_plain(one, known.labels, floor, weights), _shuffle(one.key, seed), one.key, one)
        for one in candidates
    ]
    heapq.heapify(heap)
    queue: list[Choice] = []
    compared: dict[str, tuple[float, int]] = {}  # the greatest likeness so far, and to how many sentences
    while heap and len(queue) < budget:
        _, draw, key, one = heapq.heappop(heap)
        before, since = compared.get(key, (0.0, 0))
        alike = max(before, known.likeness.nearest(one.text, since=since))
        compared[key] = alike, len(known.likeness)
        if alike >= _ALIKE:
            continue
        worth = _plain(one, known.labels, floor, weights) * (1 - alike) / (1 + _CROWDED * taken[one.county])
        if heap and (-worth, draw, key) > heap[0][:3]:
            heapq.heappush(heap, (-worth, draw, key, one))
            continue
        queue.append(Choice(one, worth, _reason(one, known, floor)))
        taken[one.county] += 1
        known.add(one.text, one.county, one.labels)
    return queue


def _plain(one: Candidate, counts: Mapping[str, int], floor: int, weights: Weights) -> float:
    """The weighted sum of a sentence's signals."""
    rarest = max((_rarity(label, counts, floor) for label in one.labels), default=0.0)
    return (
        weights.uncertainty * one.uncertainty
        + weights.rules * one.rules
        + weights.grids * one.grids
        + weights.rarity * rarest
    )


def _rarity(label: str, counts: Mapping[str, int], floor: int) -> float:
    """1 for the label with the fewest figures annotated, less with the square root of how many more there are."""
    return min(1.0, math.sqrt((floor + 1) / (counts.get(label, 0) + 1)))


def _shuffle(key: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}/{key}".encode()).hexdigest()


def _reason(one: Candidate, known: Known, floor: int) -> str:
    """Every signal worth saying, the strongest first, for the annotator to read."""
    rare = max(
        ((_rarity(label, known.labels, floor), label) for label in sorted(one.labels)), default=(0.0, "")
    )
    note = one.notes
    said = [
        (one.uncertainty, f"模型拿不准 model unsure ({one.uncertainty:.0%})"),
        (one.grids, f"文表不符 text against grid: {note.get('grids', '')}"),
        (one.rules, f"与关键词规则不同 rules differ: {note.get('rules', '')}"),
        (rare[0], f"少见标签 rare label: {_title(rare[1])}"),
    ]
    said.sort(key=lambda signal: -signal[0])
    kept = [words for strength, words in said if strength >= _WORTH_SAYING]
    if one.county not in known.counties:
        kept.append(f"新地区 new county: {one.county}")
    return "; ".join(kept or [said[0][1]])


def _title(label: str) -> str:
    known = load_labels().get(label)
    return f"{known.zh} {label}" if known else label
