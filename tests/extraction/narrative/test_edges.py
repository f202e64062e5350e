"""Part of a figure becomes the whole of it; a whole figure stays as it is."""

import pytest

from extraction.narrative.edges import whole_figure


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("接听3,874通。", "3", "3,874通"),
        ("公布98条信息", "98", "98条"),
        ("公布12000 余条信息", "12000", "12000 余条"),
        ("共136人参加", "36人", "136人"),
        ("占35.74%。", "35", "35.74%"),
        ("未发生行政诉讼。", "行政诉", "行政诉讼"),
        ("未收到申请。", "申", "申请"),
        ("公开12条、15条", "12条", "12条"),
        ("共3,公开5条", "3", "3"),
        ("没有收费。", "收费", "收费"),
        ("近百条信息", "近百条", "近百条"),
    ],
)
def test_figures_are_whole(text, part, whole):
    start = text.index(part)
    a, b = whole_figure(text, start, start + len(part))
    assert text[a:b] == whole
