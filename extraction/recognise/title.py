"""The report's title: found among the page's first lines, whole or split over two or three of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SUBJECT = r"(?:政府信息(?:与政务|和政务)?公开|政务(?:信息)?公开|信息公开)"
_KIND = r"(?:年度(?:工作)?报告|年报|(?:工作)?(?:情况)?(?:的)?报告|工作总结)"
# 解读, 图解 and their like turn a title into that of a digest.
_DIGEST = (
    r"(?:的?(?:政策)?(?:文字|图文|文件)?解读|的?图解|的?图片版?|的?一图(?:读懂|看懂|速览)|的?新闻发布会)"
)
_TITLE = re.compile(
    rf"(?P<unit>.*?)(?P<year_in>)(?P<subject>{_SUBJECT})(?P<between>[^,。;:]{{0,16}}?)(?P<kind>{_KIND})(?:汇总|全文|文本|正文)?"
    rf"(?P<digest>{_DIGEST})?(?P<remark>(?:\([^()]{{0,30}}\))*)(?P<tail>[-_][^,。;]*|\.\w{{3,4}})?"
)
_DIGEST_START = re.compile(r"\[?\(?(?:一图(?:读懂|看懂|速览)|图解|图说|解读|数说)")
_PREFIX = re.compile(
    r"^(?:(?:标题|名称|文件名称|信息名称|题目)[: ]*|附件\d?[: ]*|[\[(].{0,8}[\])]|《|「|“|\")+"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)(?:年度?|(?=[^\d]|$))")
_NUMERALS = {
    **{c: str(i) for i, c in enumerate("〇一二三四五六七八九")},
    "○": "0",
    "零": "0",
    "O": "0",
    "0": "0",
}
_CHINESE_YEAR = re.compile(r"(二[〇○零O0][〇○零O0一二三四五六七八九]{2})年度?")
_NO_UNIT = re.compile(
    r"公开|首页|位置|网站|[>:,。;?!/@]|https?|^.$|^(?:本?[省市县区乡镇]|[省市县区]?(?:人民)?政府|[省市县区乡镇]?级?|年度?)$"
)
UNIT_SUFFIX = re.compile(
    r"(?:政府|省|市|县|区|旗|盟|乡|镇|街道|苏木|办事处|局|委|委员会|厅|办|办公室|中心|院|队|站|署|部|社|会|馆|所|学校|大学|公司|集团|处)$"
)
_LONGEST, _MOST_LINES = 80, 200


@dataclass(frozen=True, slots=True)
class Title:
    """A title as compact text, the unit and year it names, and whether it is a digest's (解读, 图解)."""

    text: str
    unit: str | None
    year: int | None
    digest: bool
    rank: float


def find_titles(lines: list[str]) -> list[Title]:
    """Every title that ``lines`` (compact, normalised) hold, best first; lines up to three are joined."""
    found: list[Title] = []
    for i in range(min(len(lines), _MOST_LINES)):
        joined = ""
        for j in range(i, min(i + 3, len(lines))):
            joined += lines[j]
            if len(joined) > _LONGEST or "。" in lines[j]:
                break
            if "公开" in joined and "报" in joined:
                title = parse_title(joined, joins=j - i)
                if title:
                    found.append(title)
    # What stands twice (page title, body title) is the likelier one.
    times: dict[tuple[str | None, int | None], int] = {}
    for one in found:
        times[one.unit, one.year] = times.get((one.unit, one.year), 0) + 1
    return sorted(found, key=lambda t: -t.rank - 0.1 * min(times[t.unit, t.year], 5))


def parse_title(text: str, joins: int = 0) -> Title | None:
    """The title in ``text``, compact and normalised, or None; ``joins`` line breaks were taken out of it."""
    bare = _PREFIX.sub("", text).rstrip('》」”"')
    start = _DIGEST_START.match(text)
    if start:
        bare = _DIGEST_START.sub("", text).lstrip("])|:- ")
    match = _TITLE.fullmatch(bare)
    if match is None:
        return None
    unit = _unit(match.group("unit"), match.group("subject"), match.group("remark") or "")
    year = find_year(bare[: match.end("remark")])
    if match.group("unit") and unit is None and find_year(match.group("unit")) is None:
        return None
    if joins and unit is not None and not UNIT_SUFFIX.search(unit):
        return None
    if "年" not in match.group("kind") and year is None:
        return None  # 信息公开工作情况报告 of no year may be anything
    rank = (
        (3.0 if unit else 0.0)
        + (2.0 if year else 0.0)
        - joins
        - (1.0 if start or match.group("digest") else 0.0)
    )
    return Title(bare, unit, year, bool(start or match.group("digest")), rank)


def find_year(text: str) -> int | None:
    """The first year that ``text`` names, in digits or Chinese numerals."""
    match = _YEAR.search(text)
    if match:
        return int(match.group(1))
    chinese = _CHINESE_YEAR.search(text)
    return int("2" + "".join(_NUMERALS.get(c, "0") for c in chinese.group(1)[1:])) if chinese else None


def _unit(before: str, subject: str, remark: str) -> str | None:
    """The unit's name in what stands before the subject, else in the brackets after the title."""
    if before.endswith("人民") and subject.startswith("政府"):
        before += "政府"  # …人民政府信息公开年报: the word 政府 is the government's
    name = _CHINESE_YEAR.sub("", _YEAR.sub("", before))
    name = re.sub(r"^(?:关于)+|(?:关于|的|年度|本级)+$", "", name).strip("《》「」“”\"'、.·-_")
    half = len(name) // 2
    if half > 2 and name[:half] == name[half:]:
        name = name[:half]  # printed twice in one line
    if name and len(name) <= 40 and not _NO_UNIT.search(name):
        return name
    inner = remark.strip("()")
    return inner if not name and len(inner) > 2 and UNIT_SUFFIX.search(inner) else None
