"""Bytes to Document: the type sniffed, the reader of that type imported and called."""

from __future__ import annotations

from extraction.document import Document
from extraction.reading.sniff import DOCX, HTML, MARKDOWN, PDF, sniff


def read_document(data: bytes, path: str) -> Document:
    """Read one file's bytes; ``path`` names it in messages and gives its suffix where content leaves doubt.

    Raises UnreadableInput or LimitExceeded with the codes of ``sniff`` and of the reader called.
    """
    media_type = sniff(data, path)
    # Each reader brings its library: imported only where a file needs it.
    if media_type == HTML:
        from extraction.reading.html import read_html

        return read_html(data, path)
    if media_type == PDF:
        from extraction.reading.pdf import read_pdf

        return read_pdf(data, path)
    if media_type == DOCX:
        from extraction.reading.docx import read_docx

        return read_docx(data, path)
    if media_type == MARKDOWN:
        from extraction.reading.markdown import read_markdown

        return read_markdown(data, path)
    from extraction.reading.text import read_text

    return read_text(data, path, media_type)
