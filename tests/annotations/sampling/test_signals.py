"""Signals: doubt follows the model's probabilities, disagreement the marks."""

import numpy as np
import pytest

from annotations.bank.markup import Mark
from annotations.sampling.signals import disagreement, doubt, spans_note

SURE = 12.0


def scores(length=6, labels=3):
    out = np.zeros((length, 3 + labels + 1), dtype=np.float32)
    out[:, 0] = SURE
    return out


def figure(out, start, end, *, surely=SURE, label=SURE):
    out[start:end, 0] = 0
    out[start, 1] = surely
    out[start + 1 : end, 2] = surely
    out[start:end, 3] = label
    return out


def test_nothing_marked_and_nothing_likely_is_beyond_doubt():
    assert doubt(scores()) < 0.01
    assert doubt(scores(0)) == 0.0


def test_a_sure_figure_is_beyond_doubt_and_doubt_grows_as_sureness_falls():
    found = [doubt(figure(scores(), 1, 4, surely=s)) for s in (12.0, 4.0, 2.0, 1.0)]
    assert found[0] < 0.01
    assert found == sorted(found)
    assert doubt(figure(scores(), 1, 4, label=0.0)) == pytest.approx(1 - np.exp(-2 / 3), abs=0.01)


def test_a_figure_that_was_almost_marked_is_doubted():
    out = scores()
    out[2, :3] = (0.4, 0.0, 0.0)  # 43 % outside: unmarked would be if begin and inside share the rest
    out[2, 1] = 0.3
    assert doubt(out) > 0.4
    twice = scores(12)
    twice[2, :3] = twice[8, :3] = out[2, :3]
    assert doubt(twice) > doubt(out)


def test_disagreement_is_the_share_of_marks_not_shared():
    a, b, c = Mark("disclosure.total", 0, 3), Mark("disclosure.wechat", 5, 8), Mark("disclosure.weibo", 5, 8)
    assert disagreement([], []) == (0.0, [])
    assert disagreement([a], [a]) == (0.0, [])
    assert disagreement([a, b], [a]) == (0.5, [b])
    share, apart = disagreement([a, b], [a, c])
    assert share == pytest.approx(2 / 3) and apart == [b, c]
    assert disagreement([Mark("disclosure.total", 0, 3, prior=True)], [a])[0] == 0.0


def test_a_note_names_spans_once():
    marks = [Mark("x", 0, 2), Mark("y", 0, 2), Mark("x", 2, 4), Mark("x", 4, 6), Mark("x", 6, 8)]
    assert spans_note("一件二件三件四件", marks) == "“一件”、“二件”、“三件” …"
