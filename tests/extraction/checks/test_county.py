"""A county's own report against its bureaus' of the same run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.records import Report
from tests.extraction.crossing import cross, named
from tests.extraction.made import UNIT, report, zeros

NEW, LICENSING = "applications/new/total", "disclosure.art20_5/licensing/decisions"


def made(name: str, level: str, values: dict, **changes) -> Report:
    unit = replace(UNIT, name=name, level=level, **changes)
    return named(report(zeros() | values, unit=unit), f"{name}.txt")


def bureau(name: str, new: int, **changes) -> Report:
    return made(f"青禾县{name}", "department", {NEW: new}, **changes)


def county(new: int, **values: int) -> Report:
    return made("青禾县人民政府", "county", {NEW: new, **values})


def test_bureaus_that_report_more_than_their_county_are_a_note():
    (finding,) = cross(county(5), bureau("教育局", 4), bureau("民政局", 3), bureau("水利局", 0))
    assert (finding.check, finding.severity, finding.unit) == ("county.sum", "note", "青禾县人民政府")
    assert (finding.expected, finding.actual) == (7, 5)
    assert [(s.cell, s.value) for s in finding.here] == [(NEW, 5)]
    assert {(s.path, s.cell, s.value) for s in finding.there} == {
        ("青禾县教育局.txt", NEW, 4),
        ("青禾县民政局.txt", NEW, 3),
    }
    assert "less than 3 of its bureaus" in finding.message


@pytest.mark.parametrize("own", [7, 8, 700])
def test_a_county_that_reports_as_much_or_more_says_nothing(own):
    assert cross(county(own), bureau("教育局", 4), bureau("民政局", 3)) == []


@pytest.mark.parametrize(
    "changes",
    [{"division_code": "990124"}, {"division_code": None}, {"level": "other"}],
)
def test_other_bodies_do_not_count(changes):
    other = replace(bureau("教育局", 9), unit=replace(bureau("教育局", 9).unit, **changes))
    assert cross(county(5), other) == []


def test_a_body_of_the_ministry_and_another_year_do_not_count():
    assert cross(county(5), made("国家税务总局青禾县税务局", "department", {NEW: 9})) == []
    assert cross(county(5), replace(bureau("教育局", 9), year=2022)) == []


def test_a_zone_with_the_code_of_its_place_is_not_its_government():
    zone = made("青禾县临空区管委会", "county", {NEW: 1})
    assert cross(zone, bureau("教育局", 9)) == []


def test_townships_count_and_a_bureau_given_twice_counts_once():
    township = made("青禾县云水镇人民政府", "township", {NEW: 3})
    twice = named(bureau("教育局", 3), "again.txt")
    checks = [f.check for f in cross(county(6), bureau("教育局", 3), twice, township)]
    assert checks == ["continuity.duplicate"]
    assert [f.actual for f in cross(county(5), bureau("教育局", 3), township)] == [5]


def test_a_cell_of_the_county_that_cannot_be_told_is_not_judged():
    assert cross(made("青禾县人民政府", "county", {NEW: "ambiguous"}), bureau("教育局", 4)) == []


def test_several_numbers_are_one_note():
    one = made("青禾县教育局", "department", {NEW: 4, LICENSING: 90})
    (finding,) = cross(county(3, **{LICENSING: 80}), one)
    assert [s.cell for s in finding.here] == [LICENSING, NEW]
