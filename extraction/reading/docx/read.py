"""A DOCX's bytes → Document: check the archive, walk the body, write text and lattices."""

from __future__ import annotations

from extraction.document import Document
from extraction.errors import UnreadableInput
from extraction.reading.docx.package import Package
from extraction.reading.docx.parts import Parts
from extraction.reading.docx.pictures import picture_notices
from extraction.reading.docx.story import Story
from extraction.reading.html.flow import Grid, Line
from extraction.reading.sniff import DOCX
from extraction.reading.writing import write


def read_docx(data: bytes, path: str) -> Document:
    """The report in a Word document: its text in reading order, a paragraph or a row of a table a line.

    Tracked changes are taken as accepted, automatic numbers stand before their paragraphs, text boxes,
    footnotes and endnotes behind the paragraph (or the table) they are anchored in; headers, footers, comments
    and hidden text are left out. Cells stand in the text once, a tab between those of a row; ``tables`` holds
    every data table's lattice.
    Raises UnreadableInput ``docx.damaged``, ``docx.unsafe``, ``docx.encrypted``, ``docx.no_text``;
    LimitExceeded ``docx.too_large``.
    """
    story = Story(Parts(Package(data, path), path))
    items = story.flow.items
    if not any(isinstance(item, Line | Grid) for item in items):
        inside = "pictures alone: run OCR on them" if items else "no text: look at it in Word"
        said = "".join(f" {notice.message}" for notice in story.notices)
        raise UnreadableInput("docx.no_text", f"{path} holds {inside}.{said}")
    text, tables = write(items)
    return Document(text, DOCX, None, tables, notices=(*story.notices, *picture_notices(items)))
