"""Calibration recovers known odds, and accepts no more than the lower bound allows."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.bank.markup import Mark
from extraction.narrative.tagger import Span
from training.calibration import (
    Outcome,
    accept_from,
    calibration_error,
    fit,
    is_right,
    lower_bound,
    promise_of,
)
from training.examples import Labelled

SCORED = st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.9, 0.99]), st.booleans()), max_size=60)


def drawn(slope, intercept, count=6000):
    """Spans of an overconfident model: right as often as these odds say."""
    rng = random.Random(3)
    out = []
    for _ in range(count):
        raw = rng.random()
        odds = intercept + slope * math.log(raw / (1 - raw))
        out.append(Outcome(raw, rng.random() < 1 / (1 + math.exp(-odds))))
    return out


def test_known_odds_are_recovered():
    outcomes = drawn(0.5, 1.0)
    known = fit(outcomes, report=0.0)
    assert known.slope == pytest.approx(0.5, abs=0.08)
    assert known.intercept == pytest.approx(1.0, abs=0.12)
    before = calibration_error([(o.raw, o.right) for o in outcomes])
    after = calibration_error([(known.probability(o.raw), o.right) for o in outcomes])
    assert after < 0.02
    assert before > 0.1


def test_what_is_not_reported_is_not_fitted():
    low = [Outcome(0.1, True)] * 500
    outcomes = drawn(1.0, 0.0)
    kept = [o for o in outcomes if o.raw >= 0.5]
    assert fit(low + outcomes, report=0.5).slope == pytest.approx(fit(kept, report=0.5).slope)


@settings(deadline=None)
@given(SCORED)
def test_accepted_figures_keep_the_bound_and_no_lower_threshold_does(scored):
    accept = accept_from(scored, precision=0.8)
    for threshold in {s for s, _ in scored} | {accept}:
        chosen = [good for score, good in scored if score >= threshold]
        if threshold >= accept and threshold == accept and chosen:
            assert lower_bound(sum(chosen), len(chosen)) >= 0.8
        if threshold < accept:
            assert lower_bound(sum(chosen), len(chosen)) < 0.8


def test_nothing_is_accepted_where_nothing_is_sure():
    assert accept_from([(0.9, True), (1.0, False)] * 50) > 1
    assert accept_from([]) > 1


def test_a_hundred_right_ones_are_not_enough_for_99_percent_and_three_hundred_are():
    assert lower_bound(100, 100) < 0.99 < lower_bound(300, 300)


def test_the_best_promise_that_covers_three_quarters_is_made():
    sure = [(0.9, True)] * 400
    assert promise_of(sure + [(0.5, False)] * 100) == (0.99, 0.9)
    assert promise_of(sure + [(0.5, False)] * 200) == (0.0, accept_from([]))
    some = [(0.9, True)] * 590 + [(0.9, False)] * 10
    assert promise_of(some)[0] == 0.97
    assert promise_of([(0.9, True)] * 99 + [(0.5, False)] * 300) == (0.0, accept_from([]))


def test_all_alike_cannot_be_fitted():
    with pytest.raises(ValueError, match="2 spans"):
        fit([Outcome(0.9, True)] * 2, report=0.0)


TEXT = Labelled(
    "公开信息1.2万条，受理申请3件。", (Mark("disclosure.total", 4, 9, False),), 2021, (), "x", "test"
)


@pytest.mark.parametrize(
    ("start", "end", "label", "right"),
    [
        (4, 9, "disclosure.total", True),
        (4, 8, "disclosure.total", True),
        (4, 9, "disclosure.website", False),
        (4, 7, "disclosure.total", False),
        (14, 16, "disclosure.total", False),
    ],
)
def test_right_is_label_and_value_in_the_same_place(start, end, label, right):
    assert is_right(TEXT, Span(start, end, label, False, 1.0, True)) is right
