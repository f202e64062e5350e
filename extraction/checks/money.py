"""Amounts under 万元 that were meant, or may be meant, in 元. A value is never altered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.checks.sheet import Sheet
from extraction.checks.wording import cell_name, in_table, tidy
from extraction.normalise import normalise
from extraction.records import Cell, Finding, Level

_YUAN = re.compile(r"(?<![万亿千百十])元")
_HUGE = 1_000_000  # 万元: ten thousand million yuan, beyond any county's centralised procurement
_LOCAL: tuple[Level, ...] = ("county", "township")


def _reason(cell: Cell, column_unit: str, level: Level | None) -> str | None:
    """Why the amount is in doubt, or None."""
    raw = normalise(cell.raw or "").replace(" ", "")
    value = tidy(cell.value or 0)
    if column_unit not in raw and (cell.unit == "元" or _YUAN.search(raw)):
        return f"the source writes {raw or value} with 元"
    if column_unit in raw or cell.unit not in (None, column_unit):
        looks_like_yuan = False  # the source itself names the unit
    else:
        looks_like_yuan = isinstance(value, int) and abs(value) >= 1_000_000
    if looks_like_yuan:
        return f"{value} has seven digits or more and no decimals, as an amount in 元 has"
    if level in _LOCAL and abs(value) >= _HUGE:
        return f"{value} {column_unit} is beyond a {level} and may be in 元"
    return None


def money(sheet: Sheet) -> Iterator[Finding]:
    """``money.unit`` (warning) for an amount whose unit is in doubt."""
    for name, grid in sheet.grids.items():
        units = {column.key: column.money for column in grid.columns if column.money}
        for cell in sheet.tables[name].values():
            unit = units.get(cell.column)
            if unit is None or cell.kind != "number" or cell.value is None:
                continue
            reason = _reason(cell, unit, sheet.report.unit.level)
            if reason:
                says = f"{cell_name(cell.key)}: the column is in {unit}, but {reason}."
                message = in_table(name, says + " The value stays as printed.")
                yield Finding("money.unit", "warning", message, unit, tidy(cell.value), (cell.key,))
