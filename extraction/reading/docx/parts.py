"""The XML parts of a DOCX: parsed without entities or network, found through the relationships."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from extraction.reading.docx.limits import MAX_MARKUP, damaged, too_deep, too_large, unsafe
from extraction.reading.docx.package import Package

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = f"{{{_W}}}"
# Office Open XML in its strict form (ISO 29500-1) differs in the names of its vocabularies.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _W.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _OFFICE.encode()),
    (
        b"http://purl.oclc.org/ooxml/drawingml/main",
        b"http://schemas.openxmlformats.org/drawingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
        b"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_MAIN = "word/document.xml"


def _rels_of(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")


class Parts:
    """The main part's tree and, by the last word of their relationship's type, those beside it.

    Raises UnreadableInput ``docx.damaged``, ``docx.unsafe``; LimitExceeded ``docx.too_large``.
    """

    def __init__(self, package: Package, path: str) -> None:
        self._package = package
        self._path = path
        roots = self._relationships("")
        self._main = next((to for kind, to in roots.values() if kind == "officeDocument"), _MAIN)
        if self._main not in package:
            raise damaged(path, f"it has no part {self._main}, which holds a document's text")
        self.document = self._parse(self._main)
        self._beside = self._relationships(self._main)

    def beside(self, kind: str) -> Element | None:
        """The tree of the part that the main part refers to as ``kind`` (styles, numbering), if any."""
        for found, target in self._beside.values():
            if found == kind and target in self._package:
                return self._parse(target)
        return None

    def target(self, reference: str | None) -> str | None:
        """The name of what the main part refers to by this id: a picture's file."""
        return self._beside[reference][1] if reference in self._beside else None

    def _relationships(self, name: str) -> dict[str, tuple[str, str]]:
        """By id: the type's last word, and the target's name; what lies outside the file is left out."""
        rels = _rels_of(name)
        if rels not in self._package:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for element in self._parse(rels):
            reference, target = element.get("Id"), element.get("Target")
            if reference is None or target is None or element.get("TargetMode") == "External":
                continue
            place = posixpath.normpath(posixpath.join("/", posixpath.dirname(name), target)).lstrip("/")
            found[reference] = (element.get("Type", "").rpartition("/")[2], place)
        return found

    def _parse(self, name: str) -> Element:
        from lxml import etree

        data = self._package.read(name)
        if any(doctype in data for doctype in _DOCTYPES):
            raise unsafe(f"declares a document type in its part {name}")
        markup = data.count(b"<") + data.count(b'="') + data.count(b"='")
        if markup > MAX_MARKUP:
            raise too_large(f"tags and attributes in its part {name}", markup, MAX_MARKUP)
        if b"http://purl.oclc.org/ooxml/" in data:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root: Element = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            if "depth" in str(error):
                raise too_deep() from error
            raise damaged(self._path, f"its part {name} is no XML: {error}") from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise unsafe(f"declares a document type in its part {name}")
        return root
