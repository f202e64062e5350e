"""Regions as Label Studio's results and back; and everything that is no region."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.bank.markup import Mark, MarkupError
from annotations.studio.regions import Region, regions_of, results_of
from tests.annotations.studio.made import ALPHABET, LABELS, regions

TEXT = "公开12条，其中微博3条"


@st.composite
def texts_with_regions(draw: st.DrawFn) -> tuple[str, tuple[Region, ...]]:
    text = draw(st.text(st.sampled_from(ALPHABET), min_size=1, max_size=60))
    return text, draw(regions(text))


@given(texts_with_regions(), st.randoms())
def test_there_and_back_in_any_order(drawn: tuple[str, tuple[Region, ...]], chance) -> None:
    text, wanted = drawn
    results = results_of(text, wanted, "key")
    for result in results:
        value = result["value"]
        assert text[value["start"] : value["end"]] == value["text"]
    chance.shuffle(results)
    assert regions_of(text, results, LABELS) == wanted


def test_the_words_that_the_browser_gives_are_not_believed() -> None:
    """Label Studio writes a line break in ``value.text`` as a backslash and an n: offsets count."""
    results = results_of("甲\n乙1条", [Region(Mark("disclosure.total", 1, 5))], "k")
    results[0]["value"]["text"] = "\\n乙1条"
    assert regions_of("甲\n乙1条", results) == (Region(Mark("disclosure.total", 1, 5)),)


def results(**changes: object) -> list[dict]:
    made = results_of(TEXT, [Region(Mark("disclosure.total", 2, 5), 12)], "k")
    made[0]["value"] |= changes
    return made


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (results(end=99), "outside"),
        (results(start=5), "outside"),
        (results(start="2"), "outside"),
        (results(start=True), "outside"),
        (results(labels=[]), "0 labels"),
        (results(labels=["disclosure.total", "disclosure.weibo"]), "2 labels"),
        (results(labels=["disclosure.gone"]), "does not exist"),
        ([{"foo": 1}], "no region"),
        (["foo"], "no region"),
        (results()[1:], "no label"),
        (results()[:1] * 2, "marked twice"),
        ([results()[0] | {"from_name": "other"}], "none of ours"),
        ([results()[0], results()[1] | {"value": {"number": "12"}}], "no number"),
        (results_of(TEXT, [Region(Mark("disclosure.total", 2, 5)), Region(Mark("disclosure.weibo", 4, 7))], "k"),
         "overlap: “12条” and “条，其”"),
        (results_of(TEXT, [Region(Mark("disclosure.total", 2, 5)), Region(Mark("disclosure.weibo", 2, 4))], "k"),
         "overlap"),
    ],
)  # fmt: skip
def test_what_is_no_region_is_refused(broken: list, why: str) -> None:
    with pytest.raises(MarkupError, match=why):
        regions_of(TEXT, broken, LABELS)


def test_regions_may_touch() -> None:
    touching = (Region(Mark("disclosure.total", 2, 4)), Region(Mark("disclosure.weibo", 4, 5)))
    assert regions_of(TEXT, results_of(TEXT, touching, "k")) == touching
