"""Agreement with known answers: Krippendorff's own examples, F1 by hand, and every disagreement listed."""

from dataclasses import replace

import pytest

pytest.importorskip("krippendorff", reason="needs the extra “train”")

from annotations import agreement
from annotations.bank.markup import Mark
from annotations.quality.alpha import alpha
from annotations.quality.between import agreement_of, describe
from annotations.quality.decisions import Reading, decisions
from annotations.studio.regions import Region
from annotations.studio.reviewed import Reviewed, store
from training.metrics import Score

TEXT = "公开信息12条，微信30条，办结5件。"
TOTAL = Mark("disclosure.total", 4, 7)
WECHAT, WEIBO = Mark("disclosure.wechat", 10, 13), Mark("disclosure.weibo", 10, 13)
DONE = Mark("applications.completed", 16, 18)


# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), sections A, B and C; * is a gap. Each row is an
# observer, each column a unit. The last is the example of his Content Analysis with three observers.
@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (("0100000010", "1110010000"), 0.095),
        (("aabbdcccedda", "babbbccceddd"), 0.692),
        (("123321412***", "1233224125*3", "*3332342251*", "12332441251*"), 0.743),
        (
            ("*****341211 33*3".replace(" ", ""), "1*213343*******", "**2134 4*2113 3*4".replace(" ", "")),
            0.691,
        ),
    ],
)
def test_alpha_of_the_textbook_examples(rows, wanted):
    assert len({len(row) for row in rows}) == 1
    units = [
        {f"observer {i}": v for i, v in enumerate(column) if v != "*"} for column in zip(*rows, strict=True)
    ]
    assert alpha(units) == pytest.approx(wanted, abs=0.0006)


def test_alpha_is_undefined_where_nothing_varies_or_nobody_overlaps():
    assert alpha([{"a": "x", "b": "x"}] * 5) is None
    assert alpha([{"a": "x"}, {"b": "y"}]) is None
    assert alpha([]) is None


def reading(who, *marks, key="k1"):
    return Reading(key, who, TEXT, marks)


def test_places_are_marks_and_numbers_that_nobody_marked():
    found = decisions([reading("a", TOTAL, WECHAT), reading("b", TOTAL), reading("a", key="alone")])
    assert [(d.start, d.end, d.labels, d.disputed) for d in found] == [
        (4, 7, (("a", "disclosure.total"), ("b", "disclosure.total")), False),
        (10, 13, (("a", "disclosure.wechat"), ("b", "O")), True),
        (16, 18, (("a", "O"), ("b", "O")), False),
    ]
    assert found[1].around == "公开信息12条，微信【30条】，办结5件。"


def test_the_period_is_part_of_a_decision_and_a_moved_span_is_two_places():
    prior = replace(TOTAL, prior=True)
    (first, *_) = decisions([reading("a", TOTAL), reading("b", prior)])
    assert first.labels == (("a", "disclosure.total"), ("b", "disclosure.total!prior"))
    shorter = Mark("disclosure.total", 4, 6)
    places = [(d.start, d.end, d.disputed) for d in decisions([reading("a", TOTAL), reading("b", shorter)])]
    assert places[:2] == [(4, 6, True), (4, 7, True)]


def test_f1_by_hand():
    found = agreement_of([reading("a", TOTAL, WECHAT, DONE), reading("b", TOTAL, WEIBO)])
    assert found.sentences == 1
    assert found.spans == Score(2, 0, 1)
    assert found.labels.total() == Score(1, 1, 2)
    assert found.labels.labels["disclosure.weibo"] == Score(0, 1, 0)
    assert set(found.pairs) == {("a", "b")}
    assert [d.start for d in found.disputed] == [10, 16]
    assert found.alpha_of["disclosure.total"] == 1.0
    assert found.alpha_of["disclosure.wechat"] == pytest.approx(0.0)


def test_three_annotators_are_three_pairs():
    found = agreement_of([reading("a", TOTAL), reading("b", TOTAL), reading("c")])
    assert {pair: t.total() for pair, t in found.pairs.items()} == {
        ("a", "b"): Score(1, 0, 0), ("a", "c"): Score(0, 0, 1), ("b", "c"): Score(0, 0, 1),
    }  # fmt: skip
    assert found.labels.total() == Score(1, 0, 2)


def test_nobody_overlaps_is_said():
    assert "No sentence was annotated by two" in describe(agreement_of([reading("a", TOTAL)]))


def reviewed(who, number, *marks):
    return Reviewed(
        key="r:0-20", report_id="r", start=0, end=len(TEXT), text=TEXT, regions=tuple(Region(m) for m in marks),
        annotator=who, created="2026-01-01T00:00:00Z", updated="2026-01-01T00:00:00Z", project="h/1@2026",
        annotation=number,
    )  # fmt: skip


def test_the_command_prints_agreement_disagreements_and_numbers_left_unmarked(tmp_path, capsys):
    store(tmp_path, "h/1@2026", [reviewed("a@x", 1, TOTAL, WECHAT), reviewed("b@x", 2, TOTAL, WEIBO)])
    assert agreement.main(["--reviewed", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "1 sentences read by two or more; span and label F1 0.5000, span alone 1.0000" in said
    assert "【30条】" in said and "a@x: disclosure.wechat | b@x: disclosure.weibo" in said
    assert "4 marks; 2 numbers left unmarked: 5件×2" in said
    assert agreement.main(["--reviewed", str(tmp_path / "none")]) == 0
    assert "annotations.pull" in capsys.readouterr().out


def test_the_banks_two_readings_agree_as_its_own_command_counts(capsys):
    from annotations.bank.load import load_bank
    from annotations.bank.second import compare

    wanted = compare(load_bank())
    readings = agreement.readings_of_bank(agreement._BANK, agreement.READINGS)
    found = agreement_of(readings)
    assert found.sentences == wanted.passages
    assert found.spans.f1 == pytest.approx(wanted.f1(wanted.spans))
    assert found.labels.total().f1 == pytest.approx(wanted.f1(wanted.both))
    assert found.alpha and found.labels.total().f1 - 0.15 < found.alpha < 1
