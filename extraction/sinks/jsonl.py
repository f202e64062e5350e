"""reports.jsonl: the records themselves, one a line."""

from __future__ import annotations

import shutil
from pathlib import Path

from extraction.sinks.atomic import atomic


def write_jsonl(records: Path, out: Path) -> None:
    """Copy the finished records to ``out/reports.jsonl``, byte for byte."""
    path = out / "reports.jsonl"
    if path.exists() and path.samefile(records):
        return
    with atomic(path) as partial:
        shutil.copyfile(records, partial)
