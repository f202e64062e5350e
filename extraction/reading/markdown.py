r"""Markdown, of authors and of converters: inline markup blanked out in place, HTML tables read as tables.

Without HTML tables the text keeps the file's offsets: each character of markup (``**``, ``<br>``, ``&nbsp;``,
the backslash of ``\-``) is a blank. Pipe tables stay lines: the grid reader knows them. With HTML tables the
text is the HTML reader's, its lines between the tables as they stand in the file.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

from extraction.document import Document
from extraction.reading.sniff import MARKDOWN
from extraction.reading.text import read_text

_INLINE = "a|abbr|b|big|center|code|del|div|em|font|i|ins|mark|p|s|small|span|strong|sub|u"
# CommonMark 0.31: backslash escapes (2.4), entities (2.5), emphasis (6.2), code (6.1), raw HTML (6.6).
_MARKUP = re.compile(
    rf"<sup\b[^<>]{{0,200}}>[^<\n]{{0,20}}</sup>|<br\s{{0,3}}/?>|</?(?:{_INLINE})\b[^<>\n]{{0,200}}>|<!--[^>\n]{{0,500}}-->"
    r"|\*\*|__|~~|`+|\\[!-/:-@\[-`{-~]|&(?:[A-Za-z]{2,8}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});",
    re.IGNORECASE,
)
_TABLE_TAG = re.compile(r"<(/?)table\b[^<>]{0,2000}>", re.IGNORECASE)


def read_markdown(data: bytes, path: str) -> Document:
    """The document of a Markdown file.

    Raises what ``read_text`` does, and what ``read_html`` does where the file holds HTML tables.
    """
    document = read_text(data, path, MARKDOWN)
    if _TABLE_TAG.search(document.text) is None:
        return replace(document, text=_MARKUP.sub(_blank, document.text))
    from extraction.reading.html import read_html

    page = "".join(_as_html(document.text)).encode("utf-8", "replace")
    found = read_html(page, path)
    notices = (*document.notices, *found.notices)
    return replace(found, media_type=MARKDOWN, encoding=document.encoding, notices=notices)


def _blank(match: re.Match[str]) -> str:
    """As many characters as the markup has: blanks, and what it stands for where that is one character."""
    markup = match[0]
    shown = ""
    if markup[0] == "\\" and markup != "\\|":  # an escaped pipe must not cut its cell in two
        shown = markup[1]
    elif markup[0] == "&":
        character = html.unescape(markup)
        shown = character if len(character) == 1 and not character.isspace() else ""
        shown = "" if shown == "|" else shown
    return shown.rjust(len(markup))


def _as_html(text: str) -> Iterator[str]:
    """A page of the same lines: what stands between outermost tables preformatted, the tables as they are."""
    yield '<meta charset="utf-8">'
    depth, start = 0, 0
    for tag in _TABLE_TAG.finditer(text):
        if tag[1]:
            depth -= depth > 0
            if depth == 0:
                yield text[start : tag.end()]
                start = tag.end()
        else:
            if depth == 0:
                yield _lines(text[start : tag.start()])
                start = tag.start()
            depth += 1
    yield text[start:] if depth else _lines(text[start:])


def _lines(text: str) -> str:
    return f"<pre>\n{html.escape(_MARKUP.sub(_blank, text))}</pre>"
