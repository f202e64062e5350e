"""Which generation of the form each table follows: decided table by table, for real reports mix them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import Levenshtein

from extraction.forms import Forms, GridForm
from extraction.grids.fields import table_of
from extraction.grids.pieces import Kind, Piece
from extraction.grids.rows import PrintedRow
from extraction.grids.vocabulary import APPLICATIONS, DISCLOSURE, REVIEW, key_of, vocabulary
from extraction.normalise import normalise
from extraction.records import FormName

_FIRST_YEAR_OF_2021_FORM = 2021
_CLEAR = 0.08  # heads resemble one generation clearly better from this difference on


@dataclass(frozen=True, slots=True)
class Generation:
    """The generation of each table that is due, and of the report as a whole."""

    tables: dict[str, str]
    report: FormName | None


def decide_forms(
    forms: Forms,
    pieces: Sequence[Piece],
    printed: Mapping[str, Sequence[PrintedRow]],
    year: int | None,
    *,
    widths: bool = True,
) -> Generation:
    """Decide from heads, rows and the number of columns; where they are silent, from the other tables and
    the year reported on (国办公开办函〔2021〕30号 holds from the reports for 2021). ``widths``: whether the number
    of values in a row can be trusted (not where a converter dropped lines).
    """
    if not any(printed.values()):
        return Generation({}, None)
    own = {t: _own_form(forms, t, pieces, rows, widths) for t, rows in printed.items() if rows}
    by_year = "2021" if year is not None and year >= _FIRST_YEAR_OF_2021_FORM else "2019"
    votes = Counter(form for table, form in own.items() if form and table.startswith(DISCLOSURE))
    if votes:
        usual = max(votes, key=lambda form: (votes[form], form == by_year))
    elif year is None and own.get(APPLICATIONS):
        usual = own[APPLICATIONS] or by_year
    else:
        usual = by_year
    tables = {}
    for table in dict.fromkeys(t for t, _ in forms.grids):
        form = own.get(table) or usual
        if (table, form) not in forms.grids and printed.get(table):
            form = next(f for t, f in forms.grids if t == table)
        if (table, form) in forms.grids:
            tables[table] = form
    return Generation(tables, _report_form(votes, own.get(APPLICATIONS), usual))


def _report_form(votes: Counter[str], applications: str | None, usual: str) -> FormName:
    # The single 2019 row （六）其他处理 stands in many reports of the 2021 form: by itself it mixes nothing.
    if len(votes) > 1 or (usual == "2019" and votes and applications == "2021"):
        return "mixed"
    return "2021" if usual == "2021" else "2019"


def _own_form(
    forms: Forms, table: str, pieces: Sequence[Piece], rows: Sequence[PrintedRow], widths: bool
) -> str | None:
    grids = [g for (t, _), g in forms.grids.items() if t == table]
    if len(grids) == 1:
        return grids[0].form
    if table == REVIEW:
        return None
    # A group's head （六）其他处理 is also the name of a row: a label without values decides nothing.
    # In a true table blank cells are cells.
    keys = {row.row.row for row in rows if row.filled or table_of(row) >= 0} or {row.row.row for row in rows}
    if table == APPLICATIONS and any(key.startswith("other.") for key in keys):
        return "2021"
    fitting = [g for g in grids if keys <= {label.key for label in g.rows}]
    if len(fitting) == 1:
        return fitting[0].form
    if table == APPLICATIONS:
        return "2019" if "other" in keys else None
    return _by_heads(table, grids, pieces, rows) or (_by_width(grids, rows) if widths else None)


def _by_heads(
    table: str, grids: Sequence[GridForm], pieces: Sequence[Piece], rows: Sequence[PrintedRow]
) -> str | None:
    first = min((row.mark.first for row in rows if row.mark), default=0)
    words = vocabulary()
    heads: list[str] = []
    lattice = pieces[first].table  # what stands outside a true table is none of its heads
    for piece in reversed(pieces[max(0, first - 30) : first]):
        if piece.holds_place or piece.kind is Kind.PROSE or words.articles.get(piece.key) == table:
            break
        if lattice >= 0 and piece.table != lattice:
            break
        if piece.kind is Kind.WORDS and piece.key not in words.heads:
            heads.append(piece.key)
    if not heads:
        return None
    owners = {form for key in heads for t, form, _ in words.column(key) if t == table}
    if len(owners) == 1:
        return owners.pop()
    printed = "".join(reversed(heads))
    scores = sorted(
        ((Levenshtein.normalized_similarity(printed, _heads_of(grid)), grid.form) for grid in grids),
        reverse=True,
    )
    return scores[0][1] if scores[0][0] - scores[1][0] >= _CLEAR else None


@cache
def _heads_of(grid: GridForm) -> str:
    return "".join(key_of(normalise(column.title)) for column in grid.columns)


def _by_width(grids: Sequence[GridForm], rows: Sequence[PrintedRow]) -> str | None:
    """A row that shows more values than a generation has columns is not of it; one that shows fewer may be."""
    width = max((sum(p.holds_place for p in row.slots) for row in rows), default=0)
    fitting = [g.form for g in grids if len(g.columns) >= width]
    return fitting[0] if len(fitting) == 1 else None
