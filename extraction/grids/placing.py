"""Where the numbers of one row belong: every placing that the print allows, nearest to the print first.

A row shows some values and the form has ``n`` places. Candidates come in tiers; the first tier that holds one
the form's arithmetic accepts is used, and all that it accepts in that tier are kept: what they agree on is
known, the rest is ambiguous. Tiers: as printed; blanks where empty fields or extra line breaks show them;
blanks anywhere (order kept); digits of several cells run together; too many numbers (a torn number, a page
number, a column the form does not have).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

from extraction.grids.numbers import read_number
from extraction.grids.pieces import Kind, Piece
from extraction.records import CellKind, Number

_BUDGET = 20_000  # candidates looked at for one row; beyond it the row is ambiguous
_MAX_SURPLUS = 3  # numbers too many that a repair may explain
_MAX_DIGITS = 9  # of one count


@dataclass(frozen=True, slots=True)
class Entry:
    """What fills one place: the characters and what they say."""

    kind: CellKind
    start: int
    end: int
    value: Number | None
    unit: str | None = None


Placing = tuple[Entry | None, ...]  # None: blank, and the print shows no place for it


@dataclass(frozen=True, slots=True)
class Group:
    """One row identity by position: the total's place and its parts'."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tier:
    """Candidates of one kind of reading. ``inferred``: the print does not show it, arithmetic must."""

    method: str  # printed|blank_shown|blank_placed|split|merged|surplus|ragged
    placings: tuple[Placing, ...]
    inferred: bool


@dataclass(frozen=True, slots=True)
class RowPrint:
    """One row as printed: its pieces in order, blanks included, and what the layout tells."""

    slots: tuple[Piece, ...]
    places: int
    columns: tuple[int, ...] | None = None  # the field of each place, where the layout shows it
    ragged: bool = False  # cells of a true table that do not stand where its other rows have them
    usual_gap: int = 0  # line breaks between two cells, where each cell has its own line
    gap_after: int = 0  # line breaks between the last value and the next label
    glued: bool = False  # the layout runs digits together


def entry_of(piece: Piece) -> Entry:
    """The entry a printed piece makes."""
    if piece.kind == Kind.VALUE:
        return Entry("number", piece.start, piece.end, piece.value, piece.unit)
    if piece.kind is Kind.BLANK:
        return Entry("blank", piece.start, piece.end, None)
    kind: CellKind = "not_applicable" if piece.kind is Kind.MARK else "text"
    return Entry(kind, piece.start, piece.end, None)


def accepts(placing: Placing, groups: Sequence[Group], *, inferred: bool) -> bool:
    """Whether the row identities hold with blanks as zero; an inferred blank is no total of numbers."""
    for group in groups:
        total = placing[group.total]
        parts = [placing[i] for i in group.parts]
        if inferred and total is None and any(p is not None for p in parts):
            return False
        if sum(_number(p) for p in parts) != _number(total):
            return False
    return True


def _number(entry: Entry | None) -> Number:
    return 0 if entry is None or entry.value is None else entry.value


def tiers(row: RowPrint, groups: Sequence[Group], text: str) -> Iterator[Tier]:
    """Every reading of the row, tier by tier. ``text`` is normalised."""
    if row.ragged:
        yield from _ragged(row)
        return
    filled = [p for p in row.slots if p.kind in (Kind.VALUE, Kind.MARK, Kind.WORDS)]
    by_column = _by_column(row) if row.columns is not None else None
    if by_column is not None and accepts(by_column, groups, inferred=True):
        yield Tier("printed", (by_column,), inferred=False)
        return
    yield from _by_count(row, filled, groups, text)
    if by_column is not None:  # nothing satisfies the arithmetic: the source's own, as printed
        yield Tier("printed", (by_column,), inferred=False)


def _ragged(row: RowPrint) -> Iterator[Tier]:
    """A row of a true table that has lost or gained cells: which ones, only the arithmetic can tell.

    Cells keep their order and are neither cut nor joined.
    """
    cells = [None if p.kind is Kind.BLANK else entry_of(p) for p in row.slots if p.kind is not Kind.PIPE]
    surplus = len(cells) - row.places
    if all(cell is None for cell in cells) or surplus > _MAX_SURPLUS:
        return
    if surplus == 0:
        yield Tier("ragged", (tuple(cells),), inferred=False)
    elif surplus > 0:
        kept = combinations(range(len(cells)), row.places)
        yield Tier("ragged", tuple(tuple(cells[i] for i in chosen) for chosen in kept), inferred=True)
    elif comb(row.places, len(cells)) <= _BUDGET:
        placings = []
        for chosen in combinations(range(row.places), len(cells)):
            placing: list[Entry | None] = [None] * row.places
            for at, entry in zip(chosen, cells, strict=True):
                placing[at] = entry
            placings.append(tuple(placing))
        yield Tier("ragged", tuple(placings), inferred=True)


def _by_count(row: RowPrint, filled: Sequence[Piece], groups: Sequence[Group], text: str) -> Iterator[Tier]:
    """The tiers that go by the number of values shown, nearest to the print first."""
    torn = any(must_split(p, text) for p in filled)
    if len(filled) == row.places and not torn:
        yield Tier("printed", (tuple(entry_of(p) for p in filled),), inferred=False)
        return
    if len(filled) > row.places:
        yield from _too_many(filled, row.places, text)
        return
    split = tuple(_split_placings(filled, row.places, groups, text)) if filled else ()
    if row.glued or torn:
        yield Tier("split", split, inferred=True)
        if torn:
            return
    shown = tuple(_blanks_shown(row, filled))
    if shown:
        yield Tier("blank_shown", shown, inferred=False)
    if filled and comb(row.places, len(filled)) <= _BUDGET:
        yield Tier("blank_placed", tuple(_blanks_anywhere(filled, row.places, groups)), inferred=True)
    if not row.glued and groups:
        yield Tier("split", split, inferred=True)


def must_split(piece: Piece, text: str) -> bool:
    """Whether a “number” begins with a zero digit too many: several cells run together."""
    start = piece.start
    return (
        piece.end - start > 1
        and piece.kind is Kind.VALUE
        and text[start] == "0"
        and text[start + 1].isdigit()
    )


def _by_column(row: RowPrint) -> Placing | None:
    """Read by the fields the layout gives each place; None where a value stands outside all of them."""
    assert row.columns is not None
    place = {column: i for i, column in enumerate(row.columns)}
    out: list[Entry | None] = [None] * row.places
    lines = {p.line for p in row.slots if p.kind is not Kind.PIPE}
    if len(lines) != 1:
        return None
    for piece in row.slots:
        if piece.kind is Kind.BLANK:
            continue
        at = place.get(piece.column)
        if at is None:
            if piece.kind is Kind.WORDS:
                continue
            return None
        if out[at] is not None:
            return None
        out[at] = entry_of(piece)
    return tuple(out)


def _fields(row: RowPrint) -> list[Piece | None]:
    """The row's fields in order, None for an empty one, pipes on their own line understood."""
    slots = row.slots
    if any(p.kind is Kind.PIPE for p in slots):
        # Where cells stand bare between pipes, a pipe is an edge and two in a row hold an empty cell;
        # where each cell ends in its own pipe, a pipe alone is an empty cell.
        edges = all(p.alone or p.kind is not Kind.VALUE for p in slots) and any(
            p.kind is Kind.VALUE for p in slots
        )
        out: list[Piece | None] = []
        previous_pipe = False
        for p in slots:
            if p.kind is Kind.PIPE:
                if not edges or previous_pipe:
                    out.append(None)
                previous_pipe = True
            else:
                out.append(None if p.kind is Kind.BLANK else p)
                previous_pipe = False
        return out
    return [None if p.kind is Kind.BLANK else p for p in slots]


def _blanks_shown(row: RowPrint, filled: Sequence[Piece]) -> Iterator[Placing]:
    """Placings whose blanks are empty fields of the print, or extra line breaks in it."""
    fields = _fields(row)
    n = row.places
    if not filled:
        if len(fields) >= n:
            yield (None,) * n
        return
    held = [i for i, f in enumerate(fields) if f is not None]
    core = fields[held[0] : held[-1] + 1]
    lead, trail = held[0], len(fields) - 1 - held[-1]
    missing = n - len(core)
    entries = tuple(None if f is None else entry_of(f) for f in core)
    if missing == 0:
        yield entries
    elif missing > 0:
        for before in range(min(missing, lead) + 1):
            if missing - before <= trail:
                yield (None,) * before + entries + (None,) * (missing - before)
    else:
        blanks = [i for i, f in enumerate(core) if f is None]
        drop = len(core) - n
        if comb(len(blanks), drop) <= _BUDGET:
            for gone in combinations(blanks, drop):
                yield tuple(e for i, e in enumerate(entries) if i not in gone)
    if len(core) == len(filled) == len(fields) and row.usual_gap and all(p.alone for p in filled):
        yield from _breaks_shown(row, filled)


def _breaks_shown(row: RowPrint, filled: Sequence[Piece]) -> Iterator[Placing]:
    """Blanks shown as more line breaks than the layout has between two cells."""
    gaps = [p.gap for p in filled] + [row.gap_after]
    seen: set[tuple[int, ...]] = set()
    for step in (row.usual_gap, 1):
        extra = [gap - row.usual_gap for gap in gaps]
        if any(e < 0 or e % step for e in extra[:-1]):
            continue
        blanks = [e // step for e in extra[:-1]]
        rest = row.places - len(filled) - sum(blanks)
        if rest < 0 or (rest > 0 and extra[-1] // step < rest) or not (sum(blanks) or rest):
            continue
        counts = (*blanks, rest)
        if counts in seen:
            continue
        seen.add(counts)
        placing: list[Entry | None] = []
        for count, piece in zip(blanks, filled, strict=True):
            placing += [None] * count
            placing.append(entry_of(piece))
        yield tuple(placing + [None] * rest)


def _blanks_anywhere(filled: Sequence[Piece], places: int, groups: Sequence[Group]) -> Iterator[Placing]:
    entries = [entry_of(p) for p in filled]
    for chosen in combinations(range(places), len(entries)):
        placing: list[Entry | None] = [None] * places
        for at, entry in zip(chosen, entries, strict=True):
            placing[at] = entry
        if accepts(tuple(placing), groups, inferred=True):
            yield tuple(placing)


def _too_many(filled: Sequence[Piece], places: int, text: str) -> Iterator[Tier]:
    surplus = len(filled) - places
    if surplus > _MAX_SURPLUS:
        return
    alone = [i for i, p in enumerate(filled) if p.alone]
    if len(alone) == surplus:  # a page number on its own line among rows that have theirs
        kept = tuple(entry_of(p) for i, p in enumerate(filled) if i not in alone)
        yield Tier("surplus", (kept,), inferred=True)
    merged = []
    for joints in combinations(range(len(filled) - 1), surplus):
        if all(_torn(filled[j], filled[j + 1], text) for j in joints):
            merged.append(_merge(filled, joints, text))
    yield Tier("merged", tuple(merged), inferred=True)
    dropped = tuple(
        tuple(entry_of(p) for i, p in enumerate(filled) if i not in gone)
        for gone in combinations(range(len(filled)), surplus)
    )
    yield Tier("surplus", dropped, inferred=True)


def _torn(left: Piece, right: Piece, text: str) -> bool:
    """Whether two pieces could be one number torn apart: digits, white space, digits."""
    whole = text[left.start : right.end]
    return re.fullmatch(r"[+-]?\d+\s{1,4}\d+(?:\.\d+)?", whole) is not None and not whole.startswith("0")


def _merge(filled: Sequence[Piece], joints: tuple[int, ...], text: str) -> Placing:
    out: list[Entry] = []
    for i, piece in enumerate(filled):
        if i - 1 in joints:
            first = out.pop()
            digits = re.sub(r"\s", "", text[first.start : piece.end])
            out.append(Entry("number", first.start, piece.end, read_number(digits), piece.unit))
        else:
            out.append(entry_of(piece))
    return tuple(out)


def _split_placings(
    filled: Sequence[Piece], places: int, groups: Sequence[Group], text: str
) -> Iterator[Placing]:
    """Every way to cut the printed digits into exactly ``places`` numbers without leading zeros."""
    budget = [_BUDGET]
    tokens = [(p, text[p.start : p.end]) for p in filled]
    ends = {group.total: group for group in groups}

    def room(index: int, offset: int) -> int:
        tail = tokens[index][1][offset:] if index < len(tokens) else ""
        return len(re.sub(r"\D", "", tail.split(".")[0])) + sum(
            len(re.sub(r"\D", "", t.split(".")[0])) if p.kind is Kind.VALUE else 1
            for p, t in tokens[index + 1 :]
        )

    def cut(index: int, offset: int, placed: tuple[Entry, ...]) -> Iterator[Placing]:
        budget[0] -= 1
        done = len(placed)
        if budget[0] < 0:
            return
        group = ends.get(done - 1)
        if group and sum(_number(placed[i]) for i in group.parts) != _number(placed[group.total]):
            return
        if index == len(tokens):
            if done == places:
                yield placed
            return
        if done == places or room(index, offset) < places - done:
            return
        piece, digits = tokens[index]
        if piece.kind is not Kind.VALUE or not re.fullmatch(r"[+-]?\d+(?:\.\d+)?", digits):
            yield from cut(index + 1, 0, (*placed, entry_of(piece)))
            return
        whole = len(digits.split(".")[0])
        sign = 1 if digits[offset] in "+-" else 0
        longest = 1 if digits[offset + sign] == "0" else _MAX_DIGITS
        for stop in range(offset + sign + 1, min(whole, offset + sign + longest) + 1):
            end = len(digits) if stop == whole else stop
            entry = Entry("number", piece.start + offset, piece.start + end, read_number(digits[offset:end]))
            if end == len(digits):
                yield from cut(index + 1, 0, (*placed, replace(entry, unit=piece.unit)))
            else:
                yield from cut(index, end, (*placed, entry))

    found = list(cut(0, 0, ()))
    if budget[0] >= 0:
        yield from found
