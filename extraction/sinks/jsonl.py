"""reports.jsonl and cross_findings.jsonl: the records and the findings between them, one a line."""

from __future__ import annotations

import shutil
from pathlib import Path

from extraction.sinks.atomic import atomic


def write_jsonl(records: Path, path: Path) -> None:
    """Copy the finished records to ``path``, byte for byte."""
    if path.exists() and path.samefile(records):
        return
    with atomic(path) as partial:
        shutil.copyfile(records, partial)
