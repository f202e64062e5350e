"""A report as read: one text, and the tables whose cells are places in that text.

Whatever the format, a reader ends here; everything later refers to the text by offset. Plain text has no
tables: its flattened grids are found by ``grids``. HTML, DOCX and PDF give their true tables as lattices.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from extraction.records import Box


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch of text stands on paper: ``text[start:end]``, page from 1, box in points."""

    start: int
    end: int
    page: int
    bbox: Box


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a true table, spans expanded: upper left lattice position, size, and its text's extent."""

    row: int
    column: int
    row_span: int
    column_span: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """One true table: its cells in reading order; ``text[start:end]`` holds all of them."""

    cells: tuple[TableCell, ...]
    rows: int
    columns: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must say aloud: a stable code and a sentence (a picture in place of a grid)."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """A report's text with its tables, in reading order, and what the reader noticed."""

    text: str
    media_type: str
    encoding: str | None
    tables: tuple[Table, ...] = ()
    places: tuple[Place, ...] = ()  # sorted by start; empty unless paginated
    notices: tuple[Notice, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)  # e.g. HTML <meta> PubDate, title
