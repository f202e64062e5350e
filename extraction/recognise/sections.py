"""The report's sections: the best increasing sequence of headings over the six keys of the form.

A candidate's own score says how much it looks like a heading; a step from one heading to the next gains where
the stretch between holds the grid that belongs there (第二十条, 申请人情况, 结果维持) and loses where it
holds another's; ordinals shifted alike gain. A contents page, a second 一、二、三 or a preamble that
names all headings lose by that, without a rule of their own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from extraction.recognise.headings import KEYS, Candidate, candidates
from extraction.recognise.outline import Outline
from extraction.records import Finding, Section

# Words that only the grid of a key holds; the first place of each is what counts.
_GRID_WORDS: dict[int, tuple[str, ...]] = {
    1: ("第二十条第", "第二十条(", "信息内容", "行政事业性收费"),
    2: ("申请人情况", "本年新收政府信息", "上年结转政府信息", "结转下年度继续"),
    3: ("结果维持", "结果纠正", "尚未审结", "复议后起诉"),
}
_FURNITURE = re.compile(
    r"(?:\[?(?:责任编辑|责编|编辑|审核|初审|终审|作者|信息来源|来源|稿源)[:：]|扫一扫|\[?\(?关闭|\[?\(?打印|分享(?:到|至)|上一篇|下一篇"
    r"|相关(?:附件|链接|文档|文章|新闻|解读|阅读)|解读链接|附件下载|附件:?$|您访问的链接|您正在访问|版权所有|主办(?:单位)?:|承办(?:单位)?:"
    r"|网站(?:地图|标识码)|政府网站标识码|(?:浏览|访问|点击|阅读)(?:次数|量|数)|返回顶部|收藏本页|字号:?|我要纠错|网站声明|联系我们"
    r"|友情链接|(?:[\u4e00-\u9fff]ICP备)|[\u4e00-\u9fff]?公网安备|技术支持)"
)
_PROSE = re.compile(r"[,。;]")
_MIN_PROSE, _LONG_PROSE = 30, 300
_GRID, _EMPTY, _SHIFT = 4.0, 1.5, 1.0
_STRONG = 8.0  # a full heading with its ordinal on a line of its own
_ENOUGH = 6.0  # one heading alone with no grid near it: 概述 may stand on any page


@dataclass(frozen=True, slots=True)
class Structure:
    """The sections, what to say about them, and how surely they are a report's."""

    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    score: float
    grid_words: int


def find_structure(outline: Outline, text: str) -> Structure:
    """Find the sections of the report with this outline; ``text`` is the source, for titles as printed."""
    grids = _Grids(outline)
    found = candidates(outline)
    score, chosen = _best(found, grids)
    if not chosen or (len(chosen) == 1 and not grids.count and score < _ENOUGH):
        return Structure((), (), 0.0, grids.count)
    end = _body_end(outline, chosen[-1].end)
    sections = _opening(outline, chosen, text)
    for one, following in zip(chosen, [*chosen[1:], None], strict=True):
        start = outline.place(one.start)
        stop = outline.place(following.start) if following else end
        sections.append(Section(KEYS[one.key], _title(outline, one, text), start, stop))
    return Structure(tuple(sections), _findings(chosen, found, outline, text), score, grids.count)


class _Grids:
    """The grids' own words in the outline, asked for by extent: whose words stand between two places."""

    __slots__ = ("_bits", "_masks", "count", "offsets")

    def __init__(self, outline: Outline) -> None:
        places = []
        for key, words in _GRID_WORDS.items():
            for word in words:
                at = outline.text.find(word)
                if at >= 0:
                    places.append((at, 1 << key))
        places.sort()
        self.offsets = [at for at, _ in places]
        self.count = len(places)
        self._bits = [bit for _, bit in places]
        self._masks: dict[tuple[int, int], int] = {}

    def worth(self, key: int, low: int, high: int) -> float:
        """What the grid words number ``low`` to ``high`` say of a section of this key, or of none (-1)."""
        if low == high:
            return 0.0
        mask = self._masks.get((low, high))
        if mask is None:
            mask = 0
            for bit in self._bits[low:high]:
                mask |= bit
            self._masks[low, high] = mask
        own = mask >> key & 1 if key >= 0 else 0
        return _GRID * (2 * own - mask.bit_count())


def _best(found: list[Candidate], grids: _Grids) -> tuple[float, list[Candidate]]:
    """The increasing sequence of candidates, keys ascending, with the highest score; later ones win a tie."""
    low = [bisect_left(grids.offsets, c.start) for c in found]
    high = [bisect_left(grids.offsets, c.end) for c in found]
    best: list[float] = []
    back: list[int] = []
    final, last = 0.0, -1
    for i, one in enumerate(found):
        score, came = grids.worth(-1, 0, low[i]), -1
        for j in range(i):
            other = found[j]
            if other.key < one.key and other.end <= one.start:
                through = best[j] + grids.worth(other.key, high[j], low[i]) + _step(other, one)
                if through >= score:
                    score, came = through, j
        best.append(score + one.score)
        back.append(came)
        closing = best[i] + grids.worth(one.key, high[i], grids.count)
        if closing >= final:
            final, last = closing, i
    chosen = []
    while last >= 0:
        chosen.append(found[last])
        last = back[last]
    return final, chosen[::-1]


def _step(one: Candidate, following: Candidate) -> float:
    """What two headings say of each other by their distance and their ordinals."""
    score = 0.0
    if following.start - one.end < 2:
        score -= _EMPTY  # heading under heading: a contents page, most often
    if one.ordinal is not None and following.ordinal is not None:
        apart = following.ordinal - one.ordinal
        if apart == following.key - one.key:
            score += _SHIFT
        elif apart <= 0:
            score -= _SHIFT
    return score


def _title(outline: Outline, heading: Candidate, text: str) -> str:
    printed = text[outline.place(heading.start) : outline.place(heading.end - 1) + 1]
    return printed.replace("\n", "").replace("*", "").strip()


def _opening(outline: Outline, chosen: list[Candidate], text: str) -> list[Section]:
    """The prose before the first heading: the preamble, or an overview whose heading is lost."""
    first = chosen[0]
    stop = outline.line_at(first.start)
    prose = [n for n in range(stop) if _is_prose(outline, n)]
    if not prose:
        return []
    size = sum(outline.line_end(n) - outline.lines[n] for n in prose)
    key = "overview" if first.key > 0 and size >= _LONG_PROSE else "preamble"
    start = outline.place(outline.lines[prose[0]])
    return [Section("overview" if key == "overview" else "preamble", "", start, outline.place(first.start))]


def _is_prose(outline: Outline, line: int) -> bool:
    start, end = outline.lines[line], outline.line_end(line)
    return end - start >= _MIN_PROSE and _PROSE.search(outline.text, start, end) is not None


def _body_end(outline: Outline, start: int) -> int:
    """The offset in the text at which the report ends and the page's furniture begins."""
    line = outline.line_at(start - 1) + 1
    while line < len(outline.lines):
        begin, end = outline.lines[line], outline.line_end(line)
        match = _FURNITURE.match(outline.text, begin, end)
        # A long line that begins so is a sentence of the report: 联系我们 … ; furniture is brief.
        if match and (end - begin <= 60 or not _is_prose(outline, line)):
            return outline.place(begin - 1) + 1
        line += 1
    return outline.place(len(outline.text))


def _findings(
    chosen: list[Candidate], found: list[Candidate], outline: Outline, text: str
) -> tuple[Finding, ...]:
    """Strong headings of the form that stand in the body and were not chosen: doubled or out of order."""
    findings = []
    taken = {c.key: c for c in chosen}
    shift = next((c.ordinal - c.key for c in chosen if c.ordinal is not None), 1)
    for one in found:
        own = taken.get(one.key)
        if one is own or one.score < _STRONG or one.start < chosen[0].end or one.ordinal is None:
            continue
        # A sub-heading counts anew (五、… 一、存在问题): only the ordinal due makes a heading of the form.
        if one.ordinal - one.key != shift:
            continue
        title = _title(outline, one, text)
        if own is not None:
            check = "titles.doubled"
            says = "stands more than once; the section was taken where the form's order and the grids fit"
        else:
            check, says = "titles.order", "stands out of the form's order and opens no section"
        findings.append(Finding(check, "warning", f"The heading 「{title}」 {says}."))
    return tuple(findings)
