"""Whatever augmentation does to a stretch, its marks still stand on the same figures."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("datasets", reason="needs the extra “train”")

from annotations.bank.markup import parse_passage
from training.augment import NONE, Rates, apply, augment, chinese
from training.examples import Example

LINE = (
    "2019年，青禾县共公开政府信息{disclosure.total|1,256条}，其中网站{disclosure.website|902 条}，"
    "微信{disclosure.wechat|三十二条}，"
    "比上年（{disclosure.total!prior|1.1万条}）下降{rate.change|12.3%}；青禾县政府未收到{applications.received|申请}。"
)


def example(line=LINE, context="一、概述\n青禾县。"):
    passage = parse_passage(line)
    by = len(context)
    marks = tuple(type(m)(m.label, m.start + by, m.end + by, m.prior) for m in passage.marks)
    return Example(
        context + passage.text, by, by + len(passage.text), marks, 2019, ("青禾县人民政府", "青禾县")
    )


EVERYTHING = Rates(*([1.0] * 14))
FIGURE = re.compile(r"[\d\s,，.万一二三四五六七八九十百两零余多条%件]+|申\s*请")


@settings(deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([Rates(), EVERYTHING]))
def test_marks_stay_on_figures(seed, rates):
    changed = augment(example(), random.Random(seed), rates)
    assert 0 <= changed.start <= changed.end <= len(changed.text)
    for mark in changed.marks:
        assert changed.start <= mark.start < mark.end <= changed.end
        piece = changed.text[mark.start : mark.end]
        assert FIGURE.fullmatch(piece), piece
        assert not piece[0].isspace() and not piece[-1].isspace()
    labels = [m.label for m in changed.marks]
    wanted = [m.label for m in example().marks]
    assert " ".join(labels) in " ".join(wanted)  # a split may leave only one side


def test_no_rates_change_nothing():
    assert augment(example(), random.Random(1), NONE) == example()


def test_augmentation_is_repeatable_and_varied():
    first = [augment(example(), random.Random(i)).text for i in range(30)]
    assert first == [augment(example(), random.Random(i)).text for i in range(30)]
    assert len(set(first)) > 20


def test_text_put_in_at_the_edge_of_a_mark_stays_outside():
    one = example("公开{disclosure.total|12条}。", "")
    mark = apply(one, [(2, 2, " "), (5, 5, "\n")]).marks[0]
    assert (mark.start, mark.end) == (3, 6)


def test_names_are_replaced_everywhere_alike():
    only_names = Rates(**{**dict.fromkeys(Rates.__dataclass_fields__, 0.0), "name": 1.0})
    changed = augment(example(), random.Random(3), only_names)
    assert "青禾" not in changed.text
    assert len(set(re.findall(r"(?:，|；|\n)(\w{1,3})县", changed.text))) == 1


@pytest.mark.parametrize(
    ("number", "words"),
    [(2, "二"), (10, "十"), (12, "十二"), (105, "一百零五"), (110, "一百一十"), (1001, "一千零一")],
)
def test_chinese_numerals(number, words):
    assert chinese(number) == words
