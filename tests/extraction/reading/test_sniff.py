"""What a file is, by content first and by suffix second."""

from __future__ import annotations

import io
import zipfile

import pytest

from extraction.errors import UnreadableInput
from extraction.reading.sniff import DOCX, HTML, MARKDOWN, PDF, TEXT, sniff

REPORT = "青禾县2022年政府信息公开工作年度报告\n一、总体情况\n".encode()


def archive(member):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as handle:
        handle.writestr(member, "x" * 100)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "path", "expected"),
    [
        (REPORT, "a.txt", TEXT),
        (REPORT, "a.md", MARKDOWN),
        (REPORT, "a", TEXT),
        (REPORT, "a.pdf", TEXT),
        (REPORT, "a.html", TEXT),
        (b"%PDF-1.4\n", "a.txt", PDF),
        (b"\n\n%PDF-1.4\n", "a", PDF),
        (archive("word/document.xml"), "a.zip", DOCX),
        (b"<!DOCTYPE html><html><body>", "a.txt", HTML),
        (b"\xef\xbb\xbf  <!-- saved --><HTML>", "a.doc", HTML),
        (b"<?xml version='1.0'?><html xmlns='x'>", "a", HTML),
        ("<html><body>青禾县".encode("utf-16"), "a", HTML),
        (b"<div><p>1</p></div>", "a.htm", HTML),
        (b"<table><tr><td>1</td></tr>" * 3, "a", HTML),
        ("总计<10件, a<b".encode(), "a.txt", TEXT),
        ("2022年1月\n".encode("utf-16-le"), "a.txt", TEXT),
        (b"BM is a name\n", "a.txt", TEXT),
    ],
)
def test_kind(data, path, expected):
    assert sniff(data, path) == expected


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "save it as .docx"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "JPEG image"),
        (archive("a.txt"), "ZIP archive"),
        (archive("xl/workbook.xml"), "Excel"),
        (b"BM" + bytes(range(32)) * 20, "BMP"),
        (bytes(range(256)) * 16, "unknown kind"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", "MHTML"),
    ],
)
def test_binary_is_named(data, says):
    with pytest.raises(UnreadableInput, match=says) as caught:
        sniff(data, "a.txt")
    assert caught.value.code == "input.binary"


@pytest.mark.parametrize("data", [b"", b" \n\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b" " * 9000])
def test_empty(data):
    with pytest.raises(UnreadableInput) as caught:
        sniff(data, "a.txt")
    assert caught.value.code == "text.empty"
