"""A PDF's bytes → Document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extraction.document import Document, Notice
from extraction.errors import UnreadableInput
from extraction.reading.pdf.aligned import aligned_grids
from extraction.reading.pdf.assembly import assemble
from extraction.reading.pdf.furniture import without_furniture
from extraction.reading.pdf.lattice import lattices_of
from extraction.reading.pdf.limits import MAX_BYTES, too_large
from extraction.reading.pdf.lines import lines_of
from extraction.reading.pdf.ocr import ocr_document
from extraction.reading.pdf.pages import PageContent, count_pages, open_pdf, read_metadata, read_pages
from extraction.reading.pdf.ruled import ruled_grids
from extraction.reading.pdf.shapes import Grid, Item, Line
from extraction.reading.pdf.stitching import stitched
from extraction.reading.pdf.streams import check_streams

MEDIA_TYPE = "application/pdf"
_FEW = 20  # characters: less on all pages is a stamp on a scan
_PICTURE = 0.5  # of a page: a scan
_UNMAPPED = 0.3  # of the characters: the text is of no use


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as lines and grids, and what must be said of it."""

    number: int
    height: float
    lines: list[Line]
    grids: list[Grid]
    characters: int
    unmapped: int
    scanned: bool
    turned: bool
    complete: bool


def read_pdf(data: bytes, path: str) -> Document:
    """The report in a PDF with text: a paragraph or a row of a table a line, page furniture left out.

    Every cell and line has its place: page from 1, box in points from the page's upper left corner. A scan
    is read from the OCR text beside it, if there is any (``ocr``). Raises UnreadableInput ``pdf.no_text``,
    ``pdf.unmapped_text``, ``pdf.encrypted``, ``pdf.damaged``; LimitExceeded ``pdf.too_large``,
    ``pdf.too_many_pages``. Not thread-safe: pdfium isn't.
    """
    if len(data) > MAX_BYTES:
        raise too_large(path, f"has {len(data):,} bytes", MAX_BYTES)
    check_streams(data, path)
    with open_pdf(data, path) as handle:
        count = count_pages(handle, path)
        metadata = read_metadata(handle)
        pages = [_page(content) for content in read_pages(handle, count, path)]
    if not pages:
        raise UnreadableInput(
            "pdf.damaged", f"None of the pages of {path} can be loaded. Fetch the file again."
        )
    characters = sum(page.characters for page in pages)
    if characters < _FEW and (characters == 0 or any(page.scanned for page in pages)):
        return _scanned(path, count, metadata)
    if sum(page.unmapped for page in pages) > _UNMAPPED * characters:
        raise UnreadableInput(
            "pdf.unmapped_text",
            f"The fonts of {path} do not say which characters they show, so its text cannot be read. "
            "Run OCR on it, or export it again from the program that made it.",
        )
    text, tables, places = assemble(_items(pages))
    return Document(text, MEDIA_TYPE, None, tables, places, tuple(_notices(pages, count)), metadata)


def _page(content: PageContent) -> _Page:
    width, height = content.size
    drawing = content.drawing
    lattices, complete = lattices_of(drawing.across, drawing.down)
    grids, rest = ruled_grids(content.glyphs, lattices, content.number)
    covered = max(((b[2] - b[0]) * (b[3] - b[1]) for b in drawing.pictures), default=0.0)
    return _Page(
        number=content.number,
        height=height,
        lines=lines_of(rest, content.number),
        grids=grids,
        characters=sum(g.char != " " for g in content.glyphs),
        unmapped=content.unmapped,
        scanned=covered > _PICTURE * width * height,
        turned=content.turned,
        complete=complete and drawing.complete,
    )


def _items(pages: Sequence[_Page]) -> list[Item]:
    """Everything in reading order: down each page, page after page."""
    lines = without_furniture([(page.lines, page.height) for page in pages])
    items: list[Item] = []
    for page, kept in zip(pages, lines, strict=True):
        ordered: list[tuple[float, Item]] = [((line.box[1] + line.box[3]) / 2, line) for line in kept]
        ordered += [(grid.top, grid) for grid in page.grids]
        ordered.sort(key=lambda pair: pair[0])
        items += [item for _, item in ordered]
    return stitched(aligned_grids(items))


def _scanned(path: str, pages: int, metadata: dict[str, str]) -> Document:
    document = ocr_document(path, metadata)
    if document is not None:
        return document
    raise UnreadableInput(
        "pdf.no_text",
        f"{path} has no text on its {pages} {'page' if pages == 1 else 'pages'}: it is a scan. "
        f"Run OCR on it: its hOCR or plain text is read from beside the file, as {path}.hocr or {path}.txt.",
    )


def _notices(pages: Sequence[_Page], count: int) -> Iterable[Notice]:
    missing = sorted(set(range(1, count + 1)) - {page.number for page in pages})
    if missing:
        yield Notice(
            "pdf.page_damaged", f"Page {_list(missing)} cannot be loaded; what stands there is missing."
        )
    scans = [page.number for page in pages if page.scanned and page.characters < _FEW]
    if scans:
        yield Notice(
            "pdf.page_without_text",
            f"Page {_list(scans)} is a picture without text; what it shows is missing. Run OCR on the file.",
        )
    dense = [page.number for page in pages if not page.complete]
    if dense:
        yield Notice(
            "pdf.too_many_lines", f"Page {_list(dense)} is drawn with too many lines to tell its tables by."
        )
    turned = [page.number for page in pages if page.turned]
    if turned:
        yield Notice(
            "pdf.sideways",
            f"Page {_list(turned)} has sideways text; its boxes are of the page turned upright.",
        )
    unmapped = sum(page.unmapped for page in pages)
    if unmapped:
        yield Notice("pdf.unmapped", f"{unmapped} characters have a font that does not say what they are.")


def _list(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
