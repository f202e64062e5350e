"""Files of one report in one run: compared, and said to agree or to differ in these cells."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from extraction.corpus.copies import Comparison, Copies, fingerprint
from extraction.corpus.summary import Summary
from extraction.corpus.work import headline, serialise
from extraction.records import Report
from tests.extraction.made import SOURCE, UNIT, recelled, report, zeros

KEY = "applications/new/total"


def at(path: str, made: Report | None = None) -> Report:
    return replace(made or report(), source=replace(SOURCE, path=path))


def compared(tmp_path: Path, *reports: Report) -> list[Comparison]:
    """As a run does it: the records in one file, each noted by its headline and place."""
    copies, records = Copies(), tmp_path / "reports.jsonl"
    with records.open("wb") as stream:
        for one in reports:
            copies.add(json.loads(headline(one)), stream.tell())
            stream.write(serialise(one))
    return list(copies.compare(records))


def test_the_same_cells_agree_wherever_they_stand(tmp_path):
    moved = recelled(report(), KEY, start=7, end=8, raw="０", page=2)
    (comparison,) = compared(tmp_path, at("a.txt"), at("b/a.pdf", moved))
    assert comparison == Comparison(UNIT.name, 2021, ("a.txt", "b/a.pdf"), len(zeros()), {})
    assert comparison.line() == f"青禾县人民政府 2021: 2 files agree in all {len(zeros())} cells (txt, pdf)"


@pytest.mark.parametrize(
    ("changes", "shows"),
    [
        ({"value": 5}, "5"),
        ({"kind": "blank", "value": None}, "blank"),
        ({"kind": "ambiguous", "value": None}, "ambiguous"),
    ],
)
def test_what_differs_is_named_with_what_each_file_shows(tmp_path, changes, shows):
    other = at("x/b.pdf", recelled(report(), KEY, **changes))
    (comparison,) = compared(tmp_path, at("a.txt"), at("c.docx"), other)
    assert comparison.differing == {KEY: ("0", "0", shows)}
    assert comparison.line().endswith(
        f"3 files differ in 1 of {len(zeros())} cells: {KEY} 0 | 0 | {shows} (in the order a.txt, c.docx, b.pdf)"
    )


def test_five_differing_cells_are_named_and_the_rest_counted(tmp_path):
    values = zeros()
    keys = [key for key in values if key.startswith("applications/new")]
    other = at("b.pdf", report(values | dict.fromkeys(keys, 1)))
    line = compared(tmp_path, at("a.txt"), other)[0].line()
    assert line.count("0 | 1") == 5
    assert "; and 2 more" in line


def test_a_cell_of_another_generation_differs(tmp_path):
    (comparison,) = compared(tmp_path, at("a.txt"), at("b.pdf", report(zeros("2019"), form="2019")))
    assert comparison.differing["disclosure.art20_9/procurement/items"] == ("—", "0")
    assert comparison.differing["disclosure.art20_8/fees/amount"] == ("0", "—")


@pytest.mark.parametrize(
    "changes",
    [
        {"year": 2022},
        {"year": None},
        {"unit": replace(UNIT, name="丹霞县人民政府")},
        {"unit": replace(UNIT, name=None)},
        {"unit": replace(UNIT, province="南泽省")},
        {"unit": replace(UNIT, city="赤石市")},
    ],
)
def test_what_is_not_surely_the_same_report_is_not_compared(tmp_path, changes):
    assert compared(tmp_path, at("a.txt"), replace(at("b.pdf"), **changes)) == []


def test_files_without_any_cell_have_nothing_to_agree_on(tmp_path):
    empty = report(dict.fromkeys(zeros(), "missing"))
    assert compared(tmp_path, at("a.txt", empty), at("b.pdf", empty)) == []
    assert compared(tmp_path, at("a.txt", report({})), at("b.pdf", report({}))) == []


def test_a_file_that_could_not_be_read_differs_from_one_that_could(tmp_path):
    empty = report(dict.fromkeys(zeros(), "missing"))
    (comparison,) = compared(tmp_path, at("a.txt"), at("b.pdf", empty))
    assert len(comparison.differing) == len(zeros())


def test_a_place_that_a_file_does_not_name_is_no_contradiction(tmp_path):
    nameless = replace(at("b.pdf"), unit=replace(UNIT, province=None, city=None, county=None))
    assert len(compared(tmp_path, nameless, at("a.txt"))) == 1


def test_a_place_once_known_keeps_others_out(tmp_path):
    """Two counties of one name; the file without a province goes to the first, and does not join the two."""
    nameless = replace(at("0.pdf"), unit=replace(UNIT, province=None, city=None, county=None))
    elsewhere = replace(at("b.txt"), unit=replace(UNIT, province="南泽省"))
    (comparison,) = compared(tmp_path, nameless, at("a.txt"), elsewhere)
    assert comparison.paths == ("0.pdf", "a.txt")


def test_the_fingerprint_tells_values_kinds_and_names_apart():
    one = report()
    assert fingerprint(one) == fingerprint(replace(one, cells=one.cells[::-1], findings=()))
    others = [
        recelled(one, KEY, value=1),
        recelled(one, KEY, kind="blank", value=None),
        recelled(one, KEY, column="other"),
    ]
    assert len({fingerprint(it) for it in [one, *others]}) == 4


def test_a_whole_float_is_the_integer():
    assert fingerprint(report()) == fingerprint(recelled(report(), KEY, value=0.0))


def test_a_large_run_counts_and_shows_the_differing_first():
    summary = Summary()
    for number in range(100):
        differing = {KEY: ("0", "1")} if number > 97 else {}
        summary.count_comparison(Comparison(f"第{number}县", 2021, ("a.txt", "b.txt"), 200, differing))
    lines = [line for line in summary.lines() if "agree" in line or "differ" in line]
    assert lines[0] == "reports in several files: 98 agree, 2 differ"
    assert [line.split()[0] for line in lines[1:4]] == ["第98县", "第99县", "第0县"]
    assert len(lines) == 11
    assert summary.to_dict()["reports_in_several_files"] == {"agree": 98, "differ": 2}
