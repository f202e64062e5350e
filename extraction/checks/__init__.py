"""Cells and figures → findings. Checks see records only, one file a family; no value is ever altered."""

from __future__ import annotations

from dataclasses import replace

from extraction.checks.agreement import agreement
from extraction.checks.coverage import coverage
from extraction.checks.dates import dates
from extraction.checks.identities import identities
from extraction.checks.money import money
from extraction.checks.order import order
from extraction.checks.sheet import read_sheet
from extraction.checks.values import values
from extraction.records import Finding, Report

_FAMILIES = (identities, values, money, coverage, dates, order)
_SEVERITY = {"error": 0, "warning": 1, "note": 2}


def check(report: Report) -> Report:
    """The report with its findings completed: errors first, then by check and the form's order of cells.

    Findings already there are kept; checking twice adds nothing.
    """
    sheet = read_sheet(report)
    place = {key: i for i, key in enumerate(sheet.cells)}

    def rank(finding: Finding) -> tuple[int, str, int, str]:
        first = min((place.get(key, len(place)) for key in finding.cells), default=-1)
        return _SEVERITY[finding.severity], finding.check, first, finding.message

    found = [finding for family in _FAMILIES for finding in family(sheet)]
    found += agreement(report)
    return replace(report, findings=tuple(sorted(dict.fromkeys((*report.findings, *found)), key=rank)))
