import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.checks import check
from extraction.checks.identities import identities
from extraction.checks.sheet import read_sheet
from extraction.forms import load_forms
from extraction.records import Finding, Report
from tests.extraction.made import cell, recelled, report, zeros
from tests.rendering.sheets import Sheet, sheets

GOLD = Path(__file__).parents[4] / "shared" / "corpus" / "gold"
SUMMED = [key for key in zeros() if key.startswith(("applications", "review"))]


def found(made: Report) -> list[Finding]:
    return list(identities(read_sheet(made)))


def of_sheet(sheet: Sheet) -> Report:
    form = "2021" if sheet.year >= 2021 else "2019"
    return report(sheet.cells, year=sheet.year, form=form, published=f"{sheet.year + 1}-01-20")


@given(sheets(blanks=True))
def test_a_consistent_report_gives_no_finding(sheet):
    assert check(of_sheet(sheet)).findings == ()


@given(sheets(), st.data())
def test_one_number_changed_is_found_and_named(sheet, data):
    key = data.draw(st.sampled_from([k for k in sheet.cells if k.startswith(("applications", "review"))]))
    right = sheet.cells[key]
    wrong = data.draw(st.integers(0, 5000).filter(lambda n: n != right))
    errors = found(of_sheet(replace(sheet, cells=sheet.cells | {key: wrong})))
    assert errors and all(f.severity == "error" and key in f.cells for f in errors)
    if key.startswith("applications"):
        _, row, column = key.split("/")
        assert all(
            f"({row}), " in f.message and f"({column}) were {right} (it is {wrong})" in f.message
            for f in errors
        )


@given(sheets(), st.data())
def test_open_cells_are_not_judged(sheet, data):
    key = data.draw(st.sampled_from(SUMMED))
    if key not in sheet.cells:
        return
    kind = data.draw(st.sampled_from(["ambiguous", "missing", "text"]))
    changed = sheet.cells | {key: kind}
    assert found(of_sheet(replace(sheet, cells=changed))) == []


def test_every_identity_is_judged_for_every_line():
    for form in ("2019", "2021"):
        for identity in load_forms().identities:
            grid = load_forms().grid(identity.table, form)
            lines = grid.columns if identity.axis == "column" else grid.rows
            for line in lines:
                path = (
                    (identity.left[0], line.key)
                    if identity.axis == "column"
                    else (line.key, identity.left[0])
                )
                key = f"{identity.table}/{path[0]}/{path[1]}"
                hits = [
                    f for f in found(report(zeros(form) | {key: 3}, form=form)) if f.check == identity.key
                ]
                assert [(f.expected, f.actual) for f in hits if key in f.cells][:1] == [(0, 3)], (
                    identity.key,
                    key,
                )


def test_the_message_names_line_sums_and_cause():
    values = zeros() | {"review/lawsuit_direct/maintained": 10, "review/lawsuit_direct/corrected": 1}
    (finding,) = found(report(values))
    assert finding == Finding(
        check="review.results",
        severity="error",
        message="政府信息公开行政复议、行政诉讼情况 (review): "
        "Row 行政诉讼：未经复议直接起诉 (lawsuit_direct): 总计 (total) is 0, "
        "but the sum of its 4 parts is 11. "
        "The numbers stand in the source as printed: likelier the source's own error.",
        expected=11,
        actual=0,
        cells=tuple(
            f"review/lawsuit_direct/{c}" for c in ("total", "maintained", "corrected", "other", "pending")
        ),
    )


def test_both_sides_with_few_terms_are_spelled_out():
    (balance, *_) = found(report(zeros() | {"applications/new/other": 2}))
    assert (
        "一、本年新收政府信息公开申请数量 (new) + 二、上年结转政府信息公开申请数量 (carried_in) is 2, but"
        in balance.message
    )
    assert "column 其他 (other)" in balance.message.lower()


BAD = "review/reconsideration/maintained"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("3", 3),
        ("３", 3),
        ("1,003", 1003),
        ("3件", 3),
        ("减4", -4),
        ("+3", 3),
        (" 3 ", 3),
        ("3（含结转1件）", 3),
        ("0.5", 0.5),
    ],
)
def test_a_value_as_printed_accuses_the_source(raw, value):
    (finding,) = found(recelled(report(), BAD, value=value, raw=raw))
    assert finding.message.endswith("likelier the source's own error.")


@pytest.mark.parametrize(("raw", "value"), [("1 2", 12), ("34", 3), ("约3", 3), (None, 3), ("-3", 3)])
def test_a_value_put_together_accuses_the_reading(raw, value):
    (finding,) = found(recelled(report(), BAD, value=value, raw=raw))
    assert finding.message.endswith("likelier an error of the reading.")
    assert "结果维持 (maintained)" in finding.message


def test_digits_cut_out_of_one_run_accuse_the_reading():
    made = report(zeros() | {BAD: 3})
    start = made.cell(BAD).end
    made = recelled(made, "review/reconsideration/corrected", start=start, end=start + 1)
    (finding,) = found(made)
    assert finding.message.endswith("likelier an error of the reading.")


def test_a_grid_read_with_doubt_is_no_proof_against_the_source():
    doubt = Finding("grid.blank_placed", "warning", "…", cells=("review/reconsideration/other",))
    (finding,) = found(report(zeros() | {BAD: 3}, findings=(doubt,)))
    assert finding.message.endswith("an error of the reading is possible.")


def test_one_failing_sum_alone_names_no_culprit():
    (finding,) = found(report(zeros() | {BAD: 3}))
    assert "Every sum would agree" not in finding.message


def test_a_blank_that_should_be_a_number_is_named():
    values = zeros() | {"applications/granted/other": None}
    values |= {f"applications/{row}/other": 4 for row in ("new", "total")}
    values |= {f"applications/{row}/total": 4 for row in ("new", "total", "granted")}
    errors = found(report(values))
    assert {f.check for f in errors} == {"applications.outcomes", "applications.applicants"}
    assert all("自然人" not in f.message and "(other) were 4 (it is blank)" in f.message for f in errors)


def test_a_column_wholly_wrong_is_one_finding():
    values = zeros() | {
        k: 1 for k in SUMMED if k.startswith("applications/") and k.endswith("/natural_person")
    }
    (finding,) = [f for f in found(report(values)) if f.check == "applications.applicants"]
    rows = len(load_forms().grid("applications", "2021").rows)
    assert f"{rows} of {rows} rows fail" in finding.message
    assert finding.actual.split("; ") == ["0"] * rows and len(finding.cells) == 7 * rows


def test_a_2019_grid_in_a_report_of_2021_is_judged_by_its_own_form():
    values = {k: v for k, v in zeros("2021").items() if not k.startswith("applications")}
    values |= {k: v for k, v in zeros("2019").items() if k.startswith("applications")}
    assert found(report(values)) == []
    (outcomes, *_) = found(report(values | {"applications/other/business": 2}))
    assert "applications/other/business" in outcomes.cells


def gold() -> list[Path]:
    return sorted(GOLD.glob("*.json"))


@pytest.mark.skipif(
    not GOLD.is_dir(), reason="LOUD: ../shared/corpus/gold is absent, real reports were not checked"
)
def test_real_reports_fail_only_where_the_source_does():
    failed = {}
    for path in gold():
        data = json.loads(path.read_text("utf-8"))
        cells = tuple(cell(key, value) for key, value in data["cells"].items())
        made = report(year=data["year"], form=data["form"], cells=cells, published=None)
        failed[path.stem] = len(found(made))
    assert {name: n for name, n in failed.items() if n} == {"hongze-2023": 2}
