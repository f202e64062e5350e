"""What one cell says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.grids.numbers import read_cell, read_values, trailing_values
from extraction.normalise import normalise


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("33,764", 33764), ("３００１", 3001), ("+89", 89), ("-27", -27), ("减4", -4), ("增加3", 3),
        ("62361.42万元", 62361.42), ("251000元", 251000), ("26（含自然失效5件）", 26), ("22（其中修订 16 件）", 22),
        ("0件", 0), ("209,512.943", 209512.943),
    ],
)  # fmt: skip
def test_numbers_as_clerks_print_them(printed: str, value: float) -> None:
    values = read_values(normalise(printed))
    assert values is not None
    assert [v.value for v in values] == [value]
    assert (values[0].start, values[0].end) == (0, len(printed))


@pytest.mark.parametrize("printed", ["无", "/", "／", "-", "—", "－－", "不涉及", "N/A"])
def test_marks_that_are_no_number(printed: str) -> None:
    values = read_values(normalise(printed))
    assert values is not None
    assert [v.value for v in values] == [None]


@pytest.mark.parametrize(
    "words", ["规章", "2019年", "3个部门更新不够及时", "注：含2023年结转34件", "1.属于国家秘密", "第4页"]
)
def test_words_with_numbers_are_no_values(words: str) -> None:
    assert read_values(normalise(words)) is None


def test_a_torn_number_is_one_cell_but_two_values_of_a_line() -> None:
    cell = read_cell("12 88")
    assert cell is not None
    assert [v.value for v in cell] == [1288]
    line = read_values("12 88")
    assert line is not None
    assert [v.value for v in line] == [12, 88]


@given(st.lists(st.integers(-9999, 99999), min_size=1, max_size=15))
def test_a_row_of_values_reads_back(numbers: list[int]) -> None:
    values = read_values("   ".join(map(str, numbers)))
    assert values is not None
    assert [v.value for v in values] == numbers


@given(
    st.sampled_from(["规章", "（一）予以公开", "1.属于国家秘密"]), st.lists(st.integers(0, 999), max_size=7)
)
def test_the_values_behind_a_label_are_found(label: str, numbers: list[int]) -> None:
    piece = normalise(label + "".join(f"  {n}" for n in numbers))
    values = read_values(piece[trailing_values(piece) :])
    assert [v.value for v in values or ()] == numbers
    assert piece[: trailing_values(piece)].rstrip() == normalise(label)
