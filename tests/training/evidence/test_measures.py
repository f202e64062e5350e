"""Intervals, reliability, acceptance, mistakes and leakage on made-up texts with known answers."""

import random
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("datasets", reason="needs the extra “train”")

from hypothesis import given
from hypothesis import strategies as st

from annotations.bank.load import BankFile
from annotations.bank.markup import BankUnit, Mark, parse_passage
from extraction.narrative.tagger import Span
from training.evidence.bootstrap import difference, intervals, share_interval
from training.evidence.confidence import Judged, acceptance, confidence_of, judged, reliability, risk_curve
from training.evidence.leakage import leakage_of
from training.evidence.markings import Marking, mark_all, mark_valued
from training.evidence.measures import by_cluster, by_label, measure, period_of, scores_of
from training.evidence.mistakes import confusion_of, mistakes_of
from training.examples import Labelled
from training.real import ValuedReport
from training.splits import part_of

TEXT = "公开信息12条，收到申请3件，上年2件。未收取费用。"
MARKS = (
    Mark("disclosure.total", 4, 7),
    Mark("applications.received", 12, 14),
    Mark("applications.received", 17, 19, True),
)


class Fixed:
    """Finds the same spans everywhere: (start, end, label, prior, score, accepted)."""

    def __init__(self, *spans):
        self.spans = [Span(*s) for s in spans]

    def tag(self, text, *, year=None):
        return list(self.spans)


RIGHT = [(m.start, m.end, m.label, m.prior, 0.9, True) for m in MARKS]


def texts(count=6):
    return [Labelled(TEXT, MARKS, 2019, (), f"u{i}.md", "test") for i in range(count)]


def marked(*spans, count=6):
    return mark_all(Fixed(*spans), texts(count), {f"u{i}.md": f"省/县{i % 3}" for i in range(count)}).markings


def test_a_perfect_marking_is_perfect_in_every_measure():
    scores = scores_of(measure(marked(*RIGHT)))
    assert {tuple(scores[key]["f1"]) for key in scores if "." in key} == {(1.0, 1.0, 1.0)}
    assert scores["whole_units"]["strict"] == {"share": [1.0, 1.0, 1.0], "right": 6, "units": 6}
    assert period_of(marked(*RIGHT)).f1 == 1
    assert mistakes_of(marked(*RIGHT)) == []
    assert confusion_of(marked(*RIGHT)) == []


def test_permuting_texts_and_spans_changes_nothing():
    markings = list(marked(*RIGHT[:2], (4, 6, "disclosure.website", False, 0.4, False)))
    plain = (scores_of(measure(markings)), by_label(measure(markings)), by_cluster(measure(markings)))
    sure = confidence_of(judged(markings), 18)
    rng = random.Random(5)
    for _ in range(5):
        rng.shuffle(markings)
        mixed = []
        for m in markings:
            order = rng.sample(range(len(m.spans)), len(m.spans))
            mixed.append(
                replace(m, spans=tuple(m.spans[i] for i in order), right=tuple(m.right[i] for i in order))
            )
        again = (scores_of(measure(mixed)), by_label(measure(mixed)), by_cluster(measure(mixed)))
        assert again == plain
        assert confidence_of(judged(mixed), 18) == sure
        assert mistakes_of(mixed) == mistakes_of(markings)


def test_kinds_of_mistakes_carry_their_sentence_and_value():
    spans = [
        (4, 6, "disclosure.total", False, 0.9, True),  # 12 without 条: the value holds
        (12, 14, "applications.completed", False, 0.8, False),
        (23, 25, "applications.fees", False, 0.7, True),
    ]
    found = {m.kind: m for m in mistakes_of(marked(*spans, count=1))}
    assert set(found) == {"edge", "label", "spurious", "missed"}
    assert found["label"].wanted_value == found["label"].found_value == 3
    assert found["spurious"].sentence == "未收取【费用】。"
    assert found["missed"].sentence.startswith("公开信息12条，收到申请3件，上年【2件】")
    assert [m.accepted for m in mistakes_of(marked(*spans, count=1))] == [True, True, False, False]
    assert found["edge"].as_json(with_sentence=False)["sentence"] is None
    assert ["applications.received", "applications.completed", 1] in confusion_of(marked(*spans, count=1))


def test_the_worst_county_comes_first():
    good, bad = marked(*RIGHT)[:3], marked(*RIGHT[:1])[:1]
    rows = by_cluster(measure([*good[1:], *bad]))
    assert rows[0]["name"] == "省/县0"
    assert rows[0]["strict"] == [1.0, 0.3333, 0.5]
    labels = by_label(measure([*good, *bad]))
    assert labels[0]["label"] == "applications.received"
    assert labels[-1]["value"]["f1"] == [None, None, None]


def test_intervals_are_seeded_widen_with_unlike_clusters_and_hold_the_value():
    alike = np.array([[9, 1, 1]] * 8)
    unlike = np.array([[10, 0, 0]] * 4 + [[8, 2, 2]] * 4)
    narrow, wide = intervals(alike)[2], intervals(unlike)[2]
    assert narrow.low == narrow.value == narrow.high == pytest.approx(0.9)
    assert wide.value == pytest.approx(0.9)
    assert wide.low < 0.88
    assert wide.high > 0.92
    assert intervals(unlike) == intervals(unlike)
    assert intervals(np.zeros((3, 3)))[0].as_json() == [None, None, None]


def test_the_interval_of_a_share_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)
    inside = 0
    for _ in range(60):
        right = rng.binomial(40, 0.8, size=40)
        rate = share_interval(np.stack([right, np.full(40, 40)], axis=1))
        inside += rate.low <= 0.8 <= rate.high
    assert 50 <= inside <= 60


def test_a_difference_is_drawn_together():
    one = np.array([[10, 0, 0], [5, 5, 5], [8, 2, 2]])
    assert difference(one, one).as_json() == [0.0, 0.0, 0.0]
    worse = np.array([[9, 1, 1], [4, 6, 6], [7, 3, 3]])
    assert difference(one, worse).low > 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50), st.randoms())
def test_risk_and_reliability_do_not_depend_on_order(scored, rng):
    curve = risk_curve(scored)
    assert curve[-1][:2] == [1.0, round(sum(not r for _, r in scored) / len(scored), 4)]
    assert sum(b["figures"] for b in reliability(scored)) == len(scored)
    rng.shuffle(scored)
    assert risk_curve(scored) == curve


def test_acceptance_counts_what_is_accepted_and_right():
    figures = [Judged(0.9, True, True, "a")] * 300 + [Judged(0.9, True, False, "b")] + [
        Judged(0.2, False, True, "b")
    ] * 99  # fmt: skip
    found = acceptance(figures, 500)
    assert (found["accepted"], found["right"], found["wrong_but_accepted"]) == (301, 300, 1)
    assert found["share"][0] == round(301 / 400, 4)
    assert found["share_of_wanted"] == 0.6
    assert 0.98 < found["lower_bound"] < found["precision"][0]
    assert acceptance([], 3)["precision"] == [None, None, None]


def test_figures_without_offsets_are_right_once_each_surest_first():
    report = ValuedReport(TEXT, 2019, (("disclosure.total", 12), ("applications.received", 3)), "r")
    spans = [
        (4, 6, "disclosure.total", False, 0.3, False),
        (4, 7, "disclosure.total", False, 0.9, True),
        (12, 14, "applications.received", False, 0.5, True),
        (17, 19, "applications.received", False, 0.6, True),
    ]
    ((_, marking),) = mark_valued(Fixed(*spans), [report])
    assert isinstance(marking, Marking)
    assert marking.right == (False, True, True, False)


def _unit(county, line, name):
    return BankFile(name, BankUnit(f"{county}政府", "某省", county, "county", 2020, (parse_passage(line),)))


def test_leakage_sees_a_twin_with_other_numbers_and_no_formula():
    counties = [f"第{i}县" for i in range(300)]
    tested = next(c for c in counties if part_of("某省", c) == "test")
    seen = next(c for c in counties if part_of("某省", c) == "train")
    long = "全年通过门户网站和政务新媒体主动公开各类政府信息共计{{disclosure.total|{}条}}。"
    bank = [
        _unit(tested, long.format(12) + "收到申请{applications.received|3件}。", "t"),
        _unit(seen, long.format(4567) + "收到申请{applications.received|3件}。", "s"),
    ]
    found = leakage_of(bank)
    assert found.shared == ()
    assert [(t.tested_in, t.seen_in) for t in found.twins] == [("t", "s")]
    assert "1 are all but the same" in str(found)
    assert found.parts["test"] == (1, 1, 2)
    other = _unit(seen, "编发信息公开简报{disclosure.category|8期}，面向基层干部和群众代表免费寄送。", "s")
    assert leakage_of([bank[0], other]).twins == ()
