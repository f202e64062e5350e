"""The text against the grids: planted contradictions are found, reconcilable ones named, the rest is quiet."""

from __future__ import annotations

import pytest

from extraction.checks.agreement import agreement
from extraction.records import Cell, Figure, Report, Software, Source, Unit


def _figure(label: str, value: int, sentence: str = "", **more: object) -> Figure:
    values: dict[str, object] = {
        "label": label, "value": value, "unit": "件", "approx": "exact", "period": "current",
        "zero_statement": False, "text": f"{value}件", "start": 0, "end": 2, "section": "overview",
        "sentence": sentence or f"{label} {value}", "score": 0.99, "accepted": True,
    }  # fmt: skip
    return Figure(**(values | more))  # type: ignore[arg-type]


CELLS = {
    "applications/new/total": 4, "applications/carried_in/total": 7, "applications/total/total": 11,
    "applications/granted/total": 3, "applications/partial/total": 0,
    "applications/refused.third_party/total": 2, "applications/refused.state_secret/total": 0,
    "applications/unavailable.not_held/total": 1, "applications/not_processed.excessive/total": 5,
    "applications/other/total": 0, "applications/carried_out/total": 0,
    "review/reconsideration/total": 2, "review/lawsuit_direct/total": 2,
    "review/lawsuit_after_reconsideration/total": 2,
}  # fmt: skip


def _report(*figures: Figure, cells: dict[str, int] = CELLS) -> Report:
    made = tuple(
        Cell(*key.split("/"), kind="number", value=value, raw=str(value))  # type: ignore[misc]
        for key, value in cells.items()
    )
    return Report(
        "0" * 64, Source("x", "text/plain", "utf-8", 1), Unit(), 2020, None, "2019", (), made, figures, (),
        Software("0"),
    )  # fmt: skip


def _found(*figures: Figure) -> dict[str, tuple[str, str]]:
    return {f.check: (f.severity, f.message) for f in agreement(_report(*figures))}


@pytest.mark.parametrize(
    ("label", "value", "check", "reading"),
    [
        ("applications.received", 11, "applications_received", "new and carried in together: 4 + 7 = 11"),
        ("applications.completed", 4, "applications_completed", "newly received ones alone"),
        ("review.lawsuits", 2, "lawsuits", "without reconsideration"),
        ("review.reconsiderations", 6, "reconsiderations", "reconsiderations and lawsuits together"),
    ],
)
def test_a_reading_that_reconciles_is_named(label: str, value: int, check: str, reading: str) -> None:
    severity, message = _found(_figure(label, value))[f"agreement.{check}"]
    assert severity == "note"
    assert reading in message


@pytest.mark.parametrize(
    ("label", "value", "check"),
    [
        ("applications.received", 9, "applications_received"),
        ("applications.received", 0, "applications_received"),
        ("applications.completed", 8, "applications_completed"),
        ("applications.carried_in", 6, "applications_carried_in"),
        ("applications.granted", 5, "applications_granted"), ("applications.partial", 1, "applications_partial"),
        ("applications.refused", 4, "applications_refused"),
        ("applications.unavailable", 3, "applications_unavailable"),
        ("applications.carried_out", 2, "applications_carried_out"), ("review.lawsuits", 5, "lawsuits"),
        ("review.reconsiderations", 1, "reconsiderations"),
    ],
)  # fmt: skip
def test_a_planted_contradiction_is_found(label: str, value: int, check: str) -> None:
    found = _found(_figure(label, value))
    assert found[f"agreement.{check}"][0] == "warning"
    assert str(value) in found[f"agreement.{check}"][1]


def test_what_agrees_is_quiet() -> None:
    assert (
        _found(
            _figure("applications.received", 4),
            _figure("applications.completed", 11),
            _figure("applications.refused", 2),
            _figure("applications.not_processed", 5),
            _figure("review.reconsiderations", 2),
            _figure("review.lawsuits", 4),
            _figure("disclosure.total", 100),
            _figure("disclosure.website", 60),
        )
        == {}
    )


def test_parts_by_department_add_up() -> None:
    assert _found(_figure("applications.received", 1), _figure("applications.received", 3)) == {}


def test_another_year_is_not_compared() -> None:
    assert _found(_figure("applications.received", 90, period="prior")) == {}


@pytest.mark.parametrize(("approx", "value"), [("at_least", 4), ("about", 4), ("at_most", 4)])
def test_an_approximation_is_not_held_to_the_digit(approx: str, value: int) -> None:
    assert _found(_figure("applications.received", value, approx=approx)) == {}


def test_another_circle_of_units_is_a_note() -> None:
    severity, message = _found(_figure("applications.received", 90, "全县各级各部门共收到90件"))[
        "agreement.applications_received"
    ]
    assert severity == "note"
    assert "全县" in message


def test_a_doubtful_figure_only_makes_a_note() -> None:
    assert (
        _found(_figure("applications.received", 9, accepted=False))["agreement.applications_received"][0]
        == "note"
    )


def test_a_part_greater_than_its_whole() -> None:
    sentence = "公开100条，其中网站120条"
    found = _found(_figure("disclosure.total", 100, sentence), _figure("disclosure.website", 120, sentence))
    assert found["agreement.channels"][0] == "warning"


def test_a_kind_of_applicant_is_held_against_its_column() -> None:
    cells = CELLS | {"applications/new/natural_person": 3, "applications/total/natural_person": 9}
    quiet = _figure("applications.breakdown", 3, "其中自然人申请3件", text="3件")
    handled = _figure("applications.breakdown", 9, "自然人9件", text="9件")
    wrong = _figure("applications.breakdown", 2, "自然人提出申请2件，企业2件", text="2件")
    other = _figure("applications.breakdown", 2, "网络申请2件", text="2件")
    assert agreement(_report(quiet, cells=cells)) == []
    assert agreement(_report(other, cells=cells)) == []
    (named,) = agreement(_report(handled, cells=cells))
    assert "those handled in the year" in named.message
    (found,) = agreement(_report(wrong, cells=cells))
    assert (found.check, found.severity, found.expected) == ("agreement.applicants", "note", 3)


def test_normative_documents_are_told_from_other_documents() -> None:
    cells = {
        "disclosure.art20_1/normative_documents/issued": 5,
        "disclosure.art20_1/normative_documents/in_force": 40,
    }
    for sentence, text, value, checks in (
        ("制发规范性文件5件", "5件", 5, []),
        ("现行有效规范性文件40件", "40件", 40, ["agreement.normative_documents"]),
        ("出台6件规范性文件", "6件", 6, ["agreement.normative_documents"]),
        ("公开文件62件", "62件", 62, []),
    ):
        found = agreement(_report(_figure("disclosure.documents", value, sentence, text=text), cells=cells))
        assert [f.check for f in found] == checks, sentence
        assert all(f.severity == "note" for f in found)


def test_what_is_denied_and_counted() -> None:
    zero = _figure("applications.fees", 0, "未收取费用", zero_statement=True, text="费用")
    some = _figure("applications.fees", 300, "收取信息处理费300元", text="300元")
    assert _found(zero, some)["agreement.denied"][0] == "warning"
    limited = _figure("applications.fees", 0, "上半年未收取费用", zero_statement=True, text="费用")
    assert _found(limited, some) == {}


def test_a_part_of_the_applications_may_be_carried_in() -> None:
    sentence = "收到4件，上年结转7件，其中网络申请11件"
    known = (
        _figure("applications.received", 4, sentence),
        _figure("applications.carried_in", 7, sentence),
    )
    assert _found(*known, _figure("applications.breakdown", 11, sentence)) == {}
    found = _found(*known, _figure("applications.breakdown", 12, sentence))
    assert found["agreement.applications_parts"][0] == "warning"


def test_an_ambiguous_cell_is_not_judged() -> None:
    report = _report(_figure("applications.received", 9), cells={})
    assert agreement(report) == []
