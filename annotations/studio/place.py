"""Where a sentence to be annotated stands: its report, its offsets, its neighbours, and whose report it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One sentence of one report in its context.

    ``start`` and ``end`` are code points of the report's text; ``before`` and ``after`` are not to be annotated.
    """

    report_id: str
    start: int
    end: int
    text: str
    before: str = ""
    after: str = ""
    source: str = ""
    unit: str = ""
    province: str = ""
    county: str = ""
    level: str = "other"
    year: int | None = None
    reason: str = ""
