"""What no figure can be, whatever the model says of it: needs no learning, so none is spent on it."""

from __future__ import annotations

import re

from extraction.narrative.numerals import NUMERALS, VAGUE
from extraction.narrative.sentences import Sentences, says_nothing

_NUMBER = re.compile(f"[0-9{NUMERALS}{VAGUE}倍翻]")
_ROUNDING = "四舍五入"
_REACH = 3  # characters beside a span that may show it to be a part of 四舍五入


class Possible:
    """Tells what can be a figure of one text."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences

    def __call__(self, start: int, end: int) -> bool:
        """Whether ``text[start:end]`` can be a figure.

        A zero in words needs a word of nothing in its sentence (a heading that names 行政复议 states no zero);
        四舍五入 (rounding) holds no number.
        """
        plain = self._sentences.plain
        if _NUMBER.search(plain, start, end):
            return _ROUNDING not in plain[max(0, start - _REACH) : end + _REACH]
        first, last = self._sentences.around(start, end)
        return says_nothing(plain[first:last])
