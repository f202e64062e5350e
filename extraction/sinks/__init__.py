"""Records → files: jsonl, parquet, duckdb, csv, xlsx; each whole or not at all, memory bounded."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from extraction.errors import NianbaoError

FORMATS = ("jsonl", "parquet", "duckdb", "csv", "xlsx")


def check_formats(formats: Sequence[str]) -> None:
    """Raise NianbaoError (``sinks.unknown_format``) where ``formats`` holds a name that is none."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        message = f"Unknown format {', '.join(map(repr, unknown))}. Choose among {', '.join(FORMATS)}."
        raise NianbaoError("sinks.unknown_format", message, step="write")


def write(records: Path, out: Path, formats: Sequence[str], *, crossed: Path | None = None) -> None:
    """Write a finished file of records (one JSON object a line, in final order) to ``out`` in every format.

    ``crossed`` is such a file of findings between reports. Both are read once, a batch at a time.
    Raises NianbaoError: ``sinks.unknown_format``, ``sinks.bad_record`` (a line that is no record),
    ``sinks.unwritable`` (folder or disk refuse).
    """
    check_formats(formats)
    try:
        out.mkdir(parents=True, exist_ok=True)
        _write(records, out, formats, crossed)
    except OSError as error:
        message = (
            f"Cannot write to {out}: {error}. Check that the folder can be written and the disk has room."
        )
        raise NianbaoError("sinks.unwritable", message, step="write") from error


def _write(records: Path, out: Path, formats: Sequence[str], crossed: Path | None) -> None:
    from extraction.sinks.batch import read_batches
    from extraction.sinks.csv import csv_sink
    from extraction.sinks.duckdb import duckdb_sink
    from extraction.sinks.jsonl import write_jsonl
    from extraction.sinks.parquet import parquet_sink
    from extraction.sinks.xlsx import xlsx_sink

    sinks = {"parquet": parquet_sink, "duckdb": duckdb_sink, "csv": csv_sink, "xlsx": xlsx_sink}
    chosen = [open_sink for name, open_sink in sinks.items() if name in formats]
    if chosen:
        with ExitStack() as stack:
            writers = [stack.enter_context(open_sink(out)) for open_sink in chosen]
            for batch in read_batches(records, crossed):
                for add in writers:
                    add(batch)
    if "jsonl" in formats:
        write_jsonl(records, out / "reports.jsonl")
        if crossed is not None:
            write_jsonl(crossed, out / "cross_findings.jsonl")
