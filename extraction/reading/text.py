r"""Plain text and Markdown: decoded, line breaks as ``\n``, nothing else touched."""

from __future__ import annotations

import re

from extraction.document import Document
from extraction.errors import LimitExceeded, UnreadableInput
from extraction.reading.encoding import decode

MAX_CHARACTERS = 5_000_000
_MAX_BYTES = 4 * MAX_CHARACTERS  # no encoding here takes more than four bytes a character
_CHINESE = re.compile(r"[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff]")


def read_text(data: bytes, path: str, media_type: str = "text/plain") -> Document:
    r"""The document of a text file; its offsets count the decoded text with ``\r\n`` and ``\r`` as ``\n``.

    Raises LimitExceeded ``text.too_large``; UnreadableInput ``text.empty``, ``text.no_chinese``,
    ``encoding.unknown``.
    """
    if len(data) > _MAX_BYTES:
        raise _too_large(path, f"{len(data):,} bytes")
    decoded = decode(data, None)
    text = decoded.text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_CHARACTERS:
        raise _too_large(path, f"{len(text):,} characters")
    check_chinese(text, path)
    notices = (decoded.notice,) if decoded.notice else ()
    return Document(text, media_type, decoded.encoding, notices=notices)


def check_chinese(text: str, path: str) -> None:
    """Refuse a text that cannot be a Chinese report.

    Raises UnreadableInput ``text.empty`` or ``text.no_chinese``.
    """
    if _CHINESE.search(text):
        return
    if not text.strip():
        raise UnreadableInput("text.empty", f"{path} holds nothing but white space. Save the report again.")
    raise UnreadableInput(
        "text.no_chinese", f"{path} holds no Chinese characters, so it is no report. Check it."
    )


def _too_large(path: str, size: str) -> LimitExceeded:
    return LimitExceeded(
        "text.too_large",
        f"{path} has {size}; a report has at most {MAX_CHARACTERS:,} characters. Pass the report alone.",
    )
