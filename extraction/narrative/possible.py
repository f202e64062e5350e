"""What no figure can be, whatever the model says of it: needs no learning, so none is spent on it."""

from __future__ import annotations

import re
from bisect import bisect_right

from extraction.narrative.sentences import says_nothing, split_sentences

_NUMBER = re.compile(r"[0-9一二两三四五六七八九十百千万亿零〇半几倍翻数壹贰叁肆伍陆柒捌玖拾]")
_ROUNDING = "四舍五入"
_REACH = 3  # characters beside a span that may show it to be a part of 四舍五入


class Possible:
    """Tells what can be a figure of one text; the text's sentences are looked for only when asked."""

    def __init__(self, text: str, plain: str) -> None:
        self._text = text
        self._plain = plain  # the same, normalised
        self._sentences: list[tuple[int, int]] | None = None

    def __call__(self, start: int, end: int) -> bool:
        """Whether ``text[start:end]`` can be a figure.

        A zero in words needs a word of nothing in its sentence (a heading that names 行政复议 states no zero);
        四舍五入 (rounding) holds no number.
        """
        if _NUMBER.search(self._plain, start, end):
            return _ROUNDING not in self._plain[max(0, start - _REACH) : end + _REACH]
        return says_nothing(self._sentence(start, end))

    def _sentence(self, start: int, end: int) -> str:
        if self._sentences is None:
            self._sentences = split_sentences(self._text)
        at = bisect_right(self._sentences, start, key=lambda sentence: sentence[0]) - 1
        first, last = self._sentences[max(0, at)]
        return self._text[first : max(last, end)]
