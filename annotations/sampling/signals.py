"""What speaks for annotating a sentence: the model's doubt, and who contradicts what the model says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from annotations.bank.markup import Mark
from extraction.narrative.decoding import OUTSIDE, PLACES, decode

_LEAST = 0.02  # a place less likely a figure than this is none

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One sentence that could be annotated. Signals go from 0 to 1; ``notes`` say what stands behind them."""

    key: str
    county: str
    text: str
    uncertainty: float = 0.0  # the probability that the model has something in it wrong
    rules: float = 0.0  # the share of marks that model and keyword rules do not share
    grids: float = 0.0  # 1 where a figure of it contradicts the report's own grids
    labels: frozenset[str] = frozenset()  # that model or rules see in it
    notes: dict[str, str] = field(default_factory=dict)


def doubt(scores: Scores) -> float:
    """The probability that a model, whose scores of a sentence these are, has something in it wrong.

    Every figure it marks may be wrong (one less its raw score), and every stretch that it leaves unmarked may
    hold one; the expected number of mistakes, squeezed into 0 to 1 as if they were independent and rare.
    """
    if not len(scores):
        return 0.0
    found = decode(scores)
    mistakes = sum(1 - one.score for one in found)
    places = scores[:, :PLACES]
    likely = np.exp(places - places.max(axis=1, keepdims=True))
    missed = 1 - likely[:, OUTSIDE] / likely.sum(axis=1)
    for one in found:
        missed[one.start : one.end] = 0
    mistakes += sum(_peaks(missed))
    return float(1 - np.exp(-mistakes))


def _peaks(missed: NDArray[np.float32]) -> Iterable[float]:
    """The greatest probability of every run of characters that may be a figure."""
    peak = 0.0
    for value in [*missed.tolist(), 0.0]:
        if value >= _LEAST:
            peak = max(peak, value)
        elif peak:
            yield peak
            peak = 0.0


def disagreement(model: Collection[Mark], rules: Collection[Mark]) -> tuple[float, list[Mark]]:
    """The share of marks (span and label) that only one of the two makes, and those marks in order."""
    one, other = ({(m.start, m.end, m.label) for m in marks} for marks in (model, rules))
    apart = sorted(one ^ other)
    share = len(apart) / len(one | other) if apart else 0.0
    return share, [Mark(label, start, end) for start, end, label in apart]


def spans_note(text: str, marks: Sequence[Mark], most: int = 3) -> str:
    """Some spans as a person reads them."""
    seen = list(dict.fromkeys(f"“{text[m.start : m.end]}”" for m in marks))
    return "、".join(seen[:most]) + (" …" if len(seen) > most else "")
