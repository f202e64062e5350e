"""Spans to values, by the guidelines; against cn2an and against a renderer of quantities."""

from __future__ import annotations

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.narrative.quantities import Quantity, parse_quantity


@pytest.mark.parametrize(
    ("span", "value", "unit", "approx"),
    [
        ("1.2万条", 12000, "条", "exact"), ("12000 余条", 12000, "条", "at_least"), ("130多个", 130, "个", "at_least"),
        ("近百条", 100, "条", "at_most"), ("十二件", 12, "件", "exact"), ("百余条", 100, "条", "at_least"),
        ("1，203条", 1203, "条", "exact"), ("12\n34条", 1234, "条", "exact"), ("２３ 件", 23, "件", "exact"),
        ("1万2千余条", 12000, "条", "at_least"), ("约三百张", 300, "张", "about"), ("十来个", 10, "个", "about"),
        ("300条以上", 300, "条", "at_least"), ("八万多次", 80000, "次", "at_least"), ("十几个", 10, "个", "at_least"),
        ("1.5亿次", 150000000, "次", "exact"), ("356", 356, "", "exact"), ("0元", 0, "元", "exact"),
        ("过半", 50, "半", "at_least"), ("半数以上", 50, "半", "at_least"), ("近半", 50, "半", "at_most"),
        ("一半多", 50, "半", "at_least"), ("一半", 50, "半", "exact"), ("一多半", 50, "半", "at_least"),
        ("越过31.6万次", 316000, "次", "at_least"),
        ("百分之九十二点二", 92.2, "%", "exact"), ("三点五万余条", 35000, "条", "at_least"),
        ("十二点五个百分点", 12.5, "个百分点", "exact"), ("百分之3.5.2", None, "%", "exact"),
        ("３８元５角", 38.5, "元", "exact"), ("0.5倍", None, "倍", "exact"), ("12元3角5分", 12.35, "元", "exact"),
        ("百分之三十五", 35, "%", "exact"), ("三成", 30, "成", "exact"), ("25个百分点", 25, "个百分点", "exact"),
    ],
)  # fmt: skip
def test_as_the_guidelines_say(span: str, value: float, unit: str, approx: str) -> None:
    assert parse_quantity(span) == Quantity(value, unit, approx)  # type: ignore[arg-type]


@pytest.mark.parametrize("noun", ["申请", "行政复议", "责任追究", "费用"])
def test_a_zero_in_words(noun: str) -> None:
    assert parse_quantity(noun) == Quantity(0, "", "exact", zero=True)


@pytest.mark.parametrize("span", ["数百条", "几十条", "3至5次", "若干件", "两三次"])
def test_what_cannot_be_told_has_no_value(span: str) -> None:
    assert parse_quantity(span).value is None


@pytest.mark.parametrize(
    ("before", "span", "value"),
    [
        ("同比下降", "12.3%", -12.3), ("比上年减少了", "三成", -30), ("较上年增长", "12.3%", 12.3),
        ("比上年", "翻一番", 100), ("是去年的", "两倍", 100), ("", "下降8%", -8), ("", "-3.2%", -3.2),
    ],
)  # fmt: skip
def test_a_change_is_signed(before: str, span: str, value: float) -> None:
    assert parse_quantity(span, "rate.change", before=before).value == value


def test_only_a_change_is_signed() -> None:
    assert parse_quantity("12.3%", "rate.completion", before="下降").value == 12.3


@pytest.mark.parametrize(
    ("before", "after", "approx"),
    [
        ("约占", "", "about"),
        ("超过", "", "at_least"),
        ("不足", "", "at_most"),
        ("", "左右", "about"),
        ("共", "", "exact"),
    ],
)
def test_an_approximation_may_stand_beside_the_span(before: str, after: str, approx: str) -> None:
    assert parse_quantity("三成", before=before, after=after).approx == approx


@given(st.integers(0, 99_999_999))
def test_chinese_numerals_as_cn2an_writes_them(value: int) -> None:
    assert parse_quantity(cn2an.an2cn(value) + "条").value == value


_RENDER = {
    "plain": str,
    "comma": lambda v: f"{v:,}",
    "wide": lambda v: str(v).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "wide_comma": lambda v: f"{v:,}".replace(",", "，"),
}


@given(
    st.integers(0, 9_999_999),
    st.sampled_from(sorted(_RENDER)),
    st.sampled_from(["", " ", "\n", "\u3000"]),
    st.sampled_from([("", "exact"), ("余", "at_least"), ("多", "at_least")]),
    st.sampled_from(["条", "件", "人次", "个", "篇", "份", "期"]),
)
def test_a_rendered_quantity_reads_back(
    value: int, style: str, gap: str, suffix: tuple[str, str], unit: str
) -> None:
    span = _RENDER[style](value) + gap + suffix[0] + gap + unit
    assert parse_quantity(span) == Quantity(value, unit, suffix[1])  # type: ignore[arg-type]


@given(st.integers(1, 9_999), st.sampled_from(["万", "亿"]))
def test_large_units_multiply_out(tenths: int, unit: str) -> None:
    factor = {"万": 10**4, "亿": 10**8}[unit]
    assert parse_quantity(f"{tenths / 10}{unit}条").value == tenths * factor // 10


@given(
    st.text(
        "0123456789.,点分之百千万亿一二两三十零〇半成倍番翻余多几约近不足条件个%- ", min_size=1, max_size=12
    )
)
def test_any_figure_is_read_or_cannot_be_told(text: str) -> None:
    value = parse_quantity(text).value
    assert value is None or value >= 0
