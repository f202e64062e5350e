"""From the model's scores of one stretch to marked spans: the best sequence that IOB2 allows, and its labels.

The columns of the scores are outside, begin, inside; then one for each label; last the logit of “a figure of
another year”. Where a figure stands and what it counts are told apart, so that a span has one label.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
OUTSIDE, BEGIN, INSIDE = 0, 1, 2
PLACES = 3  # columns that say where a figure stands


@dataclass(frozen=True, slots=True)
class Tagged:
    """Characters ``start`` to ``end`` of the stretch carry label number ``label``.

    ``score`` is the probability of the label times the least probability of the span's characters being one
    figure; ``prior`` the probability that the figure is of another year.
    """

    start: int
    end: int
    label: int
    score: float
    prior: float


def decode(scores: Scores) -> list[Tagged]:
    """The spans of one stretch from its scores (length, 3 + labels + 1), in order, never overlapping."""
    places = _log_softmax(scores[:, :PLACES])
    tags = places.argmax(axis=1)
    if np.any((tags[1:] == INSIDE) & (tags[:-1] == OUTSIDE)) or tags[0] == INSIDE:
        tags = _viterbi(places)
    found = []
    for start in np.flatnonzero(tags == BEGIN).tolist():
        end = start + 1
        while end < len(tags) and tags[end] == INSIDE:
            end += 1
        labels = _log_softmax(scores[start:end, PLACES:-1].mean(axis=0, keepdims=True))[0]
        label = int(labels.argmax())
        surely = places[np.arange(start, end), tags[start:end]].min()
        prior = 1 / (1 + float(np.exp(-scores[start:end, -1].mean())))
        found.append(Tagged(start, end, label, float(np.exp(labels[label] + surely)), prior))
    return found


def _log_softmax(logits: Scores) -> Scores:
    shifted = logits - logits.max(axis=1, keepdims=True)
    result: Scores = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result


def _viterbi(places: Scores) -> NDArray[np.int64]:
    """The allowed sequence with the greatest sum of log probabilities; only outside → inside is forbidden."""
    score = places[0].copy()
    score[INSIDE] = -np.inf
    back = np.zeros((len(places), PLACES), dtype=np.int64)
    for t in range(1, len(places)):
        best = int(score.argmax())
        inner = BEGIN if score[BEGIN] >= score[INSIDE] else INSIDE
        back[t] = (best, best, inner)
        score = score[back[t]] + places[t]
    tags = np.empty(len(places), dtype=np.int64)
    tags[-1] = score.argmax()
    for t in range(len(places) - 1, 0, -1):
        tags[t - 1] = back[t, tags[t]]
    return tags
