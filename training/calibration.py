"""Scores that mean something: fitted on counties that the model was not trained on.

A span is right where a marked figure of the same label overlaps it and both
read as the same value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression

from extraction.narrative.calibration import Calibration
from extraction.narrative.tagger import Span
from training.evaluation import Marker, value_of
from training.examples import Labelled

PRECISION = 0.99  # asked of accepted figures, as a lower bound
CONFIDENCE = 0.9  # of the two-sided interval: its lower end is a one-sided bound of 95 %


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
    return Calibration(
        report=report, slope=known.slope, intercept=known.intercept, accept=accept_from(scored)
    )


def _log_odds(raw: float) -> float:
    kept = min(max(raw, 1e-7), 1 - 1e-7)
    return float(np.log(kept / (1 - kept)))


def accept_from(scored: Sequence[tuple[float, bool]], precision: float = PRECISION) -> float:
    """The lowest score from which at least ``precision`` of the figures are right, by the lower bound.

    Just above 1 where no threshold reaches it: then nothing is accepted.
    """
    best, right = 1.000001, 0
    ordered = sorted(scored, reverse=True)
    for count, (score, good) in enumerate(ordered, 1):
        right += good
        is_last_of_score = count == len(ordered) or ordered[count][0] < score
        if is_last_of_score and lower_bound(right, count) >= precision:
            best = score
    return best


def lower_bound(right: int, count: int) -> float:
    """The exact (Clopper–Pearson) one-sided 95 % lower bound of a share."""
    return float(binomtest(right, count).proportion_ci(CONFIDENCE, method="exact").low)


def calibration_error(scored: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error over ``bins`` of equal numbers of figures; 0 is perfect."""
    if not scored:
        return 0.0
    parts = np.array_split(np.array(sorted(scored), dtype=np.float64), bins)
    return float(sum(abs(p[:, 0].mean() - p[:, 1].mean()) * len(p) for p in parts if len(p)) / len(scored))
