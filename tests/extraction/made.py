"""Records made by hand for the tests of checks and sinks: a fictional county, its cells as asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from extraction.forms import load_forms
from extraction.headings import SECTIONS
from extraction.records import Cell, Report, Section, Software, Source, Unit

KINDS = ("ambiguous", "missing", "text", "not_applicable", "blank")
UNIT = Unit("青禾县人民政府", "county", "云岭省", "白石市", "青禾县", "990123")
SOURCE = Source("青禾县2021.txt", "text/plain", "utf-8", 4096)


def zeros(form: str = "2021") -> dict[str, Any]:
    """A consistent report of one form in which nothing happened."""
    return {key: 0 for grid in load_forms().tables(form) for key in grid.keys}


def cell(key: str, value: Any, place: int | None = None) -> Cell:
    """A number as printed at ``place``, a blank for None, or the kind that a word names."""
    table, row, column = key.split("/")
    if value is None or value in KINDS:
        return Cell(table, row, column, value or "blank", raw="见附件" if value == "text" else None)
    raw = str(value)
    end = None if place is None else place + len(raw)
    return Cell(table, row, column, "number", value, raw, start=place, end=end)


def report(values: Mapping[str, Any] | None = None, **changes: Any) -> Report:
    """A report of 2021 with these cells; ``changes`` are fields of Report."""
    values = zeros() if values is None else values
    cells = tuple(cell(key, value, 100 + 20 * i) for i, (key, value) in enumerate(values.items()))
    sections = tuple(
        Section(key, title, 100 * i, 100 * i + 100) for i, (key, title) in enumerate(SECTIONS.items())
    )
    made = Report(
        report_id="0" * 64,
        source=SOURCE,
        unit=UNIT,
        year=2021,
        published="2022-01-20",
        form="2021",
        sections=sections,
        cells=cells,
        figures=(),
        findings=(),
        software=Software("1.0"),
    )
    return replace(made, **changes)


def recelled(made: Report, key: str, **changes: Any) -> Report:
    """The report with one cell changed."""
    cells = tuple(replace(c, **changes) if c.key == key else c for c in made.cells)
    return replace(made, cells=cells)
