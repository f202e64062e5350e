"""Random damages of whole report files: elements lost, doubled, swapped; bytes flipped, cut, put in.

A damage that changes what a cell prints is the source's own doing. So each mutant says whether it can be
``judged``: no digit was touched and no two numbers met, hence every value that is given must be the old one.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random

import lxml.html
from lxml import etree
from reportlab import rl_config

from extraction.forms import GridForm, load_forms
from tests.extraction.reading.test_pdf_reports import draw
from tests.rendering.sheets import Sheet, Value
from tests.rendering.web import WAYS, render_web
from tests.rendering.word import Manner, render_word

# Their findings are on every table already (``column_order``, ``unknown_column``), so nothing could be seen.
_TABLES = [name for name in WAYS if name not in ("fields_of_divs", "total_first", "strange_column")]
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = ("（", "）", "、", "行", "政", "公", "开")


@dataclass(frozen=True)
class Mutant:
    """A damaged file: what was done to it, and whether its values can be held against the sheet's."""

    name: str
    suffix: str
    data: bytes
    sheet: Sheet
    judged: bool


# --- reports full of different numbers ------------------------------------------------------------------


def dense_sheet(random: Random) -> Sheet:
    """A consistent report in which most numbers differ, so that none can pass for another."""
    year = random.randint(2019, 2024)
    form = "2021" if year >= 2021 else "2019"
    grids = load_forms().tables(form)
    cells: dict[str, Value] = {}
    for grid in grids:
        if grid.table == "applications":
            cells |= _applications(grid, random)
            continue
        for row in grid.rows:
            values = [random.randint(0, 900) for _ in grid.columns]
            if grid.table == "review":
                values[-1] = sum(values[:-1])
            for column, value in zip(grid.columns, values, strict=True):
                cells[f"{grid.table}/{row.key}/{column.key}"] = value
    zeros = [key for key in cells if not key.endswith("/total") and random.random() < 0.04]
    sheet = Sheet(year, {grid.table: form for grid in grids}, cells)
    return _blanked(sheet, [key for key in zeros if cells[key] == 0])


def _applications(grid: GridForm, random: Random) -> dict[str, Value]:
    out: dict[str, int] = {}
    outcomes = [row.key for row in grid.rows if row.key not in ("new", "carried_in", "total", "carried_out")]
    for column in [c.key for c in grid.columns][:-1]:
        for row in outcomes:
            out[f"{row}/{column}"] = random.choice((0, 0, random.randint(1, 40)))
        out[f"total/{column}"] = sum(out[f"{row}/{column}"] for row in outcomes)
        out[f"carried_out/{column}"] = random.randint(0, 9)
        due = out[f"total/{column}"] + out[f"carried_out/{column}"]
        out[f"carried_in/{column}"] = random.randint(0, due)
        out[f"new/{column}"] = due - out[f"carried_in/{column}"]
    for row in grid.rows:
        parts = [out[f"{row.key}/{c.key}"] for c in grid.columns[:-1]]
        out[f"{row.key}/total"] = sum(parts)
    return {
        f"applications/{row.key}/{c.key}": out[f"{row.key}/{c.key}"]
        for row in grid.rows
        for c in grid.columns
    }


def _blanked(sheet: Sheet, keys: list[str]) -> Sheet:
    return Sheet(sheet.year, sheet.forms, sheet.cells | dict.fromkeys(keys))


# --- what a file prints -----------------------------------------------------------------------------------


def _numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", text))


def _html_numbers(data: bytes) -> Counter[str]:
    text = re.sub(rb"<!--.*?-->|<(script|style)\b.*?</\1>", b"|", data, flags=re.S)
    return _numbers(re.sub(rb"<[^<>]*>?", b"|", text).decode("utf-8", "replace"))


def _xml_numbers(data: bytes) -> Counter[str]:
    return _numbers(re.sub(rb"<[^<>]*>?", b"|", data).decode("utf-8", "replace"))


@lru_cache(maxsize=64)
def _pdf_numbers(data: bytes) -> Counter[str]:
    import pypdfium2

    out: Counter[str] = Counter()
    try:
        document = pypdfium2.PdfDocument(data)
        for page in document:
            out += _numbers(page.get_textpage().get_text_bounded())
        document.close()
    except pypdfium2.PdfiumError:
        return Counter({"unreadable": 1})
    return out


# --- damages of bytes -------------------------------------------------------------------------------------


def _damage_bytes(data: bytes, random: Random) -> tuple[bytes, bool]:
    """One to three flips, cuts, repetitions or insertions; whether a digit was among what was touched."""
    digits = False
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(data) + 1)
        kind = random.choice(("flip", "flip", "cut", "insert", "repeat", "end"))
        size = random.choice((1, 2, 8, 40, 400))
        gone, new = b"", b""
        if kind == "flip":
            gone, new = data[at : at + 1], bytes([random.randrange(256)])
        elif kind == "cut":
            gone = data[at : at + size]
        elif kind == "insert":
            new = random.choice(
                (random.randbytes(size), b"<", b">", b"&", b"\x00", b"<td>", b"</tr>", b"<!--")
            )
        elif kind == "repeat":
            new = data[at : at + size]
        elif random.random() < 0.3:
            gone = data[at:]
        if not gone and not new:
            continue
        digits = digits or re.search(rb"\d", gone + new) is not None
        data = data[:at] + new + data[at + len(gone) :]
    return data, digits


def _bytes(data: bytes, random: Random, numbers: Callable[[bytes], Counter[str]]) -> tuple[bytes, bool]:
    damaged, digits = _damage_bytes(data, random)
    return damaged, not digits and numbers(damaged) <= numbers(data)


# --- damages of elements ----------------------------------------------------------------------------------


def _words(element: etree._Element) -> str:
    return re.sub(r"\s", "", "".join(element.itertext()))


def _damage_elements(root: etree._Element, names: dict[str, str], random: Random) -> tuple[str, bool]:
    """Drop, double, swap or widen cells, rows and tables; what was done, and whether it can be judged."""
    kind = random.choice(("drop", "drop", "double", "swap", "span", "words", "move", "halves"))
    what = random.choice(("cell", "cell", "cell", "row", "row", "table"))
    found = [e for e in root.iter(names[what]) if e.getparent() is not None]
    if not found or root.find(f".//{names['cell']}") is None:
        return "none", True
    one = random.choice(found)
    if kind == "drop":
        _drop(one)
    elif kind == "double":
        one.addnext(_copy(one))
    elif kind in ("swap", "move"):
        near = list(one.getparent()) if kind == "move" else found
        other = random.choice([e for e in near if e.tag == one.tag])
        if other in one.iterancestors() or one in other.iterancestors():
            return "none", True
        mine, its = _words(one), _words(other)
        # Two numbers, or two labels, that change places say something else.
        judged = what != "cell" or (bool(mine) and bool(its) and mine.isdigit() != its.isdigit())
        _swap(one, other)
        return f"{kind} {what} {mine[:6]}/{its[:6]}", judged
    elif kind == "span":
        one = random.choice(list(root.iter(names["cell"])))
        how = _respan(one, names, random)
        return f"{how} of {_words(one)[:8]}", True
    elif kind == "words":
        return _change_words(random.choice(list(root.iter(names["cell"]))), random), True
    else:
        rows = list(one.iter(names["row"]))
        for row in rows[random.randrange(len(rows) + 1) :]:
            _drop(row)
    return f"{kind} {what} {_words(one)[:8]}", True


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    element.tail = None
    parent.remove(element)


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element)) if element.tag.startswith("{") else _html_copy(element)


def _html_copy(element: etree._Element) -> etree._Element:
    import copy

    return copy.deepcopy(element)


def _swap(one: etree._Element, other: etree._Element) -> None:
    if one is other:
        return
    here, there = one.getparent(), other.getparent()
    at, to = here.index(one), there.index(other)
    one_copy, other_copy = _copy(one), _copy(other)
    here[at] = other_copy
    there[to] = one_copy


def _respan(cell: etree._Element, names: dict[str, str], random: Random) -> str:
    span = random.choice((0, 2, 3, 7, 1000, 70000))
    if names["cell"] == "td":
        name = random.choice(("colspan", "rowspan"))
        if random.random() < 0.3:
            cell.attrib.pop(name, None)
            return f"no {name}"
        cell.set(name, str(span))
        return f"{name}={span}"
    properties = cell.find(f"{_W}tcPr")
    if properties is None:
        properties = etree.SubElement(cell, f"{_W}tcPr")
        cell.insert(0, properties)
    for tag in ("gridSpan", "vMerge"):
        for old in properties.findall(f"{_W}{tag}"):
            properties.remove(old)
    if random.random() < 0.5:
        etree.SubElement(properties, f"{_W}gridSpan").set(f"{_W}val", str(span))
        return f"gridSpan={span}"
    if random.random() < 0.5:
        etree.SubElement(properties, f"{_W}vMerge")
        return "vMerge"
    return "no spans"


def _change_words(cell: etree._Element, random: Random) -> str:
    """A character of a cell's words lost, doubled or replaced; numbers are left alone."""
    for element in cell.iter():
        text = element.text or ""
        at = [i for i, c in enumerate(text) if not c.isdigit() and not c.isspace()]
        if at:
            i = random.choice(at)
            new = random.choice(("", text[i] * 2, random.choice(_PARTS)))
            # An ordinal's digits must not run into others.
            element.text = text[:i] + (new or ("." if text[i] == "." else "")) + text[i + 1 :]
            return f"words {text[:8]}"
    return "none"


# --- the formats ------------------------------------------------------------------------------------------


def html_elements(sheet: Sheet, random: Random) -> tuple[str, bytes, bool]:
    way = random.choice(_TABLES)
    root = lxml.html.fromstring(render_web(sheet, way, random.randrange(999)))
    names = {"cell": "td", "row": "tr", "table": "table"}
    done = [_damage_elements(root, names, random) for _ in range(random.choice((1, 1, 2)))]
    data = lxml.html.tostring(root, encoding="utf-8")
    return f"{way}: {'; '.join(d[0] for d in done)}", data, all(d[1] for d in done)


def html_bytes(sheet: Sheet, random: Random) -> tuple[str, bytes, bool]:
    way = random.choice(_TABLES)
    data, judged = _bytes(render_web(sheet, way, random.randrange(999)), random, _html_numbers)
    return f"{way}: bytes", data, judged


def _word(sheet: Sheet, random: Random) -> dict[str, bytes]:
    manner = Manner(numbered=random.random() < 0.5, torn=random.random() < 0.3, seed=random.randrange(999))
    with zipfile.ZipFile(io.BytesIO(render_word(sheet, manner))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def docx_elements(sheet: Sheet, random: Random) -> tuple[str, bytes, bool]:
    parts = _word(sheet, random)
    root = etree.fromstring(parts["word/document.xml"])
    names = {"cell": f"{_W}tc", "row": f"{_W}tr", "table": f"{_W}tbl"}
    done = [_damage_elements(root, names, random) for _ in range(random.choice((1, 1, 2)))]
    parts["word/document.xml"] = etree.tostring(root)
    return "; ".join(d[0] for d in done), _zipped(parts), all(d[1] for d in done)


def docx_bytes(sheet: Sheet, random: Random) -> tuple[str, bytes, bool]:
    """Damages of the archive: what passes its checksums is whole."""
    data, _ = _damage_bytes(_zipped(_word(sheet, random)), random)
    return "bytes", data, True


def docx_markup(sheet: Sheet, random: Random) -> tuple[str, bytes, bool]:
    """Damages of a part, under a checksum that is right."""
    parts = _word(sheet, random)
    name = random.choice(("word/document.xml", "word/document.xml", "word/styles.xml", "[Content_Types].xml"))
    parts[name], judged = _bytes(parts[name], random, _xml_numbers)
    return f"markup of {name}", _zipped(parts), judged


def _pdf(sheet: Sheet, random: Random) -> bytes:
    before = rl_config.pageCompression
    rl_config.pageCompression = 0
    try:
        return draw(sheet, random.choice(("boxes", "lines", "bars", "none")), random.randint(2, 20))
    finally:
        rl_config.pageCompression = before


def pdf_bytes(sheet: Sheet, random: Random) -> tuple[str, bytes, bool]:
    data, judged = _bytes(_pdf(sheet, random), random, _pdf_numbers)
    return "bytes", data, judged


def pdf_elements(sheet: Sheet, random: Random) -> tuple[str, bytes, bool]:
    """Pages moved, doubled, dropped, turned; single texts and lines of the drawing lost."""
    import pypdfium2

    data = _pdf(sheet, random)
    if random.random() < 0.5:
        return _without_drawing(data, random)
    source, out = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    order = list(range(len(source)))
    kind = random.choice(("move", "drop", "double", "turn"))
    at = random.randrange(len(order))
    if kind == "move":
        order.insert(random.randrange(len(order)), order.pop(at))
    elif kind == "drop" and len(order) > 1:
        order.pop(at)
    elif kind == "double":
        order.insert(at, at)
    out.import_pages(source, order)
    if kind == "turn":
        out[at].set_rotation(random.choice((90, 180, 270)))
    buffer = io.BytesIO()
    out.save(buffer)
    out.close()
    source.close()
    return f"{kind} page {at + 1} of {len(order)}", buffer.getvalue(), True


def _without_drawing(data: bytes, random: Random) -> tuple[str, bytes, bool]:
    """Some of the drawing's operations overwritten with blanks, so that nothing else moves."""
    operations = [m.span() for m in re.finditer(rb"(?m)^(?:BT .*? ET|n .*? (?:S|f\*?|s|B))\s*$", data)]
    for start, end in random.sample(operations, min(len(operations), random.choice((1, 2, 5, 20)))):
        data = data[:start] + b" " * (end - start) + data[end:]
    return f"operations lost of {len(operations)}", data, True


Maker = Callable[[Sheet, Random], tuple[str, bytes, bool]]
MAKERS: dict[str, tuple[Maker, str, int]] = {  # maker, suffix, share of a thousand
    "html elements": (html_elements, ".html", 450),
    "html bytes": (html_bytes, ".html", 180),
    "docx elements": (docx_elements, ".docx", 110),
    "docx bytes": (docx_bytes, ".docx", 50),
    "docx markup": (docx_markup, ".docx", 50),
    "pdf elements": (pdf_elements, ".pdf", 90),
    "pdf bytes": (pdf_bytes, ".pdf", 70),
}


def mutant(kind: str, seed: int) -> Mutant:
    """The ``seed``-th mutant of one kind; the same every time."""
    maker, suffix, _ = MAKERS[kind]
    random = Random(f"{kind} {seed}")
    sheet = dense_sheet(random)
    what, data, judged = maker(sheet, random)
    return Mutant(f"{kind} {seed}: {what}", suffix, data, sheet, judged)
