"""Several reports of one unit and year: which stands for the year, and whether one is another year's."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.checks.brief import Brief
from extraction.checks.lineage import published_late
from extraction.checks.wording import some
from extraction.records import CrossFinding, Severity


def duplicates(briefs: Sequence[Brief], years: Sequence[int]) -> list[CrossFinding]:
    """Findings on the reports of one unit and year, the one that stands for it first.

    ``continuity.duplicate``: a note where the cells agree, a warning where they differ.
    ``continuity.stale_year``: one was published when a later year was due, shows other numbers, and no report
    of that year is among ``years``.
    """
    if len(briefs) < 2:
        return []
    standing, others = briefs[0], briefs[1:]
    stale = [other for other in others if _is_stale(standing, other, years)]
    found = [_stale(standing, other) for other in stale]
    return found + [_duplicate(standing, other) for other in others if other not in stale]


def _is_stale(standing: Brief, other: Brief, years: Sequence[int]) -> bool:
    one, late = standing.identity, other.identity
    if published_late(one) or not published_late(late) or one.fingerprint == late.fingerprint:
        return False
    return bool(one.published) and _due(other) not in years


def _due(brief: Brief) -> int:
    return int((brief.identity.published or "")[:4]) - 1


def _stale(standing: Brief, other: Brief) -> CrossFinding:
    message = (
        f"It speaks of {other.year} and was published on {other.identity.published}, with other numbers than the "
        f"report of {standing.year} published on {standing.identity.published}: likelier the report of "
        f"{_due(other)} with a stale year. It is not compared with other years."
    )
    sides = (other.names(),), (standing.names(),)
    return other.finding("continuity.stale_year", "warning", message, sides, (_due(other), other.year))


def _duplicate(standing: Brief, other: Brief) -> CrossFinding:
    keys = list(dict.fromkeys([*standing.cells, *other.cells]))
    differing = [key for key in keys if _says(standing, key) != _says(other, key)]
    if standing.identity.report_id == other.identity.report_id:
        how = "the same file, byte for byte"
    elif not differing:
        how = "the same cells"
    else:
        shown = some([f"{key} {_says(other, key)} and {_says(standing, key)}" for key in differing])
        counts = "one may count the office, the other the whole place"
        how = f"{len(differing)} of {len(keys)} cells differ: {shown}; {counts}"
    message = f"Two reports of one unit and year ({how}). The other stands for {standing.year} when years are compared."
    here = tuple(other.shows(key) for key in differing if key in other.cells) or (other.names(),)
    there = tuple(standing.shows(key) for key in differing if key in standing.cells) or (standing.names(),)
    severity: Severity = "warning" if differing else "note"
    return other.finding("continuity.duplicate", severity, message, (here, there))


def _says(brief: Brief, key: str) -> str:
    cell = brief.cells.get(key)
    if cell is None:
        return "—"
    return cell.kind if cell.kind != "number" or cell.value is None else f"{cell.value:.12g}"
