"""Sentences, and the stretches of text that the tagger reads: the same cutting for training and inference.

A sentence ends after 。！？!? (with the closing quotes behind it), after a full stop between Chinese
characters, or at a line break, unless the break falls inside a figure (12⏎件). Neighbouring sentences that
may hold a figure are read together, up to 192 characters; a longer one is cut after a clause. Every stretch
carries up to 24 characters of what stands before it, which the model reads but does not tag.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extraction.narrative.numerals import NUMERALS, VAGUE
from extraction.normalise import normalise

CONTEXT = 24  # characters read before a stretch
LONGEST = 192  # characters tagged in one stretch
OVERLAP = 24  # characters read behind a stretch that ends inside its sentence

_NUMERAL = NUMERALS + VAGUE
_MEASURES = (
    "百分点|人次|批次|条次|场次|家次|件次|户次|轮次|个|条|件|次|份|期|人|篇|处|名|张|场|项|元|封|宗|起|成|册|轮|家|则|部|批|本|块|回|版|单|幅|"
    "倍|番|例|集|段|通|遍|榜|位|户|所|趟|组|堂|种|辑|套|屏|支|道|号|讲|间|类|课|面|桩|笔|万|亿|余|多|来|分之|字|天|日|小时|分钟"
)
_END = re.compile(r"[。!?]+[\"'”’」』)\]]*|\n|(?<=[\u4e00-\u9fff])\.(?=\s*[\u4e00-\u9fff])")
# A line break between a digit and what belongs to it is no end: 12⏎件, 1⏎256条, 35.⏎74%.
_BROKEN_BEFORE = re.compile(rf"(?:[0-9][0-9,.]*|[0-9.]+ *[万亿]|[{_NUMERAL}])[ \t]*$")
_NUMBER_ENDS = frozenset(f"0123456789,. \t{_NUMERAL}")
_BROKEN_AFTER = re.compile(rf"[ \t]*(?:[0-9,.]*[0-9%]|%|[{_NUMERAL}]*(?:{_MEASURES}))")
_CLAUSE = re.compile(r"[;,:、]")
_INSIDE = re.compile(rf"[0-9,.%{_NUMERAL}余多来 \t]")

# What the filter keeps: a digit that is no date's, article's or document's; a Chinese numeral with a measure
# word; a word of nothing. Its recall on the bank is measured in tests/training/test_filter.py.
_OTHER_NUMBERS = re.compile(
    r"^\(?[0-9]+[).、](?![0-9])|[12][0-9]{3} ?年(?: ?[0-9]{1,2} ?月(?: ?[0-9]{1,2} ?日)?)?"
    r"|[0-9]{1,2} ?月 ?[0-9]{1,2} ?日"
    rf"|\[[0-9]{{4}}\] ?[0-9]+ ?号|第 ?(?:[0-9]+|[{_NUMERAL}]+) ?[号条章款项期届次部方个]"
)
_DIGIT = re.compile(r"[0-9]")
_COUNTED = re.compile(
    rf"[{_NUMERAL}][余多来几]?[ \t\n]*(?:{_MEASURES})|[上近]百|百分之|翻.?番|[过一]半|半数|翻倍|收取"
)
_WORD = re.compile(r"[\u4e00-\u9fff]")
_NOTHING = re.compile(
    r"[无未没零免〇空]|不[^,;。]{0,8}收|暂停收|不存在|不曾|不再|并非|不涉及|不需|不[产发]生"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """``text[start:end]`` is tagged; the model reads ``text[begin:stop]``, which holds it."""

    begin: int
    start: int
    end: int
    stop: int


class Sentences:
    """The sentences of one text, found once for all who ask.

    ``spans`` are (start, end), in order, white space at their ends left out; every character that is no white
    space stands in exactly one of them. ``plain`` is the text normalised.
    """

    __slots__ = ("plain", "spans", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = normalise(text)
        self.spans = _split(self.plain)

    def around(self, start: int, end: int) -> tuple[int, int]:
        """From the beginning of the sentence that holds ``start``, or follows it, to its end or to ``end``."""
        at = bisect_left(self.spans, start + 1, key=lambda span: span[0]) - 1
        first, last = self.spans[max(0, at)]
        return first, max(last, end)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of ``text``, as ``Sentences.spans``."""
    return Sentences(text).spans


def _split(plain: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for mark in _END.finditer(plain):
        if mark[0] == "\n" and _is_inside_figure(plain, mark.start()):
            continue
        _append_trimmed(spans, plain, start, mark.end())
        start = mark.end()
    _append_trimmed(spans, plain, start, len(plain))
    return spans


def _is_inside_figure(plain: str, at: int) -> bool:
    if at and plain[at - 1] not in _NUMBER_ENDS:
        return False  # nearly always: spares two searches
    before = plain[max(0, at - 24) : at]
    return bool(_BROKEN_BEFORE.search(before) and _BROKEN_AFTER.match(plain, at + 1))


def _append_trimmed(spans: list[tuple[int, int]], plain: str, start: int, end: int) -> None:
    piece = plain[start:end]
    if kept := piece.strip():
        first = start + len(piece) - len(piece.lstrip())
        spans.append((first, first + len(kept)))


def cut(
    text: str | Sentences, longest: int = LONGEST, keep: Callable[[Stretch], bool] | None = None
) -> list[Stretch]:
    """The stretches of ``text`` that hold every sentence that may hold a figure, in order.

    No character is tagged twice, none longer than ``longest`` is tagged in one stretch. ``keep`` is asked of
    each such sentence alone; one that it refuses (a line of a grid) is neither tagged nor read as context.
    """
    sentences = text if isinstance(text, Sentences) else Sentences(text)
    plain = sentences.plain
    whole: list[tuple[int, int, int]] = []  # where the context may begin, start, end
    wall = 0
    for start, end in sentences.spans:
        if not plain_may_hold(plain[start:end]):
            continue
        if keep is not None and not keep(Stretch(start, start, end, end)):
            wall = end
            continue
        before = whole[-1] if whole else (0, 0, -1)
        if wall <= before[2] and end - before[1] <= longest and start - before[2] <= CONTEXT:
            whole[-1] = (before[0], before[1], end)
        else:
            whole.append((max(wall, start - CONTEXT), start, end))
    return [stretch for piece in whole for stretch in _cut_long(plain, *piece, longest)]


def _cut_long(plain: str, begin: int, start: int, end: int, longest: int) -> Iterator[Stretch]:
    while end - start > longest:
        stop = _cutting_place(plain, start, longest)
        yield Stretch(begin, start, stop, min(end, stop + OVERLAP))
        start, begin = stop, max(begin, stop - CONTEXT)
    begin += len(plain[begin:start]) - len(plain[begin:start].lstrip())
    yield Stretch(begin, start, end, end)


def _cutting_place(plain: str, start: int, longest: int) -> int:
    """Behind the last clause that fits; failing that, the last place outside a number."""
    clauses = [
        m.end()
        for m in _CLAUSE.finditer(plain, start + longest // 3, start + longest)
        if not (m[0] == "," and plain[m.end() : m.end() + 1].isdigit())
    ]
    if clauses:
        return clauses[-1]
    for place in range(start + longest, start + longest // 2, -1):
        if not _INSIDE.match(plain, place - 1) and not _INSIDE.match(plain, place):
            return place
    return start + longest


def says_nothing(plain: str) -> bool:
    """Whether a normalised sentence holds a word of nothing (未, 无, 没有, 零 …), as every zero in words does."""
    return bool(_NOTHING.search(plain))


def may_hold_figure(sentence: str) -> bool:
    """Whether a sentence could hold a figure at all: cheap, and wrong only in the harmless direction."""
    return plain_may_hold(normalise(sentence))


def plain_may_hold(plain: str) -> bool:
    """``may_hold_figure`` for a sentence that is normalised already."""
    if not _WORD.search(plain):
        return False  # a lone number is a cell's
    if _NOTHING.search(plain):
        return True
    rest = _OTHER_NUMBERS.sub("", plain)
    return bool(_DIGIT.search(rest) or _COUNTED.search(rest))
