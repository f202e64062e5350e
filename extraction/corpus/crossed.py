"""What comparing the reports of a run found, in numbers and in lines a person can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from extraction.records import CrossFinding

SEVERITIES = ("error", "warning", "note")
_SHOWN_MOST = 10


@dataclass(slots=True)
class Crossed:
    """Counts of one run, and the first few findings of each severity.

    Copies that agree are counted and not shown: the summary has a line of its own for files of one report.
    """

    counts: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    shown: dict[str, list[CrossFinding]] = field(default_factory=dict)
    left_out: int = 0

    def count(self, finding: CrossFinding) -> None:
        """Add a finding."""
        self.severities[finding.severity] += 1
        self.checks[finding.check] += 1
        if finding.check == "continuity.duplicate":
            return
        first = self.shown.setdefault(finding.severity, [])
        if len(first) < _SHOWN_MOST:
            first.append(finding)
        else:
            self.left_out += 1

    def to_dict(self) -> dict[str, Any]:
        """The counts for summary.json."""
        return {
            "years_compared": self.counts["pairs"],
            "counties_compared": self.counts["counties"],
            "reports_unmatched": self.counts["unmatched"],
            "findings": {severity: self.severities[severity] for severity in SEVERITIES},
            "findings_by_check": dict(sorted(self.checks.items())),
        }

    def lines(self) -> Iterator[str]:
        """What was compared, then the findings, warnings first; nothing where nothing was."""
        if not (self.counts["pairs"] or self.counts["counties"] or self.shown):
            return
        found = ", ".join(
            f"{n:,} {s}{'' if n == 1 else 's'}" for s in SEVERITIES if (n := self.severities[s])
        )
        pairs, counties = self.counts["pairs"], self.counts["counties"]
        compared = f"{pairs:,} {'pair' if pairs == 1 else 'pairs'} of years" + (
            f", {counties:,} {'county' if counties == 1 else 'counties'} with bureaus" if counties else ""
        )
        alone = self.counts["unmatched"]
        left = f"; {alone:,} of no known unit or year left out" if alone else ""
        yield f"between reports: {compared} compared{left}; {found or 'no findings'}"
        shown = [finding for severity in SEVERITIES for finding in self.shown.get(severity, ())][:_SHOWN_MOST]
        for finding in shown:
            yield f"  {finding.severity}: {finding.unit} {_years(finding)}: {finding.message}"
        more = self.left_out + sum(map(len, self.shown.values())) - len(shown)
        if more:
            yield f"  and {more:,} more in the table cross_findings"


def _years(finding: CrossFinding) -> str:
    others = {shown.year for shown in finding.there} - {finding.year}
    return f"{min(others)}→{finding.year}" if others else str(finding.year)
