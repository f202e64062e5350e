"""Which piece of the stream names which row of the form.

Exact keys first, then the chain of rows that fits the form's order best (a weighted longest increasing
sequence, so a contents page, a repeated head or a word in a sentence loses to the real grid), then damaged
labels by edit distance, and only among the rows that the form's order leaves open at that place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from rapidfuzz.distance import LCSseq, Levenshtein

from extraction.grids.pieces import Kind, Piece
from extraction.grids.vocabulary import REVIEW, RowName, vocabulary

_MAX_JOIN = 6  # a label broken inside its cell: at most so many fragments
_SIMILAR = 0.6  # edit similarity from which a damaged label counts as the row's
_THREADED = 0.75  # share of a label's characters found in order, other words between
_ENOUGH_VALUES = 7
_VALUES_WEIGHT = 4  # a label with values behind it against one without


@dataclass(frozen=True, slots=True)
class Mark:
    """A row named by ``pieces[first:last + 1]``; ``column``: the field its last piece stands in, or -1."""

    row: RowName
    first: int
    last: int
    column: int
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    names: tuple[RowName, ...]
    first: int
    last: int
    column: int
    weight: int


def align(pieces: Sequence[Piece], family: str) -> list[Mark]:
    """The rows of one family of grids, in the form's order, each with the pieces that name it."""
    hits = _hits(pieces, family)
    chain = _best_chain(hits)
    return _mend(pieces, family, chain)


def _words_follow(pieces: Sequence[Piece], index: int) -> int:
    """How many values stand behind a piece before the next words (up to a full row).

    In a true table only the row's own cells do, blank ones too: a head is no label of the row below it.
    """
    count = 0
    own = pieces[index]
    for piece in pieces[index + 1 : index + 24]:
        if piece.kind >= Kind.WORDS or (own.table >= 0 and piece.line != own.line):
            break
        count += piece.kind <= Kind.MARK or own.table >= 0
        if count == _ENOUGH_VALUES:
            break
    return count


def _hits(pieces: Sequence[Piece], family: str) -> list[_Hit]:
    words = vocabulary()
    hits: list[_Hit] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        if piece.kind is not Kind.WORDS or not piece.key:
            index += 1
            continue
        names, last = words.rows.get(piece.key), index
        if names and _in_review_heads(pieces, index):
            names = None
        if _is_in_a_cell(pieces, index):
            index += 1
            continue
        if names is None and piece.key not in words.heads and piece.key not in words.columns:
            names, last = _joined(pieces, index)
        if names:
            own = tuple(name for name in names if name.family == family)
            if own:
                hits.append(
                    _Hit(
                        own,
                        index,
                        last,
                        pieces[last].column,
                        1 + _VALUES_WEIGHT * _words_follow(pieces, last),
                    )
                )
        index = last + 1
    return hits


def _in_review_heads(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the words before a piece are heads of the review grid: its 总计 is no row of applications."""
    before = next((p for p in reversed(pieces[max(0, index - 4) : index]) if p.kind is not Kind.BLANK), None)
    return before is not None and before.key in _review_only()


def _is_in_a_cell(pieces: Sequence[Piece], index: int) -> bool:
    """Whether words fill a cell of another row of a true table: behind its label and numbers, or behind a
    label of another grid.
    """
    own, rows = pieces[index], vocabulary().rows
    if own.table < 0 or own.key not in rows:
        return False
    families = {name.family for name in rows[own.key]}
    valued = False
    for piece in reversed(pieces[max(0, index - 20) : index]):
        if piece.line != own.line:
            return False
        before = rows.get(piece.key)
        if before and (valued or families.isdisjoint(name.family for name in before)):
            return True
        valued = valued or piece.holds_place
    return False


@cache
def _review_only() -> frozenset[str]:
    columns = vocabulary().columns
    return frozenset(key for key, owners in columns.items() if all(table == REVIEW for table, _, _ in owners))


def _joined(pieces: Sequence[Piece], index: int) -> tuple[tuple[RowName, ...] | None, int]:
    """A label broken over several pieces, or packed into one with its group's words."""
    words = vocabulary()
    key = pieces[index].key
    for last in range(index + 1, min(index + _MAX_JOIN, len(pieces))):
        piece = pieces[last]
        if piece.kind in (Kind.BLANK, Kind.PIPE):
            continue
        if piece.kind is not Kind.WORDS:
            break
        key += piece.key
        if key in words.rows:
            return words.rows[key], last
    inside = list(words.pattern.finditer(pieces[index].key))
    if inside and _is_heads_wording(words.pattern.sub("", pieces[index].key)):
        return words.rows[inside[-1][0]], index
    return None, index


def _is_heads_wording(rest: str) -> bool:
    """Whether what a packed piece holds beside a row's title is (a part of) heads: 区分处理的, 三本年度办理结果."""
    return not rest or any(
        rest.startswith(head) or rest.endswith(head) or head.startswith(rest) or head.endswith(rest)
        for head in vocabulary().heads
    )


def _best_chain(hits: Sequence[_Hit]) -> list[Mark]:
    """The heaviest sequence of hits whose rows follow the form's order."""
    orders = [hit.names[0].order for hit in hits]
    if all(len(hit.names) == 1 for hit in hits) and all(a < b for a, b in pairwise(orders)):
        return [Mark(hit.names[0], hit.first, hit.last, hit.column) for hit in hits]
    states = [(name, hit) for hit in hits for name in sorted(hit.names, key=_order, reverse=True)]
    if not states:
        return []
    best: list[int] = []
    before: list[int] = []
    for i, (name, hit) in enumerate(states):
        weight, link = hit.weight, -1
        for j in range(i):
            other, other_hit = states[j]
            if other.order < name.order and other_hit.last < hit.first and best[j] + hit.weight > weight:
                weight, link = best[j] + hit.weight, j
        best.append(weight)
        before.append(link)
    at = max(range(len(best)), key=best.__getitem__)
    chain: list[tuple[RowName, _Hit]] = []
    while at >= 0:
        chain.append(states[at])
        at = before[at]
    return [Mark(_whole(name, hit, chain), hit.first, hit.last, hit.column) for name, hit in reversed(chain)]


def _whole(name: RowName, hit: _Hit, chain: Sequence[tuple[RowName, _Hit]]) -> RowName:
    """（六）其他 could be the row 其他处理 or its third part: it is a part only beside other parts."""
    parent, _, part = name.row.rpartition(".")
    if not part or not parent:
        return name
    beside = any(n.row.startswith(parent + ".") and n is not name for n, _ in chain)
    return name if beside else next((n for n in hit.names if n.row == parent), name)


def _order(name: RowName) -> int:
    return name.order


def _mend(pieces: Sequence[Piece], family: str, chain: list[Mark]) -> list[Mark]:
    """Find damaged labels of the rows that are open between two marks."""
    if not chain:
        return chain
    rows = vocabulary().families[family]
    out: list[Mark] = []
    bounds = [*chain, None]
    previous: Mark | None = None
    for mark in bounds:
        first_open = previous.row.order + 1 if previous else 0
        last_open = mark.row.order if mark else len(rows)
        if first_open < last_open:
            low = previous.last + 1 if previous else max(0, chain[0].first - 40)
            high = mark.first if mark else min(len(pieces), low + 60)
            out += _fuzzy(pieces, rows[first_open:last_open], low, high)
        if mark:
            out.append(mark)
        previous = mark
    return out


def _fuzzy(pieces: Sequence[Piece], rows: Sequence[RowName], low: int, high: int) -> list[Mark]:
    out: list[Mark] = []
    open_rows = list(rows)
    for first, last in _runs(pieces, low, high):
        if not open_rows:
            break
        found = _resembles(pieces, first, last, open_rows)
        if found is not None:
            out.append(Mark(found, first, last, pieces[last].column, damaged=True))
            open_rows = open_rows[open_rows.index(found) + 1 :]
    return out


def _runs(pieces: Sequence[Piece], low: int, high: int) -> list[tuple[int, int]]:
    """Runs of unknown words that have values behind them."""
    words = vocabulary()
    runs: list[tuple[int, int]] = []
    first = -1
    for i in range(low, high):
        piece = pieces[i]
        if piece.kind is Kind.WORDS:
            if piece.key in words.articles or (piece.key in words.heads):
                first = -1
            elif piece.key and not _is_in_a_cell(pieces, i):
                first = i if first < 0 else first
                last = i
        elif piece.kind is Kind.PROSE:
            first = -1
        elif piece.holds_place:
            if first >= 0:
                runs.append((first, last))
            first = -1
    return runs


def _resembles(pieces: Sequence[Piece], first: int, last: int, rows: Sequence[RowName]) -> RowName | None:
    texts = [p.key for p in pieces[first : last + 1] if p.kind is Kind.WORDS and p.key]
    candidates = ["".join(texts), texts[-1], *("".join(texts[i:]) for i in range(1, len(texts) - 1))]
    best, best_score = None, 0.0
    for name in rows:
        for title in vocabulary().titles[name.table, name.row]:
            score = max(_likeness(text, title) for text in candidates)
            if score > best_score:
                best, best_score = name, score
    return best


def _likeness(text: str, title: str) -> float:
    """How much a damaged label looks like a title: 0 below the thresholds, up to 1."""
    edit = Levenshtein.normalized_similarity(text, title)
    if edit >= _SIMILAR:
        return edit
    if len(title) >= 5 and len(text) <= 3 * len(title):
        threaded = LCSseq.similarity(text, title) / len(title)
        if threaded >= _THREADED:
            return 0.9 * threaded
    short = len(text) >= 3 and len(text) * 2 >= len(title) and (text in title)
    return 0.6 if short else 0.0
