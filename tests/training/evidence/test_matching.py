"""The matcher: no order changes a score, and on sequences of tags it agrees with seqeval's strict mode."""

import random
import warnings

import numpy as np
import pytest

pytest.importorskip("scipy", reason="needs the extra “train”")
pytest.importorskip("seqeval", reason="needs the extra “test”")

from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics.v1 import precision_recall_fscore_support  # the strict mode
from seqeval.scheme import IOB2

from training.evidence.matching import KINDS, Item, counts_of, pairs_of

LABELS = ("a", "b", "c")


@st.composite
def items(draw):
    """Any items: overlapping, nested, the same twice."""
    start = draw(st.integers(0, 12))
    end = start + draw(st.integers(1, 4))
    return Item(start, end, draw(st.sampled_from(LABELS)), draw(st.sampled_from([None, 1, 2])))


BAGS = st.lists(items(), max_size=8)
TAGS = st.lists(st.sampled_from(["O", *(f"{p}-{label}" for p in "BI" for label in LABELS)]), max_size=14)


def spans(tags):
    """Items of an IOB2 sequence: an I that goes on with nothing is no part of one."""
    found = []
    for i, tag in enumerate(tags):
        if tag.startswith("B-"):
            end = i + 1
            while end < len(tags) and tags[end] == "I-" + tag[2:]:
                end += 1
            found.append(Item(i, end, tag[2:]))
    return found


@settings(deadline=None)
@given(BAGS, BAGS, st.randoms(use_true_random=False))
def test_permuting_items_changes_no_count_and_no_pair(wanted, found, rng):
    counts, pairs = counts_of(wanted, found, LABELS), pairs_of(wanted, found)
    rng.shuffle(wanted)
    rng.shuffle(found)
    assert (counts_of(wanted, found, LABELS) == counts).all()
    assert sorted(map(repr, pairs_of(wanted, found))) == sorted(map(repr, pairs))


@settings(deadline=None)
@given(BAGS, BAGS)
def test_counts_add_up_and_each_kind_is_kinder_than_the_one_before(wanted, found):
    counts = counts_of(wanted, found, LABELS)
    right, wrong, missed = (counts[..., i] for i in range(3))
    assert (counts >= 0).all()
    assert ((right + wrong).sum(axis=1) == len(found)).all()
    assert ((right + missed).sum(axis=1) == len(wanted)).all()
    strict, overlap, value = (right[KINDS.index(kind)] for kind in ("strict", "overlap", "value"))
    assert (strict <= overlap).all()
    assert (value <= overlap).all()


@settings(deadline=None)
@given(BAGS, BAGS)
def test_wanted_and_found_mirror_each_other(wanted, found):
    there, back = counts_of(wanted, found, LABELS), counts_of(found, wanted, LABELS)
    assert (there[..., [0, 2, 1]] == back).all()


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(TAGS, TAGS), min_size=1, max_size=5))
def test_strict_counts_agree_with_seqeval(pairs):
    pairs = [(a[: min(len(a), len(b))], b[: min(len(a), len(b))]) for a, b in pairs]
    counts = sum(counts_of(spans(a), spans(b), LABELS) for a, b in pairs)
    right, wrong, missed = counts[KINDS.index("strict")].T
    present = [label for i, label in enumerate(LABELS) if (right + wrong + missed)[i]]
    if not present:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        precision, recall, f1, support = precision_recall_fscore_support(
            [a for a, _ in pairs], [b for _, b in pairs],
            average=None, scheme=IOB2, zero_division=0,
        )  # fmt: skip
    for row, label in enumerate(present):
        i = LABELS.index(label)
        assert support[row] == right[i] + missed[i]
        assert precision[row] == pytest.approx(right[i] / max(1, right[i] + wrong[i]))
        assert recall[row] == pytest.approx(right[i] / max(1, right[i] + missed[i]))
        assert f1[row] == pytest.approx(2 * right[i] / (2 * right[i] + wrong[i] + missed[i]))


def test_a_greedy_pairing_would_lose_one():
    """The first of two wanted overlaps both found, the second only the first: two can be matched."""
    wanted = [Item(0, 6, "a"), Item(0, 2, "a")]
    found = [Item(1, 2, "a"), Item(4, 6, "a")]
    for _ in range(4):
        random.Random(1).shuffle(wanted)
        assert counts_of(wanted, found, LABELS)[KINDS.index("overlap"), 0].tolist() == [2, 0, 0]


def test_value_asks_for_the_value_and_overlap_does_not():
    counts = counts_of([Item(0, 3, "a", 12)], [Item(1, 3, "a", 2)], LABELS)
    assert counts[:, 0].tolist() == [[0, 1, 1], [1, 0, 0], [0, 1, 1]]
    assert np.array_equal(counts[:, 1:], np.zeros((3, 2, 3)))


def test_pairs_prefer_what_is_most_alike():
    wanted, near, far = Item(4, 9, "a"), Item(5, 9, "b"), Item(2, 5, "a")
    assert pairs_of([wanted], [far, near]) == [(None, far), (wanted, near)]
    assert pairs_of([wanted], []) == [(wanted, None)]
