"""The decoder never returns what IOB2 forbids, and of what it allows the best."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.narrative.decoding import decode

SCORES = st.integers(1, 5).flatmap(
    lambda n: st.lists(st.lists(st.floats(-6, 6, width=32), min_size=6, max_size=6), min_size=n, max_size=n)
)


def allowed(tags):
    return all(
        t == 0 or t % 2 == 1 or before in (t, t - 1) for before, t in zip((0, *tags), tags, strict=False)
    )


def tags_of(spans, length):
    tags = [0] * length
    for s in spans:
        tags[s.start : s.end] = [2 * s.label + 2] * (s.end - s.start)
        tags[s.start] = 2 * s.label + 1
    return tags


@settings(max_examples=150)
@given(SCORES)
def test_the_best_allowed_sequence_is_found(rows):
    scores = np.array(rows, dtype=np.float32)
    logits = scores[:, :-1].astype(np.float64)
    best = max(
        sum(logits[i, t] for i, t in enumerate(tags))
        for tags in itertools.product(range(5), repeat=len(rows))
        if allowed(tags)
    )
    spans = decode(scores)
    mine = tags_of(spans, len(rows))
    assert allowed(mine)
    assert abs(sum(logits[i, t] for i, t in enumerate(mine)) - best) < 1e-4


def test_scores_and_period_are_probabilities_of_the_span():
    scores = np.full((4, 6), -9.0, dtype=np.float32)
    scores[[0, 3], 0] = 9
    scores[1, 3] = scores[2, 4] = 9  # label 1, two characters
    scores[1:3, 5] = 4
    (span,) = decode(scores)
    assert (span.start, span.end, span.label) == (1, 3, 1)
    assert span.score > 0.99
    assert span.prior > 0.95
    assert decode(scores, temperature=20.0)[0].score < 0.9


def test_two_figures_side_by_side_stay_two():
    scores = np.full((2, 4), -9.0, dtype=np.float32)
    scores[:, 1] = 9
    assert [(s.start, s.end) for s in decode(scores)] == [(0, 1), (1, 2)]
