"""Edges of a figure by the span rule: a number is never cut in two, its measure word belongs to it.

The model tags characters and may stop in the middle of 3,874通 or 行政诉讼; what the annotation guidelines
say about edges needs no learning.
"""

from __future__ import annotations

import re

_MEASURES = (
    "个百分点|人次|批次|条次|场次|家次|件次|户次|轮次|块次|"
    "条|件|次|份|期|人|篇|处|名|张|场|项|元|封|宗|起|册|轮|家|则|部|批|通|个|%"
)
_MEASURE = re.compile(rf"[ \t\n]*(?:余|多)?(?:{_MEASURES})")
_REST_OF_NUMBER = re.compile(r"(?:[0-9]|[,.](?=[0-9]))*")
# Nouns of zeros stated in words (guidelines: the shortest noun that names the thing), cut only by mistake.
_NOUNS = (
    "行政复议",
    "行政诉讼",
    "责任追究",
    "整改通知",
    "新闻发布会",
    "信息处理费",
    "申请",
    "费用",
    "公报",
    "问责",
    "复议",
    "诉讼",
)


def whole_figure(plain: str, start: int, end: int) -> tuple[int, int]:
    """The figure that ``plain[start:end]`` is a part of; ``plain`` is normalised text."""
    while start > 0 and plain[start].isdigit() and plain[start - 1].isdigit():
        start -= 1
    if not plain[end - 1].isdigit():
        noun = next((n for n in _NOUNS if len(n) > end - start and plain.startswith(n, start)), None)
        return (start, start + len(noun)) if noun and noun.startswith(plain[start:end]) else (start, end)
    if rest := _REST_OF_NUMBER.match(plain, end):
        end = rest.end()
    measure = _MEASURE.match(plain, end)
    return start, measure.end() if measure else end
