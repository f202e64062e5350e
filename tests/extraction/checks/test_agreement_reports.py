"""Text against grids in whole reports, read as they come: planted contradictions found, no false alarm."""

from __future__ import annotations

import re
from random import Random

import pytest

from extraction.pipeline import extract_bytes
from extraction.records import Report
from tests.rendering.layouts import LAYOUTS, render
from tests.rendering.mutations import dense_sheet
from tests.rendering.prose import VOICES, Say, said_of
from tests.rendering.sheets import Sheet

_OVERVIEW = re.compile(r"(?<=推进公开，)全年主动公开信息356条。")
_WIDE = [name for name in LAYOUTS if name in ("tabs", "markdown", "pipes_padded", "lines")]


def _read(sheet: Sheet, prose: str, layout: str) -> Report:
    text, count = _OVERVIEW.subn(lambda _: prose, render(sheet, layout))
    assert count == 1
    return extract_bytes(text.encode(), "report.txt")


def _alarms(report: Report) -> list[str]:
    """Findings of the agreement, with their severity."""
    return [
        f"{f.severity} {f.check}: {f.message}" for f in report.findings if f.check.startswith("agreement.")
    ]


def test_a_hundred_reports_without_a_contradiction_raise_no_alarm() -> None:
    read = 0
    for seed in range(100):
        sheet = dense_sheet(Random(seed))
        report = _read(sheet, VOICES[seed % 5](said_of(sheet)), _WIDE[seed % len(_WIDE)])
        alarms = [f"{f.severity} {f.check}: {f.message}" for f in report.findings if f.severity != "note"]
        assert alarms == [], (seed, alarms)
        read += sum(f.label.startswith(("applications", "review")) for f in report.figures)
    assert read > 500  # quiet because it agrees, not because nothing was read


def _changed(said: Say, what: str) -> Say:
    return said | {what: said[what] + 1007}


@pytest.mark.parametrize(
    ("voice", "what", "check"),
    [
        (0, "received", "applications_received"),
        (0, "completed", "applications_completed"),
        (0, "granted", "applications_granted"),
        (0, "refused", "applications_refused"),
        (0, "lawsuits", "lawsuits"),
        (1, "not_processed", "applications_not_processed"),
        (1, "carried_in", "applications_carried_in"),
        (2, "natural", "applicants"),
        (2, "carried_out", "applications_carried_out"),
        (3, "partial", "applications_partial"),
        (3, "reconsiderations", "reconsiderations"),
        (4, "received", "applications_received"),
    ],
)
def test_a_planted_contradiction_is_found(voice: int, what: str, check: str) -> None:
    for seed in range(200, 204):
        sheet = dense_sheet(Random(seed))
        said = _changed(said_of(sheet), what)
        report = _read(sheet, VOICES[voice](said), _WIDE[seed % len(_WIDE)])
        found = {f.check: f for f in report.findings if f.check.startswith("agreement.")}
        assert f"agreement.{check}" in found, (seed, _alarms(report))
        assert found[f"agreement.{check}"].actual == said[what]
        # one false number may also break the parts of its whole, and nothing else
        assert set(found) <= {f"agreement.{check}", "agreement.applications_parts"}, (seed, _alarms(report))


@pytest.mark.parametrize(
    ("voice", "reading"), [(3, "new and carried in together"), (4, "those handled in the year")]
)
def test_the_reading_that_reconciles_is_named(voice: int, reading: str) -> None:
    for seed in range(300, 306):
        sheet = dense_sheet(Random(seed))
        said = said_of(sheet)
        more = said["carried_in"] if "new" in reading else said["completed"] - said["received"]
        if not more:
            continue
        report = _read(sheet, VOICES[voice](said | {"received": said["received"] + more}), "tabs")
        (finding,) = [f for f in report.findings if f.check == "agreement.applications_received"]
        assert finding.severity == "note"
        assert reading in finding.message
