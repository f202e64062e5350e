"""A document's standard grids as cells: recognised table by table, placed by arithmetic, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extraction.document import Document
from extraction.forms import Forms, GridForm, load_forms
from extraction.grids import findings as say
from extraction.grids.alignment import Mark, align
from extraction.grids.fitting import Source, fit
from extraction.grids.generation import decide_forms
from extraction.grids.layout import observe
from extraction.grids.pieces import Piece, pieces_of
from extraction.grids.rows import (
    Bounds,
    Gathered,
    PrintedRow,
    gather,
    recover_lost_labels,
    review_slots,
)
from extraction.grids.vocabulary import APPLICATIONS, DISCLOSURE, REVIEW, RowName, vocabulary
from extraction.recognise import Identity
from extraction.records import Cell, Finding, FormName

_FIRST_YEAR_OF_GRIDS = 2019
_PLACES = {DISCLOSURE: 3, APPLICATIONS: 7}
_ENOUGH_ROWS = {DISCLOSURE: 4, APPLICATIONS: 12}


@dataclass(frozen=True, slots=True)
class GridReading:
    """All cells of the recognised form, which generation it is, and what the reader doubts."""

    form: FormName | None
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Stream:
    """The grids as printed rows, in one stretch of the text."""

    pieces: Sequence[Piece]
    marks: Sequence[Mark]
    families: Mapping[str, Gathered]
    review: Sequence[Piece]
    lost: Sequence[RowName]

    @property
    def rows_found(self) -> int:
        """How much of the form this stretch shows."""
        return sum(row.filled > 0 for g in self.families.values() for row in g.rows) + 3 * bool(self.review)


def read_grids(document: Document, identity: Identity) -> GridReading:
    """Read every standard grid of a report. Total: what is not shown is ``missing``, never left out."""
    forms = load_forms()
    stream = _find(document, identity)
    printed: dict[str, list[PrintedRow]] = {}
    for gathered in stream.families.values():
        for row in gathered.rows:
            printed.setdefault(row.row.table, []).append(row)
    if stream.review:
        name = vocabulary().families[REVIEW][0]
        filled = sum(p.holds_place for p in stream.review)
        printed[REVIEW] = [PrintedRow(name, None, list(stream.review), filled)]
    layout = observe(stream.pieces, (row for rows in printed.values() for row in rows), identity.normal)
    generation = decide_forms(forms, stream.pieces, printed, identity.year, widths=not layout.deduplicated)
    cells: list[Cell] = []
    findings: list[Finding] = []
    source = Source(document.text, identity.normal, stream.pieces, document.places, document.tables, layout)
    for grid in _due(forms, generation.tables, generation.report):
        grid_cells, grid_findings = fit(grid, forms, printed.get(grid.table, []), source)
        cells += grid_cells
        findings += grid_findings
    for gathered in stream.families.values():
        findings += [say.unknown_row(document.text, s) for s in gathered.strangers]
    findings += [say.lost_label(forms, name) for name in stream.lost]
    findings += [say.notice(n) for n in document.notices]
    if generation.report is None and identity.year is not None and identity.year >= _FIRST_YEAR_OF_GRIDS:
        findings.append(say.no_grids(identity.year))
    return GridReading(generation.report, tuple(cells), tuple(findings))


def _due(forms: Forms, tables: Mapping[str, str], report: FormName | None) -> list[GridForm]:
    """The grids whose cells are due: each table in its generation; none where no form was recognised."""
    if report is None:
        return []
    return [grid for (table, form), grid in forms.grids.items() if tables.get(table) == form]


def _find(document: Document, identity: Identity) -> _Stream:
    """The grids where the sections say they are; in the whole text if they aren't there."""
    text = identity.normal
    sections = {s.key: s for s in identity.sections}
    starts = [s.start for key in ("disclosure", "applications", "review") if (s := sections.get(key))]
    ends = [s.start for key in ("problems", "other") if (s := sections.get(key))]
    barriers = [s.start for s in identity.sections]
    if starts:
        low = min(starts)
        high = min([e for e in ends if e > max(starts)], default=len(text))
        stream = _stream(document, text, low, high, barriers)
        full = all(
            sum(r.filled > 0 for r in stream.families[f].rows) >= enough for f, enough in _ENOUGH_ROWS.items()
        )
        if full and stream.review:
            return stream
        whole = _stream(document, text, 0, len(text), barriers)
        return whole if whole.rows_found > stream.rows_found else stream
    return _stream(document, text, 0, len(text), barriers)


def _stream(document: Document, text: str, low: int, high: int, barriers: Sequence[int]) -> _Stream:
    pieces = pieces_of(text, document.tables, low, high)
    marks = {family: align(pieces, family) for family in (DISCLOSURE, APPLICATIONS)}
    everything = [m for ms in marks.values() for m in ms]
    behind = max((m.last for m in marks[APPLICATIONS]), default=-1) + 1
    review, heads = review_slots(pieces, behind)
    stops = frozenset([m.first for m in everything] + heads)
    families = {
        family: gather(pieces, ms, Bounds(stops, barriers, _PLACES[family])) for family, ms in marks.items()
    }
    lost = recover_lost_labels(
        families[APPLICATIONS], _PLACES[APPLICATIONS], _rows_expected(families[APPLICATIONS])
    )
    return _Stream(pieces, everything, families, review, lost)


def _rows_expected(gathered: Gathered) -> list[RowName]:
    """The rows the applications grid should have, in the generation that its last rows show."""
    parts = any(row.row.row.startswith("other.") for row in gathered.rows)
    grid = load_forms().grids[APPLICATIONS, "2021" if parts else "2019"]
    keys = {row.key for row in grid.rows}
    return [name for name in vocabulary().families[APPLICATIONS] if name.row in keys]
