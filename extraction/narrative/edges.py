"""Edges of a figure by the span rule: a number is never cut in two, its measure word belongs to it.

The model tags characters and may stop in the middle of 3,874通 or 行政诉讼; what the annotation guidelines
say about edges needs no learning.
"""

from __future__ import annotations

import re

from extraction.narrative.numerals import NUMERALS

_MEASURES = (
    "个百分点|人次|批次|条次|场次|家次|件次|户次|轮次|块次|"
    "条|件|次|份|期|人|篇|处|名|张|场|项|元|封|宗|起|册|轮|家|则|部|批|通|个|%"
)
_MEASURE = re.compile(rf"[ \t\n]*(?:余|多)?(?:{_MEASURES})")
# Words of approximation belong to the figure (guidelines, span rule), but not 预约, 附近, 找不到; 不足 is as
# often a noun (指出不足6条) and left to the model.
_ABOUT = re.compile(
    r"(?<![预签契履合特])(?:大约|大概|约)|将近|接近|(?<![最附邻就])近|超过|突破|越过|不少于|至少|超|逾|(?<![找查收看])不到|几乎"
)
_LONGEST_ABOUT = 3
_OR_SO = re.compile(r"[ \t]*(?:左右|以上|上下|以内)")
_NUMERALS = f"0-9{NUMERALS}"
_NUMERAL = re.compile(f"[{_NUMERALS}]")
# A number with its measure word, and what the model took besides: 1件行政.
_COUNTED = re.compile(
    rf"[^{_NUMERALS}]{{0,3}}[{_NUMERALS}][{_NUMERALS},. \t\n]*(?:余|多)?[ \t\n]*(?:{_MEASURES})"
    r"(?:次|百分点|版|批次)?(?:\([^()]{1,2}\))?(?:左右|以上|上下|以内)?"
)
_REST_OF_NUMBER = re.compile(r"(?:[0-9]|[,.](?=[0-9]))*")
# Nouns of zeros stated in words (guidelines: the shortest noun that names the thing), cut only by mistake.
_NOUNS = (
    "行政复议",
    "行政诉讼",
    "责任追究",
    "整改通知",
    "新闻发布会",
    "信息处理费",
    "复制费",
    "微信",
    "微博",
    "申请",
    "费用",
    "公报",
    "问责",
    "复议",
    "诉讼",
)


def whole_figure(plain: str, start: int, end: int) -> tuple[int, int]:
    """The figure that ``plain[start:end]`` is a part of; ``plain`` is normalised text.

    Blanks around are left out, and words behind a measure word (1件行政): what remains is not empty unless
    all of it was blank.
    """
    while start < end - 1 and plain[start].isspace():
        start += 1
    while end > start + 1 and plain[end - 1].isspace():
        end -= 1
    while start > 0 and plain[start].isdigit() and plain[start - 1].isdigit():
        start -= 1
    if not _NUMERAL.match(plain[end - 1]):
        return _with_words(plain, start, end)
    if plain[end - 1].isdigit() and (rest := _REST_OF_NUMBER.match(plain, end)):
        end = rest.end()
    measure = _MEASURE.match(plain, end)
    return _about(plain, start), _or_so(plain, measure.end() if measure else end)


def _with_words(plain: str, start: int, end: int) -> tuple[int, int]:
    """The figure whose tagged part ends in a word: a number with its measure word, or a zero in words."""
    if counted := _COUNTED.match(plain, start, end):
        goes_on = _NUMERAL.search(plain, counted.end(), end)  # 38元5角
        return _about(plain, start), _or_so(plain, end if goes_on else counted.end())
    noun = next((n for n in _NOUNS if len(n) > end - start and plain.startswith(n, start)), None)
    return (start, start + len(noun)) if noun and noun.startswith(plain[start:end]) else (start, end)


def _about(plain: str, start: int) -> int:
    """Where the word of approximation begins that stands before, or around, the first tagged character."""
    for at in range(max(0, start - _LONGEST_ABOUT), start):
        found = _ABOUT.match(plain, at)
        if found and found.end() >= start and _NUMERAL.match(plain, found.end()):
            return at
    return start


def _or_so(plain: str, end: int) -> int:
    found = _OR_SO.match(plain, end)
    return found.end() if found else end
