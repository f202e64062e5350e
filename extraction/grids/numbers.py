"""What one cell of a grid says: a number, a mark for “does not apply”, or words.

Works on normalised text (``extraction.normalise``), so digits, signs and brackets are half-width here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extraction.records import Number

# 减4 and 增3 stand in the column 本年增/减; a bracket with words is a note on the number before it.
_NUMBER = (
    r"(?P<sign>[+-]|(?:增加?|减少?)\s?)?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?P<fraction>\.\d+)?"
    r"\s?(?P<unit>万元|元|件|条|项|个|次|起|宗|份|人)?"
    r"(?P<note>\s?\((?=[^()\n]*[一-鿿])[^()\n]{1,60}\))?"
)
_NOT_APPLICABLE = r"(?P<na>/|\\|-{1,2}|不涉及|未涉及|不适用|[Nn]/?[Aa]|无)"
_VALUE = re.compile(rf"(?:{_NUMBER}|{_NOT_APPLICABLE})(?=\s|$|[+-]\d)")
_SPLIT_DIGITS = re.compile(r"[+-]?\d+(?: {1,3}\d+)+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Value:
    """One number (or, with ``value`` None, one “does not apply”) at ``[start, end)`` of its piece."""

    start: int
    end: int
    value: Number | None
    unit: str | None = None
    noted: bool = False


def read_number(text: str) -> Number:
    """The number a plain digit string stands for (signs, thousands commas, a fraction)."""
    plain = text.replace(",", "").replace(" ", "")
    return float(plain) if "." in plain else int(plain)


def read_values(piece: str) -> tuple[Value, ...] | None:
    """Read a piece that holds nothing but values, apart by white space; None where it holds more."""
    if piece.isascii() and piece.isdigit():
        return (Value(0, len(piece), int(piece)),)
    values: list[Value] = []
    at = 0
    for _ in range(len(piece)):
        while at < len(piece) and piece[at].isspace():
            at += 1
        if at == len(piece):
            break
        match = _VALUE.match(piece, at)
        if match is None:
            return None
        values.append(_value(match))
        at = match.end()
    return tuple(values)


def _value(match: re.Match[str]) -> Value:
    if match["na"]:
        return Value(match.start(), match.end(), None)
    number = read_number(match["digits"] + (match["fraction"] or ""))
    if match["sign"] and match["sign"][0] in "-减":
        number = -number
    unit = match["unit"]
    return Value(match.start(), match.end(), number, unit, bool(match["note"]))


def read_cell(piece: str) -> tuple[Value, ...] | None:
    """Read the content of one true cell: digits that a converter tore apart (``12 88``) are one number."""
    if _SPLIT_DIGITS.fullmatch(piece):
        return (Value(0, len(piece), read_number(piece)),)
    return read_values(piece)


def trailing_values(piece: str) -> int:
    """Where the values begin that end a piece such as ``规章 1 2 3`` or ``规章123``; its length if none.

    The label may hold digits of its own (1.属于国家秘密), so the search runs from the end.
    """
    begin = len(piece)
    for match in _BOUNDARY.finditer(piece):
        if match.end() < len(piece) and read_values(piece[match.end() :]):
            begin = match.end()
            break
    return begin


# A value may begin after white space, or straight after a Chinese character or closing bracket.
_BOUNDARY = re.compile(r"\s+|(?<=[一-鿿)”\"])(?=[\d+-])")
