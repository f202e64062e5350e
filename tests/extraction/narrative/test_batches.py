"""Batches: every stretch once, little padding, never too large."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from extraction.narrative.batches import batches_of
from extraction.narrative.sentences import Stretch

_LARGEST = 4096


def _stretches(lengths: list[int]) -> list[Stretch]:
    """Stretches of those lengths, each at a place of its own."""
    return [Stretch(1000 * i, 1000 * i, 1000 * i + n, 1000 * i + n) for i, n in enumerate(lengths)]


def _padded(batch: list[Stretch]) -> int:
    return len(batch) * max(s.stop - s.begin for s in batch)


@given(st.lists(st.integers(1, 300), max_size=150))
def test_every_stretch_is_in_one_batch_none_too_large(lengths: list[int]) -> None:
    stretches = _stretches(lengths)
    batches = batches_of(stretches)
    assert sorted(s.begin for batch in batches for s in batch) == [s.begin for s in stretches]
    assert all(_padded(batch) <= _LARGEST for batch in batches)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=40))
def test_no_division_of_the_sorted_stretches_at_one_more_or_one_less_place_is_cheaper(
    lengths: list[int],
) -> None:
    batches = batches_of(_stretches(lengths))
    cost = sum(map(_padded, batches)) + 150 * len(batches)
    batches.sort(key=lambda b: max(s.stop - s.begin for s in b))
    for first, second in pairwise(batches):
        if _padded(first + second) <= _LARGEST and len(first + second) <= 64:
            assert cost <= cost - _padded(first) - _padded(second) - 150 + _padded(first + second)
    for batch in batches:
        ordered = sorted(batch, key=lambda s: s.stop - s.begin)
        for at in range(1, len(ordered)):
            assert _padded(batch) <= _padded(ordered[:at]) + _padded(ordered[at:]) + 150


def test_a_short_stretch_is_not_padded_to_a_long_one() -> None:
    lengths = [20] * 10 + [240] * 3
    assert sorted(_padded(b) for b in batches_of(_stretches(lengths))) == [200, 720]


def test_nothing_makes_no_batch() -> None:
    assert batches_of([]) == []
