"""The year reported on and the day of publication, and whether the two halves of a page agree on the year."""

from __future__ import annotations

import datetime
import re
from collections import Counter

from extraction.recognise.page import Page
from extraction.records import Finding

_PERIOD = re.compile(r"((?:19|20)\d\d)年0?1月0?1日(?:起|始|至|到|-|—)")
_OPENING = re.compile(r"[^,。;]{0,4}?((?:19|20)\d\d)年度?(?!\d{1,2}月)")
_MENTION = re.compile(r"20\d\d(?=年)")
_DAY = r"((?:19|20)\d\d)\s{0,3}[-/.年]\s{0,3}(\d{1,2})\s{0,3}[-/.月]\s{0,3}(\d{1,2})"
_LABELLED = re.compile(
    r"(发布|公布|公开|发文|印发|制发|成文|生成|发稿|录入|更新)(?:时间|日期)[\])]?[\s:|*]{0,20}" + _DAY
)
_RANKS = {"发布": 0, "公布": 0, "公开": 0, "发文": 1, "印发": 1, "制发": 1, "成文": 2, "生成": 2}
_SIGNED = re.compile(r"[^\d,。;]{0,30}?((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日")
_SIGNED_CHINESE = re.compile(
    r"(二[〇○零O0][〇○零O0一二三四五六七八九]{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_METADATA = frozenset({"pubdate", "publishdate", "publishtime", "publish_date", "publisheddate"})
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "O": 0, "0": 0}


def reported_year(page: Page, titled: int | None) -> tuple[int | None, tuple[Finding, ...]]:
    """The year of the title, else of the statistics' period, else of the overview; findings on doubt."""
    text = page.outline.text
    period = _PERIOD.search(text)
    stated = int(period.group(1)) if period else None
    opening = _OPENING.match(page.overview) if page.overview else None
    opened = int(opening.group(1)) if opening else None
    if titled is None:
        if stated or opened:
            return stated or opened, ()
        common = Counter(_MENTION.findall(text)).most_common(1)
        return (int(common[0][0]) if common and common[0][1] >= 3 else None), ()
    return titled, _stale(text, titled, stated, opened)


def _stale(text: str, titled: int, stated: int | None, opened: int | None) -> tuple[Finding, ...]:
    if stated is not None and stated != titled:
        return (_finding(titled, stated, f"the statistics are said to run from {stated}年1月1日"),)
    if opened is not None and opened != titled:
        return (_finding(titled, opened, f"the overview begins with {opened}年"),)
    counts = Counter(_MENTION.findall(text))
    for year, times in counts.most_common(1):
        # Plans for the next year are no sign of a stale text; five mentions against next to none are.
        if int(year) not in (titled, titled + 1) and times >= 5 and times > 3 * counts[str(titled)]:
            return (_finding(titled, int(year), f"the text speaks of {year}年 {times} times"),)
    return ()


def _finding(titled: int, actual: int, because: str) -> Finding:
    message = f"The title is of {titled}, but {because}: one of the two is left from another year's report."
    return Finding("year.stale", "warning", message, expected=titled, actual=actual)


def publication_day(page: Page) -> str | None:
    """The day of publication in ISO form: as labelled, as in the page's metadata, else the signature's."""
    labelled = [
        (_RANKS.get(m.group(1), 3), day)
        for m in _LABELLED.finditer(page.margins)
        if (day := _iso(m.group(2), m.group(3), m.group(4)))
    ]
    if labelled:
        return min(labelled, key=lambda pair: pair[0])[1]
    for key, value in page.metadata.items():
        if key.lower() in _METADATA and (match := re.search(_DAY, value)) and (day := _iso(*match.groups())):
            return day
    for line in reversed(page.closing):
        if match := _SIGNED.fullmatch(line):
            return _iso(*match.groups())
        if match := _SIGNED_CHINESE.fullmatch(line):
            year = "".join(str(_DIGITS.get(c, 2)) for c in match.group(1))
            return _iso(year, _number(match.group(2)), _number(match.group(3)))
    return None


def _number(numeral: str) -> str:
    """A Chinese numeral up to 九十九 in digits."""
    tens, ten, ones = numeral.rpartition("十")
    return str((_DIGITS.get(tens, 1) * 10 if ten else 0) + (_DIGITS.get(ones, 0) if ones else 0))


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:  # 2021-13-40: a misprint says nothing
        return None
