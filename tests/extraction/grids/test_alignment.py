"""Labels: exact, broken, damaged, repeated."""

from __future__ import annotations

import pytest

from extraction.forms import load_forms
from extraction.grids.alignment import align
from extraction.grids.pieces import pieces_of
from extraction.normalise import normalise


def _page(labels: list[str]) -> str:
    return normalise("\n".join(f"{label}\n0\n0\n0\n0\n0\n0\n0" for label in labels))


def _titles() -> list[str]:
    return [row.title for row in load_forms().grids["applications", "2019"].rows]


def _rows(text: str) -> list[str]:
    return [mark.row.row for mark in align(pieces_of(text, (), 0, len(text)), "applications")]


KEYS = [row.key for row in load_forms().grids["applications", "2019"].rows]


def test_the_form_itself() -> None:
    assert _rows(_page(_titles())) == KEYS


@pytest.mark.parametrize(
    ("row", "printed"),
    [
        ("refused.state_secret", "①属于国家秘密"), ("refused.state_secret", "（1）属于国家秘密"),
        ("refused.state_secret", "1、属于国家 秘密"), ("refused.prohibited_by_law", "2.其他法律行政止公开"),
        ("refused.public_security", "3.危及\"三安全一稳定\""),
        ("not_processed.excessive", "4.无正当理由由大量反复申请"),
        ("not_processed.reissue", "5.要求行政机关确认或重新\n出具已获取信息"), ("other", "（六）其他"),
        ("total", "（七）总 计"), ("total", "合计"), ("granted", "三、本年度办理结果\n（一）予以公开"),
        ("granted", "三 、本 年 度办 理 结 果（一）予以公开"), ("partial", "（二）部分公开"),
        ("carried_out", "四、结转下年继续办理"), ("refused.internal_affairs", "5.属于三类内部事务"),
    ],
)  # fmt: skip
def test_a_damaged_label_keeps_its_row(row: str, printed: str) -> None:
    titles = _titles()
    titles[KEYS.index(row)] = printed
    assert _rows(_page(titles)) == KEYS


def test_a_label_torn_around_its_numbers() -> None:
    titles = _titles()
    at = KEYS.index("refused.prohibited_by_law")
    text = _page(titles).replace(
        normalise(titles[at]) + "\n0\n0\n0\n0\n0\n0\n0", "2.其他法律行政法规\n0\n0\n0\n0\n0\n0\n0\n禁止公开"
    )
    assert _rows(text) == KEYS


def test_a_contents_list_before_the_grid_does_not_win() -> None:
    assert _rows(normalise("予以公开\n部分公开\n") + _page(_titles())) == KEYS
    marks = align(
        pieces_of(t := normalise("予以公开\n部分公开\n") + _page(_titles()), (), 0, len(t)), "applications"
    )
    assert all(mark.first > 1 for mark in marks)
