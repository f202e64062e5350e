"""From the model's scores of one stretch to marked spans: the best sequence of tags that IOB2 allows.

Tag 0 is outside; label k begins with tag 2k + 1 and goes on with tag 2k + 2. The last column of the scores
is the logit of “a figure of another year”.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tagged:
    """Characters ``start`` to ``end`` of the stretch carry label number ``label``.

    ``score`` is the least probability of the chosen tags in the span, ``prior`` the probability that the
    figure is of another year.
    """

    start: int
    end: int
    label: int
    score: float
    prior: float


def decode(scores: Scores, temperature: float = 1.0) -> list[Tagged]:
    """The spans of one stretch from its scores (length, 2 · labels + 2), in order, never overlapping."""
    logits = scores[:, :-1].astype(np.float32) / temperature
    tags = logits.argmax(axis=1)
    if not _is_allowed(tags):
        tags = _viterbi(logits)
    begins = np.flatnonzero(tags % 2 == 1)
    if not len(begins):
        return []
    shifted = logits - logits.max(axis=1, keepdims=True)
    chosen = np.exp(shifted[np.arange(len(tags)), tags]) / np.exp(shifted).sum(axis=1)
    found = []
    for start in begins.tolist():
        end = start + 1
        while end < len(tags) and tags[end] == tags[start] + 1:
            end += 1
        prior = 1 / (1 + float(np.exp(-scores[start:end, -1].mean())))
        found.append(Tagged(start, end, int(tags[start] - 1) // 2, float(chosen[start:end].min()), prior))
    return found


def _is_allowed(tags: NDArray[np.int64]) -> bool:
    """An inner tag follows the same label's. The best tags one by one, if allowed, are the best sequence."""
    inner = (tags > 0) & (tags % 2 == 0)
    before = np.concatenate([[0], tags[:-1]])
    return bool(np.all(~inner | (before == tags) | (before == tags - 1)))


def _viterbi(logits: Scores) -> NDArray[np.int64]:
    """The allowed sequence with the greatest sum of log probabilities."""
    length, width = logits.shape
    emit = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    back = np.zeros((length, width), dtype=np.int64)
    inner = np.arange(2, width, 2)
    score = emit[0].copy()
    score[inner] = -np.inf
    for t in range(1, length):
        best = int(score.argmax())
        following = np.full(width, score[best])
        back[t] = best
        goes_on = score[inner] >= score[inner - 1]
        following[inner] = np.where(goes_on, score[inner], score[inner - 1])
        back[t, inner] = np.where(goes_on, inner, inner - 1)
        score = following + emit[t]
    tags = np.empty(length, dtype=np.int64)
    tags[-1] = score.argmax()
    for t in range(length - 1, 0, -1):
        tags[t - 1] = back[t, tags[t]]
    return tags
