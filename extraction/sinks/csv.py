"""The tidy tables as CSV (RFC 4180, UTF-8 with a byte-order mark, which Excel needs)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from extraction.sinks.atomic import atomic
from extraction.sinks.batch import Batch, Value
from extraction.sinks.safe import joined, safe_text
from extraction.sinks.schema import TIDY, tables


def _cell(value: Value) -> str | float | None:
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return safe_text(joined(value))
    return value


@contextmanager
def csv_sink(out: Path) -> Iterator[Callable[[Batch], None]]:
    """Write batches to the CSV files of ``out``; they appear when the block ends well."""
    with ExitStack() as stack:
        writers = {}
        for name in TIDY:
            partial = stack.enter_context(atomic(out / f"{name}.csv"))
            file = stack.enter_context(partial.open("w", encoding="utf-8-sig", newline=""))
            writers[name] = csv.writer(file)
            writers[name].writerow([column.name for column in tables()[name].columns])

        def add(batch: Batch) -> None:
            for name in writers.keys() & batch.names:
                writers[name].writerows([_cell(value) for value in row] for row in batch.rows(name))

        yield add
