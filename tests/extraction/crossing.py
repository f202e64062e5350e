"""Reports made by hand, compared with one another as a run compares them: through a real journal."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from extraction.corpus.crossing import Crossing
from extraction.corpus.journal import Journal
from extraction.corpus.work import headline, serialise
from extraction.engines.protocol import Outcome, pack
from extraction.records import CrossFinding, Report


def named(made: Report, path: str) -> Report:
    """The report as another file."""
    digest = hashlib.sha256(path.encode()).hexdigest()
    return replace(made, report_id=digest, source=replace(made.source, path=path))


def crossing_of(reports: Sequence[Report], folder: Path) -> tuple[Crossing, list[CrossFinding]]:
    """Keep the reports in a journal, compare them; the comparison and its findings."""
    crossing = Crossing()
    with Journal(folder, key="test") as journal:
        for number, one in enumerate(reports):
            line = pack(serialise(replace(one, text=None)))
            journal.add(one.source.path, Outcome(number, "record", line, one.report_id, headline(one)))
        paths = sorted(one.source.path for one in reports)
        for path, entry in zip(paths, journal.entries(paths), strict=True):
            crossing.add(entry.headline, path)
        return crossing, list(crossing.findings(journal))


def cross(*reports: Report) -> list[CrossFinding]:
    """The findings between these reports."""
    with tempfile.TemporaryDirectory() as folder:
        return crossing_of(reports, Path(folder))[1]


def checks(*reports: Report) -> list[str]:
    """The checks that found something, in order."""
    return [finding.check for finding in cross(*reports)]
