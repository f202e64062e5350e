"""From marks to printed rows: which pieces belong to which row, and what stands there that no row knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from extraction.grids.alignment import Mark
from extraction.grids.pieces import Kind, Piece
from extraction.grids.vocabulary import REVIEW, RowName, vocabulary

_REVIEW_HEADS_NEEDED = 4  # of the seventeen heads
_REVIEW_RUN = 5  # values in a row that begin the grid's line


@dataclass(slots=True)
class PrintedRow:
    """One row of the form as it stands in the stream, before its numbers have places."""

    row: RowName
    mark: Mark | None  # None where the label is lost
    slots: list[Piece] = field(default_factory=list)
    filled: int = 0  # how many slots show something
    gap_after: int = 0


@dataclass(frozen=True, slots=True)
class Stranger:
    """A row that the form does not know: its words and the values behind them."""

    family: str
    words: Piece
    values: tuple[Piece, ...]


@dataclass(slots=True)
class Gathered:
    """All printed rows of one family and the strangers among them."""

    rows: list[PrintedRow]
    strangers: list[Stranger]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where rows end: ``stops`` are indexes of pieces that begin something else (other rows, review heads),
    ``barriers`` offsets where a section begins, ``places`` the cells of a full row.
    """

    stops: frozenset[int]
    barriers: Sequence[int]
    places: int


def gather(pieces: Sequence[Piece], marks: Sequence[Mark], bounds: Bounds) -> Gathered:
    """Share out the pieces behind each mark."""
    out = Gathered([], [])
    for mark in marks:
        row = PrintedRow(mark.row, mark)
        out.rows.append(row)
        _Collector(row, pieces, bounds, out.strangers).collect(mark.last + 1)
    return out


class _Collector:
    """Walks the pieces behind one label until something else begins."""

    def __init__(
        self, row: PrintedRow, pieces: Sequence[Piece], bounds: Bounds, strangers: list[Stranger]
    ) -> None:
        self.row = row
        self.pieces = pieces
        self.bounds = bounds
        self.strangers = strangers
        self.stranger: Piece | None = None
        self.strange: list[Piece] = []

    def collect(self, index: int) -> None:
        label = self.pieces[index - 1]
        limit = min((b for b in self.bounds.barriers if b > label.start), default=1 << 60)
        while index < len(self.pieces) and index not in self.bounds.stops:
            piece = self.pieces[index]
            if piece.start >= limit or not self._take(piece, index, label):
                break
            index += 1
        self._close_stranger()
        if index < len(self.pieces):
            self.row.gap_after = self.pieces[index].gap
            _leave_fields_of_next_label(self.row, self.pieces[index].line, label.line)

    def _take(self, piece: Piece, index: int, label: Piece) -> bool:
        """Give the piece its place; False where the row has ended before it."""
        row = self.row
        full = row.filled >= self.bounds.places
        if piece.kind <= Kind.PIPE:
            if self.stranger is None:
                row.slots.append(piece)
                row.filled += piece.kind <= Kind.MARK
            else:
                self.strange.append(piece)
            return True
        if piece.kind is Kind.PROSE:
            return not full
        if piece.table >= 0 and piece.table == label.table:
            return self._take_cell(piece, index, label)
        if vocabulary().known(piece.key):
            return not row.filled and piece.key not in vocabulary().articles
        if piece.line == label.line and piece.column >= 0 and (row.filled or piece.key) and not full:
            row.slots.append(piece)  # words in a cell
            row.filled += 1
        elif piece.key and (full or (row.filled and self._heads_a_line(index, label))):
            self._close_stranger()
            self.stranger, self.strange = piece, []
        return True

    def _take_cell(self, piece: Piece, index: int, label: Piece) -> bool:
        """Words in a true table: in the row's own line they fill a cell, in another they may head a row."""
        if piece.line == label.line:
            if self.row.slots or piece.key not in vocabulary().heads:  # else more of the label
                self.row.slots.append(piece)
                self.row.filled += 1
        elif vocabulary().known(piece.key):
            return not self.row.filled and piece.key not in vocabulary().articles
        elif piece.key and any(
            p.holds_place and p.line == piece.line for p in self.pieces[index + 1 : index + 9]
        ):
            self._close_stranger()
            self.stranger, self.strange = piece, []
        return True

    def _heads_a_line(self, index: int, label: Piece) -> bool:
        """Whether words stand at the head of another line with a row of values of their own."""
        line = self.pieces[index].line
        behind = self.pieces[index + 1 : index + 2 + self.bounds.places]
        return line != label.line and sum(p.holds_place and p.line == line for p in behind) >= min(
            self.bounds.places, 2
        )

    def _close_stranger(self) -> None:
        held = tuple(p for p in self.strange if p.holds_place)
        if self.stranger is not None and held:
            self.strangers.append(Stranger(self.row.row.family, self.stranger, held))
        self.stranger = None


def _leave_fields_of_next_label(row: PrintedRow, next_line: int, own_line: int) -> None:
    """Empty fields before the next row's label are that label's."""
    while row.slots and next_line != own_line:
        last = row.slots[-1]
        if last.kind is not Kind.BLANK or last.column < 0 or last.line != next_line:
            return
        row.slots.pop()


def _owns_values(pieces: Sequence[Piece], index: int, places: int) -> bool:
    """Whether words stand at the head of a line of fields with a full row of values of their own."""
    line = pieces[index].line
    behind = [p for p in pieces[index + 1 : index + 2 + places] if p.line == line]
    return sum(p.holds_place for p in behind) >= min(places, 2)


def recover_lost_labels(gathered: Gathered, places: int, expected: Sequence[RowName]) -> list[RowName]:
    """Give rows whose label is lost the numbers that stand behind the row before them.

    Only where the count leaves no choice: a row shows exactly (k + 1) full rows and the form has exactly k
    rows between it and the next one found. Returns the rows so recovered.
    """
    if places < 2:
        return []
    lost: list[RowName] = []
    found = [row.row.order for row in gathered.rows]
    for at in range(len(gathered.rows) - 1, -1, -1):
        row = gathered.rows[at]
        held = [p for p in row.slots if p.holds_place]
        extra, rest = divmod(len(held), places)
        upper = found[at + 1] if at + 1 < len(found) else len(expected) + row.row.order + 1
        between = [name for name in expected if row.row.order < name.order < upper]
        if rest or extra < 2 or len(between) != extra - 1:
            continue
        gathered.rows[at + 1 : at + 1] = [
            PrintedRow(name, None, held[places * (i + 1) : places * (i + 2)], places)
            for i, name in enumerate(between)
        ]
        row.slots, row.filled = held[:places], places
        lost += between
    return lost


def review_slots(pieces: Sequence[Piece], start: int) -> tuple[list[Piece], list[int]]:
    """The values of the review grid (one line of fifteen under two rows of heads), and its heads' indexes.

    ``start`` is the index behind the applications grid. Empty where there is no such grid.
    """
    heads = _review_heads(pieces, start)
    if not heads:
        return [], []
    table = pieces[heads[-1]].table
    if table >= 0:
        below = [p for p in pieces[heads[-1] + 1 :] if p.table == table and p.line > pieces[heads[-1]].line]
        line = next((p.line for p in below if p.holds_place), below[0].line if below else -1)
        return [p for p in below if p.line == line], heads
    slots: list[Piece] = []
    filled = 0
    line = -1
    for piece in pieces[heads[-1] + 1 :]:
        if piece.kind in (Kind.VALUE, Kind.MARK):
            filled += 1
            slots.append(piece)
            line = piece.line
        elif piece.kind in (Kind.BLANK, Kind.PIPE):
            if filled < 15 or piece.line == line:
                slots.append(piece)
        elif filled and (piece.kind is Kind.PROSE or (piece.key and (filled >= 15 or len(piece.key) > 6))):
            break
    return _from_value_line(slots), heads


def _from_value_line(slots: list[Piece]) -> list[Piece]:
    """Without the empty fields of the head rows above the values' line."""
    first = next((p for p in slots if p.holds_place), None)
    if first is None:
        return slots
    return [p for p in slots if p.line >= first.line]


@cache
def _review_words() -> tuple[re.Pattern[str], frozenset[str]]:
    """The heads of the review grid as a pattern, and the fragments they break into inside a cell."""
    words = vocabulary()
    keys = {key for key, owners in words.columns.items() if any(o[0] == REVIEW for o in owners)}
    keys |= {key for key, names in words.rows.items() if any(n.family == REVIEW for n in names)}
    keys |= {"行政诉讼"}
    fragments = {
        key[at : at + size] for key in keys for size in (1, 2, 3, 4) for at in range(len(key) - size + 1)
    }
    return re.compile("|".join(sorted(keys, key=len, reverse=True))), frozenset(fragments)


def _review_heads(pieces: Sequence[Piece], start: int) -> list[int]:
    """Indexes of the pieces that are the review grid's heads: whole, broken, or run together."""
    pattern, fragments = _review_words()
    heads: list[int] = []
    count = 0.0
    for i in range(start, len(pieces)):
        piece = pieces[i]
        enough = count >= _REVIEW_HEADS_NEEDED
        if piece.kind is Kind.PROSE:
            if enough:
                break
        elif piece.holds_place:
            if enough and _run_of_values(pieces, i) >= _REVIEW_RUN:
                break
            if not enough:
                heads, count = [], 0
        elif piece.kind is Kind.WORDS and piece.key:
            found = len(pattern.findall(piece.key))
            rest = pattern.sub("", piece.key) if found else piece.key
            if rest in fragments or not rest:
                heads.append(i)
                count += found or 0.5
    return heads if count >= _REVIEW_HEADS_NEEDED else []


def _run_of_values(pieces: Sequence[Piece], index: int) -> int:
    count = 0
    for piece in pieces[index : index + 40]:
        if piece.holds_place:
            count += 1
        elif piece.kind >= Kind.WORDS:
            break
    return count


def usual_gap(pieces: Sequence[Piece]) -> int:
    """The usual number of line breaks between two cells that stand alone on their lines; 0 if they don't."""
    gaps = Counter(b.gap for a, b in pairwise(pieces) if a.alone and b.alone)
    if not gaps or sum(gaps.values()) < 6:
        return 0
    gap, count = gaps.most_common(1)[0]
    return gap if count * 2 > sum(gaps.values()) else 0
