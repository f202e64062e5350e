"""The reports of one run against one another, from files: what is broken is found, and how the run went is all one."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from extraction.corpus import Settings, extract_corpus
from extraction.corpus.crossing import Crossing
from extraction.pipeline import Options, extract_bytes
from extraction.records import Report
from tests.extraction.crossing import cross, crossing_of, named
from tests.extraction.made import UNIT, report, zeros
from tests.rendering.layouts import render
from tests.rendering.sheets import Sheet
from tests.rendering.years import broken, two_years

LICENSING = "disclosure.art20_5/licensing/decisions"
IN_FORCE = "disclosure.art20_1/normative_documents/in_force"
_RUN = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


def read(sheet: Sheet, layout: str) -> Report:
    """A rendered report as the pipeline reads it, grids alone."""
    text = render(sheet, layout)
    return extract_bytes(text.encode(), f"{sheet.year}.txt", Options(with_text=True, figures=False))


@pytest.mark.parametrize("layout", ["tabs", "pipes_padded", "lines"])
@_RUN
@given(years=two_years())
def test_consistent_years_give_no_finding(layout: str, years: tuple[Sheet, Sheet]):
    before, after = (read(sheet, layout) for sheet in years)
    assert (before.year, after.year) == (years[0].year, years[0].year + 1)
    assert cross(before, after) == []


@_RUN
@given(years=two_years(), column=st.sampled_from(["natural_person", "research", "other"]))
def test_one_broken_column_is_exactly_one_finding(years: tuple[Sheet, Sheet], column: str):
    before, after = years
    keys = [f"applications/carried_in/{name}" for name in (column, "total")]
    less = [f"applications/granted/{name}" for name in (column, "total")]
    handled = [f"applications/total/{name}" for name in (column, "total")]
    changes = {key: int(after.cells[key] or 0) + 1 for key in (*keys, *less, *handled)}
    (finding,) = cross(read(before, "tabs"), made := read(broken(after, changes), "tabs"))
    assert made.findings == read(after, "tabs").findings  # alone, the report is as good as before
    assert (finding.check, [shown.cell for shown in finding.here]) == ("continuity.carried", keys)
    for shown in finding.here:
        assert made.text is not None
        assert made.text[shown.start : shown.end] == str(shown.value) == str(changes[shown.cell or ""])


@_RUN
@given(years=two_years(), more=st.integers(1, 5))
def test_one_broken_stock_is_exactly_one_finding(years: tuple[Sheet, Sheet], more: int):
    before, after = years
    due = int(after.cells[IN_FORCE] or 0)
    (finding,) = cross(read(before, "tabs"), read(broken(after, {IN_FORCE: due + more}), "tabs"))
    assert (finding.check, finding.expected, finding.actual) == ("continuity.in_force", due, due + more)


@_RUN
@given(years=two_years(), times=st.integers(20, 300))
def test_one_jump_is_exactly_one_finding(years: tuple[Sheet, Sheet], times: int):
    before, after = broken(years[0], {LICENSING: 40}), broken(years[1], {LICENSING: 40 * times})
    (finding,) = cross(read(before, "tabs"), read(after, "tabs"))
    assert (finding.check, finding.severity) == ("continuity.jump", "warning" if times >= 100 else "note")


# --- whole runs --------------------------------------------------------------------------------------

PLAIN = zeros() | {
    "applications/new/total": 6,
    "applications/granted/total": 6,
    "applications/total/total": 6,
}
_KEY = "applications/{}/natural_person"


def sheet(year: int, values: dict) -> Sheet:
    natural = {_KEY.format(row): 6 for row in ("new", "granted", "total")}
    forms = {key.split("/")[0]: "2021" for key in PLAIN}
    return Sheet(year, forms, PLAIN | natural | values)


def carried(row: str, number: int) -> dict:
    return {f"applications/{row}/{name}": number for name in ("natural_person", "total")}


def folder(tmp_path: Path) -> Path:
    """2021 and 2022 break what is carried over; 2023 is there twice; 2022 carries on in 2023."""
    made = tmp_path / "in"
    made.mkdir()
    sheets = {
        "a2021": sheet(2021, carried("carried_out", 2) | carried("new", 8)),
        "b2022": sheet(2022, carried("carried_in", 1) | carried("new", 5)),
        "c2023": sheet(2023, {IN_FORCE: 4, "disclosure.art20_1/normative_documents/issued": 4}),
        "d2023": sheet(2023, {}),
    }
    for name, one in sheets.items():
        (made / f"{name}.txt").write_text(render(one, "tabs"), encoding="utf-8")
    return made


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def extracted(inputs: list[Path], out: Path, formats: tuple[str, ...] = ("jsonl",), workers: int = 1):
    return extract_corpus(list(map(str, inputs)), out, Settings(formats=formats, workers=workers))


def test_a_run_says_what_it_found_between_reports(tmp_path):
    made = folder(tmp_path)
    summary = extracted([made], tmp_path / "out", ("jsonl", "parquet", "duckdb", "csv"))
    found = lines(tmp_path / "out/cross_findings.jsonl")
    assert [finding["check"] for finding in found] == ["continuity.carried", "continuity.duplicate"]
    printed = list(summary.lines())
    assert "between reports: 2 pairs of years compared; 2 warnings" in printed
    assert any(line.startswith("  warning: 云岭县人民政府 2021→2022: ") for line in printed)
    assert summary.to_dict()["between_reports"]["findings_by_check"] == {
        "continuity.carried": 1,
        "continuity.duplicate": 1,
    }
    with duckdb.connect(str(tmp_path / "out/nianbao.duckdb"), read_only=True) as database:
        rows = database.sql(
            'SELECT x."check", r.year, o.year, x.cells, x."values", x.other_values, x.starts, c.start '
            "FROM cross_findings x JOIN reports r USING (report_id) "
            "JOIN reports o ON o.report_id = x.other_report_id "
            'JOIN cells c ON c.report_id = x.report_id AND c."table" || \'/\' || c."row" || \'/\' || c."column" '
            "= x.cells[1] WHERE x.\"check\" = 'continuity.carried'"
        ).fetchall()
    keys = [f"applications/carried_in/{name}" for name in ("natural_person", "total")]
    ((check, year, other, cells, values, others, starts, start),) = rows
    assert (check, year, other, cells) == ("continuity.carried", 2022, 2021, keys)
    assert (values, others, starts[0]) == ([1, 1], [2, 2], start)


def test_repeated_prose_is_found_though_records_do_not_carry_their_text(tmp_path):
    made = folder(tmp_path)
    (made / "c2023.txt").unlink()
    said = (
        "一是工作人员对文件的归类与发布还不够熟练，部分栏目更新不够及时。二是群众查找信息的路径还可以更短。"
    )
    for path in made.iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("一是公开的意识还要加强。", said), encoding="utf-8")
    extracted([made], tmp_path / "out")
    found = lines(tmp_path / "out/cross_findings.jsonl")
    repeated = [finding for finding in found if finding["check"] == "continuity.repeated"]
    assert [finding["year"] for finding in repeated] == [2022, 2023]
    (shown,) = repeated[0]["here"]
    text = (made / "b2022.txt").read_text(encoding="utf-8")
    assert text[shown["start"] : shown["end"]].startswith(said)
    records = lines(tmp_path / "out/reports.jsonl")
    assert not any("text" in record for record in records)


def test_stopped_shared_out_or_in_one_go_the_findings_are_the_same(tmp_path):
    made = folder(tmp_path)
    extracted([made], tmp_path / "whole")
    extracted([made], tmp_path / "shared", workers=3)
    extracted([made / "b2022.txt", made / "d2023.txt"], tmp_path / "resumed")
    extracted([made], tmp_path / "resumed")
    name = "cross_findings.jsonl"
    whole = (tmp_path / "whole" / name).read_bytes()
    assert whole.count(b"\n") == 2
    assert (tmp_path / "shared" / name).read_bytes() == whole == (tmp_path / "resumed" / name).read_bytes()
    extracted([made], tmp_path / "resumed", ("csv",))
    assert not (tmp_path / "resumed" / name).exists()  # no longer asked for
    assert (tmp_path / "resumed/cross_findings.csv").exists()


@given(order=st.permutations(range(5)))
@settings(max_examples=20, deadline=None)
def test_the_findings_do_not_depend_on_the_order_of_the_journal(order):
    reports = [
        named(replace(report(zeros() | {LICENSING: 5 * 30**i}), year=2021 + i), str(i)) for i in range(5)
    ]
    assert cross(*(reports[i] for i in order)) == cross(*reports)
    assert len(cross(*reports)) == 4


def test_units_come_in_the_order_of_code_and_name_whatever_their_files_are_called():
    units = [replace(UNIT, name=f"青禾县{name}", level="department", division_code=code)
             for name, code in (("教育局", "990102"), ("水利局", "990101"), ("民政局", "990101"))]  # fmt: skip
    reports = [
        named(report(zeros() | {LICENSING: 9 * 40**i}, unit=unit, year=2021 + i), f"{n}{i}")
        for n, unit in enumerate(units)
        for i in range(2)
    ]
    assert [f.unit for f in cross(*reports)] == ["青禾县民政局", "青禾县水利局", "青禾县教育局"]


def test_reports_of_no_known_unit_or_year_are_counted(tmp_path):
    nameless = named(report(unit=replace(UNIT, name=None)), "a")
    crossing, found = crossing_of([nameless, named(report(year=None), "b"), named(report(), "c")], tmp_path)
    assert (found, crossing.counts["unmatched"], crossing.counts["pairs"]) == ([], 2, 0)


def test_memory_is_a_few_hundred_bytes_a_report():
    crossing = Crossing()
    headline = {
        "unit": UNIT.name,
        "level": "county",
        "cells": [200, 200],
        "paragraphs": [["ab" * 8, 1, 2, 3, []]] * 50,
    }
    tracemalloc.start()
    for number in range(5000):
        path = f"reports/{number:07}.txt"
        one = headline | {"path": path, "year": 2021, "id": f"{number:064}", "code": f"{number:06}"}
        place = {"place": ["云岭省", "白石市", "青禾县"], "published": f"2022-01-{number % 30}"}
        crossing.add(one | place | {"fingerprint": f"{number:016}"}, path)
    used = tracemalloc.get_traced_memory()[0] / 5000
    tracemalloc.stop()
    assert used < 1200  # 602 measured on 2026-11-22: a country of 100,000 reports in 60 MB
