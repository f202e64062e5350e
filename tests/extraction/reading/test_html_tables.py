"""Random lattices, written as tables in ten ways, read back as they were; and spans as browsers take them."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.document import Document, Table
from extraction.reading.html import read_html
from tests.extraction.reading.pages import PROSE


@dataclass(frozen=True)
class Cell:
    row: int
    column: int
    height: int
    width: int
    text: str


@dataclass(frozen=True)
class Lattice:
    rows: int
    columns: int
    cells: tuple[Cell, ...]

    def line(self, row: int) -> list[Cell]:
        return [cell for cell in self.cells if cell.row == row]


TEXTS = st.one_of(
    st.integers(-99, 99999).map(str),
    st.sampled_from(
        [
            "",
            "规章",
            "本年 新增",
            "1,204",
            "a<b>&\"c'",
            "（一）予以公开",
            "/",
            "&nbsp;",
            "𠮷",
            "12（含 3 件）",
        ]
    ),
)


@st.composite
def lattices(draw: st.DrawFn) -> Lattice:
    """A full lattice of random spans in which a cell begins in every column."""
    rows, columns = draw(st.integers(1, 7)), draw(st.integers(2, 7))
    free = [[True] * columns for _ in range(rows)]
    cells = []
    for row in range(rows):
        for column in range(columns):
            if not free[row][column]:
                continue
            width = 1
            most = draw(st.sampled_from([1, 1, 1, 2, 4]))
            while width < most and column + width < columns and free[row][column + width]:
                width += 1
            height = min(draw(st.sampled_from([1, 1, 1, 2, 3])), rows - row)
            for down in range(height):
                free[row + down][column : column + width] = [False] * width
            cells.append(Cell(row, column, height, width, draw(TEXTS)))
    begun = sorted({cell.column for cell in cells})
    if len(begun) < 2 or not any(cell.text for cell in cells):
        cells = [Cell(0, 0, 1, 1, "规章"), Cell(0, 1, 1, 1, "1")]
        return Lattice(1, 2, tuple(cells))
    squeezed = tuple(
        Cell(
            cell.row,
            begun.index(cell.column),
            cell.height,
            sum(cell.column <= column < cell.column + cell.width for column in begun),
            cell.text,
        )
        for cell in cells
    )
    return Lattice(rows, len(begun), squeezed)


def spans(cell: Cell, form: str = ' colspan="{}"', tall: str = ' rowspan="{}"') -> str:
    wide = form.format(cell.width) if cell.width > 1 else ""
    return wide + (tall.format(cell.height) if cell.height > 1 else "")


def build(
    lattice: Lattice, cell: Callable[[Cell], str], row: str = "<tr>{}</tr>", table: str = "<table>{}</table>"
) -> str:
    rows = (row.format("".join(map(cell, lattice.line(number)))) for number in range(lattice.rows))
    return table.format("".join(rows))


def escaped(cell: Cell) -> str:
    return html.escape(cell.text)


def plain(lattice: Lattice, _: Random) -> str:
    return build(lattice, lambda c: f"<td{spans(c)}>{escaped(c)}</td>")


def upper_case(lattice: Lattice, _: Random) -> str:
    cell = "<TD COLSPAN={0.width} ROWSPAN='{0.height}' BGCOLOR=#fff>{1}</TD>"
    return build(
        lattice,
        lambda c: cell.format(c, escaped(c)),
        "<TR ALIGN=center>{}</TR>\r\n",
        "<TABLE BORDER=1>\r\n{}</TABLE>",
    )


def headed(lattice: Lattice, random: Random) -> str:
    kinds = ["td", "th"]

    def cell(c: Cell) -> str:
        kind = kinds[random.random() < 0.4]
        return f"<{kind}{spans(c)}>{escaped(c)}</{kind}>"

    return build(lattice, cell, table="<table><caption></caption><colgroup><col><col></colgroup>{}</table>")


def in_layout(lattice: Lattice, random: Random) -> str:
    inner = f"<table><tr><td>{plain(lattice, random)}</td></tr></table>"
    return f"<table><tr><td>左</td><td>{inner}</td></tr></table>"


def word(lattice: Lattice, _: Random) -> str:
    def cell(c: Cell) -> str:
        return (
            f"<td width=84{spans(c, ' colspan={}', ' rowspan={}')} valign=top "
            "style='width:63.0pt;mso-border-alt:solid\nwindowtext .5pt'>"
            "<p class=MsoNormal align=center style='text-align:center'><span lang=EN-US\n"
            f"style='font-family:宋体'>{escaped(c)}<o:p></o:p></span></p></td>"
        )

    row = "<tr style='mso-yfti-irow:1'>\n{}\n<![if !supportMisalignedColumns]><![endif]></tr>"
    return build(
        lattice, cell, row, "<table class=MsoTableGrid><!--[if gte mso 9]><xml>1</xml><![endif]-->{}</table>"
    )


def blank(lattice: Lattice, _: Random) -> str:
    return build(
        lattice, lambda c: f"<td{spans(c)}>&nbsp;&#12288;\n {escaped(c) or '&nbsp;'}&nbsp; \t</td> &nbsp;"
    )


def unclosed(lattice: Lattice, _: Random) -> str:
    return build(lattice, lambda c: f"<td{spans(c)}><p>{escaped(c)}", "<tr>{}\n", "<table>{}</table>")


def grouped(lattice: Lattice, _: Random) -> str:
    parts = [
        "<tr>" + "".join(f"<td{spans(c)}>{escaped(c)}</td>" for c in lattice.line(number)) + "</tr>"
        for number in range(lattice.rows)
    ]
    cuts = [n for n in range(1, lattice.rows) if all(not c.row < n < c.row + c.height for c in lattice.cells)]
    head = cuts[0] if cuts else 0
    foot = cuts[-1] if len(cuts) > 1 else lattice.rows
    # A browser shows the foot last, though it stands second.
    return (
        f"<table><thead>{''.join(parts[:head])}</thead><tfoot>{''.join(parts[foot:])}</tfoot>"
        f"<tbody>{''.join(parts[head:foot])}</tbody></table>"
    )


def styled(lattice: Lattice, random: Random) -> str:
    def cell(c: Cell) -> str:
        middle = random.randrange(len(c.text) + 1)
        halves = html.escape(c.text[:middle]), html.escape(c.text[middle:])
        text = f"<b style='color:red'>{halves[0]}</b><font size=3>{halves[1]}</font>"
        return f"<td{spans(c)}>{text}<span style='Display:None'>9</span></td>"

    return build(lattice, cell, "<tr>{}</tr><tr style='display: none'><td>8</td></tr>")


def cluttered(lattice: Lattice, _: Random) -> str:
    def cell(c: Cell) -> str:
        inner = f"<div><div><!-- 7 -->{escaped(c)}</div></div>"
        return f"<!-- <td>9</td> --><td{spans(c)}>{inner}</td><script>'<td>'</script>"

    return build(
        lattice,
        cell,
        "<form action='/'><tr>{}</tr></form>",
        "<div><div style='overflow:auto'><center><table>{}</table></center></div></div>",
    )


RENDERERS = [plain, upper_case, headed, in_layout, word, blank, unclosed, grouped, styled, cluttered]


def read(page: str) -> Document:
    return read_html(page.encode(), "report.html")


def back(document: Document, table: Table) -> Lattice:
    cells = (
        Cell(c.row, c.column, c.row_span, c.column_span, document.text[c.start : c.end]) for c in table.cells
    )
    return Lattice(table.rows, table.columns, tuple(cells))


@pytest.mark.parametrize("render", RENDERERS)
@given(lattice=lattices(), seed=st.integers(0, 999))
@settings(max_examples=40, deadline=None)
def test_round_trip(render: Callable[[Lattice, Random], str], lattice: Lattice, seed: int):
    before, after = PROSE[0], PROSE[1]
    document = read(f"<body><p>{before}</p>{render(lattice, Random(seed))}<p>{after}</p></body>")
    assert [back(document, table) for table in document.tables] == [lattice]
    table = document.tables[0]
    shown = [row for row in range(lattice.rows) if lattice.line(row)]
    expected = "\n".join("\t".join(cell.text for cell in lattice.line(row)) for row in shown)
    assert document.text[table.start : table.end] == expected
    assert document.text.startswith(f"{before}\n")
    assert document.text.endswith(f"{expected}\n{after}")


@given(st.lists(lattices(), min_size=2, max_size=4), st.integers(0, 999))
@settings(max_examples=30, deadline=None)
def test_several_tables_keep_their_order(several: list[Lattice], seed: int):
    random = Random(seed)
    document = read("<p>表</p>".join(random.choice(RENDERERS[:3])(lattice, random) for lattice in several))
    assert [back(document, table) for table in document.tables] == several


def lattice_of(table: str) -> list[tuple[int, int, int, int, str]]:
    document = read(table)
    return [(c.row, c.column, c.height, c.width, c.text) for c in back(document, document.tables[0]).cells]


def test_a_colspan_of_a_million():
    found = lattice_of("<table><tr><td colspan=1000000>题</td></tr><tr><td>甲</td><td>乙</td></tr></table>")
    assert found == [(0, 0, 1, 2, "题"), (1, 0, 1, 1, "甲"), (1, 1, 1, 1, "乙")]


@pytest.mark.parametrize(
    ("attribute", "height", "width"),
    [
        ("rowspan=99999", 3, 1),
        ("rowspan=0", 3, 1),
        ("rowspan=2.9", 2, 1),
        ("rowspan=-2 colspan=0", 1, 1),
        ("colspan='2px'", 1, 2),
        ("colspan=' +2'", 1, 2),
        ("colspan=二", 1, 1),
        ("colspan=99999999999999999999", 1, 3),
    ],
)
def test_spans_as_browsers_take_them(attribute: str, height: int, width: int):
    rest = "<tr><td>丙<td>丁<td>戊" * 2
    found = lattice_of(f"<table><tbody><tr><td {attribute}>甲</td><td>乙</td></tr>{rest}</tbody></table>")
    assert found[0] == (0, 0, height, width, "甲")
    assert found[1][1] == width


def test_a_rowspan_ends_with_its_group():
    found = lattice_of(
        "<table><tbody><tr><td rowspan=9>甲<td>乙</tbody><tbody><tr><td>丙<td>丁</tbody></table>"
    )
    assert [cell[:4] for cell in found] == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_overlapping_spans_keep_every_cell_and_the_longer_span():
    found = lattice_of("<table><tr><td>甲<td rowspan=3>乙<tr><td colspan=2>丙<td>丁<tr><td>戊<td>己</table>")
    assert [(cell[0], cell[1], cell[4]) for cell in found] == [
        (0, 0, "甲"),
        (0, 1, "乙"),
        (1, 0, "丙"),
        (1, 2, "丁"),
        (2, 0, "戊"),
        (2, 2, "己"),
    ]


def test_cells_without_rows_and_text_between_them():
    document = read("<table>题注<td>甲<td>乙<tr>漏<td>丙</td><td>丁</td></table>")
    assert document.text == "题注\n漏\n甲\t乙\n丙\t丁"


def test_a_table_between_the_rows_of_another():
    inner = "<table><tr><td>内甲<td>内乙</table>"
    document = read(f"<table><tr><td>甲<td>乙</tr>{inner}<tr><td>丙<td>丁</tr></table>")
    assert document.text == "甲\t乙\n内甲\t内乙\n丙\t丁"
    assert len(document.tables) == 3


def test_a_table_of_one_cell_around_a_number_is_nothing():
    document = read("<table><tr><td>甲<td><table><tr><td>5</table></td></tr></table>")
    assert document.text == "甲\t5"
    assert len(document.tables) == 1


def test_a_table_of_links_is_a_menu():
    document = read("<table><tr><td><a href=1>附件一</a><td><a href=2>附件二</a></table>")
    assert document.tables == ()
    assert document.text == "附件一\n附件二"


def test_a_table_of_one_column_flows():
    document = read("<table><tr><td>甲</td></tr><tr><td>乙</td></tr></table>")
    assert document.tables == ()
    assert document.text == "甲\n乙"
