"""Strict scores: what counts as right, and that counts add up."""

import pytest

pytest.importorskip("datasets", reason="needs the extra “train”")

from annotations.bank.markup import Mark
from extraction.narrative.tagger import Span
from training.evaluation import score_tagger
from training.examples import Labelled
from training.metrics import Score, Tally

TEXT = "公开信息12条，收到申请3件，上年2件。"
WANTED = (
    Mark("disclosure.total", 4, 7),
    Mark("applications.received", 12, 14),
    Mark("applications.received", 17, 19, True),
)


class Fixed:
    def __init__(self, *spans):
        self.spans = [Span(a, b, label, prior, 1.0, True) for a, b, label, prior in spans]

    def tag(self, text, *, year=None):
        return self.spans


def score(*spans):
    return score_tagger(Fixed(*spans), [Labelled(TEXT, WANTED, 2019, (), "one", "test")])


def test_the_perfect_marking_scores_one():
    result = score(*((m.start, m.end, m.label, m.prior) for m in WANTED))
    assert result.all.f1 == result.core.f1 == result.valued.total().f1 == result.period.f1 == 1
    assert not result.mistakes


def test_a_wrong_label_is_both_wrong_and_missed():
    result = score((4, 7, "disclosure.website", False))
    assert result.all == Score(right=0, wrong=1, missed=3)
    assert next((m.wanted, m.found) for m in result.mistakes) == ("disclosure.total", "disclosure.website")


def test_a_wrong_edge_loses_the_span_but_not_the_value():
    result = score((4, 6, "disclosure.total", False))
    assert result.all.right == 0
    assert result.valued.total().right == 1


def test_the_period_counts_only_where_span_and_label_are_right():
    result = score((17, 19, "applications.received", False), (12, 14, "applications.received", True))
    assert result.period == Score(right=0, wrong=1, missed=1)


def test_the_same_pair_twice_counts_twice():
    tally = Tally()
    tally.add([("a", 1), ("a", 1), ("b", 2)], [("a", 1), ("b", 3)])
    assert tally.labels["a"] == Score(1, 0, 1)
    assert tally.total() == Score(1, 1, 2)
    assert tally.total(["b"]).f1 == 0
