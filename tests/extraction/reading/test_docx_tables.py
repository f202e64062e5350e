"""Random lattices, written into tables of Word, read back as they were; and what tables hide."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.extraction.reading.ooxml import cells, p, read, run, tbl, tc, tr

Cell = tuple[int, int, int, int, str]  # row, column, height, width, text


@dataclass(frozen=True)
class Lattice:
    rows: int
    columns: int
    cells: tuple[Cell, ...]


@st.composite
def lattices(draw: st.DrawFn) -> Lattice:
    """A full lattice of random spans in which a cell begins in every column."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(2, 6))
    free = [[True] * columns for _ in range(rows)]
    found: list[Cell] = []
    texts = st.sampled_from(["", "规章", "本年 新增", "1,204", "（一）予以公开", "/", "𠮷", "0"])
    for row in range(rows):
        for column in range(columns):
            if not free[row][column]:
                continue
            most = draw(st.sampled_from([1, 1, 1, 2, 4]))
            width = 1
            while width < most and column + width < columns and free[row][column + width]:
                width += 1
            height = min(draw(st.sampled_from([1, 1, 1, 2, 3])), rows - row)
            for down in range(height):
                free[row + down][column : column + width] = [False] * width
            found.append((row, column, height, width, draw(texts)))
    begun = sorted({cell[1] for cell in found})
    if len(begun) < 2 or not any(cell[4] for cell in found):
        return Lattice(1, 2, ((0, 0, 1, 1, "规章"), (0, 1, 1, 1, "1")))
    squeezed = tuple(
        (row, begun.index(column), height, sum(column <= b < column + width for b in begun), text)
        for row, column, height, width, text in found
    )
    return Lattice(rows, len(begun), squeezed)


def written(lattice: Lattice, rng: Random) -> str:
    """The markup: a Word grid of more columns than the lattice, vMerge down, gridSpan or hMerge across."""
    widths = [rng.randint(1, 3) for _ in range(lattice.columns)]
    out = []
    for row in range(lattice.rows):
        line = []
        crossing = [c for c in lattice.cells if c[0] <= row < c[0] + c[2]]
        for top, column, height, width, text in sorted(crossing, key=lambda c: c[1]):
            down = ""
            if height > 1:
                down = (
                    '<w:vMerge w:val="restart"/>'
                    if top == row
                    else rng.choice(("<w:vMerge/>", '<w:vMerge w:val="continue"/>'))
                )
            shown = text if top == row else ""
            parts = widths[column : column + width]
            if height == 1 and width > 1 and rng.random() < 0.3:
                line.append(tc(shown, f'<w:gridSpan w:val="{parts[0]}"/><w:hMerge w:val="restart"/>'))
                line += [tc("", f'<w:gridSpan w:val="{w}"/><w:hMerge/>') for w in parts[1:]]
            else:
                line.append(tc(torn(shown, rng), f'<w:gridSpan w:val="{sum(parts)}"/>{down}'))
        cut = rng.randrange(len(line) + 1)
        inside = "".join(line[:cut]) + "".join(
            f"<w:sdt><w:sdtContent>{c}</w:sdtContent></w:sdt>" for c in line[cut:]
        )
        markup = f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{inside}</w:tr>"
        gone = tr(*["9"] * len(line), properties="<w:del/>") if rng.random() < 0.2 else ""
        out.append(markup + gone)
    return tbl(*out)


def torn(text: str, rng: Random) -> str:
    """The text in several runs, with blanks around; a blank inside as a break or a second paragraph."""
    first, blank, rest = text.partition(" ")
    cut = rng.randrange(len(first) + 1)
    runs = (run(first[:cut]), run("隐", "<w:vanish/>"), run(f"{first[cut:]} "))
    if blank and rng.random() < 0.5:
        return p(run("　"), *runs) + p() + p(rest)
    return p(run("\xa0"), *runs, "<w:r><w:br/></w:r>" if blank else "", rest)


@given(lattice=lattices(), seed=st.integers(0, 999))
@settings(max_examples=60, deadline=None)
def test_round_trip(lattice: Lattice, seed: int):
    document = read(p("前") + written(lattice, Random(seed)) + p("后"))
    table = document.tables[0]
    assert len(document.tables) == 1
    assert (table.rows, table.columns, tuple(cells(document))) == (
        lattice.rows,
        lattice.columns,
        lattice.cells,
    )
    lines = [[c[4] for c in lattice.cells if c[0] == row] for row in range(lattice.rows)]
    expected = "\n".join("\t".join(line) for line in lines if line)
    assert document.text[table.start : table.end] == expected
    assert document.text == f"前\n{expected}\n后"


def test_the_grid_before_and_after():
    offset = tr("乙", "丙", properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>')
    document = read(tbl(tr("甲", "1", "2", "3"), offset))
    assert cells(document)[4:] == [(1, 0, 1, 1, ""), (1, 1, 1, 1, "乙"), (1, 2, 1, 1, "丙")]


def test_a_merge_that_meets_no_cell_of_its_width_is_a_cell():
    two = '<w:gridSpan w:val="2"/>'
    document = read(
        tbl(tr(tc("甲", two + '<w:vMerge w:val="restart"/>'), "1"), tr(tc("乙", "<w:vMerge/>"), "2", "3"))
    )
    assert cells(document) == [
        (0, 0, 1, 2, "甲"),
        (0, 2, 1, 1, "1"),
        (1, 0, 1, 1, "乙"),
        (1, 1, 1, 1, "2"),
        (1, 2, 1, 1, "3"),
    ]
    assert document.notices == ()


def test_text_that_a_merge_hides_is_said():
    document = read(tbl(tr(tc("甲", '<w:vMerge w:val="restart"/>'), "1"), tr(tc("藏", "<w:vMerge/>"), "2")))
    assert document.text == "甲\t1\n2"
    assert [n.code for n in document.notices] == ["docx.covered_text"]
    assert "藏" in document.notices[0].message


def test_tracked_cells_and_merges():
    gone = tc("9", "<w:cellDel/>")
    merged = tc("", '<w:cellMerge w:vMerge="cont"/>')
    document = read(tbl(tr("甲", gone, "1"), tr(merged, "2"), tr(tc("新", "<w:cellIns/>"), "3")))
    assert cells(document) == [
        (0, 0, 2, 1, "甲"),
        (0, 1, 1, 1, "1"),
        (1, 1, 1, 1, "2"),
        (2, 0, 1, 1, "新"),
        (2, 1, 1, 1, "3"),
    ]


def test_rows_in_wrappers_and_hidden_rows():
    rows = f"<w:sdt><w:sdtContent>{tr('乙', '2')}</w:sdtContent></w:sdt><w:ins>{tr('丙', '3')}</w:ins>"
    document = read(
        tbl(tr("甲", "1"), rows, tr("丁", "4", properties="<w:hidden/>"), f"<w:del>{tr('戊', '5')}</w:del>")
    )
    assert document.text == "甲\t1\n乙\t2\n丙\t3"


def test_a_layout_table_flows():
    inner = tbl(tr("规章", "1"), tr("行政许可", "2"))
    document = read(
        tbl(tr(tc(p("一、总体情况") + p("正文。"), '<w:gridSpan w:val="2"/>')), tr("", tc(inner + p())))
    )
    assert document.text == "一、总体情况\n正文。\n规章\t1\n行政许可\t2"
    assert [cells(document, n)[0] for n in range(len(document.tables))] == [(0, 0, 1, 1, "规章")]


def test_prose_in_a_table_flows_and_its_paragraphs_stay():
    prose = [f"第{n}段，" + "全年办理事项有序推进。" * 20 for n in "一二"]
    document = read(tbl(tr("栏目", tc(p(prose[0]) + p(prose[1])))))
    assert document.tables == ()
    assert document.text == "\n".join(("栏目", *prose))


@pytest.mark.parametrize("columns", [1, 2])
def test_a_table_of_one_column_is_none(columns: int):
    document = read(tbl(*(tr(*["1"] * columns) for _ in range(2))))
    assert len(document.tables) == columns - 1
