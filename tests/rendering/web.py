"""A report as a web page: the standard grids in the ways that sites, Word and editors make their tables."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from tests.rendering.page import HEADINGS
from tests.rendering.sheets import Sheet
from tests.rendering.word import Box, Lattice, application_lattice, disclosure_lattices, review_lattice

Way = Callable[[Sheet, Random], str]
OVERVIEW = "{year}年，云岭县围绕群众关切推进公开，全年主动公开信息356条。"
PROBLEMS = "一是公开的意识还要加强。二是3个部门更新不够及时。下一步逐项整改，年底前全部到位。"
WAYS: dict[str, Way] = {}


def way(function: Way) -> Way:
    WAYS[function.__name__] = function
    return function


def lattices(sheet: Sheet) -> dict[str, list[Lattice]]:
    """The grids by section."""
    return {
        "disclosure": disclosure_lattices(sheet),
        "applications": [application_lattice(sheet)],
        "review": [review_lattice(sheet)],
    }


def rows_of(lattice: Lattice) -> list[list[Box]]:
    rows: list[list[Box]] = [[] for _ in range(max(b.row + b.height for b in lattice))]
    for box in sorted(lattice, key=lambda b: (b.row, b.column)):
        rows[box.row].append(box)
    return rows


def spans(box: Box) -> str:
    wide = f' colspan="{box.width}"' if box.width > 1 else ""
    return wide + (f' rowspan="{box.height}"' if box.height > 1 else "")


def td(box: Box, tag: str = "td") -> str:
    return f"<{tag}{spans(box)}>{html.escape(box.text)}</{tag}>"


def table(lattice: Lattice, cell: Callable[[Box], str] = td, attributes: str = ' border="1"') -> str:
    body = "".join("<tr>" + "".join(map(cell, row)) + "</tr>\n" for row in rows_of(lattice))
    return f"<table{attributes}>{body}</table>\n"


def page(sheet: Sheet, grids: dict[str, str]) -> str:
    """A whole page around the rendered grids (keys disclosure, applications, review)."""
    title = f"云岭县人民政府{sheet.year}年政府信息公开工作年度报告"
    texts = {"overview": f"<p>{OVERVIEW.format(year=sheet.year)}</p>", "problems": f"<p>{PROBLEMS}</p>"}
    texts |= {"other": "<p>无其他需要报告的事项。</p>"} | grids
    body = "".join(f"<p><b>{heading}</b></p>\n{texts[key]}\n" for key, heading in HEADINGS.items())
    menu = "".join(f'<li><a href="/c{i}">栏目{i}</a></li>' for i in range(9))
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<div class="nav"><ul>{menu}</ul></div><div id="zoom"><h1>{title}</h1>{body}</div>'
        '<div class="foot">主办：云岭县人民政府办公室　电话：0000-1234567</div></body></html>'
    )


def _each(sheet: Sheet, draw: Callable[[Lattice], str]) -> str:
    return page(sheet, {key: "".join(map(draw, many)) for key, many in lattices(sheet).items()})


def _widened(lattice: Lattice, at: int, by: int = 1) -> list[Box]:
    """The lattice with ``by`` empty columns before column ``at``; what spans the place is widened."""
    out = []
    for box in lattice:
        if box.column >= at:
            out.append(replace(box, column=box.column + by))
        elif box.column + box.width > at:
            out.append(replace(box, width=box.width + by))
        else:
            out.append(box)
    return out


def filled(lattice: Lattice) -> list[Box]:
    """With an empty cell wherever none stands."""
    rows = max(b.row + b.height for b in lattice)
    columns = max(b.column + b.width for b in lattice)
    taken = {(b.row + r, b.column + c) for b in lattice for r in range(b.height) for c in range(b.width)}
    free = [Box(r, c, "") for r in range(rows) for c in range(columns) if (r, c) not in taken]
    return sorted([*lattice, *free], key=lambda b: (b.row, b.column))


def first_value_row(lattice: Lattice) -> int:
    """The first row below the heads."""
    rows = rows_of(lattice)
    if len(rows) == 4 and len(rows[-1]) == 15:
        return 3
    return next(
        i
        for i, row in enumerate(rows)
        if i
        and not any(b.row + b.height > i + 1 for b in row[:1])
        and "信息内容" not in row[0].text
        and len(row) > 1
        and row[0].text[:2] in ("规章", "行政", "政府", "一、")
    )


def parts(lattice: Lattice, random: Random, *, repeat: bool) -> Iterator[list[Box]]:
    """The lattice cut in two at a row; what spans the cut goes on as an empty cell (or with its text)."""
    first = first_value_row(lattice)
    rows = max(b.row + b.height for b in lattice)
    if rows - first < 2:
        yield list(lattice)
        return
    cut = random.randrange(first + 1, rows)
    upper = [replace(b, height=min(b.height, cut - b.row)) for b in lattice if b.row < cut]
    heads = [b for b in lattice if b.row < first] if repeat else []
    shift = cut - (first if repeat else 0)
    lower = [
        replace(
            b,
            row=max(b.row, cut) - shift,
            height=b.row + b.height - max(b.row, cut),
            text=b.text if b.row >= cut else "",
        )
        for b in lattice
        if b.row + b.height > cut
    ]
    yield upper
    yield heads + lower


@way
def spans_as_in_the_form(sheet: Sheet, random: Random) -> str:
    """One table a grid; grid two has four columns, and where an article has one number it takes three."""
    many = lattices(sheet)
    rows: list[Box] = []
    for lattice in many["disclosure"]:
        height = len(rows_of(lattice))
        at = max((b.row + 1 for b in rows), default=0)
        wide = max(b.column + b.width for b in lattice) - 1
        for box in lattice:
            width = 4 if box.width > 1 or box.row == 0 else (1 if box.column == 0 else 3 // wide)
            column = 0 if box.column == 0 else 1 + (box.column - 1) * (3 // wide)
            if wide == 2 and box.column == 2:
                width = 2
            rows.append(replace(box, row=box.row + at, column=column, width=width))
        assert at + height == rows[-1].row + 1
    many["disclosure"] = [rows]
    return page(sheet, {key: "".join(map(table, lattice)) for key, lattice in many.items()})


@way
def nested(sheet: Sheet, random: Random) -> str:
    """Every grid in a layout table, some two deep, and a layout table around the report."""

    def draw(lattice: Lattice) -> str:
        inner = table(lattice)
        for _ in range(random.randint(1, 2)):
            inner = f"<table><tr><td>&nbsp;</td><td>{inner}</td></tr></table>"
        return inner

    whole = _each(sheet, draw)
    return whole.replace('<div id="zoom">', '<table><tr><td class="c"><div id="zoom">').replace(
        '</div><div class="foot">', '</div></td></tr></table><div class="foot">'
    )


@way
def header_cells(sheet: Sheet, random: Random) -> str:
    """Th and td by turns, thead and tbody, captions."""

    def cell(box: Box) -> str:
        return td(box, "th" if random.random() < 0.4 else "td")

    def draw(lattice: Lattice) -> str:
        rows = ["<tr>" + "".join(map(cell, row)) + "</tr>" for row in rows_of(lattice)]
        first = first_value_row(lattice)
        return f"<table><thead>{''.join(rows[:first])}</thead><tbody>{''.join(rows[first:])}</tbody></table>"

    return _each(sheet, draw)


@way
def word_export(sheet: Sheet, random: Random) -> str:
    """Word's and WPS's export: mso styles, <o:p>, &nbsp;, a label in several spans."""

    def cell(box: Box) -> str:
        text = box.text
        at = random.randrange(len(text)) if len(text) > 1 and not text[0].isdigit() else 0
        inner = "".join(
            f'<span lang="EN-US" style="font-family:宋体;mso-font-kerning:0pt">{html.escape(part)}</span>'
            for part in (text[:at], text[at:])
            if part
        )
        return (
            f'<td width="84"{spans(box)} valign="top" style="width:63pt;mso-border-alt:solid windowtext .5pt">'
            f'<p class="MsoNormal" align="center">{inner or "&nbsp;"}<o:p></o:p></p></td>'
        )

    return _each(sheet, lambda lattice: table(lattice, cell, ' class="MsoNormalTable"'))


@way
def split_tables(sheet: Sheet, random: Random) -> str:
    """Each grid in two tables, with or without its heads again."""

    def draw(lattice: Lattice) -> str:
        return "<p>&nbsp;</p>".join(map(table, parts(lattice, random, repeat=random.random() < 0.5)))

    return _each(sheet, draw)


@way
def one_table(sheet: Sheet, random: Random) -> str:
    """Everything in one table: headings and prose in rows across all of it."""
    wide = 15
    rows = [f'<tr><td colspan="{wide}">云岭县人民政府{sheet.year}年政府信息公开工作年度报告</td></tr>']
    texts = {"overview": OVERVIEW.format(year=sheet.year), "problems": PROBLEMS, "other": "无。"}
    many = lattices(sheet)
    for key, heading in HEADINGS.items():
        rows.append(f'<tr><td colspan="{wide}">{heading}</td></tr>')
        if key in texts:
            rows.append(f'<tr><td colspan="{wide}">{texts[key]}</td></tr>')
        for lattice in many.get(key, ()):
            rows += ["<tr>" + "".join(map(td, row)) + "</tr>" for row in rows_of(lattice)]
    title = f"云岭县人民政府{sheet.year}年政府信息公开工作年度报告"
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><table>'
        + "\n".join(rows)
        + "</table></body></html>"
    )


@way
def wrong_spans(sheet: Sheet, random: Random) -> str:
    """Colspans and rowspans larger or smaller than they should be; browsers show the numbers all the same."""

    def cell(box: Box) -> str:
        width, height = box.width, box.height
        if width > 1 and box.row == 0:
            width = random.choice((width, width + 1, 100, 1))
        return td(replace(box, width=width, height=height))

    return _each(sheet, lambda lattice: table(lattice, cell))


@way
def spare_columns(sheet: Sheet, random: Random) -> str:
    """Empty columns at the right, the left or in between."""

    def draw(lattice: Lattice) -> str:
        columns = max(b.column + b.width for b in lattice)
        for _ in range(random.randint(1, 2)):
            at = random.choice((columns, 0, random.randrange(1, columns)))
            lattice = _widened(lattice, at)
            columns += 1
        return table(filled(lattice))

    return _each(sheet, draw)


@way
def notes_column(sheet: Sheet, random: Random) -> str:
    """A last column 备注 with words in some rows."""

    def draw(lattice: Lattice) -> str:
        columns = max(b.column + b.width for b in lattice)
        if columns == 15:
            return table(lattice)
        rows, first = len(rows_of(lattice)), first_value_row(lattice)
        notes = [Box(r, columns, random.choice(("", "", "含县直部门"))) for r in range(first, rows)]
        head = [Box(first - 1, columns, "备注")]
        above = [Box(r, columns, "") for r in range(first - 1)]
        title = [
            replace(b, width=b.width + 1)
            if b.column + b.width == columns and b.row < first - 1 and b.width > 1
            else b
            for b in lattice
        ]
        above = [
            b
            for b in above
            if not any(t.row <= b.row < t.row + t.height and t.column + t.width > columns for t in title)
        ]
        return table([*title, *above, *head, *notes])

    return _each(sheet, draw)


@way
def no_rowspans(sheet: Sheet, random: Random) -> str:
    """Spans taken apart: empty cells, or the words again, where a cell reached."""
    again = random.random() < 0.5

    def draw(lattice: Lattice) -> str:
        boxes = []
        for b in lattice:
            for r in range(b.height):
                for c in range(b.width):
                    words = b.text if again or (r == c == 0) else ""
                    boxes.append(Box(b.row + r, b.column + c, words))
        return table(boxes)

    return _each(sheet, draw)


@way
def total_first(sheet: Sheet, random: Random) -> str:
    """Columns in an order of the site's own, each under its head."""

    def draw(lattice: Lattice) -> str:
        columns = max(b.column + b.width for b in lattice)
        if columns == 10:  # the total before the natural persons
            moved = {9: 3, **{c: c + 1 for c in range(3, 9)}}
        elif columns == 15:  # the total first in each of the three runs
            moved = {c: c - 4 if c % 5 == 4 else c + 1 for c in range(15)}
        else:  # the numbers backwards
            moved = {c: columns - c for c in range(1, columns)}
        narrow = [b for b in lattice if b.width == 1 and b.column in moved]
        wide = [b for b in lattice if b.width > 1 or b.column not in moved]
        if columns == 10:  # 法人或其他组织 moves with its five
            wide = [replace(b, column=b.column + 1) if b.width == 5 else b for b in wide]
        return table([*wide, *(replace(b, column=moved[b.column]) for b in narrow)])

    return _each(sheet, draw)


@way
def strange_column(sheet: Sheet, random: Random) -> str:
    """A column of numbers that the form does not have, under a head of its own, anywhere among the numbers."""

    def draw(lattice: Lattice) -> str:
        columns = max(b.column + b.width for b in lattice)
        if columns == 15:
            return table(lattice)
        rows, first = len(rows_of(lattice)), first_value_row(lattice)
        at = random.choice((columns, columns - 1))
        out = _widened(lattice, at)
        if at == columns:
            out = [
                replace(b, width=b.width + 1) if b.row == 0 and b.column and b.width > 1 else b for b in out
            ]
        out.append(Box(first - 1, at, "同比增长"))
        out += [Box(r, at, str(random.randrange(300))) for r in range(first, rows)]
        return table(filled(out))

    return _each(sheet, draw)


@way
def fields_of_divs(sheet: Sheet, random: Random) -> str:
    """No table at all: a paragraph a cell, nothing for an empty one but the empty paragraph."""

    def draw(lattice: Lattice) -> str:
        kind = random.choice(("p", "div"))
        return "".join(
            f"<{kind}>{html.escape(box.text) or '&nbsp;'}</{kind}>" for row in rows_of(lattice) for box in row
        )

    return _each(sheet, draw)


def render_web(sheet: Sheet, name: str, seed: int = 0) -> bytes:
    """A whole report as the bytes of an HTML page, its tables made in one way."""
    return WAYS[name](sheet, Random(seed)).encode()
