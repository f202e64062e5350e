"""The code list of GB/T 2260 since 2007: province, city and county of a name, as they were in a year."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_DEPTHS = {"province": 1, "city": 2, "county": 3}  # pairs of digits that name it
_LONGEST = 15  # 双江拉祜族佤族布朗族傣族自治县


@dataclass(frozen=True, slots=True)
class Division:
    """One division of the code list: code, name, and the years (both included) it stood under that name."""

    code: str
    name: str
    first: int
    last: int

    @property
    def level(self) -> str:
        """``province``, ``city`` or ``county``."""
        if self.code.endswith("0000"):
            return "province"
        return "city" if self.code.endswith("00") else "county"

    def within(self, other: Division) -> bool:
        """Whether this division lies in ``other``."""
        return self.code.startswith(other.code[: 2 * _DEPTHS[other.level]])


@cache
def _lines() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The table's lines by name and by code."""
    raw = gzip.decompress(files("extraction").joinpath("data/divisions.tsv.gz").read_bytes()).decode("utf-8")
    by_name: dict[str, list[str]] = {}
    by_code: dict[str, list[str]] = {}
    for line in raw.splitlines():
        if line[0] != "#":
            by_name.setdefault(line[7 : line.index("\t", 7)], []).append(line)
            by_code.setdefault(line[:6], []).append(line)
    return by_name, by_code


def _division(line: str) -> Division:
    code, name, first, last = line.split("\t")
    return Division(code, name, int(first), int(last))


def _standing(lines: list[str], year: int | None) -> list[Division]:
    """The divisions that stood in ``year``; where none did, or no year is known, the latest."""
    divisions = [_division(line) for line in lines]
    if year is not None:
        standing = [d for d in divisions if d.first <= year <= d.last]
        if standing:
            return standing
    latest = max((d.last for d in divisions), default=0)
    return [d for d in divisions if d.last == latest]


def named(name: str, year: int | None) -> list[Division]:
    """Every division called ``name`` in ``year``, or, where none was then, those last called so."""
    lines = _lines()[0].get(name)
    return _standing(lines, year) if lines else []


def parent(division: Division, level: str, year: int | None) -> Division | None:
    """The province or city that ``division`` lies in; None where it lies in no city (省直辖县, 直辖市)."""
    code = division.code[:2] + "0000" if level == "province" else division.code[:4] + "00"
    lines = _lines()[1].get(code)
    return next(iter(_standing(lines, year)), None) if lines else None


def leading(name: str) -> str | None:
    """The longest division name that ``name`` begins with, or None."""
    by_name = _lines()[0]
    for length in range(min(_LONGEST, len(name)), 1, -1):
        if name[:length] in by_name:
            return name[:length]
    return None
