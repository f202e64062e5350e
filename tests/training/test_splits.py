"""Splits: by county, the same for ever, and about the shares that they should be."""

from collections import Counter

from training.splits import part_of


def test_parts_are_stable_and_in_proportion():
    counted = Counter(part_of("某省", f"第{i}县") for i in range(4000))
    assert 0.08 < counted["test"] / 4000 < 0.12
    assert 0.035 < counted["development"] / 4000 < 0.065
    assert part_of("河南省", "嵩平县") == part_of("河南省", "嵩平县")


def test_the_province_belongs_to_the_name():
    assert len({part_of(f"省{i}", "同名县") for i in range(60)}) > 1
