"""The reports of one run against one another: year against year, county against its bureaus.

While records are written, only who each is of is kept (some 600 bytes). Then the units are gone through one by
one, and only the reports of one unit, or of one county and year, are read again from the journal: cells from
their records, paragraphs by digest from their headlines. What comes out depends on the set of records
alone, not on how the work was shared out or where it was stopped.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from extraction.checks.apart import apart
from extraction.checks.brief import Brief
from extraction.checks.continuity import continuity
from extraction.checks.county import county, is_bureau, is_county
from extraction.checks.duplicates import duplicates
from extraction.checks.lineage import Identity, Series, trace
from extraction.checks.paragraphs import Paragraph
from extraction.corpus.journal import Journal
from extraction.records import Cell, CrossFinding


class Crossing:
    """Who the records of a run are of, and what comparing them finds.

    ``counts``: pairs of years compared, counties compared with bureaus, and reports left unmatched because
    their unit or year is not known or their unit's name may be several places'.
    """

    def __init__(self) -> None:
        self._identities: list[Identity] = []
        self._paths: list[str] = []
        self.counts: Counter[str] = Counter()

    def add(self, headline: dict[str, Any], path: str) -> None:
        """Take note of a record by its headline; ``path`` is what the journal knows it by."""
        unit, year = headline["unit"], headline["year"]
        if not unit or year is None or "id" not in headline:
            self.counts["unmatched"] += 1
            return
        one = Identity(
            number=len(self._paths),
            report_id=headline["id"],
            path=path if headline["path"] == path else headline["path"],
            name=sys.intern(unit),
            level=headline["level"],
            code=headline["code"],
            place=_interned(headline["place"]),
            year=year,
            published=headline["published"],
            found=headline["cells"][0],
            fingerprint=headline["fingerprint"],
        )
        self._identities.append(one)
        self._paths.append(path)

    def findings(self, journal: Journal) -> Iterator[CrossFinding]:
        """Every finding, by unit (in the order of division code and name) and year. Counts as it goes."""
        series, unmatched = trace(self._identities)
        self.counts["unmatched"] += unmatched
        notes = apart(series)
        bureaus = _by_county(series)
        for i, one in enumerate(series):
            yield from notes.get(i, ())
            yield from self._of_unit(one, journal)
            yield from self._of_county(one, bureaus, journal)

    def _of_unit(self, one: Series, journal: Journal) -> Iterator[CrossFinding]:
        """The findings on one unit's reports; no more than two years of it are held at once."""
        if len(one.years) == 1 and len(one.years[one.first]) == 1:
            return
        before: Brief | None = None
        for year, members in one.years.items():
            briefs = self._briefs(members, journal)
            yield from duplicates(briefs, list(one.years))
            if before is not None and before.year == year - 1:
                self.counts["pairs"] += 1
                yield from continuity(before, briefs[0])
            before = briefs[0]

    def _of_county(
        self, one: Series, bureaus: dict[tuple[str, int], list[Identity]], journal: Journal
    ) -> Iterator[CrossFinding]:
        for year, members in one.years.items():
            if not is_county(members[0]) or not (mine := bureaus.get((one.code or "", year))):
                continue
            self.counts["counties"] += 1
            government, *others = self._briefs([members[0], *mine], journal)
            yield from county(government, others)

    def _briefs(self, identities: Sequence[Identity], journal: Journal) -> list[Brief]:
        entries = journal.entries([self._paths[one.number] for one in identities])
        return [
            _brief(one, entry.line, entry.headline) for one, entry in zip(identities, entries, strict=True)
        ]


def _interned(place: Sequence[str | None]) -> tuple[str | None, str | None, str | None]:
    province, city, county = (name and sys.intern(name) for name in place)
    return province, city, county


def _by_county(series: Sequence[Series]) -> dict[tuple[str, int], list[Identity]]:
    """The bureaus' reports by their county's code and year, one a body and year."""
    found: dict[tuple[str, int], list[Identity]] = {}
    for one in series:
        for year, (standing, *_) in one.years.items():
            if is_bureau(standing):
                found.setdefault((standing.code or "", year), []).append(standing)
    return found


def _brief(one: Identity, line: bytes, headline: dict[str, Any]) -> Brief:
    cells = (Cell(**cell) for cell in orjson.loads(line)["cells"])
    paragraphs = tuple(
        Paragraph(digest, start, end, length, tuple(years))
        for digest, start, end, length, years in headline["paragraphs"]
    )
    return Brief(one, {cell.key: cell for cell in cells}, paragraphs)


def cross_line(finding: CrossFinding) -> bytes:
    """A finding as one line of JSON."""
    return orjson.dumps(finding, option=orjson.OPT_APPEND_NEWLINE)
