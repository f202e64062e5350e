"""What a run did, in numbers: for summary.json, and in lines a person can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unicodedata import east_asian_width

from extraction.corpus.copies import Comparison
from extraction.corpus.crossed import SEVERITIES, Crossed

_LINES_MOST = 50
_COMPARED_MOST = 10


@dataclass(slots=True)
class Summary:
    """Counts of one run. inputs = reports + errors, always; headlines of the first 51 reports only."""

    reports: int = 0
    errors: int = 0
    unchanged: int = 0
    cells_found: int = 0
    cells_due: int = 0
    figures: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    headlines: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[dict[str, Any]] = field(default_factory=list)
    agreeing: int = 0  # reports that came in several files with the same cells
    differing: int = 0
    comparisons: list[Comparison] = field(default_factory=list)
    cross: Crossed = field(default_factory=Crossed)
    reading_seconds: float = 0.0
    seconds: float = 0.0  # with the writing of all formats
    files: list[str] = field(default_factory=list)

    @property
    def inputs(self) -> int:
        """Everything that was named or found."""
        return self.reports + self.errors

    @property
    def rate(self) -> float:
        """Inputs a second, from the first file looked for to the last record in place."""
        return self.inputs / self.reading_seconds if self.reading_seconds else 0.0

    def count_report(self, headline: dict[str, Any]) -> None:
        """Add a report by its headline (``corpus.work.headline``)."""
        self.reports += 1
        self.cells_found += headline["cells"][0]
        self.cells_due += headline["cells"][1]
        self.figures += headline["figures"]
        self.findings.update(headline["findings"])
        self.forms[headline["form"] or "none"] += 1
        self.years[str(headline["year"] or "unknown")] += 1
        if len(self.headlines) <= _LINES_MOST:
            self.headlines.append(headline)

    def count_error(self, record: dict[str, Any]) -> None:
        """Add an error record."""
        self.errors += 1
        self.codes[record["code"]] += 1
        if len(self.refusals) <= _LINES_MOST:
            self.refusals.append(record)

    def count_comparison(self, comparison: Comparison) -> None:
        """Add a report that came in several files."""
        if comparison.differing:
            self.differing += 1
        else:
            self.agreeing += 1
        if (self.differing if comparison.differing else self.agreeing) <= _COMPARED_MOST:
            self.comparisons.append(comparison)

    def to_dict(self) -> dict[str, Any]:
        """The counts for summary.json; keys sorted, so that two runs can be compared."""
        return {
            "inputs": self.inputs,
            "reports": self.reports,
            "errors": self.errors,
            "unchanged_since_last_run": self.unchanged,
            "errors_by_code": dict(sorted(self.codes.items())),
            "skipped_by_suffix": dict(sorted(self.skipped.items())),
            "forms": dict(sorted(self.forms.items())),
            "years": dict(sorted(self.years.items())),
            "cells": {"found": self.cells_found, "due": self.cells_due},
            "figures": self.figures,
            "findings": {severity: self.findings[severity] for severity in SEVERITIES},
            "reports_in_several_files": {"agree": self.agreeing, "differ": self.differing},
            "between_reports": self.cross.to_dict(),
            "reading_seconds": round(self.reading_seconds, 3),
            "seconds": round(self.seconds, 3),
            "documents_per_second": round(self.rate, 1),
        }

    def lines(self) -> Iterator[str]:
        """The summary for a person: a line a report for small runs, then the totals."""
        if self.inputs <= _LINES_MOST:
            yield from _report_lines(self.headlines)
            yield from (_error_line(record) for record in self.refusals)
            yield ""
        yield (
            f"{_counted(self.inputs, 'input')} in {self.seconds:.1f} s (reading: {self.rate:,.0f} a second): "
            f"{_counted(self.reports, 'report')}, {_counted(self.errors, 'error')}"
            + (f"; {self.unchanged:,} were done already" if self.unchanged else "")
        )
        yield (
            f"cells: {self.cells_found:,} found of {self.cells_due:,} due; figures: {self.figures:,}; findings: "
            + ", ".join(_counted(self.findings[severity], severity) for severity in SEVERITIES)
        )
        if self.agreeing or self.differing:
            yield from self._comparison_lines()
        yield from self.cross.lines()
        if self.codes:
            yield "errors: " + ", ".join(f"{code} {count:,}" for code, count in self.codes.most_common(10))
        if self.skipped:
            kinds = ", ".join(f"{suffix} {count:,}" for suffix, count in self.skipped.most_common(10))
            yield f"skipped in folders: {kinds}"
        yield "written: " + " ".join(self.files)

    def _comparison_lines(self) -> Iterator[str]:
        """One line a report for few of them, differing ones first; else their number."""
        if self.agreeing + self.differing > _COMPARED_MOST:
            yield f"reports in several files: {self.agreeing:,} agree, {self.differing:,} differ"
        shown = sorted(self.comparisons, key=lambda comparison: not comparison.differing)
        for comparison in shown[:_COMPARED_MOST]:
            yield comparison.line()


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def _report_lines(headlines: list[dict[str, Any]]) -> Iterator[str]:
    """Aligned: unit (or path), year, form, cells found of cells due, narrative figures, findings."""
    names = [headline["unit"] or headline["path"] for headline in headlines]
    widest = max(map(_width, names), default=0)
    for name, headline in zip(names, headlines, strict=True):
        found, due = headline["cells"]
        counts = [_counted(n, s) for s in SEVERITIES if (n := headline["findings"].get(s, 0))]
        yield (
            f"{name}{' ' * (widest - _width(name))}  {headline['year'] or '????'}  "
            f"form {headline['form'] or 'none':<5}  {found:>3} of {due:>3} cells  "
            f"{headline['figures']:>3} figures  "
            f"{', '.join(counts) or 'no findings'}"
        )


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _error_line(record: dict[str, Any]) -> str:
    return f"{record['path']}  {record['code']}: {record['message']}"
