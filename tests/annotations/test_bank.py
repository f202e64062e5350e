"""The bank: its markup, its span rule, its conversions, and that it holds what it promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.bank.check import check_bank, near_duplicates
from annotations.bank.convert import from_label_studio, regions, to_label_studio
from annotations.bank.load import BankFile, load_bank, sentences
from annotations.bank.markup import (
    BankUnit,
    Mark,
    MarkupError,
    Passage,
    parse_passage,
    parse_unit,
    render_passage,
)
from annotations.bank.spans import span_faults
from extraction.forms import load_labels

LABELS = sorted(load_labels())


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    """Any text with marks that do not overlap: Chinese, astral characters, line breaks, braces."""
    text = draw(st.text(st.sampled_from("公开信息12条，\n{}|\\𠮷😀 !"), min_size=1, max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    marks = tuple(
        Mark(draw(st.sampled_from(LABELS)), a, b, draw(st.booleans()))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    )
    return Passage(text, marks)


@given(passages())
def test_markup_reads_back(passage: Passage) -> None:
    assert parse_passage(render_passage(passage)) == passage


@given(st.lists(passages(), min_size=1, max_size=4))
def test_label_studio_and_back(many: list[Passage]) -> None:
    file = BankFile("x-1", BankUnit("云岭县", "河南省", "云岭县", "county", 2021, tuple(many)))
    tasks = to_label_studio(file)
    for task in tasks:
        for result in task["annotations"][0]["result"]:
            value = result["value"]
            assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
    assert from_label_studio("x-1", tasks[::-1]) == file


def test_a_region_outside_its_text_is_refused() -> None:
    results = regions("公开12条", [Mark("disclosure.total", 2, 5)], "k")
    results[0]["value"]["end"] = 99
    file = BankFile("x", BankUnit("a", "b", "c", "county", 2020, (Passage("公开12条", ()),)))
    tasks = to_label_studio(file)
    tasks[0]["annotations"][0]["result"] = results
    with pytest.raises(MarkupError, match="outside"):
        from_label_studio("x", tasks)


@pytest.mark.parametrize("line", ["公开{disclosure.total|12条", "公开}12条", "公开{12条}"])
def test_a_loose_brace_is_an_error(line: str) -> None:
    with pytest.raises(MarkupError):
        parse_passage(line)


def test_a_unit_without_its_head_is_an_error() -> None:
    with pytest.raises(MarkupError, match="head lacks county"):
        parse_unit("---\nunit: a\nprovince: b\nlevel: county\nyear: 2020\n---\n公开。\n")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("公开{disclosure.total|12}条。", "leaves out"), ("公开1{disclosure.total|2条}。", "inside a number"),
        ("公开{disclosure.totals|12条}。", "unknown label"), ("公开{disclosure.total| 12条}。", "white space"),
        ("公开{disclosure.total|数百条}。", "cannot be told"), ("由{supervision.staff|两个人}管。", "by the span rule"),
    ],
)  # fmt: skip
def test_span_faults_are_found(line: str, fault: str) -> None:
    passage = parse_passage(line)
    assert any(fault in said for said in span_faults(passage.text, passage.marks[0]))


def test_near_duplicates_of_other_counties_are_found() -> None:
    line = "全年通过门户网站公开各类政府信息{disclosure.website|%d条}，比上年有所增加。"
    bank = [
        BankFile(f"x-{i}", BankUnit("u", "p", f"county{i}", "county", 2020, (parse_passage(line % n),)))
        for i, n in enumerate((12, 345))
    ]
    assert len(near_duplicates(list(sentences(bank)))) == 1


def test_the_bank_is_what_it_promises() -> None:
    report = check_bank(load_bank(), None)
    assert report.faults == []
    assert report.units >= 500
    assert report.counties >= 120
    assert report.different >= 8000
    assert report.figures >= 10_000
    assert report.unmarked_number >= 3000
    for key, label in load_labels().items():
        assert report.by_label[key] >= (600 if label.core else 100), key
        assert len(report.constructions[key]) >= 60, key
    assert len(report.near_duplicates) <= 20
