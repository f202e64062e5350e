"""Which reports of a run are of one unit, year by year: matched by division code and name, else left apart.

Two reports are of one unit where the names agree (the government of a place is one unit, 甲县人民政府 or
甲县) and the division codes do. A report without a code joins the only unit of its name whose place it does
not contradict. A name that may be several places' (an ambiguous county, 教育局, 高新区) is matched with none.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from extraction.checks.constants import constants
from extraction.normalise import normalise

_GOVERNMENTS = ("province", "city", "county")  # as ``Identity.place`` has them


class Identity(NamedTuple):
    """Who a report is of, and which of the run's it is (``number``); ``found`` counts the cells it shows."""

    number: int
    report_id: str
    path: str
    name: str
    level: str | None
    code: str | None
    place: tuple[str | None, str | None, str | None]  # province, city, county
    year: int
    published: str | None
    found: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Series:
    """The reports of one unit by year, the one that stands for its year first."""

    name: str  # as matched
    code: str | None
    level: str | None
    years: dict[int, tuple[Identity, ...]]

    @property
    def last(self) -> int:
        return max(self.years)

    @property
    def first(self) -> int:
        return min(self.years)


@cache
def matched_name(name: str, level: str | None) -> str:
    """A unit's name for comparison: normal characters, no white space, a government by its place alone."""
    rules = constants("continuity.yaml")["names"]
    plain = "".join(normalise(name).split())
    if level in rules["levels"]:
        for suffix in rules["government"]:
            if plain.endswith(suffix) and plain != suffix:
                plain = plain.removesuffix(suffix)
                break
    return sys.intern(plain)


def trace(identities: Iterable[Identity]) -> tuple[list[Series], int]:
    """The units of a run in the order of code and name, and how many reports could be matched with none."""
    by_name: dict[str, list[Identity]] = {}
    for one in identities:
        by_name.setdefault(matched_name(one.name, one.level), []).append(one)
    series: list[Series] = []
    unmatched = 0
    for name, namesakes in by_name.items():
        groups, left = _told_apart(name, namesakes)
        unmatched += left
        series += [_series(name, group) for group in groups]
    series.sort(key=lambda s: (s.code or "", s.name, min(m[0].path for m in s.years.values())))
    return series, unmatched


def _told_apart(name: str, namesakes: Sequence[Identity]) -> tuple[list[list[Identity]], int]:
    """Reports of one name by the unit they are of, and how many cannot be told."""
    coded: dict[str, list[Identity]] = {}
    uncoded: list[Identity] = []
    for one in namesakes:
        (coded.setdefault(one.code, []) if one.code else uncoded).append(one)
    groups = list(coded.values())
    if not uncoded:
        return groups, 0
    if len(groups) == 1 and _compatible([*groups[0], *uncoded]):
        groups[0] += uncoded
        return groups, 0
    if groups or not _names_one_place(name, uncoded):
        return groups, len(uncoded)
    by_place: dict[tuple[str | None, ...], list[Identity]] = {}
    for one in uncoded:
        by_place.setdefault(() if _compatible(uncoded) else one.place, []).append(one)
    return list(by_place.values()), 0


def _compatible(group: Sequence[Identity]) -> bool:
    """Whether no two name different provinces, cities or counties."""
    return all(len({one.place[i] for one in group} - {None}) <= 1 for i in range(3))


def _names_one_place(name: str, uncoded: Sequence[Identity]) -> bool:
    """Whether a name without a code is one place's all the same.

    A place of the division list that has no code was ambiguous there: then the city must be known.
    """
    from extraction.recognise.gazetteer import leading

    rules = constants("continuity.yaml")["names"]
    if leading(name):
        return all(one.place[1] for one in uncoded)
    return bool(re.match(rules["place"], name)) and not re.match(rules["generic"], name)


def _series(name: str, group: Sequence[Identity]) -> Series:
    years: dict[int, list[Identity]] = {}
    for one in group:
        years.setdefault(one.year, []).append(one)
    code = next((one.code for one in group if one.code), None)
    level = min((one.level for one in group if one.level), default=None)
    ordered = {year: tuple(sorted(years[year], key=_standing)) for year in sorted(years)}
    return Series(name, code, level, ordered)


def _standing(one: Identity) -> tuple[bool, int, str]:
    """What stands for a year: published when due, most cells read, then the first path."""
    return published_late(one), -one.found, one.path


def governed(one: Identity) -> str | None:
    """The division that a report's unit is the government of; None for any other body.

    A bureau or a development zone may bear the place's code without being its government.
    """
    if one.level not in _GOVERNMENTS or one.code is None:
        return None
    name = one.place[_GOVERNMENTS.index(one.level)]
    return name if name and matched_name(one.name, one.level).endswith(name) else None


def published_late(one: Identity) -> bool:
    """Whether a report appeared later than in the year after its own (条例, article 49)."""
    year = (one.published or "")[:4]
    return year.isdecimal() and int(year) > one.year + 1
