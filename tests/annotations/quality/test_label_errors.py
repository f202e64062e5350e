"""Label errors put there on purpose are found, by models that never saw the county."""

import numpy as np
import pytest

pytest.importorskip("cleanlab", reason="needs the extra “train”")

from annotations.bank.markup import Mark
from annotations.quality.label_errors import describe, find_suspects, probabilities
from training.examples import Labelled, label_keys

KEYS = label_keys()
PARTS = (
    ("公开信息{}条。", "disclosure.total"),
    ("微信发布{}篇。", "disclosure.wechat"),
    ("办结申请{}件。", "applications.completed"),
)


def units(counties=10, wrong=(), unmarked=()):
    out = []
    for n in range(counties):
        text, marks = "", []
        for number, (words, label) in enumerate(PARTS):
            start = len(text) + words.index("{")
            text += words.format(10 + n)
            if (n, number) in unmarked:
                continue
            marks.append(Mark("disclosure.weibo" if (n, number) in wrong else label, start, start + 3))
        out.append(Labelled(text, tuple(marks), 2020, ("某局", f"{n}县"), f"u{n}", "train"))
    return out


class Knowing:
    """A reader that knows the words: what a trained model would be, with some doubt."""

    labels = KEYS

    def read(self, texts):
        return [self.scores(text) for text, _ in texts]

    def scores(self, text):
        out = np.zeros((len(text), 3 + len(KEYS) + 1), dtype=np.float32)
        out[:, 0] = 4
        for words, label in PARTS:
            at = text.index(words[:4]) + 4
            out[at : at + 3, 0] = 0
            out[at, 1] = 4
            out[at + 1 : at + 3, 2] = 4
            out[at : at + 3, 3 + KEYS.index(label)] = 7
        return out


def test_wrong_and_missing_labels_are_found_and_only_they():
    found = find_suspects(units(20, wrong={(2, 1), (7, 0)}, unmarked={(4, 2)}), lambda _: Knowing(), folds=4)
    assert {(s.source, s.given, s.suggested) for s in found} == {
        ("u2", "disclosure.weibo", "disclosure.wechat"),
        ("u7", "disclosure.weibo", "disclosure.total"),
        ("u4", "O", "applications.completed"),
    }
    assert all(s.given_probability < 0.1 and s.suggested_probability > 0.5 for s in found)
    assert "u4 " in describe(found) and "【14件】" in describe(found)


def test_no_model_judges_a_county_that_it_was_trained_on():
    every, seen = units(9), []

    class Spy(Knowing):
        def __init__(self, inside):
            self.inside = {unit.text for unit in inside}

        def read(self, texts):
            seen.extend(text for text, _ in texts)
            assert not self.inside & {text for text, _ in texts}
            return super().read(texts)

    assert find_suspects(every, Spy, folds=3) == []
    assert sorted(seen) == sorted(unit.text for unit in every)


def test_fewer_counties_than_folds_is_refused():
    with pytest.raises(ValueError, match="splits"):
        find_suspects(units(2), lambda _: Knowing(), folds=3)


def test_probabilities_add_up_and_follow_the_least_sure_character():
    scores = Knowing().scores(units(1)[0].text)
    row = probabilities(scores[4:7])
    assert row.sum() == pytest.approx(1.0)
    assert row.argmax() == 1 + KEYS.index("disclosure.total")
    torn = probabilities(scores[4:8])  # one character too many, which is no figure's
    assert torn.argmax() == 0
