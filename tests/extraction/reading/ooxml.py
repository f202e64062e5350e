"""Word documents from snippets of their markup, for tests of one thing at a time."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from extraction.document import Document
from extraction.reading.docx import read_docx

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    f' xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:a="{_DRAWING}/main" xmlns:r="{_OFFICE}"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
BESIDE = ("styles", "numbering", "footnotes", "endnotes")


def relationships(*entries: tuple[str, str, str], more: str = "") -> str:
    """A .rels part of (id, kind, target)."""
    inside = "".join(
        f'<Relationship Id="{i}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for i, kind, to in entries
    )
    return f'<Relationships xmlns="{_RELATIONSHIPS}">{inside}{more}</Relationships>'


def members(body: str, *, more: str = "", **beside: str) -> dict[str, bytes]:
    """The parts of a document with this body; ``beside`` has the insides of styles, numbering, footnotes."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relationships(("r1", "officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relationships(
            *((f"b{kind}", kind, f"{kind}.xml") for kind in beside),
            ("p1", "image", "media/image1.png"),
            more=more,
        ),
    }
    for kind, inside in beside.items():
        parts[f"word/{kind}.xml"] = f"<w:{kind} {NAMES}>{inside}</w:{kind}>"
    return {name: text.encode() for name, text in parts.items()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def read(body: str, *, more: str = "", **beside: str) -> Document:
    return read_docx(zipped(members(body, more=more, **beside)), "report.docx")


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*inside: str, style: str = "", properties: str = "", mark: str = "") -> str:
    """A paragraph; what does not begin with a tag is a run's text."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = "".join(part if part.startswith("<") else run(part) for part in inside if part)
    return f"<w:p><w:pPr>{styled}{properties}<w:rPr>{mark}</w:rPr></w:pPr>{runs}</w:p>"


def tc(text: str = "", properties: str = "") -> str:
    """A cell of one paragraph, or of the blocks given."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<') else p(text)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    inside = "".join(cell if cell.startswith("<w:tc>") else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inside}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def cells(document: Document, table: int = 0) -> list[tuple[int, int, int, int, str]]:
    """Row, column, height, width and text of a table's cells."""
    return [
        (c.row, c.column, c.row_span, c.column_span, document.text[c.start : c.end])
        for c in document.tables[table].cells
    ]


def zeros(count: int) -> bytes:
    """A raw deflate stream that inflates to ``count`` zeros (in whole steps of 16 MiB), made at once."""
    step = 1 << 24
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(step)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(step)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block + again * (count // step - 1) + b"\x03\x00"


def archive(name: str, packed: bytes, size: int, crc: int = 0) -> bytes:
    """An archive of one member, by hand: so that it can lie about the member's size."""
    raw = name.encode()
    fits = size < 0xFFFFFFFF
    shown = size if fits else 0xFFFFFFFF
    extra = b"" if fits else struct.pack("<HHQ", 1, 8, size)
    fields = struct.pack("<HHHHHIIIHH", 45, 0, 8, 0, 33, crc, len(packed), shown, len(raw), len(extra))
    local = b"PK\x03\x04" + fields + raw + extra + packed
    entry = (
        b"PK\x01\x02" + struct.pack("<H", 45) + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw + extra
    )
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)
    return local + entry + end
