"""The paired bootstrap: its draws add up, its intervals cover what they should, its verdicts are those due."""

import random

import numpy as np
import pytest

from annotations.bank.markup import Mark
from extraction.narrative.tagger import Span
from training.bootstrap import count_by_county, draw, interval, weights_of
from training.comparison import compare, describe
from training.errors import TrainingError
from training.examples import Labelled
from training.metrics import Score

LINE = "公开信息12条，微信30条，收到申请5件。"
MARKS = (
    Mark("disclosure.total", 4, 7),
    Mark("disclosure.wechat", 10, 13),
    Mark("applications.received", 18, 20),
)


def units(counties=12, lines=10):
    marks = tuple(
        Mark(m.label, m.start + i * len(LINE), m.end + i * len(LINE)) for i in range(lines) for m in MARKS
    )
    return [Labelled(LINE * lines, marks, 2020, ("某局", f"{n}县"), f"u{n}", "test") for n in range(counties)]


class Forgetful:
    """Finds every figure but a share of those of each label, drawn anew for every text."""

    def __init__(self, seed, **missing):
        self.rng = random.Random(seed)
        self.missing = {label.replace("_", ".", 1): share for label, share in missing.items()}

    def tag(self, text, *, year=None):
        return [
            Span(m.start + at, m.end + at, m.label, False, 1.0, True)
            for at in range(0, len(text), len(LINE))
            for m in MARKS
            if self.rng.random() >= self.missing.get(m.label, 0.0)
        ]


def test_row_0_is_the_counties_as_they_are_and_every_row_draws_as_many():
    weights = weights_of(9, 50, seed=1)
    assert weights.shape == (51, 9)
    assert weights[0].tolist() == [1] * 9
    assert set(weights.sum(axis=1).tolist()) == {9}
    assert len({tuple(row) for row in weights.tolist()}) > 40
    assert np.array_equal(weights, weights_of(9, 50, seed=1))


def test_f1_of_a_draw_is_that_of_its_sums():
    counts = {"a": {"x": Score(3, 1, 0)}, "b": {"x": Score(1, 0, 4), "y": Score(2, 2, 2)}}
    drawn = draw(counts, ["x", "y", "z"], np.array([[1, 1], [2, 0], [0, 2]]))
    assert drawn.by_label[0] == pytest.approx([8 / 13, 0.5, 0.0])
    assert drawn.by_label[1] == pytest.approx([6 / 7, 0.0, 0.0])
    assert drawn.all == pytest.approx([12 / 21, 6 / 7, 6 / 14])


def test_counties_are_drawn_not_units():
    same = [*units(6), *units(6)]
    counts = count_by_county(Forgetful(1), same)
    assert sorted(counts) == sorted({u.names[1] for u in same})
    assert counts["0县"]["disclosure.total"] == Score(20, 0, 0)


def test_the_interval_covers_a_known_difference_as_often_as_it_says():
    """Candidate right with probability 0.8, champion 0.7, by county: 95 % intervals cover the truth in most runs."""
    rng = np.random.default_rng(5)
    covered, runs, counties, each = 0, 200, 40, 50
    f1 = [2 * p / (1 + p) for p in (0.7, 0.8)]
    for run in range(runs):
        hits = [rng.binomial(each, p, size=counties) for p in (0.7, 0.8)]
        old, new = (
            draw({f"{i:02}": {"x": Score(int(k), 0, each - int(k))} for i, k in enumerate(row)}, ["x"],
                 weights_of(counties, 300, run))
            for row in hits
        )  # fmt: skip
        found = interval(new.all - old.all, 0.95)
        covered += found.low <= f1[1] - f1[0] <= found.high
    assert 0.88 < covered / runs < 0.99


def test_a_better_candidate_is_promoted():
    verdict = compare(Forgetful(1, disclosure_total=0.4), Forgetful(2), units())
    assert verdict.promoted and verdict.reasons == ()
    assert verdict.candidate["all"] == 1.0
    assert 0 < verdict.difference.low < verdict.difference.value < verdict.difference.high
    assert "12 counties held out" in describe(verdict)


def test_a_worse_candidate_is_refused():
    verdict = compare(Forgetful(1), Forgetful(2, disclosure_total=0.4), units())
    assert not verdict.promoted
    assert verdict.worse == ("disclosure.total",)
    assert len(verdict.reasons) == 2


def test_a_candidate_better_on_the_whole_but_worse_in_one_core_label_is_refused():
    champion = Forgetful(1, disclosure_wechat=0.8, applications_received=0.8)
    verdict = compare(champion, Forgetful(2, disclosure_total=0.3), units())
    assert verdict.better and not verdict.promoted
    assert verdict.worse == ("disclosure.total",)


def test_the_same_model_is_not_better_than_itself():
    verdict = compare(Forgetful(1), Forgetful(1), units())
    assert (verdict.difference.value, verdict.worse, verdict.promoted) == (0.0, (), False)


def test_chance_is_not_promoted():
    """Two models equally good: promoted in no more than the share that the confidence allows, with some room."""
    verdicts = [
        compare(Forgetful(s, disclosure_total=0.3), Forgetful(s + 1000, disclosure_total=0.3), units(15, 2), draws=300)
        for s in range(40)
    ]  # fmt: skip
    assert sum(v.promoted for v in verdicts) <= 5


def test_too_few_counties_tell_nothing():
    with pytest.raises(TrainingError, match="Only 3 counties") as refused:
        compare(Forgetful(1), Forgetful(2), units(3))
    assert refused.value.code == "training.few_counties"
