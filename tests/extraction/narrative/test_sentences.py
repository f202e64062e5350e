"""Cutting: nothing lost, nothing twice, figures whole, whatever the text."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.narrative.sentences import (
    CONTEXT,
    LONGEST,
    OVERLAP,
    cut,
    may_hold_figure,
    split_sentences,
)

TEXTS = st.text(alphabet=" \n\t。！？；，、.0123456789一两十百件条余万无未公开信息年", max_size=600)


@settings(deadline=None)
@given(TEXTS)
def test_every_visible_character_stands_in_one_sentence(text):
    spans = split_sentences(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    inside = {i for start, end in spans for i in range(start, end)}
    assert {i for i, c in enumerate(text) if not c.isspace()} <= inside


@settings(deadline=None)
@given(TEXTS)
def test_stretches_are_short_apart_and_lie_in_their_context(text):
    stretches = cut(text)
    assert all(a.end <= b.start for a, b in pairwise(stretches))
    for s in stretches:
        assert 0 <= s.begin <= s.start < s.end <= s.stop <= len(text)
        assert s.end - s.start <= LONGEST
        assert s.start - s.begin <= CONTEXT
        assert s.stop - s.end <= OVERLAP


@settings(deadline=None)
@given(TEXTS)
def test_every_sentence_that_may_hold_a_figure_is_tagged(text):
    tagged = {i for s in cut(text) for i in range(s.start, s.end)}
    for start, end in split_sentences(text):
        if may_hold_figure(text[start:end]):
            assert tagged.issuperset(range(start, end))


@pytest.mark.parametrize("figure", ["12\n件", "1\n256条", "35.\n74%", "3.6 万\n份", "两\n件", "12000 \n余条"])
def test_a_line_break_inside_a_figure_ends_no_sentence(figure):
    text = f"全年公开{figure},其余见附表。\n二、其他"
    start, end = split_sentences(text)[0]
    assert figure in text[start:end]


def test_a_line_break_between_lines_ends_a_sentence():
    text = "全年公开信息\n一、概述\n共公开12条"
    assert [text[a:b] for a, b in split_sentences(text)] == ["全年公开信息", "一、概述", "共公开12条"]


def test_closing_quotes_go_with_their_sentence():
    text = "他说：“公开。”第二句！"
    assert [text[a:b] for a, b in split_sentences(text)] == ["他说：“公开。”", "第二句！"]


def test_a_figure_at_the_end_of_a_very_long_sentence_is_whole_in_one_stretch():
    text = "公开信息" * 25_000 + "共1256条"
    start = text.index("1256条")
    assert any(s.start <= start and start + 5 <= s.end for s in cut(text))


def test_long_sentences_are_cut_outside_numbers():
    text = "，".join(f"某局公开{n},{n}条" for n in range(100, 180))
    for s in cut(text):
        assert re.match(r"某局|，某局", text[s.start :]), text[s.start : s.start + 8]


def test_refused_lines_are_neither_tagged_nor_read():
    text = "第一行公开12条。\n规章 0 0 3\n第三行公开15条。"
    grid = text.index("规章")
    kept = cut(text, keep=lambda s: not text[s.start : s.end].startswith("规章"))
    assert [text[s.start : s.end] for s in kept] == ["第一行公开12条。", "第三行公开15条。"]
    assert not any(s.begin <= grid < s.stop for s in kept)


@pytest.mark.parametrize(
    "sentence", ["公开12条", "共三件", "未收到申请", "暂停收取各种费用", "近百条", "翻了一番", "另算一 场"]
)
def test_the_filter_keeps_what_could_hold_a_figure(sentence):
    assert may_hold_figure(sentence)


@pytest.mark.parametrize(
    "sentence", ["根据国令第711号", "2019年12月31日", "加强组织领导", "国办函〔2019〕60号", "0", "12.5%"]
)
def test_the_filter_drops_dates_and_document_numbers(sentence):
    assert not may_hold_figure(sentence)
