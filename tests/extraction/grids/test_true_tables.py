"""What a true table tells beyond flattened text, and what is said where it contradicts itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import lxml.html
import pytest

from extraction.pipeline import extract_bytes
from extraction.records import Cell, Report
from tests.rendering.mutations import dense_sheet
from tests.rendering.sheets import Sheet
from tests.rendering.web import render_web

Element = lxml.html.HtmlElement
SHEET = dense_sheet(Random("true tables"))
SHEET = Sheet(
    SHEET.year, SHEET.forms, {key: 0 if value is None else value for key, value in SHEET.cells.items()}
)


def damaged(change: Callable[[Element], None], sheet: Sheet = SHEET) -> Report:
    root = lxml.html.fromstring(render_web(sheet, "spans_as_in_the_form"))
    change(root)
    return extract_bytes(lxml.html.tostring(root, encoding="utf-8"), "report.html")


def row(root: Element, label: str) -> Element:
    """The row whose own label this is."""
    return next(
        tr
        for tr in root.iter("tr")
        for td in tr.iter("td")
        if td.text_content().strip() == label and len(tr) > 1
    )


def cells(report: Report, prefix: str) -> list[Cell]:
    return [cell for cell in report.cells if cell.key.startswith(prefix)]


def said(report: Report, check: str) -> list[str]:
    return [f.message for f in report.findings if f.check == check]


def test_the_undamaged_report_is_read_without_a_word():
    report = damaged(lambda root: None)
    assert [f for f in report.findings if not f.check.startswith("agreement.")] == []
    assert {c.key: c.value for c in report.cells} == SHEET.cells


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_lost_cell_leaves_the_row_open(at: int):
    report = damaged(lambda root: row(root, "规章")[at].drop_tree())
    assert {c.kind for c in cells(report, "disclosure.art20_1/regulations/")} == {"ambiguous"}
    assert said(report, "grid.ambiguous")
    others = cells(report, "disclosure.art20_1/normative")
    assert [c.value for c in others] == [SHEET.cells[c.key] for c in others]


@pytest.mark.parametrize("at", range(7))
def test_a_lost_cell_is_placed_only_by_arithmetic(at: int):
    def change(root: Element) -> None:
        tds = row(root, "1.信访举报投诉类申请").findall("td")
        tds[len(tds) - 7 + at].drop_tree()

    report = damaged(change)
    found = cells(report, "applications/not_processed.petition/")
    assert all(c.value in (None, SHEET.cells[c.key]) for c in found)
    assert said(report, "grid.ragged_row") or said(report, "grid.ambiguous")


def test_a_doubled_cell_is_not_squeezed_in():
    def change(root: Element) -> None:
        tr = row(root, "规章")
        tr.insert(1, lxml.html.fromstring("<td>888</td>"))

    report = damaged(change)
    assert all(
        c.value in (None, SHEET.cells[c.key]) for c in cells(report, "disclosure.art20_1/regulations/")
    )
    assert said(report, "grid.ambiguous")


def test_numbers_of_two_cells_are_never_joined():
    def change(root: Element) -> None:
        for tr in root.iter("tr"):
            if tr[0].text_content() in ("规章", "规范性文件"):
                tr.append(lxml.html.fromstring("<td>3</td>"))

    report = damaged(change)
    assert all(c.value in (None, SHEET.cells[c.key]) for c in cells(report, "disclosure.art20_1/"))
    assert not said(report, "grid.digits_merged")


def test_heads_that_the_sums_contradict_are_not_followed():
    def change(root: Element) -> None:
        heads = [td for td in root.iter("td") if td.text_content() in ("自然人", "总计")][:2]
        heads[0].text, heads[1].text = heads[1].text, heads[0].text

    report = damaged(change)
    assert [c.value for c in cells(report, "applications/")] == [
        v for k, v in SHEET.cells.items() if k.startswith("applications/")
    ]
    (message,) = said(report, "grid.column_order")
    assert "not followed" in message


def test_a_row_without_its_label_is_said():
    def change(root: Element) -> None:
        row(root, "规范性文件" if SHEET.year < 2021 else "行政规范性文件")[0].text = ""

    report = damaged(change)
    first = cells(report, "disclosure.art20_1/regulations/")
    assert [c.value for c in first] == [SHEET.cells[c.key] for c in first]
    assert all(c.value is None for c in cells(report, "disclosure.art20_1/normative"))
    assert said(report, "grid.unlabelled_row")


def test_a_row_that_the_form_does_not_know_is_said_behind_a_row_of_one_number():
    def change(root: Element) -> None:
        tr = row(root, "行政许可")
        wide = "".join(f'<td colspan="{td.get("colspan", "1")}">61</td>' for td in tr[1:])
        tr.addnext(_row(f"<td>其他主动公开文件</td>{wide}"))

    report = damaged(change)
    first = cells(report, "disclosure.art20_5/licensing/")
    assert [c.value for c in first] == [SHEET.cells[c.key] for c in first]
    assert "其他主动公开文件" in said(report, "grid.unknown_row")[0]


def _row(inner: str) -> Element:
    return lxml.html.fromstring(f"<table><tr>{inner}</tr></table>").find(".//tr")


def test_a_blank_review_grid_is_blank_and_no_row_takes_its_heads():
    blank = Sheet(
        SHEET.year,
        SHEET.forms,
        {
            key: None if re.match("review/|applications/(total|carried_out)/", key) else value
            for key, value in SHEET.cells.items()
        },
    )
    report = damaged(lambda root: None, blank)
    assert {c.kind for c in cells(report, "review/")} == {"blank"}
    assert {c.kind for c in cells(report, "applications/total/")} == {"blank"}
    assert {c.kind for c in cells(report, "applications/carried_out/")} == {"blank"}
    assert {c.key: c.value for c in report.cells} == blank.cells
