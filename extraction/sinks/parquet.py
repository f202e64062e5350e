"""The tidy tables as Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from extraction.sinks.atomic import atomic
from extraction.sinks.batch import Batch
from extraction.sinks.schema import TIDY, tables

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_AT_ONCE = 1 << 16  # of a row group: small ones of one batch would be slow to scan


@contextmanager
def _table_writer(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    """Write tables to one file, small ones gathered into row groups."""
    import pyarrow as pa
    from pyarrow import parquet

    held: list[pa.Table] = []
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:

        def flush() -> None:
            if held:
                writer.write_table(pa.concat_tables(held))
                held.clear()

        def add(table: pa.Table) -> None:
            held.append(table)
            if sum(map(len, held)) >= _ROWS_AT_ONCE:
                flush()

        yield add
        flush()


@contextmanager
def parquet_sink(out: Path) -> Iterator[Callable[[Batch], None]]:
    """Write batches to the Parquet files of ``out``; they appear when the block ends well."""
    with ExitStack() as stack:
        writers = {}
        for name in TIDY:
            partial = stack.enter_context(atomic(out / f"{name}.parquet"))
            writers[name] = stack.enter_context(_table_writer(partial, tables()[name].arrow()))

        def add(batch: Batch) -> None:
            for name in writers.keys() & batch.names:
                writers[name](batch.arrow(name))

        yield add
