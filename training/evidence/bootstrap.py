"""Intervals that respect that sentences of one county resemble one another: whole counties are drawn again.

The percentile interval of the cluster bootstrap (Efron & Tibshirani, ch. 8): seeded, so the same figures give the
same interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.bootstrap import draws_of

Floats = NDArray[np.float64]
ROUNDS = 2000
SEED = 20
_ENDS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share and its 95 % interval; None where nothing is counted."""

    value: float | None
    low: float | None
    high: float | None

    def as_json(self) -> list[float | None]:
        """Value, low, high; four decimals."""
        return [None if x is None else round(x, 4) for x in (self.value, self.low, self.high)]


def weights(clusters: int) -> Floats:
    """How often each cluster is drawn in each round: shape (ROUNDS, clusters)."""
    return draws_of(clusters, ROUNDS, SEED).astype(np.float64)


def rates(counts: NDArray[Any]) -> Floats:
    """Precision, recall and F1 of right, wrong and missed along the last axis; NaN where undefined."""
    right, wrong, missed = np.moveaxis(np.asarray(counts, dtype=np.float64), -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack(
            [right / (right + wrong), right / (right + missed), 2 * right / (2 * right + wrong + missed)], -1
        )


def intervals(counts: NDArray[Any]) -> list[Rate]:
    """Precision, recall and F1 with intervals; ``counts`` has shape (clusters, 3)."""
    return _with_ends(rates(counts.sum(axis=0)), rates(weights(len(counts)) @ counts))


def share_interval(counts: NDArray[Any]) -> Rate:
    """The share of the first of two columns in the second; ``counts`` has shape (clusters, 2)."""
    drawn = weights(len(counts)) @ counts
    total = counts.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        value, spread = np.float64(total[0]) / np.float64(total[1]), drawn[:, 0] / drawn[:, 1]
    return _with_ends(np.array([value]), spread[:, None])[0]


def difference(one: NDArray[Any], other: NDArray[Any]) -> Rate:
    """F1 of ``one`` minus F1 of ``other`` over the same clusters, drawn together: shapes (clusters, 3)."""
    drawn = weights(len(one))
    value = rates(one.sum(axis=0))[2:] - rates(other.sum(axis=0))[2:]
    return _with_ends(value, rates(drawn @ one)[:, 2:] - rates(drawn @ other)[:, 2:])[0]


def _with_ends(values: Floats, drawn: Floats) -> list[Rate]:
    out = []
    for column, value in enumerate(values):
        known = drawn[:, column][~np.isnan(drawn[:, column])]
        if np.isnan(value) or not len(known):
            out.append(Rate(None, None, None))
        else:
            low, high = np.percentile(known, _ENDS)
            out.append(Rate(float(value), float(low), float(high)))
    return out
