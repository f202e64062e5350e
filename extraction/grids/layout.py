"""What the whole stream tells about how its cells stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extraction.grids.pieces import Piece
from extraction.grids.rows import PrintedRow, usual_gap
from extraction.grids.vocabulary import APPLICATIONS, DISCLOSURE

_WIDEST = {DISCLOSURE: 3, APPLICATIONS: 7}
_EVIDENCE = 3  # rows that must show a habit of the layout before it is believed


@dataclass(frozen=True, slots=True)
class Layout:
    """``usual_gap``: line breaks between two cells, 0 where cells share lines; ``glued``: digits of several
    cells run together; ``deduplicated``: the converter dropped every line that had stood before.
    """

    usual_gap: int
    glued: bool
    deduplicated: bool


def observe(pieces: Sequence[Piece], rows: Iterable[PrintedRow], normal: str) -> Layout:
    """Look at all printed rows of a report together."""
    glued = apart = shown = due = repeated = shared = 0
    for row in rows:
        held = [p for p in row.slots if p.holds_place]
        if held and row.mark:
            if len(held) == 1 and not normal[held[0].start - 1].isspace() and held[0].column < 0:
                glued += 1
            elif len(held) > 1:
                apart += 1
        printed = [normal[p.start : p.end] for p in held]
        repeated += sum(a == b for a, b in pairwise(printed))
        shared += sum(not p.alone for p in held)
        shown += len(held)
        due += _WIDEST.get(row.row.family, 15)
    # Grids are full of zeros side by side: cells a line each, few of them and never two alike in a row, are
    # what is left when every repeated line was dropped.
    dropped = shown > 0 and not repeated and not shared and 2 * shown < due
    return Layout(usual_gap(pieces), glued >= _EVIDENCE and glued > apart, dropped)
