"""The decoder never returns what IOB2 forbids, and of what it allows the best."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.narrative.decoding import BEGIN, INSIDE, OUTSIDE, decode

SCORES = st.integers(1, 6).flatmap(
    lambda n: st.lists(st.lists(st.floats(-6, 6, width=32), min_size=6, max_size=6), min_size=n, max_size=n)
)


def allowed(tags):
    return all(t != INSIDE or before != OUTSIDE for before, t in zip((OUTSIDE, *tags), tags, strict=False))


def places_of(spans, length):
    tags = [OUTSIDE] * length
    for s in spans:
        tags[s.start : s.end] = [BEGIN] + [INSIDE] * (s.end - s.start - 1)
    return tags


def made(*tags, labels=((9, -9),), prior=-9.0):
    """Scores that say these places surely, and of every character these logits of two labels."""
    scores = np.full((len(tags), 6), -9.0, dtype=np.float32)
    scores[np.arange(len(tags)), tags] = 9
    scores[:, 3:5] = labels
    scores[:, 5] = prior
    return scores


@settings(max_examples=150, deadline=None)
@given(SCORES)
def test_the_best_allowed_sequence_is_found(rows):
    scores = np.array(rows, dtype=np.float32)
    places = scores[:, :3].astype(np.float64)
    best = max(
        sum(places[i, t] for i, t in enumerate(tags))
        for tags in itertools.product(range(3), repeat=len(rows))
        if allowed(tags)
    )
    mine = places_of(decode(scores), len(rows))
    assert allowed(mine)
    assert sum(places[i, t] for i, t in enumerate(mine)) == pytest.approx(best, abs=1e-4)


def test_scores_and_period_are_probabilities_of_the_span():
    scores = made(0, 1, 2, 0, labels=[(-9, 9)], prior=4.0)
    (span,) = decode(scores)
    assert (span.start, span.end, span.label) == (1, 3, 1)
    assert span.score > 0.99
    assert span.prior > 0.95
    assert decode(scores / 20)[0].score < 0.7


def test_a_span_has_the_label_that_its_characters_agree_on():
    (span,) = decode(made(1, 2, 2, labels=[(3, 0), (0, 1), (0, 1)]))
    assert span.label == 0


def test_two_figures_side_by_side_stay_two():
    assert [(s.start, s.end) for s in decode(made(1, 1, 2))] == [(0, 1), (1, 3)]


def test_nothing_is_found_where_nothing_is():
    assert decode(made(0, 0, 0)) == []
