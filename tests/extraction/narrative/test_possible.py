"""What can be no figure: zeros in words that nothing denies, and rounding."""

import pytest

from extraction.narrative.possible import Possible
from extraction.narrative.sentences import Sentences


@pytest.mark.parametrize(
    ("text", "part", "can"),
    [
        ("行政复议和行政诉讼。本年没有被诉。", "行政诉讼", False),
        ("本年未发生行政复议、行政诉讼。", "行政诉讼", True),
        ("对申请人一律不向其收取费用。", "费用", True),
        ("占比四舍五入到两位。", "五", False),
        ("受理申请五件。", "五件", True),
        ("受理申请 12 件。", "12 件", True),
        ("三是规范申请受理。", "申请", False),
    ],
)
def test_only_what_the_words_allow_is_a_figure(text, part, can):
    start = text.index(part)
    assert Possible(Sentences(text))(start, start + len(part)) is can
