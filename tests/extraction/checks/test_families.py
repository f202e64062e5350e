"""The checks other than the sums: values, money, coverage, dates, order."""

from dataclasses import replace

import pytest

from extraction.checks import check
from extraction.records import Finding, Section, Unit
from tests.extraction.made import recelled, report, zeros

FEES = "disclosure.art20_8/fees/amount"
LICENSING = "disclosure.art20_5/licensing/decisions"


def findings(made, family):
    return [f for f in check(made).findings if f.check.startswith(family)]


def checks(made):
    return [f.check for f in check(made).findings]


def test_a_clean_report_has_no_finding():
    for form, year in (("2019", 2020), ("2021", 2021)):
        assert checks(report(zeros(form), form=form, year=year, published=f"{year + 1}-01-05")) == []


def test_checking_twice_adds_nothing_and_errors_come_first():
    earlier = (Finding("unit.unknown", "note", "…"), Finding("grid.unknown_row", "warning", "…"))
    values = zeros() | {LICENSING: -2.5, "review/lawsuit_direct/total": 4}
    once = check(report(values, published="2024-02-01", findings=earlier))
    assert check(once) == once
    order = ["error", "warning", "note"]
    ranks = [order.index(f.severity) for f in once.findings]
    assert ranks == sorted(ranks) and set(earlier) < set(once.findings)
    assert once.cells == report(values).cells


def test_a_negative_count():
    (finding,) = check(report(zeros() | {LICENSING: -3})).findings
    assert (finding.check, finding.actual, finding.cells) == ("values.negative", -3, (LICENSING,))
    assert "行政许可 (licensing), 本年处理决定数量 (decisions) is -3" in finding.message


def test_a_signed_column_may_be_negative():
    values = zeros("2019") | {"disclosure.art20_5/licensing/change": -3, "disclosure.art20_8/fees/change": -1}
    assert checks(report(values, form="2019", year=2019, published=None)) == []


def test_fractions_are_for_money():
    values = zeros() | {FEES: 12.5, LICENSING: 2.5, "disclosure.art20_6/penalty/decisions": 0.5}
    found = check(report(values)).findings
    assert [(f.check, f.cells) for f in found] == [
        ("values.fractional", (LICENSING,)),
        ("values.fractional", ("disclosure.art20_6/penalty/decisions",)),
    ]


def test_several_bad_values_of_a_table_are_one_finding():
    keys = [f"disclosure.art20_1/{row}/in_force" for row in ("regulations", "normative_documents")]
    (finding,) = check(report(zeros() | dict.fromkeys(keys, -1))).findings
    assert finding.cells == tuple(keys) and finding.actual is None


@pytest.mark.parametrize(
    ("level", "value", "said"),
    [
        ("province", 500_000, 0),
        ("county", 500_000, 1),
        ("township", 20_000, 1),
        ("county", 50_000, 0),
        (None, 500_000, 0),
    ],
)
def test_implausibly_large_depends_on_the_level(level, value, said):
    keys = [
        f"applications/{row}/{column}"
        for row in ("new", "granted", "total")
        for column in ("business", "total")
    ]
    made = report(zeros() | dict.fromkeys(keys, value), unit=Unit("x", level))
    assert len(findings(made, "values.large")) == said
    assert len(check(made).findings) == said


def test_words_in_a_cell_are_noted_once():
    made = report(zeros() | {LICENSING: "text"})
    (finding,) = check(made).findings
    assert (finding.check, finding.severity) == ("values.text", "note") and "见附件" in finding.message
    said = Finding("grid.text", "warning", "…", cells=(LICENSING,))
    assert check(replace(made, findings=(said,))).findings == (said,)


@pytest.mark.parametrize(
    ("raw", "value", "unit", "doubt"),
    [
        ("251000元", 251000, "元", True),
        ("251000 元", 251000, None, True),
        ("1230500", 1230500, "万元", True),
        ("1230500.5", 1230500.5, None, True),  # beyond a county
        ("62361.42万元", 62361.42, "万元", False),
        ("1230500", 1230500, None, True),
        ("999999", 999999, None, False),
        ("12.5", 12.5, "万元", False),
    ],
)
def test_the_unit_of_an_amount(raw, value, unit, doubt):
    made = recelled(report(), FEES, raw=raw, value=value, unit=unit)
    found = check(made).findings
    assert [(f.check, f.severity, f.cells) for f in found] == [("money.unit", "warning", (FEES,))] * doubt
    assert check(made).cell(FEES).value == value


def test_a_province_may_buy_for_a_hundred_thousand_million():
    made = recelled(report(unit=Unit("云岭省人民政府", "province")), FEES, raw="1230500.25", value=1230500.25)
    assert checks(made) == []


def lost(made, prefix):
    return replace(
        made,
        cells=tuple(
            replace(c, kind="missing", value=None, raw=None) if c.key.startswith(prefix) else c
            for c in made.cells
        ),
    )


def test_a_grid_that_is_not_there():
    (finding,) = check(lost(report(), "review/")).findings
    assert finding.check == "coverage.missing_grid" and len(finding.cells) == 15
    assert "政府信息公开行政复议、行政诉讼情况" in finding.message


def test_a_grid_without_any_entry_is_missing_too():
    made = report({k: v for k, v in zeros().items() if not k.startswith("disclosure.art20_8")})
    (finding,) = check(made).findings
    assert finding.check == "coverage.missing_grid" and finding.cells == (FEES,)


def test_all_grids_of_one_section_are_one_finding():
    (finding,) = check(lost(report(), "disclosure")).findings
    assert "主动公开政府信息情况 (disclosure)" in finding.message and len(finding.cells) == 10


def test_no_grid_at_all_is_one_finding_and_none_before_2019():
    made = report({}, form=None, year=2020, published="2021-01-05")
    assert checks(made) == ["coverage.missing_grid"]
    assert checks(lost(report(), "")) == ["coverage.missing_grid"]
    assert checks(replace(made, findings=(Finding("grid.none", "error", "…"),))) == ["grid.none"]
    assert checks(replace(made, year=2016, published="2017-03-01")) == []


def test_missing_cells_are_one_finding_a_table():
    keys = ["applications/granted/business", "applications/new/total"]
    (finding,) = check(report(zeros() | {keys[0]: "missing", keys[1]: "ambiguous"})).findings
    assert finding.check == "coverage.missing_cells" and set(finding.cells) == set(keys)
    assert (finding.expected, finding.actual) == (175, 173) and "2 of 175 cells" in finding.message


def test_what_the_grid_reader_said_is_not_said_again():
    said = Finding("grid.ambiguous", "warning", "…", cells=("applications/granted/business",))
    made = report(zeros() | {"applications/granted/business": "ambiguous"}, findings=(said,))
    assert check(made).findings == (said,)


def test_a_mixed_form_says_which_grid_follows_which():
    values = zeros("2021") | {k: v for k, v in zeros("2019").items() if k.startswith("applications")}
    values = {k: v for k, v in values.items() if not k.startswith("applications/other.")}
    (finding,) = check(report(values, form="mixed")).findings
    assert (finding.check, finding.severity) == ("coverage.mixed_form", "note")
    assert finding.message.index("of 2019: 收到和处理") < finding.message.index("of 2021: 第二十条第（一）项")
    assert "review" not in finding.message


@pytest.mark.parametrize(
    ("year", "published", "expected"),
    [
        (2021, "2022-03-31", None),
        (2021, None, None),
        (2021, "2023-01-10", 2022),
        (2022, "2022-12-30", 2021),
        (None, "2022-01-01", None),
    ],
)
def test_the_year_against_the_day_of_publication(year, published, expected):
    found = findings(report(year=year, published=published), "dates.stale_year")
    assert [(f.expected, f.actual) for f in found] == ([] if expected is None else [(expected, year)])
    said = Finding("year.stale", "warning", "…")
    assert findings(report(year=year, published=published, findings=(said,)), "dates.stale_year") == []


def test_a_form_younger_than_the_year():
    (finding,) = check(report(year=2020, published="2021-01-20")).findings
    assert (finding.check, finding.expected, finding.actual) == ("dates.form", 2021, 2020)


def sections(*keys):
    return tuple(Section(key, key, 10 * i, 10 * i + 10) for i, key in enumerate(keys))


ALL = ("overview", "disclosure", "applications", "review", "problems", "other")


def test_sections_in_order_with_preamble_and_annex():
    assert checks(report(sections=sections("preamble", *ALL, "other"))) == []


def test_sections_out_of_order():
    swapped = sections("overview", "applications", "disclosure", "review", "problems", "other")
    (finding,) = check(report(sections=swapped)).findings
    assert finding.check == "order.sections"
    assert (
        "收到和处理政府信息公开申请情况 (applications) stands before 主动公开政府信息情况 (disclosure)"
        in finding.message
    )


def test_a_section_twice():
    (finding,) = check(report(sections=sections("overview", "disclosure", *ALL[1:]))).findings
    assert finding.check == "order.repeated" and "“disclosure”, “disclosure”" in finding.message


def test_headings_lost():
    (finding,) = check(report(sections=sections(*ALL[:4]))).findings
    assert (finding.check, finding.severity) == ("order.missing", "note")
    assert "存在的主要问题及改进情况 (problems), 其他需要报告的事项 (other)" in finding.message
