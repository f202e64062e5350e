"""A page's bytes → Document: decode, collect, choose the container, write text and lattices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.document import Document
from extraction.errors import UnreadableInput
from extraction.reading.encoding import Decoded, decode
from extraction.reading.html.collect import Collector
from extraction.reading.html.container import holds_report, report_items
from extraction.reading.html.flow import Flow
from extraction.reading.html.limits import MAX_BYTES, MAX_CHARACTERS, too_large
from extraction.reading.html.pictures import picture_notices
from extraction.reading.writing import write

MEDIA_TYPE = "text/html"
_HEAD = 4096  # browsers look for the declaration in the first 1,024 bytes; sites write it later
_DECLARED = re.compile(
    rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_CHUNK = 16_384  # characters: a page that asks for too much is left within one of these


def read_html(data: bytes, path: str) -> Document:
    """The report on a page: its text in reading order, a paragraph or a row of a table a line.

    Cells stand in the text once, a tab between those of a row; ``tables`` holds every data table's lattice.
    Raises LimitExceeded ``html.too_large``, ``html.too_deep``, ``html.too_many_cells``; UnreadableInput
    ``html.no_text`` where the page shows nothing, ``encoding.unknown`` as ``decode`` does.
    """
    if len(data) > MAX_BYTES:
        raise too_large("bytes", len(data), MAX_BYTES)
    decoded = _decode(data)
    if len(decoded.text) > MAX_CHARACTERS:
        raise too_large("characters", len(decoded.text), MAX_CHARACTERS)
    flow, metadata = _collect(decoded.text)
    if not flow.items:
        raise UnreadableInput(
            "html.no_text",
            f"{path} shows no text: it is empty, or a script fetches its content. "
            "Open it in a browser and save the page as it is shown.",
        )
    items = report_items(flow)
    text, tables = write(items)
    notices = picture_notices(items, metadata.get("ArticleTitle", metadata.get("title", "")))
    if decoded.notice is not None:
        notices = (decoded.notice, *notices)
    return Document(text, MEDIA_TYPE, decoded.encoding, tables, notices=notices, metadata=metadata)


def _decode(data: bytes) -> Decoded:
    found = _DECLARED.search(data[:_HEAD])
    declared = (found[1] or found[2]).decode("ascii") if found else None
    try:
        return decode(data, declared)
    except UnreadableInput:
        # Word writes pages of styles before the first Chinese character; detection needs to see some.
        first = _NOT_ASCII.search(data)
        if first is None or first.start() < _HEAD:
            raise
        rest = decode(data[first.start() :], declared)
        ascii_part = data[: first.start()].decode("ascii")
        return Decoded(ascii_part + rest.text, rest.encoding, rest.notice)


def _collect(text: str) -> tuple[Flow, dict[str, str]]:
    flow, metadata = _parse(text, show_hidden=False)
    if not holds_report(flow):  # perhaps a script makes it visible
        shown, metadata = _parse(text, show_hidden=True)
        if holds_report(shown):
            return shown, metadata
    return flow, metadata


def _parse(text: str, *, show_hidden: bool) -> tuple[Flow, dict[str, str]]:
    from lxml import etree

    collector = Collector(show_hidden=show_hidden)
    parser = etree.HTMLParser(target=collector, encoding="utf-8", huge_tree=False, no_network=True)
    try:
        for chunk in _chunks(text):
            parser.feed(chunk.encode("utf-8", "replace"))
        flow: Flow = parser.close()
    except etree.LxmlError as error:
        raise UnreadableInput(
            "html.no_text", f"The page cannot be parsed ({error}): open it in a browser and save it again."
        ) from error
    return flow, collector.metadata


def _chunks(text: str) -> Iterator[str]:
    """Pieces that begin at a tag, so that no tag, entity or character is torn."""
    start = 0
    while start < len(text):
        end = text.find("<", start + _CHUNK)
        if end < 0:
            end = len(text)
        yield text[start:end]
        start = end
