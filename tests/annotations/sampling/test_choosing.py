"""The queue: deterministic, never longer than its budget, and moved by every signal on its own."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.sampling.choosing import Known, Weights, choose
from annotations.sampling.likeness import Likeness
from annotations.sampling.signals import Candidate
from extraction.forms import load_labels

WORDS = "政务公开信息网站微信申请答复培训检查栏目解读文件公报复议诉讼整改问题意见征集留言"


def sentence(number):
    rng = random.Random(number)
    return "".join(rng.choices(WORDS, k=30)) + f"{number}件。"


def candidate(number, **more):
    base = {"key": f"k{number}", "county": f"某省/{number}县", "text": sentence(number)}
    return Candidate(**(base | more))


def keys(choices):
    return [choice.candidate.key for choice in choices]


def known(**labels):
    out = Known()
    out.labels.update(
        dict.fromkeys(load_labels(), 50) | {k.replace("_", ".", 1): n for k, n in labels.items()}
    )
    return out


POOL = st.lists(
    st.builds(
        lambda n, u, r, c: candidate(n, uncertainty=u, rules=r, county=f"某省/{c}县"),
        st.integers(0, 400), st.floats(0, 1), st.floats(0, 1), st.integers(0, 4),
    ),
    max_size=30, unique_by=lambda one: one.key,
)  # fmt: skip


@settings(deadline=None)
@given(POOL, st.integers(1, 12), st.randoms())
def test_the_same_pool_in_any_order_gives_the_same_queue(pool, budget, rng):
    queue = choose(pool, budget, known=known())
    shuffled = pool[:]
    rng.shuffle(shuffled)
    again = choose(shuffled, budget, known=known())
    assert queue == again
    assert len(queue) == len(set(keys(queue))) <= budget
    assert all(choice.reason for choice in queue)


@settings(deadline=None)
@given(POOL)
def test_lazy_greedy_is_greedy(pool):
    """Whatever is chosen next is worth most of what is left: worths never rise."""
    worths = [choice.worth for choice in choose(pool, len(pool), known=known())]
    assert worths == sorted(worths, reverse=True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"uncertainty": 0.6}, "model unsure (60%)"),
        ({"rules": 0.9, "notes": {"rules": "“3件”"}}, "rules differ: “3件”"),
        ({"grids": 1.0, "notes": {"grids": "applications_received"}}, "against grid: applications_received"),
        ({"labels": frozenset({"disclosure.gazette"})}, "rare label: 政府公报公开数 disclosure.gazette"),
    ],
)
def test_each_signal_alone_comes_first_and_says_why(more, words):
    pool = [candidate(n) for n in range(20)] + [candidate(99, **more)]
    first = choose(pool, 3, known=known(disclosure_gazette=0))[0]
    assert first.candidate.key == "k99"
    assert words in first.reason
    assert "new county: 某省/99县" in first.reason


def test_a_weight_of_nothing_silences_a_signal():
    pool = [candidate(1, uncertainty=1.0), candidate(2, rules=0.5)]
    assert keys(choose(pool, 1, known=known(), weights=Weights(uncertainty=0))) == ["k2"]


def test_near_duplicates_are_left_out():
    text = sentence(1)
    pool = [
        candidate(1, uncertainty=0.9),
        candidate(2, uncertainty=0.8, text=text.replace("1件", "77件")),
        candidate(3, uncertainty=0.1),
    ]
    assert keys(choose(pool, 3, known=known())) == ["k1", "k3"]
    before = known()
    before.add(text, "某省/9县", [])
    assert keys(choose(pool, 3, known=before)) == ["k3"]


def test_the_queue_spreads_over_counties():
    one_county = [candidate(n, uncertainty=0.9, county="某省/大县") for n in range(30)]
    others = [candidate(n, uncertainty=0.45) for n in range(100, 110)]
    queue = choose([*one_county, *others], 20, known=known())
    assert sum(choice.candidate.county == "某省/大县" for choice in queue) < 15
    assert keys(queue)[0] in keys_of(one_county)


def keys_of(pool):
    return {one.key for one in pool}


def test_a_label_is_rare_until_it_is_chosen_often():
    rare = [candidate(n, labels=frozenset({"disclosure.gazette"})) for n in range(10)]
    other = [candidate(n, labels=frozenset({"disclosure.weibo"})) for n in range(20, 30)]
    queue = choose([*rare, *other], 8, known=known(disclosure_gazette=0, disclosure_weibo=2))
    labels = [next(iter(choice.candidate.labels)) for choice in queue]
    assert labels[0] == "disclosure.gazette" and "disclosure.weibo" in labels


def test_the_seed_decides_among_equals():
    pool = [candidate(n) for n in range(30)]
    queues = {tuple(keys(choose(pool, 5, known=known(), seed=seed))) for seed in range(6)}
    assert len(queues) > 3


def test_likeness_folds_numbers_and_spaces():
    seen = Likeness()
    seen.add("全年共公开信息120条,其中网站80条")
    assert seen.nearest("全年共公开信息 7 条,其中网站 3,5条".replace(",5", "")) == 1.0
    assert 0 < seen.nearest("全年共公开信息120条，没有其他") < 0.8
    assert seen.nearest("收到申请三件") == 0.0
    assert Likeness().nearest("无") == 0.0
