"""Year against year on constructed records: what breaks is found, named and placed; the rest is quiet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.records import Report
from tests.extraction.crossing import checks, cross, named
from tests.extraction.made import UNIT, report, zeros

COLUMNS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other", "total")
NORMATIVE = "disclosure.art20_1/normative_documents"
LICENSING = "disclosure.art20_5/licensing/decisions"
FEES = "disclosure.art20_8/fees/amount"


def year(number: int, values: dict | None = None, **changes) -> Report:
    made = report(zeros() | (values or {}), year=number, published=f"{number + 1}-01-20", **changes)
    return named(made, changes.get("path", f"{number}.txt"))


def two(before: dict, after: dict) -> list:
    return cross(year(2021, before), year(2022, after))


@pytest.mark.parametrize("column", COLUMNS)
def test_what_is_carried_out_is_carried_in(column):
    out, into = f"applications/carried_out/{column}", f"applications/carried_in/{column}"
    assert two({out: 3}, {into: 3}) == []
    (finding,) = two({out: 3}, {into: 5})
    assert (finding.check, finding.severity) == ("continuity.carried", "warning")
    assert (finding.expected, finding.actual, finding.year) == (3, 5, 2022)
    (here,), (there,) = finding.here, finding.there
    assert (here.cell, here.value, here.year, here.path) == (into, 5, 2022, "2022.txt")
    assert (there.cell, there.value, there.year, there.path) == (out, 3, 2021, "2021.txt")
    assert here.start is not None and here.end == here.start + 1 and there.start is not None
    assert here.report_id != there.report_id
    assert "3 out, 5 in" in finding.message


def test_columns_that_break_together_are_one_finding():
    before = {f"applications/carried_out/{c}": 2 for c in ("natural_person", "total")}
    (finding,) = two(before, {"applications/carried_in/business": 2, "applications/carried_in/total": 2})
    assert [shown.cell for shown in finding.here] == [
        "applications/carried_in/natural_person",
        "applications/carried_in/business",
    ]
    assert finding.message.endswith("The totals agree: applicants were put into other columns.")


def test_last_years_number_left_standing_is_named():
    total = "applications/{}/total"
    (finding,) = two(
        {total.format("carried_in"): 9, total.format("carried_out"): 3}, {total.format("carried_in"): 9}
    )
    assert "last year's text left" in finding.message


@pytest.mark.parametrize("kind", ["ambiguous", "missing", "text"])
def test_a_cell_that_cannot_be_told_is_not_judged(kind):
    assert two({"applications/carried_out/total": 3}, {"applications/carried_in/total": kind}) == []
    assert two({f"{NORMATIVE}/in_force": 3}, {f"{NORMATIVE}/in_force": kind}) == []
    assert two({}, {f"{NORMATIVE}/in_force": 7, f"{NORMATIVE}/issued": kind}) == []


def test_a_blank_is_zero_in_a_grid_that_shows_numbers_and_nothing_in_an_empty_one():
    out = {"applications/carried_out/total": 3}
    assert len(two(out, {"applications/carried_in/total": None})) == 1
    empty = {key: None for key in zeros() if key.startswith("applications/")}
    assert two(out, empty) == []


@pytest.mark.parametrize(
    ("issued", "repealed", "in_force", "says"),
    [
        (2, 1, 10, "last year's number"),
        (2, 1, 12, "if none was repealed"),
        (2, 1, 9, "if none was issued"),
        (2, 1, 2, "issued in the year alone"),
        (2, 1, 15, "not 15."),
    ],
)
def test_documents_in_force(issued, repealed, in_force, says):
    before = {f"{NORMATIVE}/in_force": 10}
    after = {f"{NORMATIVE}/issued": issued, f"{NORMATIVE}/repealed": repealed}
    assert two(before, after | {f"{NORMATIVE}/in_force": 11}) == []
    (finding,) = two(before, after | {f"{NORMATIVE}/in_force": in_force})
    assert (finding.check, finding.severity) == ("continuity.in_force", "warning")
    assert (finding.expected, finding.actual) == (11, in_force)
    assert [s.cell for s in finding.here] == [f"{NORMATIVE}/{c}" for c in ("in_force", "issued", "repealed")]
    assert [(s.cell, s.value) for s in finding.there] == [(f"{NORMATIVE}/in_force", 10)]
    assert says in finding.message


def test_the_form_of_2019_has_no_documents_in_force():
    before = named(report(zeros("2019"), year=2020, form="2019"), "a.txt")
    assert cross(before, year(2021, {f"{NORMATIVE}/in_force": 80})) == []


@pytest.mark.parametrize(
    ("key", "old", "new", "severity"),
    [
        (LICENSING, 5, 100, "note"),
        (LICENSING, 100, 5, "note"),
        (LICENSING, 5, 99, None),
        (LICENSING, 4, 400, None),  # tiny: one person's thirty applications
        (LICENSING, 0, 4000, None),
        (LICENSING, 30, 3000, "warning"),
        (LICENSING, 41523, 4, None),
        (LICENSING, 3, 30000, None),  # below the floor even where a unit error would explain it
        (FEES, 120.5, 3000, "note"),
        (FEES, 0.5, 60, None),  # below a million yuan one project explains it
        (FEES, 0.35, 3500, "warning"),
        (FEES, 0, 3500, None),
        ("applications/new/total", 10, 250, "note"),
        ("applications/new/natural_person", 10, 250, None),  # the total says it
        (f"{NORMATIVE}/issued", 6, 200, "note"),
    ],
)
def test_a_jump_and_its_floor(key, old, new, severity):
    # a whole reading of both years but for the jump: documents in force follow from those issued
    carry = {f"{NORMATIVE}/in_force": new} if key.endswith("issued") else {}
    found = two({key: old}, {key: new} | carry)
    assert [f.severity for f in found] == ([severity] if severity else [])
    for finding in found:
        assert (finding.check, finding.expected, finding.actual) == ("continuity.jump", old, new)
        assert ([s.cell for s in finding.here], [s.cell for s in finding.there]) == ([key], [key])


@pytest.mark.parametrize(("old", "new", "year_meant"), [(62.5, 700_000, 2022), (700_000, 62.5, 2021)])
def test_a_unit_error_is_named(old, new, year_meant):
    (finding,) = two({FEES: old}, {FEES: new})
    assert finding.severity == "warning"
    assert f"{year_meant} is likelier in 元 under 万元 (×10,000)" in finding.message


def test_ten_thousandfold_of_a_count_is_named_too_and_a_hundredfold_is_not():
    assert "(万)" in two({LICENSING: 12}, {LICENSING: 130_000})[0].message
    assert "unit error" not in two({LICENSING: 12}, {LICENSING: 1_300})[0].message


def test_an_amount_printed_in_yuan_is_compared_as_what_it_is():
    before, after = year(2021, {FEES: 300}), year(2022, {FEES: 3_200_000})
    cells = tuple(replace(c, unit="元") if c.key == FEES else replace(c) for c in after.cells)
    assert cross(before, replace(after, cells=cells)) == []


def test_jumps_of_one_table_are_one_finding_worst_first():
    keys = ("applications/new/total", "applications/total/total")
    (finding,) = two({keys[0]: 10, keys[1]: 10}, {keys[0]: 210, keys[1]: 1100})
    assert [shown.cell for shown in finding.here] == [keys[1], keys[0]]


GRID = {"review/reconsideration/total": 4, "review/reconsideration/maintained": 4, LICENSING: 812}
NEW = {f"applications/{row}/{col}": 7 for row in ("new", "granted", "total") for col in ("other", "total")}


def test_last_years_grids_are_a_stale_year():
    (finding,) = two(GRID | NEW, GRID | NEW)
    assert (finding.check, finding.severity) == ("continuity.stale_year", "warning")
    assert len(finding.here) == len(finding.there) == 9
    assert two(GRID | NEW, GRID | NEW | {LICENSING: 813}) == []
    assert two(GRID, GRID) == []  # few numbers may stay the same


def test_years_that_do_not_follow_one_another_are_not_compared():
    assert cross(year(2021, {"applications/carried_out/total": 3}), year(2023)) == []


OLD = "全县各级各部门持续做好政策文件的集中公开与分类展示工作，群众查找信息更加方便快捷，公开能力稳步提升。"
FRESH = (
    "今年以来新建成的信息查阅点覆盖了所有乡镇与社区，工作人员经过统一培训后上岗，为到访群众提供查阅与打印。"
)
SET = "本报告根据条例要求编制，由概述和主动公开情况等部分组成，如有疑问请与青禾县人民政府办公室联系。"


def prose(number: int, *paragraphs: str, values: dict | None = None) -> Report:
    text = "一、总体情况\n" + "\n".join(paragraphs) + "\n二、主动公开政府信息情况\n"
    made = year(number, values)
    section = replace(made.sections[0], key="overview", start=0, end=text.index("二、主动"))
    cells = tuple(replace(c, start=None, end=None) for c in made.cells)
    return replace(made, text=text, sections=(section,), cells=cells)


def test_repeated_paragraphs_with_their_share_and_places():
    before, after = prose(2021, "　" + OLD, SET), prose(2022, FRESH, OLD, SET)
    (finding,) = cross(before, after)
    assert (finding.check, finding.severity) == ("continuity.repeated", "note")
    assert finding.actual == pytest.approx(len(OLD) / (len(OLD) + len(FRESH)), abs=0.02)
    assert "1 of 2 paragraphs" in finding.message
    for side, whole in ((finding.here, after.text), (finding.there, before.text)):
        (shown,) = side
        assert whole[shown.start : shown.end] == OLD


def test_half_of_the_text_repeated_is_a_warning_and_set_phrases_are_none():
    assert [f.severity for f in cross(prose(2021, OLD, SET), prose(2022, OLD, SET))] == ["warning"]
    assert cross(prose(2021, SET), prose(2022, SET)) == []
    assert cross(prose(2021, OLD), prose(2022, OLD.replace("稳步", "明显"))) == []
    assert cross(prose(2021, "无其他事项。"), prose(2022, "无其他事项。")) == []


@pytest.mark.parametrize(
    ("paragraph", "stale"),
    [
        ("2021年，" + OLD, True),
        (
            "本报告中所列数据的统计期限自2021年1月1日起，至2021年12月31日止，由青禾县人民政府办公室负责编制与解释。",
            True,
        ),
        ("自2021年以来，" + OLD, False),
        ("修订后的条例自2021年5月15日起施行，" + OLD, False),
        ("2020年，" + OLD, False),
        ("2021年打下基础，2022年继续推进，" + OLD, False),
    ],
)
def test_a_repeated_paragraph_that_speaks_of_last_year_is_stale(paragraph, stale):
    found = cross(prose(2021, paragraph), prose(2022, FRESH, FRESH + "。", paragraph))
    assert [f.check for f in found if f.check != "continuity.repeated"] == ["continuity.stale_year"] * stale


def test_a_paragraph_in_the_grids_is_no_prose():
    before, after = prose(2021, OLD), prose(2022, OLD)
    at = after.text.index(OLD)
    cells = (replace(after.cells[0], start=at + 3, end=at + 4), *after.cells[1:])
    assert cross(before, replace(after, cells=cells)) == []


def test_two_reports_of_one_year_are_said_and_one_stands():
    before = year(2021, {"applications/carried_out/total": 3})
    good = year(2022, {"applications/carried_in/total": 3})
    bad = named(year(2022, {"applications/carried_in/total": 4}), "2022b.txt")
    (finding,) = cross(before, good, bad)
    assert (finding.check, finding.severity) == ("continuity.duplicate", "warning")
    assert [(s.path, s.cell, s.value) for s in (*finding.here, *finding.there)] == [
        ("2022b.txt", "applications/carried_in/total", 4),
        ("2022.txt", "applications/carried_in/total", 3),
    ]
    (same,) = cross(before, good, named(good, "2022b.txt"))
    assert (same.check, same.severity) == ("continuity.duplicate", "note")
    twice = replace(named(good, "2022b.txt"), report_id=good.report_id)
    assert "byte for byte" in cross(before, good, twice)[0].message


def test_the_one_that_stands_is_what_the_next_year_is_compared_with():
    good = year(2021, {"applications/carried_out/total": 3})
    bad = named(year(2021, {"applications/carried_out/total": 4}), "2021b.txt")
    assert checks(good, bad, year(2022, {"applications/carried_in/total": 3})) == ["continuity.duplicate"]


def test_the_one_with_more_cells_stands_for_its_year():
    poor = {key: "missing" for key in zeros() if key.startswith("review/")}
    first = named(year(2022, poor), "0.txt")
    (finding,) = cross(first, year(2022))
    assert (finding.here[0].path, finding.there[0].path) == ("0.txt", "2022.txt")


def test_a_second_report_published_a_year_late_has_a_stale_year():
    late = replace(named(year(2021, {LICENSING: 900}), "late.txt"), published="2023-01-18")
    (finding,) = cross(year(2021, {LICENSING: 800}), late)
    assert (finding.check, finding.severity) == ("continuity.stale_year", "warning")
    assert (finding.expected, finding.actual, finding.here[0].path) == (2022, 2021, "late.txt")
    again = named(replace(year(2021, {LICENSING: 800}), published="2023-01-18"), "late.txt")
    assert checks(year(2021, {LICENSING: 800}), again) == ["continuity.duplicate"]  # put up once more
    with_2022 = checks(year(2021, {LICENSING: 800}), late, year(2022, {LICENSING: 900}))
    assert with_2022 == ["continuity.duplicate"]


# --- which reports are of one unit ------------------------------------------------------------------

OUT, INTO = {"applications/carried_out/total": 3}, {"applications/carried_in/total": 5}


def of(unit: dict, number: int, values: dict) -> Report:
    return replace(year(number, values), unit=replace(UNIT, **unit))


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({}, {}, ["continuity.carried"]),
        ({}, {"name": "青禾县"}, ["continuity.carried"]),
        ({}, {"name": "青禾 县人民政府"}, ["continuity.carried"]),
        ({}, {"division_code": None}, ["continuity.carried"]),
        ({}, {"division_code": None, "city": "赤石市"}, []),
        ({}, {"name": "青禾市人民政府", "county": "青禾市"}, ["continuity.apart"]),
        ({}, {"division_code": "990199"}, ["continuity.apart"]),
        ({}, {"name": "青禾县临空区"}, []),  # a zone under the place's code
        ({}, {"division_code": "980123"}, []),  # another province's county of the name
        ({}, {"name": "青禾县教育局", "level": "department"}, []),
        ({"name": "教育局", "division_code": None}, {"name": "教育局", "division_code": None}, []),
    ],
)
def test_units_are_matched_by_code_and_name(one, other, found):
    assert checks(of(one, 2021, OUT), of(other, 2022, INTO)) == found


def test_a_renamed_county_is_left_apart_with_both_named():
    (finding,) = cross(of({}, 2021, OUT), of({"name": "青禾市人民政府", "county": "青禾市"}, 2022, INTO))
    assert (finding.severity, finding.unit, finding.year) == ("note", "青禾市人民政府", 2022)
    assert (finding.here[0].path, finding.there[0].path) == ("2022.txt", "2021.txt")


def test_two_names_of_one_code_in_the_same_years_are_no_renaming():
    other = {"name": "青禾市人民政府", "county": "青禾市"}
    assert checks(of({}, 2021, {}), of({}, 2023, {}), of(other, 2022, {}), of(other, 2024, {})) == []


def test_a_county_that_the_division_list_ends_is_left_apart():
    """长岛县 (370634) became part of 蓬莱区 in 2020; the numbers here are invented."""
    ended = {
        "name": "长岛县人民政府",
        "province": "山东省",
        "city": "烟台市",
        "county": "长岛县",
        "division_code": "370634",
    }
    (finding,) = cross(of(ended, 2019, {}), of({}, 2022, {}))
    assert (finding.check, finding.severity, finding.unit) == ("continuity.apart", "note", "长岛县人民政府")
    assert checks(of(ended, 2019, {})) == []  # nothing later in the run


def test_namesakes_without_a_code_are_not_mixed():
    places = ({"city": "白石市"}, {"city": "赤石市"})
    bare = {"division_code": None, "county": None}
    reports = [named(of(bare | p, y, v), f"{i}-{y}") for i, p in enumerate(places) for y, v in
               ((2021, OUT), (2022, INTO if i else {"applications/carried_in/total": 3}))]  # fmt: skip
    (finding,) = cross(*reports)
    assert finding.here[0].path == "1-2022"
