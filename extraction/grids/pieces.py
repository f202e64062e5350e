"""The stream a grid is read from: pieces of text with offsets, from flattened lines or from true tables.

A piece is the smallest thing that can be a cell: a label, one value, an empty field. Lines with tabs or pipes
are cut into fields, each with its column; other lines are one piece, or a label and the values behind it.
Page furniture (``- 4 -``, ``第4页 共6页``) and rulings (``|---|---|``) are left out; prose is a barrier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from extraction.document import Table
from extraction.grids.numbers import Value, read_cell, read_values, trailing_values
from extraction.grids.vocabulary import key_of, vocabulary
from extraction.records import Number


class Kind(IntEnum):
    """What a piece is."""

    VALUE = 0  # a number
    MARK = 1  # “does not apply”: / - 无
    BLANK = 2  # an empty field
    PIPE = 3  # a pipe alone on its line: an empty cell or the edge of one
    WORDS = 4  # a label, a head, a note
    PROSE = 5  # a sentence: nothing of a grid goes on behind it unnoticed


@dataclass(slots=True)
class Piece:
    """``text[start:end]`` and what it is; ``column`` is -1 on a line that has no fields.

    ``table`` is the index of the true table that the piece is a cell of (-1: flattened text), ``row`` its
    row in that lattice, ``span`` how many of its columns the cell takes.
    """

    kind: Kind
    start: int
    end: int
    line: int
    column: int = -1
    key: str = ""
    value: Number | None = None
    unit: str | None = None
    gap: int = 1  # line breaks between this piece and the one before it
    alone: bool = False  # the only thing on its line
    table: int = -1
    row: int = -1
    span: int = 1

    @property
    def holds_place(self) -> bool:
        """Whether the piece fills a cell with something printed."""
        return self.kind <= Kind.MARK


_FURNITURE = re.compile(
    r"\s*(?:[-—]+\s*\d{1,3}\s*[-—]+|第\s*\d{1,3}\s*页(?:\s*[,/]?\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3}\s*页?|[Pp]age\s*\d+.*)\s*"
)
_RULING = re.compile(r"[\s|:+=_·*-]*(?:-{3,}|={3,}|_{3,})[\s|:+=_·*-]*")
_RULED_FIELD = re.compile(r":?-{3,}:?|={3,}|_{3,}")
_WIDE_GAP = re.compile(r"\s{2,}")
_EMPHASIS = re.compile(r"\*\*|__|^#+\s*")
_LABEL_END = re.compile(r"(?:[一-鿿](?<!无)|[^\w/-])$")  # no value can end here
_SENTENCE = re.compile(r"[。；！？;]")
_CACHED_LENGTH = 200  # longer lines are prose, seldom met twice
_PROSE_LENGTH = 46  # the longest label of the form has 40 characters


def line_pieces(normal: str, start: int, end: int, first_line: int = 0) -> Iterator[Piece]:
    """Cut the lines of ``normal[start:end]`` into pieces."""
    at, breaks = start, 1
    for number, line in enumerate(normal[start:end].split("\n"), first_line):
        gap = breaks
        for p in _cut_line(line) if len(line) <= _CACHED_LENGTH else _cut_line.__wrapped__(line):
            yield Piece(
                p.kind, at + p.start, at + p.end, number, p.column, p.key, p.value, p.unit, gap, p.alone
            )
            gap = breaks = 0
        breaks += 1
        at += len(line) + 1


@lru_cache(maxsize=1 << 15)
def _cut_line(line: str) -> tuple[Piece, ...]:
    """The pieces of one line, offsets from its begin. Cached: most lines of most reports are the form's own."""
    if not line or line.isspace() or _FURNITURE.fullmatch(line) or _RULING.fullmatch(line):
        return ()
    if "|" in line or "\t" in line:
        return tuple(_cut_fields(line))
    bare = line.strip()
    begin = line.index(bare[0])
    if bare.isascii() and bare.isdigit():
        return (Piece(Kind.VALUE, begin, begin + len(bare), 0, value=int(bare), alone=True),)
    values = read_values(bare)
    if values:
        return tuple(_value_pieces(values, begin, 0, -1, alone=len(values) == 1))
    return tuple(_cut_words(bare, begin))


def _cut_words(bare: str, begin: int) -> Iterator[Piece]:
    """A line of words, perhaps with values behind them: ``（一）予以公开  1 0 0``."""
    key = key_of(bare)
    if _LABEL_END.search(bare) and vocabulary().known(key):
        yield Piece(Kind.WORDS, begin, begin + len(bare), 0, key=key, alone=True)
        return
    split = trailing_values(bare)
    label = bare[:split].rstrip()
    if _SENTENCE.search(label) or len(label) > _PROSE_LENGTH:
        prose = key_of(label) and not vocabulary().pattern.search(key_of(label)[-40:])
        if prose or _SENTENCE.search(label):
            yield Piece(Kind.PROSE, begin, begin + len(bare), 0, key=key)
            return
    at = 0
    for gap in [*_WIDE_GAP.finditer(label), None]:
        until = gap.start() if gap else len(label)
        if until > at:
            word = label[at:until]
            inner = read_values(word)
            if inner and (at > 0 or until < len(label)):
                yield from _value_pieces(inner, begin + at, 0, -1, alone=False)
            else:
                yield Piece(
                    Kind.WORDS, begin + at, begin + until, 0, key=key_of(word), alone=split == len(bare)
                )
        at = gap.end() if gap else until
    if split < len(bare):
        values = read_values(bare[split:])
        yield from _value_pieces(values or (), begin + split, 0, -1, alone=False)


def _cut_fields(line: str) -> Iterator[Piece]:
    separator = "|" if "|" in line else "\t"
    fields: list[tuple[int, int]] = []
    at = 0
    while True:
        stop = line.find(separator, at)
        if stop < 0:
            fields.append((at, len(line)))
            break
        fields.append((at, stop))
        at = stop + 1
    if separator == "|":
        if line.strip() == "|":
            bar = line.index("|")
            yield Piece(Kind.PIPE, bar, bar + 1, 0, alone=True)
            return
        if not line[slice(*fields[0])].strip():
            fields.pop(0)
        if fields and not line[slice(*fields[-1])].strip():
            fields.pop()
    for column, (low, high) in enumerate(fields):
        yield from field_pieces(line[low:high], low, 0, column)


def field_pieces(content: str, offset: int, line: int, column: int) -> Iterator[Piece]:
    """The pieces of one field or true cell: a blank, a value, or words."""
    bare = content.strip(" \t\n*")
    if not bare:
        yield Piece(Kind.BLANK, offset, offset, line, column)
        return
    begin = offset + content.index(bare)
    if bare.isascii() and bare.isdigit():
        yield Piece(Kind.VALUE, begin, begin + len(bare), line, column, value=int(bare))
        return
    if _RULED_FIELD.fullmatch(bare):
        return
    values = read_cell(bare)
    if values:
        yield from _value_pieces(values, begin, line, column, alone=False)
        return
    words = _EMPHASIS.sub("", bare)
    yield Piece(Kind.WORDS, begin, begin + len(bare), line, column, key=key_of(words))


def _value_pieces(
    values: Iterable[Value], begin: int, line: int, column: int, *, alone: bool
) -> Iterator[Piece]:
    for v in values:
        kind = Kind.MARK if v.value is None else Kind.VALUE
        yield Piece(
            kind, begin + v.start, begin + v.end, line, column, value=v.value, unit=v.unit, alone=alone
        )


def table_pieces(normal: str, table: Table, first_line: int, number: int) -> Iterator[Piece]:
    """Cut true table ``number`` into pieces, row by row; the column is the lattice's, spans counted."""
    row = -1
    for cell in table.cells:
        fresh = cell.row != row
        row = cell.row
        for i, piece in enumerate(
            field_pieces(normal[cell.start : cell.end], cell.start, first_line + row, cell.column)
        ):
            piece.gap = 1 if fresh and i == 0 else 0
            piece.table, piece.row, piece.span = number, row, cell.column_span
            yield piece


def pieces_of(normal: str, tables: tuple[Table, ...], start: int, end: int) -> list[Piece]:
    """Every piece of ``normal[start:end]``: true tables by their cells, the rest by lines."""
    out: list[Piece] = []
    at, line = start, 0
    for number, table in enumerate(tables):
        if table.end <= at or table.start >= end:
            continue
        out.extend(line_pieces(normal, at, max(at, table.start), line))
        line = (out[-1].line if out else line) + 2
        out.extend(table_pieces(normal, table, line, number))
        line += table.rows + 1
        at = max(at, table.end)
    if at < end:
        out.extend(line_pieces(normal, at, end, line))
    return out
