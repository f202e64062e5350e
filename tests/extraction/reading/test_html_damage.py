"""Damaged pages end in a document or in an error of ours, soon."""

from __future__ import annotations

from random import Random

import pytest

from extraction.document import Document
from extraction.errors import NianbaoError
from extraction.reading.html import read_html
from tests.extraction.reading.pages import page

PIECES = [
    b"<",
    b">",
    b"</",
    b'"',
    b"'",
    b"<!--",
    b"-->",
    b"&",
    b"&#0;",
    b"&#xD800;",
    b"\x00",
    b"\xff\xfe",
    b"\xe2\x80",
]
PIECES += [
    b"<table>",
    b"</table>",
    b"<td>",
    b"</td>",
    b"<tr>",
    b"</tr>",
    b"<td colspan=9999>",
    b"<th rowspan=70000>",
]
PIECES += [
    b"<![CDATA[",
    b"<?xml ?>",
    b"<select>",
    b"<title>",
    b"<script>",
    b"<a href=x>",
    b"<div>",
    b"</div>",
    b"<pre>",
]


def damaged(data: bytes, random: Random) -> bytes:
    for _ in range(random.randint(1, 12)):
        at = random.randrange(len(data) + 1)
        kind = random.randrange(5)
        if kind == 0:
            data = data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + data[at + random.randint(1, 400) :]
        elif kind == 2:
            data = data[:at] + random.choice(PIECES) + data[at:]
        elif kind == 3:
            other = random.randrange(len(data) + 1)
            data = data[:at] + data[other : other + random.randint(1, 800)] + data[at:]
        else:
            data = data[: max(at, 50)]
    return data


def check(document: Document) -> None:
    last = 0
    for table in document.tables:
        assert last <= table.start <= table.end <= len(document.text)
        last = table.end
        position = table.start
        for cell in table.cells:
            assert position <= cell.start <= cell.end <= table.end
            assert cell.row + cell.row_span <= table.rows
            assert cell.column + cell.column_span <= table.columns
            assert min(cell.row_span, cell.column_span) > 0
            text = document.text[cell.start : cell.end]
            assert text == text.strip()
            assert not {"\n", "\t"} & set(text)
            position = cell.end


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_random_damages(encoding: str):
    data = page().encode(encoding)
    read = 0
    for seed in range(100):
        try:
            document = read_html(damaged(data, Random(seed)), "report.html")
        except NianbaoError as error:
            assert error.message
            continue
        check(document)
        read += 1
    assert read > 50
