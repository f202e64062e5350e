"""The vocabulary of the whole house: what an extraction says about one report.

Field for field the record of ``spec/output.md``. Offsets are half-open intervals of Unicode code points
in the report's text; a page counts from 1; a box is ``(left, top, right, bottom)`` in PDF points from the
page's upper left corner. Values are frozen: a check adds findings, it never changes what was read.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Number = int | float
Box = tuple[float, float, float, float]
CellKind = Literal["number", "blank", "not_applicable", "text", "ambiguous", "missing"]
Severity = Literal["error", "warning", "note"]
Level = Literal["province", "city", "county", "township", "department", "other"]
FormName = Literal["2019", "2021", "mixed"]
SectionKey = Literal["preamble", "overview", "disclosure", "applications", "review", "problems", "other"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the report came from: path as given, media type, text encoding, size in bytes."""

    path: str
    media_type: str
    encoding: str | None
    bytes: int


@dataclass(frozen=True, slots=True)
class Unit:
    """The reporting unit (行政机关). Every field is None where the page does not say."""

    name: str | None = None
    level: Level | None = None
    province: str | None = None
    city: str | None = None
    county: str | None = None
    division_code: str | None = None  # six digits, GB/T 2260


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the report: its key, its heading as printed, and its extent."""

    key: SectionKey
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a standard grid; ``text[start:end] == raw`` where the report shows it."""

    table: str
    row: str
    column: str
    kind: CellKind
    value: Number | None = None
    raw: str | None = None
    unit: str | None = None
    start: int | None = None
    end: int | None = None
    page: int | None = None
    bbox: Box | None = None

    @property
    def key(self) -> str:
        """The cell's name in the form: ``table/row/column``."""
        return f"{self.table}/{self.row}/{self.column}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One narrative figure: a label, its value, and the characters that say so."""

    label: str
    value: Number | None
    unit: str
    approx: Literal["exact", "at_least", "about", "at_most"]
    period: Literal["current", "prior"]
    zero_statement: bool
    text: str
    start: int
    end: int
    section: str
    sentence: str
    score: float
    accepted: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader of the numbers must know, in a sentence, with the cells it concerns."""

    check: str
    severity: Severity
    message: str
    expected: Number | str | None = None
    actual: Number | str | None = None
    cells: tuple[str, ...] = ()
    figures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What one report shows: a cell's value, or a stretch of its text where ``cell`` is None.

    ``start`` and ``end`` are offsets in the text of the report named, None where it shows no such place.
    """

    report_id: str
    path: str
    year: int
    cell: str | None = None  # table/row/column
    value: Number | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class CrossFinding:
    """Something to know about one report in the light of others of the same run.

    ``here`` is what the report shows (never empty), ``there`` what the others do, entry by entry where both
    show the same cells. Where nothing in the run stands against the report, ``there`` is empty.
    """

    check: str
    severity: Severity
    message: str
    unit: str
    division_code: str | None
    year: int
    here: tuple[Shown, ...]
    there: tuple[Shown, ...]
    expected: Number | None = None
    actual: Number | None = None


@dataclass(frozen=True, slots=True)
class Software:
    """Which program and which model made the record."""

    version: str
    model: str | None = None
    model_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything read from one report."""

    report_id: str
    source: Source
    unit: Unit
    year: int | None
    published: str | None
    form: FormName | None
    sections: tuple[Section, ...]
    cells: tuple[Cell, ...]
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    software: Software
    text: str | None = None  # only with --with-text

    def cell(self, key: str) -> Cell | None:
        """The cell named ``table/row/column``, or None where the form has no such cell."""
        return next((cell for cell in self.cells if cell.key == key), None)

    def to_dict(self) -> dict[str, Any]:
        """The record as plain dictionaries and lists, without ``text`` where there is none."""
        record = asdict(self)
        if self.text is None:
            del record["text"]
        return record


@dataclass(frozen=True, slots=True)
class ReadError:
    """An input that could not become a record: which, at what step, why, and what to do."""

    path: str
    step: str  # read|recognise|grids|narrative|checks|write|worker
    code: str  # stable, e.g. "text.empty"
    error: str  # the exception's class
    message: str
