"""Encodings: every way a page's bytes come, and the damage they come with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.errors import UnreadableInput
from extraction.reading.encoding import decode

TEXT = "青禾县2022年政府信息公开工作年度报告\n一、总体情况\n本年度共收到政府信息公开申请3件，已全部办结。"
TRADITIONAL = "青禾縣政府資訊公開年度報告。本年度共收到申請，並無不予公開的情況，人民政府對此負責。"
PROSE = st.text(
    alphabet="的一是在不了有和人这中大为上个国政府信息公开申请行政复议2022年，。\n 件条",
    min_size=8,
    max_size=200,
)


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("gb2312", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("declared", [None, "utf-8", "gb2312", "GBK", "iso-8859-1", "no-such-code", "big5"])
def test_bytes_tell_more_than_the_declaration(codec, named, declared):
    decoded = decode(TEXT.encode(codec), declared)
    assert (decoded.text, decoded.encoding, decoded.notice) == (TEXT, named, None)


@pytest.mark.parametrize("declared", [None, "big5", "utf-8"])
def test_big5_where_nothing_else_fits(declared):
    assert decode(TRADITIONAL.encode("big5"), declared).text == TRADITIONAL


@given(
    PROSE.filter(lambda t: sum(c > "一" for c in t) > 4),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_round_trip(text, codec):
    assert decode(text.encode(codec)).text == text


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@pytest.mark.parametrize("cut", [1, 2])
def test_cut_within_a_character(codec, cut):
    data = (TEXT * 3).encode(codec)
    decoded = decode(
        (data + "报".encode(codec))[:-cut] if codec == "utf-8" else data + "报".encode(codec)[:1]
    )
    assert decoded.text.startswith(TEXT * 3)
    assert decoded.encoding == codec
    assert decoded.notice is not None
    assert decoded.notice.code == "encoding.damaged"


def test_a_spoilt_byte_in_the_middle_costs_one_character():
    data = bytearray((TEXT * 5).encode("utf-8"))
    data[300] = 0xFF
    decoded = decode(bytes(data))
    assert decoded.encoding == "utf-8"
    assert decoded.text.endswith(TEXT * 2)
    assert decoded.notice


def test_a_short_file_cut_and_a_stray_zero_byte():
    assert decode("青禾县人民政府信息公开".encode()[:-1]).text == "青禾县人民政府信息公�"
    assert decode((TEXT + "\0" + TEXT).encode()).text == TEXT + "\0" + TEXT


def test_what_is_no_text_is_refused():
    with pytest.raises(UnreadableInput) as caught:
        decode(bytes(range(128, 256)) * 40)
    assert caught.value.code == "encoding.unknown"
