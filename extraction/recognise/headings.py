"""Lines that may be one of the six headings, each with a score for how much it looks like one.

The variants are those of real reports (``spec/reports.md``): words left out or put in, ordinals of any style
or lost, a heading broken over lines or run into its paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extraction.recognise.outline import Outline
from extraction.records import SectionKey

KEYS: tuple[SectionKey, ...] = ("overview", "disclosure", "applications", "review", "problems", "other")

_ORDINAL = (
    r"(?:第?(?P<chinese>[一二三四五六七八九十]{1,2})(?:部分|章)?[、.,:]?"
    r"|\((?P<paren>[一二三四五六七八九十]{1,2}|\d)\)[、.]?"
    r"|(?P<arabic>\d{1,2})[、.,)])?"
)
_LEAD = (
    r"(?:(?:19|20)\d\d年?度?)?(?:本年度?)?(?:本?(?:行政)?机关|我[县市区局乡镇])?(?:因)?"
    r"(?:(?:政府信息|信息|政务)(?:与政务)?公开)?(?:年度)?(?:工作)?的?"
)
_SOURCES: dict[SectionKey, str] = {
    "overview": (
        r"(?:总体(?:工作)?(?:情况|概况|状况)|总体工作|总体情|概述|概况"
        r"|(?P<weak>基本情况|工作(?:开展)?情况|主要工作情况))"
    ),
    "disclosure": r"主动公开(?:的?政府)?(?:信息)?(?:工作)?的?(?:情况?|内容|统计)(?:统计)?表?",
    "applications": (
        r"(?:(?:收到|接收|受理)(?:的?和|及|与|、)?(?:处理|办理|答复)|处理)"
        r"(?:的?政府)?(?:信息)?(?:公开)?的?申请(?:办理|处理)?的?(?:情况?)?(?:统计)?表?"
        r"|(?P<weak>依申请公开(?:政府)?(?:信息)?(?:工作)?(?:的?(?:办理|处理))?的?情况)"
    ),
    "review": (
        r"(?:引起|引发|发生|产生)?的?(?:被|被申请|申请|提起)?(?:的|有关)?行政复议"
        r"(?:情况)?[、,和与及或以]*(?:被)?(?:提起|申请)?的?(?:行政)?(?:诉讼|应诉)的?(?:情况?)?(?:统计)?表?"
    ),
    "problems": (
        r"(?:中|方面)?(?:存在|面临)的?(?:主要)?(?:的)?(?:困难|问题|不足)(?:和困难|和不足|与不足)?"
        r"(?:[^。;,:]{0,16}?(?:情况|措施|打算|办法|建议|方向|计划|思路|问题|不足|举措))?"
        r"|(?:的?主要)?问题(?:和|及|与|、)改进[^。;,:]{0,6}|(?P<weak>(?:的?主要|工作)问题|不足之处)"
    ),
    "other": (
        r"(?:其他|其它|其余)(?:需要|需|应当|应|须|要)?(?:予以)?"
        r"(?:(?:报告|说明)(?:的)?(?:有关|重要)?(?:事项|情况|内容)?|事项)"
    ),
}
_PATTERNS = {key: re.compile(f"{_ORDINAL}{_LEAD}(?:{source})") for key, source in _SOURCES.items()}
# Words that a heading of the key must hold, and so where to look; the first found in a line is enough.
_PROBES: dict[SectionKey, tuple[str, ...]] = {
    "overview": ("总体", "概", "工作情况", "基本情况", "开展情况"),
    "disclosure": ("主动公开",),
    "applications": ("收到", "接收", "受理", "处理政府", "处理信息", "处理的", "依申请公开"),
    "review": ("行政复议",),
    "problems": ("存在", "问题", "面临", "不足之处"),
    "other": (
        "报告的事项",
        "报告事项",
        "说明的事项",
        "说明事项",
        "其他事项",
        "其它事项",
        "其他需要",
        "其它需要",
    ),
}
_NUMERALS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}
_TAIL = re.compile(r"(?:\([^()]{0,40}\)|[:。、.,;]|:?如下)*")
_CONTENTS = re.compile(r"[.…·-]*\(?\d{1,3}\)?")
_REACH = 45  # characters from a heading's line start to its probe
_STRONG = 8.0  # a full heading with its ordinal on a line of its own
_PER_KEY = 6
_MOST_HITS = 400


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch that may be a heading: compact extent, key, ordinal (None where lost), score.

    ``nested``: its ordinal stands in brackets, as a sub-heading's does.
    """

    start: int
    end: int
    key: int
    ordinal: int | None
    score: float
    nested: bool = False


def candidates(outline: Outline) -> list[Candidate]:
    """The likeliest headings of each key, in reading order; at most a few of each."""
    found: list[Candidate] = []
    for key, name in enumerate(KEYS):
        mine = [c for c in (_judge(outline, line, key) for line in _lines(outline, name)) if c is not None]
        mine.sort(key=lambda c: (-c.score, c.start))
        found += mine[:_PER_KEY]
    if sum(1 for c in found if c.ordinal is not None and c.score >= _STRONG) > 1:
        # 一、 and 二、 are the headings, so （二）主动公开情况 is a part of section one.
        # But （一）主要问题 is all that is left of section five in some reports.
        found = [c for c in found if not c.nested or KEYS[c.key] == "problems"]
    found.sort(key=lambda c: (c.start, c.key))
    return found


def _lines(outline: Outline, name: SectionKey) -> list[int]:
    """The lines at which a heading of this key may begin: near above one of its probes."""
    text, lines = outline.text, set[int]()
    for probe in _PROBES[name]:
        at, hits = text.find(probe), 0
        while at >= 0 and hits < _MOST_HITS:
            line = outline.line_at(at)
            start = outline.lines[line]
            if at - start < _REACH:
                lines.add(line)
                if line and at - outline.lines[line - 1] < _REACH:  # the heading may have begun a line above
                    lines.add(line - 1)
            # A line has its probe at most once where it counts: go on in the next line.
            at, hits = text.find(probe, max(at + 1, outline.line_end(line))), hits + 1
    return sorted(lines)


def _judge(outline: Outline, line: int, key: int) -> Candidate | None:
    """The heading of ``key`` that begins at ``line``, on this line or run on over the next two."""
    pattern, start, own_end = _PATTERNS[KEYS[key]], outline.lines[line], outline.line_end(line)
    wraps = own_end - start < _REACH
    match = pattern.match(
        outline.text, start, min(outline.line_end(line + 2), start + 90) if wraps else own_end
    )
    if match is None:
        return None
    if match.end() > own_end:
        last = outline.line_at(match.end() - 1)
        end = _tail(outline, match.end(), last)
        # Only whole lines: else the next paragraph's first words were taken in.
        if end == outline.line_end(last):
            return _scored(match, key, end, rest=0, broken=last - line)
        match = pattern.match(outline.text, start, own_end)
        if match is None:
            return None
    end = _tail(outline, match.end(), line)
    page = _CONTENTS.fullmatch(outline.text, end, own_end)
    if end < own_end and page:
        listed = _scored(match, key, own_end, rest=0, broken=0)
        return listed and replace(listed, score=listed.score - 3.0)
    return _scored(match, key, end, rest=own_end - end, broken=0)


def _tail(outline: Outline, end: int, line: int) -> int:
    """Where the heading ends on ``line`` with its closing marks and a remark in brackets."""
    tail = _TAIL.match(outline.text, end, outline.line_end(line))
    return tail.end() if tail else end


def _scored(match: re.Match[str], key: int, end: int, *, rest: int, broken: int) -> Candidate | None:
    """The candidate of a match that leaves ``rest`` characters of its line, after ``broken`` line breaks."""
    score, ordinal = _ordinal(match, key)
    weak = match.groupdict().get("weak") is not None
    score += (1.5 if weak else 4.0) - broken
    if rest <= 8 and (rest == 0 or ordinal is not None):
        score += 3.0
        end += rest
    elif ordinal is None or weak:
        return None  # an ordinary sentence, or a sub-heading run into its paragraph
    nested = match.group("paren") is not None
    return Candidate(match.start(), end, key, ordinal, score, nested) if score > 1 else None


def _ordinal(match: re.Match[str], key: int) -> tuple[float, int | None]:
    """The score of the ordinal's style and value, and the value."""
    chinese, paren, arabic = match.group("chinese", "paren", "arabic")
    if paren:
        return -3.0, None
    if arabic:
        return (1.0 if int(arabic) == key + 1 else 0.0), int(arabic)
    if not chinese:
        return 0.0, None
    value = _NUMERALS.get(chinese[-1], 0) + (10 if len(chinese) == 2 else 0)
    return (3.0 if value == key + 1 else 1.5), value
