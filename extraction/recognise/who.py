"""The reporting unit: its name as the page gives it, its level, and its place in the code list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extraction.recognise.gazetteer import MUNICIPALITIES, Division, leading, named, parent
from extraction.recognise.page import Page
from extraction.recognise.title import UNIT_SUFFIX
from extraction.records import Finding, Level, Unit

_ISSUER = re.compile(
    r"(?:发布机构|发布单位|发布部门|发文机关|发文机构|发文单位|公开主体|公开机构|制发机关|编制单位|报告单位|信息来源|文章来源|来源|责任单位)"
    r"[\])]?[: \n|*]{1,20}([\u4e00-\u9fff()]{2,40})"
)
_AUTHOR = re.compile(
    r"(?:本报告|本年报|本年度报告)(?:是|系)?由([\u4e00-\u9fff]{2,30}?)(?:根据|按照|依据|综合|编制|负责|公布|发布)"
)
_SIGNATURE = re.compile(r"([\u4e00-\u9fff]{2,30}?)(?:(?:19|20)\d\d年\d{1,2}月\d{1,2}日)?")
_NOT_A_UNIT = re.compile(r"^(?:本站|本网|原创|互联网|网络|未知|管理员|政务公开|各级)|网$|网站$")
_BARE = re.compile(r"[\u4e00-\u9fff]*[县市区旗省乡镇]$")
# What a name ends with says its level; the first that fits counts.
_LEVELS: tuple[tuple[re.Pattern[str], Level], ...] = (
    (
        re.compile(
            r"(?:管委会|管理委员会|开发区|示范区|园区|高新区|功能区|公司|集团|大学|学院|学校|中学|小学|医院|法院|检察院)$"
        ),
        "other",
    ),
    (re.compile(r"(?:乡|镇|街道|街道办|办事处|苏木)(?:人民政府|政府)?$"), "township"),
    (
        re.compile(
            r"(?:局|厅|委|委员会|办|办公室|办公厅|中心|队|总队|支队|站|署|部|社|协会|联合会|会|馆|所|院|处|库|台)$"
        ),
        "department",
    ),
    (re.compile(r"(?:省|自治区)(?:人民政府|政府)?$"), "province"),
    (re.compile(r"(?:市|盟|自治州|州|地区|行署|行政公署)(?:人民政府|政府)?$"), "city"),
    (re.compile(r"(?:县|区|旗)(?:人民政府|政府)?$"), "county"),
)
_PROVINCE_MARKS = {
    pair[0]: pair[1:]
    for pair in re.findall(
        r"\D\d\d",
        "京11津12冀13晋14蒙15辽21吉22黑23沪31苏32浙33皖34闽35赣36鲁37豫41鄂42湘43粤44桂45琼46"
        "渝50川51贵52云53藏54陕61甘62青63宁64新65",
    )
}
_DOCUMENT_NUMBER = re.compile(
    rf"(?<![\u4e00-\u9fff])([{''.join(_PROVINCE_MARKS)}])政(?:办|发|办发|办函|公开|文|办公开)?\[20"
)
_PLACE = re.compile(r"[\u4e00-\u9fff]{1,7}?(?:省|自治区|自治州|地区|市|盟|县|区|旗)")


@dataclass(frozen=True, slots=True)
class Who:
    """The unit and what to say about it."""

    unit: Unit
    findings: tuple[Finding, ...] = ()


def identify(page: Page, titled: str | None, year: int | None) -> Who:
    """The reporting unit, named by the title (``titled``), else by the page's issuer or signature."""
    name = titled or _issuer(page)
    if name is None:
        return Who(Unit())
    name = _completed(name, page.outline.text)
    chain, findings = _chain(name, year, page)
    own = chain[-1] if chain else None
    level = _level(name, own)
    by_level = {d.level: d.name for d in chain}
    province, city = by_level.get("province"), by_level.get("city")
    if own is None or own.level == "province":
        found_province, found_city = _surroundings(page, year, province)
        province, city = province or found_province, city or (found_city if level != "province" else None)
    unit = Unit(name, level, province, city, by_level.get("county"), own.code if own else None)
    return Who(unit, findings)


def _completed(name: str, text: str) -> str:
    """A bare place (…县) as its government where the page itself names that government."""
    if not _BARE.match(name):
        return name
    full = name + "人民政府"
    at = text.find(full)
    while at >= 0:
        # …人民政府办公室 is another body than the government; the page must name the government itself.
        if not text.startswith(("办公室", "办公厅"), at + len(full)):
            return full
        at = text.find(full, at + 1)
    return name


def _issuer(page: Page) -> str | None:
    for match in _ISSUER.finditer(page.margins):
        if _is_unit(match.group(1)):
            return match.group(1)
    author = _AUTHOR.search("".join(page.opening))
    if author and _is_unit(author.group(1)):
        return author.group(1)
    for line in reversed(page.closing[-40:]):
        signed = _SIGNATURE.fullmatch(line)
        if signed and _is_unit(signed.group(1)):
            return signed.group(1)
    return None


def _is_unit(name: str) -> bool:
    return len(name) > 2 and UNIT_SUFFIX.search(name) is not None and not _NOT_A_UNIT.search(name)


def _level(name: str, own: Division | None) -> Level:
    for pattern, level in _LEVELS:
        if pattern.search(name):
            if level in ("city", "county") and own is not None and _is_seat(name, own):
                return (
                    "province" if own.level == "province" else ("city" if own.level == "city" else "county")
                )
            return level
    return "other"


def _is_seat(name: str, own: Division) -> bool:
    """Whether ``name`` is the government of ``own`` itself, not of a place within it."""
    return name.removesuffix("政府").removesuffix("人民").endswith(own.name)


def _chain(name: str, year: int | None, page: Page) -> tuple[list[Division], tuple[Finding, ...]]:
    """The divisions that the name's front names, with those they lie in: province, city, county."""
    rest, chain = name, list[Division]()
    while (front := leading(rest)) is not None:
        rest = rest[len(front) :]
        options = [d for d in named(front, year) if not chain or (d.within(chain[-1]) and d != chain[-1])]
        if not options:
            break
        if len(options) > 1:
            picked = _resolved(options, page.outline.text, year)
            if picked is None:
                places = "、".join(_where(d, year) for d in options)
                note = Finding(
                    "unit.ambiguous", "note", f"{front} may be in {places}; the page does not say which."
                )
                return chain, (note,)
            options = [picked]
        chain.append(options[0])
    return (_with_parents(chain[-1], year) if chain else []), ()


def _where(division: Division, year: int | None) -> str:
    above = parent(division, "city", year) or parent(division, "province", year)
    return above.name if above else division.code


def _with_parents(own: Division, year: int | None) -> list[Division]:
    chain = [own]
    if own.level == "county" and own.code[:2] not in MUNICIPALITIES and (city := parent(own, "city", year)):
        chain.insert(0, city)
    if own.level != "province" and (province := parent(own, "province", year)):
        chain.insert(0, province)
    return chain


def _resolved(options: list[Division], text: str, year: int | None) -> Division | None:
    """The division whose city or province the page names most; None where none leads."""
    marks = {_PROVINCE_MARKS[m] for m in _DOCUMENT_NUMBER.findall(text)}
    scores: list[float] = []
    for one in options:
        city, province = parent(one, "city", year), parent(one, "province", year)
        score = 0.0
        if city and city.name != one.name:
            score += 3 * min(text.count(city.name), 5) + 5 * (city.name + one.name in text)
        if province:
            score += min(text.count(province.name), 5)
        score += one.code[:2] in marks
        scores.append(score)
    best = max(scores)
    return options[scores.index(best)] if best > 0 and scores.count(best) == 1 else None


def _surroundings(page: Page, year: int | None, province: str | None) -> tuple[str | None, str | None]:
    """The province and city that the page's margins name, where they name just one."""
    cities, provinces = set[str](), set[str]()
    if province:
        provinces.add(province)
    margins = "".join(c for c in page.margins if c != " ")
    for match in _PLACE.finditer(margins):
        word = match.group()
        for start in range(len(word) - 1):
            found = named(word[start:], year)
            if found and found[0].level == "province":
                provinces.add(found[0].name)
            elif len(found) == 1 and found[0].level == "city":
                above = parent(found[0], "province", year)
                if above and above.name != found[0].name:
                    cities.add(found[0].name)
                    provinces.add(above.name)
            if found:
                break
    only = len(provinces) == 1
    return (provinces.pop() if only else None), (cities.pop() if only and len(cities) == 1 else None)
