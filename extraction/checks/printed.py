"""Does a value stand in the source as printed, or did the reader put it together?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from extraction.normalise import normalise
from extraction.records import Cell

# A note in brackets behind the number (含自然失效5件) does not make it less the source's own.
_NUMBER = re.compile(
    r"([+-]|增加?|减少?)?\s?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s?(?:万元|元|[件个项条宗次份起人])?(?:\s?\([^()]*\))?"
)
_ZERO_WORDS = {"无", "零"}


def _plain(cell: Cell) -> bool:
    if cell.kind != "number" or cell.value is None:
        return True  # nothing was read from a blank, so nothing was put together
    if cell.raw is None:
        return False
    if cell.raw == str(cell.value):  # nearly always
        return True
    raw = normalise(cell.raw).strip()
    if raw in _ZERO_WORDS:
        return cell.value == 0
    match = _NUMBER.fullmatch(raw)
    if match is None:
        return False
    sign, whole, decimals = match.groups()
    magnitude = float(whole.replace(",", "") + (decimals or ""))
    return cell.value == (-magnitude if sign and sign[0] in "-减" else magnitude)


def assembled(cells: Iterable[Cell]) -> frozenset[str]:
    """The cells of one table whose value is not the number that the source prints for them alone.

    Such are values without a place, values put together or picked out of a longer
    text (``12 88``), and values cut out of one run of digits (``123`` read as 1, 2, 3): the cut may be wrong.
    """
    cells = [cell for cell in cells if cell.kind == "number"]
    placed = sorted((c for c in cells if c.start is not None), key=lambda c: (c.start or 0, c.end or 0))
    touching = {
        cell.key
        for first, second in pairwise(placed)
        if first.end is not None and second.start is not None and second.start <= first.end
        for cell in (first, second)
    }
    return frozenset(touching | {cell.key for cell in cells if not _plain(cell)})
