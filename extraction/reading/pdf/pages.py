"""A PDF through pdfium: opened, page by page its glyphs and its drawing, everything closed again.

pdfium is not thread-safe: one document a process at a time.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from extraction.errors import LimitExceeded, UnreadableInput
from extraction.reading.pdf.frame import Frame
from extraction.reading.pdf.glyphs import GlyphReader, turns_of
from extraction.reading.pdf.handle import Handle
from extraction.reading.pdf.limits import MAX_CHARACTERS, MAX_PAGES, too_large
from extraction.reading.pdf.rulings import Drawing, read_drawing
from extraction.reading.pdf.shapes import Glyph

_PASSWORD, _SECURITY = 4, 5  # FPDF_GetLastError
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?")


@dataclass(frozen=True, slots=True)
class PageContent:
    """What stands on one page, numbered from 1; ``turned``: sideways text was turned upright."""

    number: int
    size: tuple[float, float]
    glyphs: list[Glyph]
    unmapped: int
    drawing: Drawing
    turned: bool


@contextmanager
def open_pdf(data: bytes, path: str) -> Iterator[Handle]:
    """The raw document handle of a PDF.

    Raises UnreadableInput ``pdf.encrypted`` or ``pdf.damaged``.
    """
    import pypdfium2  # noqa: F401 - loads and initialises the library
    from pypdfium2 import raw

    handle = raw.FPDF_LoadMemDocument64(data, len(data), None)
    if not handle:
        if raw.FPDF_GetLastError() in (_PASSWORD, _SECURITY):
            raise UnreadableInput(
                "pdf.encrypted", f"{path} asks for a password. Save it without one and try again."
            )
        raise UnreadableInput(
            "pdf.damaged", f"{path} is cut or damaged and cannot be opened. Fetch the file again."
        )
    try:
        yield handle
    finally:
        raw.FPDF_CloseDocument(handle)


def count_pages(handle: Handle, path: str) -> int:
    """How many pages there are.

    Raises LimitExceeded ``pdf.too_many_pages``; UnreadableInput ``pdf.damaged`` where there is none.
    """
    from pypdfium2 import raw

    count = int(raw.FPDF_GetPageCount(handle))
    if count > MAX_PAGES:
        raise LimitExceeded(
            "pdf.too_many_pages",
            f"{path} has {count:,} pages; a report has at most {MAX_PAGES}. Pass the pages of one report.",
        )
    if count < 1:
        raise UnreadableInput("pdf.damaged", f"{path} holds no page. Fetch the file again.")
    return count


def read_pages(handle: Handle, count: int, path: str) -> Iterator[PageContent]:
    """Every page that can be loaded, one at a time.

    Raises LimitExceeded ``pdf.too_large`` where the pages hold too many characters.
    """
    from pypdfium2 import raw

    left = MAX_CHARACTERS
    for index in range(count):
        page = raw.FPDF_LoadPage(handle, index)
        if not page:
            continue
        try:
            textpage = raw.FPDFText_LoadPage(page)
            if not textpage:
                continue
            try:
                characters = max(0, raw.FPDFText_CountChars(textpage))
                left -= characters
                if left < 0:
                    raise too_large(path, "holds more characters than a report", MAX_CHARACTERS)
                yield _content(page, textpage, characters, index + 1)
            finally:
                raw.FPDFText_ClosePage(textpage)
        finally:
            raw.FPDF_ClosePage(page)


def _content(page: Handle, textpage: Handle, characters: int, number: int) -> PageContent:
    from pypdfium2 import raw

    shown = int(raw.FPDFPage_GetRotation(page)) % 4
    upright = turns_of(textpage, characters)
    turns = shown if upright is None else upright
    box = raw.FS_RECTF()
    if raw.FPDF_GetPageBoundingBox(page, ctypes.byref(box)) and box.right > box.left:
        frame = Frame(box.left, box.bottom, box.right, box.top, turns)
    else:
        frame = Frame(0.0, 0.0, 595.0, 842.0, turns)
    reader = GlyphReader(frame)
    glyphs = reader.read(textpage, characters)
    return PageContent(number, frame.size, glyphs, reader.unmapped, read_drawing(page, frame), turns != shown)


def read_metadata(handle: Handle) -> dict[str, str]:
    """The document's own words on itself: ``title`` and ``created`` (ISO day), where it has them."""
    title = _meta(handle, b"Title").strip()
    day = _DATE.match(_meta(handle, b"CreationDate"))
    out = {"title": title} if title else {}
    if day:
        out["created"] = "-".join(part for part in day.groups() if part)
    return out


def _meta(handle: Handle, key: bytes) -> str:
    from pypdfium2 import raw

    size = int(raw.FPDF_GetMetaText(handle, key, None, 0))
    if not 2 < size < 10_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDF_GetMetaText(handle, key, buffer, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "ignore")
