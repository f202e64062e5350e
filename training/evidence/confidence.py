"""Whether scores mean what they say: reliability, calibration error, risk against coverage, acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.calibration import calibration_error, lower_bound
from training.evidence.bootstrap import share_interval
from training.evidence.markings import Marking

BINS = 10
_POINTS = 150  # of the risk curve that are kept: enough for the eye


@dataclass(frozen=True, slots=True)
class Judged:
    """One figure that a model reported: its score, whether accepted, whether label and value are right."""

    score: float
    accepted: bool
    right: bool
    cluster: str


def judged(markings: Sequence[Marking]) -> list[Judged]:
    """Every reported figure of ``markings``."""
    return [
        Judged(span.score, span.accepted, right, m.cluster)
        for m in markings
        for span, right in zip(m.spans, m.right, strict=True)
    ]


def confidence_of(figures: Sequence[Judged], wanted: int) -> dict[str, Any]:
    """All that can be said of the scores; ``wanted`` is how many figures the texts really hold."""
    scored = [(f.score, f.right) for f in figures]
    return {
        "figures": len(figures),
        "right": sum(f.right for f in figures),
        "wanted": wanted,
        "ece": round(calibration_error(scored, BINS), 4),
        "reliability": reliability(scored),
        "risk": risk_curve(scored),
        "accepted": acceptance(figures, wanted),
    }


def reliability(scored: Sequence[tuple[float, bool]], bins: int = BINS) -> list[dict[str, float]]:
    """Bins of equal numbers of figures, as in the calibration error: mean score, share right, figures."""
    if not scored:
        return []
    parts = np.array_split(np.array(sorted(scored), dtype=np.float64), bins)
    return [
        {
            "score": round(float(p[:, 0].mean()), 4),
            "right": round(float(p[:, 1].mean()), 4),
            "figures": len(p),
        }
        for p in parts
        if len(p)
    ]


def risk_curve(scored: Sequence[tuple[float, bool]]) -> list[list[float]]:
    """(coverage, share wrong, lowest score) where only figures from a score upwards are used.

    Figures of one score enter together, so that the order of the input has no say.
    """
    if not scored:
        return []
    values, place = np.unique([-s for s, _ in scored], return_inverse=True)
    count = np.bincount(place).cumsum()
    wrong = np.bincount(place, weights=[not right for _, right in scored]).cumsum()
    chosen = np.unique(np.linspace(0, len(values) - 1, min(_POINTS, len(values))).round().astype(int))
    return [
        [round(float(count[i] / len(scored)), 4), round(float(wrong[i] / count[i]), 4), round(-float(values[i]), 4)]
        for i in chosen
    ]  # fmt: skip


def acceptance(figures: Sequence[Judged], wanted: int) -> dict[str, Any]:
    """Share of the reported figures that are accepted, and how many of those are right.

    ``lower_bound`` is exact (Clopper–Pearson, one-sided 95 %) and takes figures as independent;
    ``precision`` has the interval that draws whole counties.
    """
    clusters = sorted({f.cluster for f in figures})
    table = np.zeros((len(clusters), 3), dtype=np.int64)
    for f in figures:
        table[clusters.index(f.cluster)] += (f.right and f.accepted, f.accepted, 1)
    right, accepted = (int(x) for x in table.sum(axis=0)[:2]) if clusters else (0, 0)
    none = [None, None, None]
    return {
        "accepted": accepted,
        "right": right,
        "share": share_interval(table[:, [1, 2]]).as_json() if clusters else none,
        "precision": share_interval(table[:, [0, 1]]).as_json() if accepted else none,
        "lower_bound": round(lower_bound(right, accepted), 4) if accepted else None,
        "share_of_wanted": round(right / wanted, 4) if wanted else None,
        "wrong_but_accepted": accepted - right,
    }
