"""Plain text: line breaks, offsets, refusals in bounded time and memory."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.errors import LimitExceeded, NianbaoError, UnreadableInput
from extraction.reading import read_document
from extraction.reading.text import MAX_CHARACTERS, read_text

LINES = st.lists(st.text("政府信息公开的一是 0123456789\t|", max_size=20), min_size=1, max_size=12)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_line_breaks_are_one_character(lines, end, codec):
    lines = ["人民政府的信息公开", *lines]
    document = read_document(end.join(lines).encode(codec), "a.txt")
    assert document.text == "\n".join(lines)
    assert document.media_type == "text/plain"


def test_markdown_is_read_as_text():
    assert read_document("## 一、总体情况".encode(), "a.md").media_type == "text/markdown"


def test_damage_is_said_aloud():
    document = read_document(("政府信息公开工作" * 50).encode()[:-1], "a.txt")
    assert [n.code for n in document.notices] == ["encoding.damaged"]


@pytest.mark.parametrize(
    ("data", "error", "code"),
    [
        (b"7" * 50_000_000, LimitExceeded, "text.too_large"),
        ("信".encode() * (MAX_CHARACTERS + 1), LimitExceeded, "text.too_large"),
        (b"1 2 3\n" * 1000, UnreadableInput, "text.no_chinese"),
        (b"|" * 1_000_000, UnreadableInput, "text.no_chinese"),
        ("　\u00a0\n".encode(), UnreadableInput, "text.empty"),
    ],
)
def test_refusals_are_quick(data, error, code):
    begun = time.perf_counter()
    with pytest.raises(error) as caught:
        read_document(data, "a.txt")
    assert caught.value.code == code
    assert isinstance(caught.value, NianbaoError)
    assert time.perf_counter() - begun < 2


def test_the_cap_counts_characters():
    assert len(read_text("信".encode() * MAX_CHARACTERS, "a.txt").text) == MAX_CHARACTERS
