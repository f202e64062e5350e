"""Files made to harm, or damaged, end in an error of ours: soon, and in little memory."""

from __future__ import annotations

import subprocess
import sys
import zipfile
import zlib
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from extraction.errors import LimitExceeded, NianbaoError, UnreadableInput
from extraction.forms import load_forms
from extraction.pipeline import extract_bytes
from extraction.reading.docx import read_docx
from tests.extraction.reading.ooxml import (
    NAMES,
    archive,
    members,
    p,
    read,
    relationships,
    tbl,
    tc,
    tr,
    zeros,
    zipped,
)
from tests.rendering.sheets import Sheet
from tests.rendering.word import Manner, render_word

ROOT = Path(__file__).parents[3]
MEASURE = r"""
import re, sys, time
sys.path.insert(0, {root!r})
from extraction.errors import NianbaoError
from extraction.reading import read_document
from extraction.reading.docx import read_docx
data = open({path!r}, "rb").read()
began = time.process_time()
try:
    read_docx(data, "bomb.docx")
except NianbaoError as error:
    seconds = time.process_time() - began
    # Not getrusage: its peak is the parent's where that was higher before the fork.
    peak = int(re.search(r"VmHWM:\s*(\d+)", open("/proc/self/status").read())[1]) // 1024
    print(error.code, seconds, peak)
"""


def refused(data: bytes) -> NianbaoError:
    with pytest.raises(NianbaoError) as caught:
        read_docx(data, "报告.docx")
    return caught.value


def measured(data: bytes, folder: Path) -> tuple[str, float, int]:
    """The code, the CPU seconds and the megabytes of a refusal, in a process of its own."""
    path = folder / "bomb.docx"
    path.write_bytes(data)
    code = MEASURE.format(root=str(ROOT), path=str(path))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    shown, seconds, peak = done.stdout.split()
    return shown, float(seconds), int(peak)


@pytest.mark.parametrize("declared", [10 * 1024**3, 30_000_000, 4_000_000])
def test_ten_gigabytes_of_zeros(declared: int, tmp_path: Path):
    """Whether the archive declares them or lies, also with the checksum of what it declares."""
    packed = zeros(10 * 1024**3)
    for crc in (0, zlib.crc32(bytes(declared)) if declared < 2**32 else 1):
        code, seconds, peak = measured(archive("word/document.xml", packed, declared, crc), tmp_path)
        assert code in ("docx.too_large", "docx.unsafe", "docx.damaged")
        assert seconds < 2
        assert peak < 200


def test_zeros_in_parts_that_each_look_small():
    parts = members(p("文")) | {f"word/media/{i}.bin": bytes(4_900_000) for i in range(45)}
    assert refused(zipped(parts)).code == "docx.too_large"


def test_a_part_packed_as_no_text_is():
    error = refused(zipped(members(p("文")) | {"word/media/a.bin": bytes(6_000_000)}))
    assert error.code == "docx.unsafe"
    assert "word/media/a.bin" in error.message


def test_a_part_longer_than_it_declares():
    """The real size counts: a lie is found out at the checksum."""
    text = members(p("文" * 400))["word/document.xml"]
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(text) + packer.flush()
    whole = archive("word/document.xml", packed, len(text), zlib.crc32(text))
    assert read_docx(whole, "r.docx").text == "文" * 400
    assert refused(archive("word/document.xml", packed, 100, zlib.crc32(text))).code == "docx.damaged"


def test_a_part_of_more_than_the_limit(monkeypatch):
    monkeypatch.setattr("extraction.reading.docx.package.MAX_PART", 9_000)
    assert refused(zipped(members(p("文" * 3_000)))).code == "docx.too_large"


def test_too_many_parts(tmp_path: Path):
    data = zipped(members(p("文")) | {f"word/{i}": b"" for i in range(5_001)})
    code, seconds, _ = measured(data, tmp_path)
    assert code == "docx.too_large"
    assert seconds < 1


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:/a.txt", "word/..\\..\\a", "word/../../x"]
)
def test_names_that_lead_out(name: str):
    error = refused(zipped(members(p("文")) | {name: b"x"}))
    assert error.code == "docx.unsafe"
    assert "leads out" in error.message


def test_two_parts_of_one_name():
    out = BytesIO(zipped(members(p("文"))))
    with zipfile.ZipFile(out, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("word/document.xml", "<a/>")
    assert refused(out.getvalue()).code == "docx.unsafe"


ENTITIES = '<!DOCTYPE d [<!ENTITY a "文文文文"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize("part", ["word/document.xml", "word/_rels/document.xml.rels", "word/numbering.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_document_type(part: str, encoding: str):
    parts = members(p("文"), numbering="")
    text = f"<?xml version='1.0' encoding='{encoding}'?>" + ENTITIES + parts[part].decode()
    assert refused(zipped(parts | {part: text.encode(encoding)})).code == "docx.unsafe"


def test_nothing_outside_is_fetched():
    outside = (
        '<Relationship Id="x" Type="http://x/numbering" Target="file:///etc/passwd" TargetMode="External"/>'
    )
    inside = '<Relationship Id="y" Type="http://x/styles" Target="../../../../etc/passwd"/>'
    body = p("文") + '<w:p><w:r><w:drawing><a:blip r:link="x"/></w:drawing></w:r></w:p>'
    assert read(body, more=outside + inside).text == "文"
    same = '<Relationship Id="z" Type="http://x/styles" Target="hidden.xml" TargetMode="External"/>'
    style = '<w:style w:type="paragraph" w:default="1" w:styleId="n"><w:rPr><w:vanish/></w:rPr></w:style>'
    hidden = {"word/hidden.xml": f"<w:styles {NAMES}>{style}</w:styles>".encode()}
    assert read_docx(zipped(members(p("文"), more=same) | hidden), "r.docx").text == "文"


def test_nested_too_deep():
    deep = tbl(tr(tc(p("甲"))))
    for _ in range(30):
        deep = tbl(tr(tc(deep + p("乙"))))
    assert refused(zipped(members(deep))).code == "docx.too_large"
    tags = "<w:smartTag>" * 100_000 + "</w:smartTag>" * 100_000
    assert refused(zipped(members(tags))).code == "docx.too_large"


def test_as_deep_as_the_parser_lets_is_read():
    inside = "<w:smartTag>" * 100 + tbl(
        tr(tc(p("<w:smartTag>" * 100 + run_of("甲") + "</w:smartTag>" * 100)))
    )
    assert read(inside + "</w:smartTag>" * 100).text == "甲"


def run_of(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_too_much_markup(monkeypatch):
    monkeypatch.setattr("extraction.reading.docx.parts.MAX_MARKUP", 999)
    error = refused(zipped(members("<a b='c' d=\"e\"/>" * 400)))
    assert (error.code, "tags and attributes" in error.message) == ("docx.too_large", True)


def test_too_many_cells(monkeypatch):
    monkeypatch.setattr("extraction.reading.docx.story.MAX_CELLS", 59)
    row = f"<w:tr>{'<w:tc/>' * 20}</w:tr>"
    assert read(p("文") + tbl(row, row)).text == "文"
    error = refused(zipped(members(tbl(row, row, row))))
    assert (error.code, type(error)) == ("docx.too_large", LimitExceeded)
    assert "60 cells" in error.message


def test_too_many_characters(monkeypatch):
    monkeypatch.setattr("extraction.reading.docx.story.MAX_CHARACTERS", 999)
    assert len(read(p("文" * 333) * 3).text) == 1_001
    note = f'<w:footnote w:id="1">{p("注" * 900)}</w:footnote>'
    for body in (p("文" * 1_000), p("<w:r><w:footnoteReference w:id='1'/></w:r>") * 2):
        error = refused(zipped(members(body, footnotes=note)))
        assert (error.code, "characters" in error.message) == ("docx.too_large", True)


def test_spans_of_a_million():
    wide = '<w:gridSpan w:val="1000000"/>'
    document = read(tbl(tr(tc("题", wide)), tr("甲", "乙")))
    assert document.tables[0].columns == 2
    data = zipped(members(tbl(*(tr(*(tc("1", wide) for _ in range(60))) for _ in range(100)))))
    assert len(read_docx(data, "r.docx").tables[0].cells) == 6_000


@pytest.mark.parametrize("nonsense", ["", "-3", "二", "99999999999999999999", "1e3", "0"])
def test_nonsense_for_numbers(nonsense: str):
    properties = f'<w:gridSpan w:val="{nonsense}"/><w:vMerge w:val="{nonsense}"/>'
    row = tr(tc("甲", properties), "乙", properties=f'<w:gridBefore w:val="{nonsense}"/>')
    listed = f'<w:numPr><w:ilvl w:val="{nonsense}"/><w:numId w:val="{nonsense}"/></w:numPr>'
    document = read(p("文", properties=listed) + tbl(row, row))
    assert document.text.startswith("文\n")
    assert document.text.count("甲") == 2


def test_encrypted():
    ole = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    )
    error = refused(ole)
    assert error.code == "docx.encrypted"
    assert "password" in error.message
    data = bytearray(zipped(members(p("文"))))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + at] |= 1
    assert refused(bytes(data)).code == "docx.encrypted"


def test_what_is_no_document():
    without = members(p("文"))
    del without["word/document.xml"]
    assert refused(zipped(without)).code == "docx.damaged"
    assert refused(b"PK\x03\x04" + bytes(100)).code == "docx.damaged"
    assert refused(zipped(members(p("文")))[:-40]).code == "docx.damaged"
    assert refused(zipped(members("<w:p>"))).code == "docx.damaged"
    assert refused(zipped(members("<w:p>&nbsp;</w:p>"))).code == "docx.damaged"
    assert refused(zipped(members(p()))).code == "docx.no_text"
    assert isinstance(refused(zipped(members(p()))), UnreadableInput)


def test_strict_documents_and_documents_elsewhere():
    parts = members(p("文"))
    main = parts.pop("word/document.xml").replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    parts |= {
        "text/main.xml": main,
        "_rels/.rels": relationships(("r1", "officeDocument", "/text/main.xml")).encode(),
    }
    assert read_docx(zipped(parts), "r.docx").text == "文"


# Damages of a whole report


@cache
def whole() -> tuple[Sheet, bytes]:
    """A report whose sums are right and whose counts differ from each other, and its file."""
    rng = Random(7)
    forms = load_forms()
    values: dict[str, int | float | None] = {}
    for grid in forms.tables("2021"):
        for row in grid.rows:
            keys = [f"{grid.table}/{row.key}/{column.key}" for column in grid.columns]
            values |= {key: rng.randrange(1, 900) for key in keys}
            if grid.columns[-1].key == "total":
                values[keys[-1]] = sum(int(values[key] or 0) for key in keys[:-1])
    outcomes = [
        r.key
        for r in forms.grids["applications", "2021"].rows
        if "." in r.key or r.key in ("granted", "partial")
    ]
    for column in forms.grids["applications", "2021"].columns:

        def count(row: str, column: str = column.key) -> int:
            return int(values[f"applications/{row}/{column}"] or 0)

        values[f"applications/total/{column.key}"] = total = sum(map(count, outcomes))
        values[f"applications/new/{column.key}"] = total + count("carried_out") - count("carried_in")
    sheet = Sheet(2023, {grid.table: "2021" for grid in forms.tables("2021")}, values)
    return sheet, render_word(sheet, Manner(numbered=True, tracked=True))


def test_the_report_to_be_damaged_is_sound():
    sheet, data = whole()
    report = extract_bytes(data, "云岭县.docx")
    assert {cell.key: cell.value for cell in report.cells} == sheet.cells
    assert report.findings == ()


_PIECES = [
    "<w:p>",
    "</w:p>",
    "<w:tc>",
    "</w:tbl>",
    "<w:tbl>",
    "<w:del/>",
    "&amp;",
    "&#0;",
    "<!--",
    '"',
    "w:val='9'",
]
_PIECES += ['<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="7"/>', "<w:tr/>", "<w:vanish/>"]
_PIECES += [f"<x {NAMES}/>", '<w:fldChar w:fldCharType="begin"/>', "<w:txbxContent/>", "<w:hMerge/>", "\x00"]


def _bytes_damaged(rng: Random) -> bytes:
    data = bytearray(whole()[1])
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data))
        kind = rng.randrange(3)
        if kind == 0:
            data[at] = rng.randrange(256)
        elif kind == 1:
            del data[at : at + rng.randint(1, 300)]
        else:
            data[at:at] = rng.randbytes(rng.randint(1, 40))
    return bytes(data)


def _markup_damaged(rng: Random) -> bytes:
    """Elements copied, moved, dropped or put in, in a part of a sound archive."""
    with zipfile.ZipFile(BytesIO(whole()[1])) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    name = rng.choice(["word/document.xml"] * 6 + ["word/numbering.xml", "word/styles.xml", "_rels/.rels"])
    text = parts[name].decode()
    for _ in range(rng.randint(1, 3)):
        tags = [i for i, c in enumerate(text) if c == "<"]
        at, to = sorted(rng.sample(tags, 2))
        kind = rng.randrange(4)
        if kind == 0:
            text = text[:at] + rng.choice(_PIECES) + text[at:]
        elif kind == 1:
            end = text.find(">", at) + 1
            text = text[:at] + (text[end:] if rng.random() < 0.5 else "<w:x/>" + text[end:])
        elif kind == 2:
            element = _element(text, at)
            text = text[:at] + element + text[at:]
        else:
            element = _element(text, at)
            text = text[:at] + text[at + len(element) :]
            text = (
                text[: to - len(element)] + element + text[to - len(element) :]
                if to > at + len(element)
                else text
            )
    return zipped(parts | {name: text.encode()})


def _element(text: str, at: int) -> str:
    """The element that begins there, if it is one without others of its name inside; else nothing."""
    name = text[at + 1 : min(i for i in (text.find(c, at) for c in " />") if i > 0)]
    end = text.find(">", at) + 1
    if text[end - 2] == "/":
        return text[at:end]
    close = text.find(f"</{name}>", at) + len(name) + 3
    inside = text[at:close]
    return inside if name and close > at and inside.count(f"<{name}") == 1 else ""


@pytest.mark.parametrize("damage", [_bytes_damaged, _markup_damaged])
def test_random_damages(damage):
    """A record or an error of ours; and no value is wrong where nothing warns of its table."""
    read_count = 0
    for seed in range(100):
        try:
            report = extract_bytes(damage(Random(seed)), "云岭县.docx")
        except NianbaoError as error:
            assert error.message
            continue
        read_count += 1
        warned = {key.split("/")[0] for f in report.findings for key in f.cells}
        for cell in report.cells:
            true = whole()[0].cells.get(cell.key)
            if cell.kind == "number" and cell.value != true:
                assert cell.table in warned, (seed, cell, true)
    assert read_count >= (20 if damage is _markup_damaged else 0)
