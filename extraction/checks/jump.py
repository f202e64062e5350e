"""A value that is many times last year's, or a small part of it; a unit error is named where it explains that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from extraction.checks.brief import Brief
from extraction.checks.constants import constants
from extraction.checks.wording import cell_name, in_table, some, tidy
from extraction.forms import load_forms
from extraction.records import CrossFinding, Number

_YUAN = 10_000  # to one 万元


@dataclass(frozen=True, slots=True)
class _Jump:
    """One value that jumped, both years in the column's unit; ``times`` is the larger by the smaller."""

    key: str
    old: Number
    new: Number
    times: float
    unit_error: bool

    def says(self, money: str | None) -> str:
        unit = f" {money}" if money else ""
        text = f"{cell_name(self.key)} from {tidy(self.old):,}{unit} to {tidy(self.new):,}{unit}"
        return f"{text} ({'×' if self.new > self.old else '÷'}{self.times:,.0f})"


@cache
def _compared(key: str) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in constants("continuity.yaml")["jump"]["cells"])


@cache
def _money(key: str) -> str | None:
    """The unit of an amount's column, None for a count."""
    table, _, name = key.split("/")
    grids = (grid for (of, _), grid in load_forms().grids.items() if of == table)
    return next((c.money for grid in grids for c in grid.columns if c.key == name and c.money), None)


def jumps(before: Brief, after: Brief) -> Iterator[CrossFinding]:
    """``continuity.jump``: one finding a table for its values that jumped, the worst first."""
    rule = constants("continuity.yaml")["jump"]
    found: dict[str, list[_Jump]] = {}
    for key, _ in after.numbers():
        jump = _jump(key, before, after) if _compared(key) else None
        if jump:
            found.setdefault(key.split("/", maxsplit=1)[0], []).append(jump)
    for table, mine in found.items():
        mine.sort(key=lambda jump: -jump.times)
        message = f"{_times(rule['times'])} last year's: {some([j.says(_money(j.key)) for j in mine])}."
        wrong = next((jump for jump in mine if jump.unit_error), None)
        message += _unit_error(wrong, before, after) if wrong else ""
        severe = wrong is not None or mine[0].times >= rule["warns"]
        sides = tuple(after.shows(j.key) for j in mine), tuple(before.shows(j.key) for j in mine)
        values = (tidy(mine[0].old), tidy(mine[0].new))
        yield after.finding(
            "continuity.jump", "warning" if severe else "note", in_table(table, message), sides, values
        )


def _times(times: int) -> str:
    return f"more than {times} times, or less than 1/{times} of,"


def _jump(key: str, before: Brief, after: Brief) -> _Jump | None:
    rule = constants("continuity.yaml")["jump"]
    old, new = _value(before, key), _value(after, key)
    if old is None or new is None or min(old, new) <= 0:
        return None
    least, most = min(old, new), max(old, new)
    small = most < rule["least_amount"] if _money(key) else least < rule["least_count"]
    if small or most < rule["times"] * least:
        return None
    times = most / least
    rest = times / rule["unit_error"]
    return _Jump(key, old, new, times, 1 / rule["near"] <= rest <= rule["near"])


def _value(brief: Brief, key: str) -> Number | None:
    """A cell's number, an amount printed in 元 as what it is in 万元: that much is known, and no jump."""
    value = brief.number(key)
    if value is not None and _money(key) == "万元" and brief.cells[key].unit == "元":
        return value / _YUAN
    return value


def _unit_error(jump: _Jump, before: Brief, after: Brief) -> str:
    larger = after.year if jump.new > jump.old else before.year
    what = (
        "in 元 under 万元"
        if _money(jump.key)
        else "in units of one where the other counts ten thousands (万)"
    )
    return f" A unit error explains {cell_name(jump.key)}: {larger} is likelier {what} (×10,000)."
