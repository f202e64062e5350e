"""What the whole stream tells about how its cells stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extraction.grids.pieces import Kind, Piece
from extraction.grids.rows import PrintedRow, usual_gap
from extraction.grids.vocabulary import APPLICATIONS, DISCLOSURE

_WIDEST = {DISCLOSURE: 3, APPLICATIONS: 7}
_EVIDENCE = 3  # rows that must show a habit of the layout before it is believed


@dataclass(frozen=True, slots=True)
class Layout:
    """``usual_gap``: line breaks between two cells, 0 where cells share lines; ``glued``: digits of several
    cells run together; ``deduplicated``: the converter dropped every line that had stood before."""

    usual_gap: int
    glued: bool
    deduplicated: bool


def observe(pieces: Sequence[Piece], rows: Iterable[PrintedRow], normal: str) -> Layout:
    """Look at all printed rows of a report together."""
    glued = apart = short = 0
    lines: Counter[str] = Counter()
    for row in rows:
        held = [p for p in row.slots if p.holds_place]
        if held and row.mark:
            if len(held) == 1 and not normal[held[0].start - 1].isspace() and held[0].column < 0:
                glued += 1
            elif len(held) > 1:
                apart += 1
        lines.update(normal[p.start : p.end] for p in held if p.kind is Kind.VALUE and p.alone)
        short += 0 < len(held) < _WIDEST.get(row.row.family, 15)
    dropped = short >= _EVIDENCE and len(lines) >= 2 and max(lines.values(), default=0) == 1
    return Layout(usual_gap(pieces), glued >= _EVIDENCE and glued > apart, dropped)
