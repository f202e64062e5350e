"""The text of a scan as an OCR engine of the user's left it beside the file: hOCR, or plain text.

``report.pdf.hocr`` and ``report.pdf.hocr.html`` keep places: hOCR gives each word's box in pixels, which
become points by the resolution the page names, else 300 dots an inch. ``report.pdf.txt`` gives text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from extraction.document import Document, Notice
from extraction.reading.encoding import decode
from extraction.reading.pdf.aligned import aligned_grids
from extraction.reading.pdf.assembly import assemble
from extraction.reading.pdf.furniture import without_furniture
from extraction.reading.pdf.limits import MAX_OCR_BYTES, too_large
from extraction.reading.pdf.lines import lines_of
from extraction.reading.pdf.shapes import Glyph, Line

MEDIA_TYPE = "application/pdf"
Element: TypeAlias = Any  # of lxml, which brings no types

_BOX = re.compile(r"bbox\s+(-?\d{1,6})\s+(-?\d{1,6})\s+(-?\d{1,6})\s+(-?\d{1,6})")
_RESOLUTION = re.compile(r"scan_res\s+(\d{2,4})")
_USUAL_RESOLUTION = 300
_LINE = {"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"}


def ocr_document(path: str, metadata: dict[str, str]) -> Document | None:
    """The document of the OCR text beside ``path``; None where there is none, or it is empty.

    Raises LimitExceeded ``pdf.too_large``; UnreadableInput as ``decode`` does.
    """
    for suffix in (".hocr", ".hocr.html", ".txt"):
        beside = Path(path + suffix)
        if not beside.is_file():
            continue
        if beside.stat().st_size > MAX_OCR_BYTES:
            raise too_large(str(beside), f"has more than {MAX_OCR_BYTES:,} bytes", MAX_OCR_BYTES)
        data = beside.read_bytes()
        document = _plain(data, beside, metadata) if suffix == ".txt" else _hocr(data, beside, metadata)
        if document.text.strip():
            return document
    return None


def _notice(beside: Path) -> Notice:
    return Notice(
        "pdf.ocr",
        f"The PDF is a scan; its text is from {beside.name}: as right as the OCR engine that wrote it.",
    )


def _plain(data: bytes, beside: Path, metadata: dict[str, str]) -> Document:
    decoded = decode(data)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return Document(text, MEDIA_TYPE, decoded.encoding, notices=(_notice(beside),), metadata=metadata)


def _hocr(data: bytes, beside: Path, metadata: dict[str, str]) -> Document:
    from lxml import etree

    decoded = decode(data)
    parser = etree.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    tree = etree.fromstring(decoded.text.encode("utf-8", "replace") or b"<html/>", parser)
    pages = [] if tree is None else list(_pages(tree))
    items = [line for lines in without_furniture(pages) for line in lines]
    text, tables, places = assemble(aligned_grids(items))
    return Document(text, MEDIA_TYPE, decoded.encoding, tables, places, (_notice(beside),), metadata)


def _pages(tree: Element) -> Iterator[tuple[list[Line], float]]:
    for number, page in enumerate(_of_class(tree, {"ocr_page"}), 1):
        title = page.get("title", "")
        resolution = _RESOLUTION.search(title)
        scale = 72 / int(resolution[1]) if resolution else 72 / _USUAL_RESOLUTION
        box = _BOX.search(title)
        lines = [line for item in _of_class(page, _LINE) for line in _lines(item, number, scale)]
        height = int(box[4]) * scale if box else max((line.box[3] for line in lines), default=0.0)
        yield lines, height


def _lines(item: Element, page: int, scale: float) -> list[Line]:
    """The line of an hOCR element, a glyph for every character: words share their box evenly."""
    glyphs: list[Glyph] = []
    whole = _BOX.search(item.get("title", ""))
    base = int(whole[4]) * scale if whole else 0.0
    for word in _of_class(item, {"ocrx_word"}) or [item]:
        box = _BOX.search(word.get("title", ""))
        text = "".join(word.itertext()).strip()
        if box is None or not text:
            continue
        left, top, right, bottom = (int(side) * scale for side in box.groups())
        step = (right - left) / len(text)
        glyphs += [
            Glyph(" " if c.isspace() else c, left + i * step, top, left + (i + 1) * step, bottom, base)
            for i, c in enumerate(text)
        ]
    return lines_of(glyphs, page)


def _of_class(root: Element, names: Iterable[str]) -> list[Element]:
    wanted = set(names)
    return [e for e in root.iter() if isinstance(e.tag, str) and wanted & set(e.get("class", "").split())]
