"""Two models on the same counties: how far apart they are, by a paired bootstrap that draws whole counties.

Sentences of one county resemble one another, so counties, never sentences, are drawn again; both models are
scored on the same draw, so that what makes a county hard cancels out (Koehn 2004; Cameron et al. 2008).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluation import Marker, score_tagger
from training.examples import Labelled
from training.metrics import Score

Counts = Mapping[str, Mapping[str, Score]]  # by county, by label
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the percentile interval around it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Draws:
    """F1 of every draw of counties: of all labels together, shape (draws,), and by label, (draws, labels).

    Row 0 is no draw but the counties as they are.
    """

    labels: tuple[str, ...]
    all: Floats
    by_label: Floats


def count_by_county(marker: Marker, units: Sequence[Labelled]) -> dict[str, dict[str, Score]]:
    """The strict scores (span and label) of ``marker``, by county and label."""
    counties: dict[str, list[Labelled]] = defaultdict(list)
    for unit in units:
        counties[unit.names[1]].append(unit)
    return {county: score_tagger(marker, texts).strict.labels for county, texts in sorted(counties.items())}


def draws_of(counties: int, draws: int, seed: int) -> NDArray[np.int64]:
    """How often each county is drawn in each draw of as many counties: (draws, counties), seeded."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(counties, np.full(counties, 1 / counties), size=draws)


def weights_of(counties: int, draws: int, seed: int) -> NDArray[np.int64]:
    """``draws_of`` with every county once before it: (1 + draws, counties)."""
    return np.vstack([np.ones((1, counties), dtype=np.int64), draws_of(counties, draws, seed)])


def draw(counts: Counts, labels: Sequence[str], weights: NDArray[np.int64]) -> Draws:
    """F1 under every row of ``weights``; the counties are those of ``counts`` in order of name."""
    table = np.array(
        [[_triple(counts[county].get(label, Score())) for label in labels] for county in sorted(counts)],
        dtype=np.int64,
    ).reshape(len(counts), -1)
    sums = (weights @ table).reshape(len(weights), len(labels), 3)
    return Draws(tuple(labels), _f1(sums.sum(axis=1)), _f1(sums))


def _triple(score: Score) -> tuple[int, int, int]:
    return score.right, score.wrong, score.missed


def _f1(sums: NDArray[np.int64]) -> Floats:
    """F1 of counts in the last axis; 0 where there is nothing at all, as in ``Score.f1``."""
    total = 2 * sums[..., 0] + sums[..., 1] + sums[..., 2]
    f1: Floats = 2 * sums[..., 0] / np.maximum(total, 1)
    return f1


def interval(values: Floats, confidence: float) -> Interval:
    """The value of the counties as they are (``values[0]``) and the percentiles of the draws behind it."""
    low, high = np.quantile(values[1:], [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(values[0]), float(low), float(high))
