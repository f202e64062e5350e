"""Scores that mean something: fitted on counties that the model was not trained on.

A span is right where a marked figure of the same label overlaps it and both
read as the same value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv
from sklearn.linear_model import LogisticRegression

from extraction.narrative.calibration import Calibration
from extraction.narrative.tagger import Span
from training.evaluation import Marker, value_of
from training.examples import Labelled

PRECISION = 0.99  # asked of accepted figures, as a lower bound
PROMISES = (
    PRECISION,
    0.985,
    0.98,
    0.975,
    0.97,
    0.96,
    0.95,
)  # what is promised instead where that is out of reach
SHARE = 0.75  # of the figures must be accepted for a promise to be worth making
CONFIDENCE = 0.95  # of the one-sided bound
NOTHING = 1.000001  # a threshold that no score reaches


@dataclass(frozen=True, slots=True)
class Outcome:
    """One span that a model marked: its raw score, and whether its label and value were right."""

    raw: float
    right: bool
    source: str = ""


def is_right(text: Labelled, span: Span) -> bool:
    """Whether a marked figure overlaps ``span`` with the same label and the same value."""
    value = value_of(text.text, span.start, span.end, span.label)
    return any(
        m.label == span.label
        and m.start < span.end
        and span.start < m.end
        and value_of(text.text, m.start, m.end, m.label) == value
        for m in text.marks
    )


def outcomes_of(marker: Marker, texts: Sequence[Labelled]) -> list[Outcome]:
    """Every span that ``marker`` finds in ``texts``, judged."""
    return [
        Outcome(span.raw, is_right(text, span), text.source)
        for text in texts
        for span in marker.tag(text.text, year=text.year)
        if span.start >= text.first
    ]


def fit(outcomes: Sequence[Outcome], report: float) -> Calibration:
    """The curve and the threshold of acceptance for the spans that reach ``report``.

    Raises ValueError where all are right or all wrong: there is nothing to fit.
    """
    kept = [o for o in outcomes if o.raw >= report]
    right = np.array([o.right for o in kept])
    if right.all() or not right.any():
        raise ValueError(f"cannot calibrate on {len(kept)} spans that are all alike")
    odds = np.array([[_log_odds(o.raw)] for o in kept])
    curve = LogisticRegression(C=1e4).fit(odds, right)
    known = Calibration(report=report, slope=float(curve.coef_[0, 0]), intercept=float(curve.intercept_[0]))
    scored = [(known.probability(o.raw), o.right) for o in kept]
    promise, accept = promise_of(scored)
    return Calibration(
        report=report, slope=known.slope, intercept=known.intercept, accept=accept, promise=promise
    )


def _log_odds(raw: float) -> float:
    kept = min(max(raw, 1e-7), 1 - 1e-7)
    return float(np.log(kept / (1 - kept)))


def accept_from(scored: Sequence[tuple[float, bool]], precision: float = PRECISION) -> float:
    """The lowest score from which at least ``precision`` of the figures are right, by the lower bound.

    Just above 1 where no threshold reaches it: then nothing is accepted.
    """
    if not scored:
        return NOTHING
    ordered = np.array(sorted(scored, reverse=True), dtype=np.float64)
    scores, right = ordered[:, 0], ordered[:, 1].cumsum()
    is_last_of_score = np.append(scores[1:] < scores[:-1], True)
    reached = is_last_of_score & (lower_bounds(right, np.arange(1, len(scores) + 1)) >= precision)
    return float(scores[reached].min()) if reached.any() else NOTHING


def promise_of(scored: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """The best of PROMISES that holds for at least SHARE of the figures, and the score from which it holds.

    (0, just above 1) where none does: then nothing is accepted.
    """
    for promise in PROMISES:
        accept = accept_from(scored, promise)
        if sum(score >= accept for score, _ in scored) >= SHARE * max(1, len(scored)):
            return promise, accept
    return 0.0, NOTHING


def lower_bound(right: int, count: int) -> float:
    """The exact (Clopper–Pearson) one-sided 95 % lower bound of a share."""
    return float(lower_bounds(np.array([right]), np.array([count]))[0])


def lower_bounds(right: NDArray[Any], count: NDArray[Any]) -> NDArray[np.float64]:
    """The same of many shares at once: a quantile of the beta distribution; 0 where nothing is right."""
    bounds = betaincinv(np.maximum(right, 1), count - right + 1, 1 - CONFIDENCE)
    return np.where(right > 0, bounds, 0.0)


def calibration_error(scored: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error over ``bins`` of equal numbers of figures; 0 is perfect."""
    if not scored:
        return 0.0
    parts = np.array_split(np.array(sorted(scored), dtype=np.float64), bins)
    return float(sum(abs(p[:, 0].mean() - p[:, 1].mean()) * len(p) for p in parts if len(p)) / len(scored))
