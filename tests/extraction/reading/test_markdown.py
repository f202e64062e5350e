"""Markdown of authors and converters: every cell, whatever markup stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.grids import read_grids
from extraction.pipeline import extract_bytes
from extraction.reading.markdown import read_markdown
from extraction.recognise import recognise
from tests.rendering.markdown import MARKED, PLAIN, render_markdown
from tests.rendering.sheets import Sheet, sheets

HEADINGS = st.sampled_from(["## {}", "**{}**", "## **{}**", "### {} ##"])


@pytest.mark.parametrize("way", PLAIN)
@given(sheet=sheets(), heading=HEADINGS)
@settings(max_examples=4, deadline=None)
def test_through_the_whole_way(way: str, sheet: Sheet, heading: str):
    text = render_markdown(sheet, PLAIN[way], heading=heading)
    report = extract_bytes(text.encode(), "云岭县.md")
    assert {cell.key: cell.value for cell in report.cells} == sheet.cells
    assert len(report.sections) == 6


@pytest.mark.parametrize("way", MARKED | PLAIN)
@given(sheet=sheets(), heading=HEADINGS)
@settings(max_examples=3, deadline=None)
def test_every_cell_whatever_the_markup(way: str, sheet: Sheet, heading: str):
    text = render_markdown(sheet, (MARKED | PLAIN)[way], heading=heading)
    document = read_markdown(text.encode(), "云岭县.md")
    identity = recognise(document, "云岭县.md")
    cells = read_grids(document, identity).cells
    assert {cell.key: cell.value for cell in cells} == sheet.cells
    assert len(identity.sections) == 6
    if "html" not in way:
        assert all(text[c.start : c.end] == c.raw for c in cells if c.kind == "number")


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("**规章**", "规章"),
        ("12<br>", "12"),
        ("12<BR />", "12"),
        (r"\-27", "-27"),
        (r"甲\|乙", "甲 乙"),
        ("甲&#124;乙", "甲 乙"),
        ("甲&nbsp;乙&mdash;", "甲 乙 —"),
        ("&lt;3&gt; &unheard;", "<3 >"),
        ("26<sup>①</sup>件", "26 件"),
        ("<!-- 注 -->文", "文"),
        ("3 < 5 > 2", "3 < 5 > 2"),
        ("a\\b `c`", "a\\b c"),
    ],
)
def test_markup_gives_way_to_blanks(markup: str, shown: str):
    text = read_markdown(f"文{markup}".encode(), "a.md").text
    assert len(text) == len(markup) + 1
    assert " ".join(text[1:].split()) == shown


def test_tables_within_tables_and_without_an_end():
    def table(*cells: str) -> str:
        return "<table>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</table>"

    document = read_markdown(f"# 题\n**甲** < 乙\n{table('1', table('2', '3'))}\n后\n\n尾".encode(), "a.md")
    assert document.text.split("\n") == ["# 题", "  甲   < 乙", "1", "2\t3", "后", "尾"]
    assert document.media_type == "text/markdown"
    document = read_markdown("前\n</table>\n<table><tr><td>甲<td>乙".encode(), "a.md")
    assert document.text.endswith("甲\t乙")
    assert document.text.startswith("前\n")
