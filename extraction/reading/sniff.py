"""What a file is: by its first bytes, then by its suffix."""

from __future__ import annotations

import re
from pathlib import PurePath

from extraction.errors import UnreadableInput

TEXT, MARKDOWN, HTML = "text/plain", "text/markdown", "text/html"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_SUFFIXES = {
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".htm": HTML,
    ".html": HTML,
    ".shtml": HTML,
    ".xhtml": HTML,
    ".jhtml": HTML,
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BINARY = (
    (_OLE, "an old Office file (.doc, .xls, .wps)", "save it as .docx"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image", "run OCR first and pass the text"),
    (b"\xff\xd8\xff", "a JPEG image", "run OCR first and pass the text"),
    (b"GIF8", "a GIF image", "run OCR first and pass the text"),
    (b"II*\x00", "a TIFF image", "run OCR first and pass the text"),
    (b"MM\x00*", "a TIFF image", "run OCR first and pass the text"),
    (b"BM", "a BMP image", "run OCR first and pass the text"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it and pass what it holds"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and pass what it holds"),
    (b"\x1f\x8b", "a gzip archive", "unpack it and pass what it holds"),
    (b"PK\x03\x04", "a ZIP archive", "unpack it and pass what it holds"),
    (b"PK\x05\x06", "an empty ZIP archive", "pass the report itself"),
    (b"{\\rtf", "an RTF file", "save it as .docx"),
    (b"\x7fELF", "a program", "pass a report"),
    (b"MZ", "a program", "pass a report"),
)
_TEXTUAL_MAGIC = (
    b"BM",
    b"MZ",
    b"GIF8",
    b"{\\rtf",
)  # letters: believed only with other bytes a text would not hold
_OFFICE = ((b"word/", DOCX), (b"xl/", "an Excel workbook"), (b"ppt/", "a PowerPoint file"))
_HTML_START = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I | re.S
)
_HTML_TAG = re.compile(rb"<(?:html|head|body|meta|div|p|table|tr|td|span|script)\b[^<]*>", re.I)
_MHTML = re.compile(rb"(?:From:|MIME-Version:)[^\0]{0,2000}?multipart/related", re.I | re.S)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HEAD = 4096


def sniff(data: bytes, path: str) -> str:
    """The media type of ``data``; content first, ``path``'s suffix second.

    Raises UnreadableInput: ``text.empty`` where there is nothing, ``input.binary`` where it is no text, HTML,
    PDF or DOCX, naming the kind where its first bytes tell.
    """
    head = data[:_HEAD]
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe") and not data.strip(
        b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"
    ):
        raise UnreadableInput("text.empty", f"{_name(path)} is empty. Save the report again.")
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _office(data, path)
    if head.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        return DOCX  # a modern file under a password; its reader says so
    _refuse_binary(head, path)
    suffix = _SUFFIXES.get(PurePath(path).suffix.lower())
    plain = head.replace(b"\x00", b"") if head.startswith(_MARKS[1:]) else head
    tags = 2 if suffix == HTML else 8
    if _HTML_START.match(plain.removeprefix(_MARKS[0]).lstrip(b"\xff\xfe")):
        return HTML
    if suffix == HTML or (suffix is None and plain.lstrip()[:1] == b"<"):
        return HTML if len(_HTML_TAG.findall(data[:65536].replace(b"\x00", b""))) >= tags else TEXT
    return suffix or TEXT


def _office(data: bytes, path: str) -> str:
    # Member names stand uncompressed in the archive's directory, at its end.
    directory = data[:65536] + data[-262144:]
    for folder, kind in _OFFICE:
        if folder in directory:
            if kind == DOCX:
                return DOCX
            raise _binary(path, kind, "save the report as .docx, .pdf or .html")
    raise _binary(path, "a ZIP archive", "unpack it and pass what it holds")


def _refuse_binary(head: bytes, path: str) -> None:
    controls = sum(head.count(bytes([c])) for c in (0, 1, 2, 3, 4, 5, 6, 14, 15, 16, 17, 18))
    for magic, kind, advice in _BINARY:
        if head.startswith(magic) and (magic not in _TEXTUAL_MAGIC or controls or magic == b"{\\rtf"):
            raise _binary(path, kind, advice)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise _binary(path, "a WebP image", "run OCR first and pass the text")
    if _MHTML.match(head):
        raise _binary(path, "a web archive (MHTML)", "save the page as HTML")
    if head.startswith(_MARKS) or not controls or _utf16(head):
        return
    if controls > max(2, 0.005 * len(head)):  # one or two spoilt bytes do not make a text binary
        raise _binary(path, "a binary file of unknown kind", "pass a text, HTML, PDF or DOCX file")


def _utf16(head: bytes) -> bool:
    """Whether the zero bytes are the upper halves of UTF-16's digits, blanks and line breaks."""
    for start in (0, 1):  # big-endian, little-endian
        upper, lower = head[start::2], head[1 - start :: 2]
        pairs = list(zip(upper, lower, strict=False))
        text = sum(
            (u == 0 and (lo in b"\r\n\t" or 0x20 <= lo < 0x7F))
            or 0x4E <= u <= 0x9F
            or u in (0x20, 0x30, 0xFF)
            for u, lo in pairs
        )
        if text >= 0.95 * len(pairs):
            return True
    return False


def _binary(path: str, kind: str, advice: str) -> UnreadableInput:
    return UnreadableInput(
        "input.binary", f"{_name(path)} is {kind}, not a report this program reads: {advice}."
    )


def _name(path: str) -> str:
    return PurePath(path).name or "The input"
