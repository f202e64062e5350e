"""勾稽关系: every identity of the form, for every row and column (``forms.yaml``, ``identities``).

Blanks and strokes count as zero. An identity with an ambiguous, missing or wordy cell is not judged. The
finding says which is likelier, an error of the source or of the reading, and names the one cell whose
change would put every sum through it right, where there is exactly one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extraction.checks.printed import assembled
from extraction.checks.sheet import Sheet
from extraction.checks.wording import cell_name, in_table, named, some, tidy
from extraction.forms import Axis, GridForm, Identity, load_forms
from extraction.records import Cell, Finding, Number

_TOLERANCE = 1e-6
_MANY = 5  # more failing lines of one identity than this are one cause, and one finding


@dataclass(frozen=True, slots=True)
class Line:
    """One identity along one row or column: the names of the cells on its two sides."""

    identity: Identity
    along: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """A line that could be judged, and its two sums."""

    line: Line
    left: Number
    right: Number

    @property
    def gap(self) -> Number:
        return self.left - self.right

    @property
    def fails(self) -> bool:
        return abs(self.gap) > _TOLERANCE

    def sign(self, key: str) -> int:
        return 1 if key in self.line.left else -1


@cache
def _lines(table: str, form: str) -> tuple[Line, ...]:
    forms = load_forms()
    grid = forms.grids[table, form]
    return tuple(line for identity in forms.identities_of(grid) for line in _along(identity, grid))


def _along(identity: Identity, grid: GridForm) -> Iterator[Line]:
    by_column = identity.axis == "column"
    for label in grid.columns if by_column else grid.rows:
        pattern = f"{grid.table}/{{}}/{label.key}" if by_column else f"{grid.table}/{label.key}/{{}}"
        left = tuple(pattern.format(term) for term in identity.left)
        right = tuple(pattern.format(term) for term in identity.right)
        yield Line(identity, label.key, left, right, left + right)


def _amount(cell: Cell | None) -> Number | None:
    """What a cell adds to a sum; None where that can't be known."""
    if cell is None or cell.kind in ("ambiguous", "missing", "text"):
        return None
    return cell.value if cell.kind == "number" else 0


def _judge(line: Line, amounts: dict[str, Number | None]) -> Sum | None:
    sides: list[Number] = []
    for keys in (line.left, line.right):
        total: Number = 0
        for key in keys:
            amount = amounts.get(key)
            if amount is None:
                return None
            total += amount
        sides.append(total)
    return Sum(line, sides[0], sides[1])


def _suspect(failed: Sum, sums: list[Sum], amounts: dict[str, Number | None]) -> tuple[str, Number] | None:
    """The one cell, and its value, that would put this sum and every other one through it right.

    At least two failing sums must agree on the cell: one alone accuses all its cells alike.
    """
    found: list[tuple[str, Number]] = []
    own = dict.fromkeys(failed.line.cells)
    crossing = [s for s in sums if not own.keys().isdisjoint(s.line.cells)]
    for key in own:
        change = -failed.gap * failed.sign(key)
        through = [s for s in crossing if key in s.line.cells]
        heals = all(abs(s.gap + s.sign(key) * change) <= _TOLERANCE for s in through)
        value = tidy((amounts[key] or 0) + change)
        if heals and value >= 0 and sum(s.fails for s in through) > 1:
            found.append((key, value))
    return found[0] if len(found) == 1 else None


def _side(line: Line, keys: tuple[str, ...]) -> str:
    if len(keys) > 3:
        return f"the sum of its {len(keys)} parts"
    axis: Axis = "row" if line.identity.axis == "column" else "column"
    part = 1 if axis == "row" else 2
    return " + ".join(named(line.identity.table, axis, key.split("/")[part]) for key in keys)


def _says(s: Sum) -> str:
    line = s.line
    where = f"{line.identity.axis} {named(line.identity.table, line.identity.axis, line.along)}"
    left, right = _side(line, line.left), _side(line, line.right)
    return f"{where}: {left} is {tidy(s.left)}, but {right} is {tidy(s.right)}."


def _cause(keys: tuple[str, ...], table: dict[str, Cell], put_together: frozenset[str], doubted: bool) -> str:
    """Which is likelier, an error of the reading or the source's own, and why."""
    read = next((key for key in keys if key in put_together), None)
    if read is not None:
        raw = table[read].raw
        how = (
            f"was put together from “{' '.join(raw.split())}”"
            if raw
            else "has no place of its own in the source"
        )
        return f" {cell_name(read)} {how}: likelier an error of the reading."
    if doubted:
        return " The grid was not read without doubt: an error of the reading is possible."
    return " The numbers stand in the source as printed: likelier the source's own error."


def _finding(
    s: Sum, suspect: tuple[str, Number] | None, sheet: Sheet, put_together: frozenset[str]
) -> Finding:
    name = s.line.identity.table
    table = sheet.tables[name]
    message, accused = _says(s), s.line.cells
    if suspect:
        key, value = suspect
        cell, accused = table[key], (key,)
        now = tidy(cell.value) if cell.value is not None else cell.kind.replace("_", " ")
        message += f" Every sum would agree if {cell_name(key)} were {value} (it is {now})."
    doubted = not sheet.doubted().isdisjoint(s.line.cells)
    message += _cause(accused, table, put_together, doubted)
    return Finding(
        check=s.line.identity.key,
        severity="error",
        message=in_table(name, message[0].upper() + message[1:]),
        expected=tidy(s.right),
        actual=tidy(s.left),
        cells=s.line.cells,
    )


def _together(failed: list[Sum], judged: int, sheet: Sheet, put_together: frozenset[str]) -> Finding:
    """One finding for an identity that fails along many lines of its table."""
    identity = failed[0].line.identity
    cells = tuple(dict.fromkeys(key for s in failed for key in s.line.cells))
    lines = [
        f"{named(identity.table, identity.axis, s.line.along)} {tidy(s.left)} ≠ {tidy(s.right)}"
        for s in failed
    ]
    message = f"{len(failed)} of {judged} {identity.axis}s fail ({identity.says}): {some(lines)}."
    doubted = not sheet.doubted().isdisjoint(cells)
    return Finding(
        check=identity.key,
        severity="error",
        message=in_table(
            identity.table, message + _cause(cells, sheet.tables[identity.table], put_together, doubted)
        ),
        expected="; ".join(str(tidy(s.right)) for s in failed),
        actual="; ".join(str(tidy(s.left)) for s in failed),
        cells=cells,
    )


def identities(sheet: Sheet) -> Iterator[Finding]:
    """A finding (``error``) for every line of every identity that fails; many of one identity are one."""
    for name, grid in sheet.grids.items():
        table = sheet.tables[name]
        lines = _lines(grid.table, grid.form)
        if not lines:
            continue
        amounts = {key: _amount(cell) for key, cell in table.items()}
        judged = (_judge(line, amounts) for line in lines)
        sums = [s for s in judged if s is not None]
        failed = [s for s in sums if s.fails]
        if not failed:
            continue
        put_together = assembled(table.values())
        for key in dict.fromkeys(s.line.identity.key for s in failed):
            mine = [s for s in failed if s.line.identity.key == key]
            if len(mine) > _MANY:
                judged_here = sum(s.line.identity.key == key for s in sums)
                yield _together(mine, judged_here, sheet, put_together)
            else:
                yield from (_finding(s, _suspect(s, sums, amounts), sheet, put_together) for s in mine)
