"""nianbao.duckdb: tables with bilingual comments, the wide table under the form's headings, views."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from extraction.forms import load_labels
from extraction.sinks.atomic import atomic
from extraction.sinks.batch import Batch
from extraction.sinks.schema import Column, Table, tables

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TYPES = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
    "texts": "VARCHAR[]",
    "integers": "BIGINT[]",
    "numbers": "DOUBLE[]",
}
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "256MB",
    "threads": "2",
    "autoinstall_known_extensions": "false",
}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _create(table: Table) -> Iterator[str]:
    def declare(column: Column) -> str:
        return f'"{column.name}" {_TYPES[column.kind]}'

    yield f"CREATE TABLE {table.name} ({', '.join(map(declare, table.columns))})"
    yield f"COMMENT ON TABLE {table.name} IS {_quoted(table.comment)}"
    for column in table.columns:
        yield f'COMMENT ON COLUMN {table.name}."{column.name}" IS {_quoted(column.comment)}'


def _labels_view() -> Iterator[str]:
    rows = (
        f"({_quoted(x.key)}, {_quoted(x.zh)}, {x.core}, {_quoted(x.means)})" for x in load_labels().values()
    )
    yield f"CREATE VIEW labels AS SELECT * FROM (VALUES {', '.join(rows)}) t(label, zh, core, means)"
    yield "COMMENT ON VIEW labels IS '正文指标 · the labels of narrative figures'"


def _views() -> Iterator[str]:
    yield from _labels_view()
    script = files("extraction.sinks").joinpath("views.sql").read_text("utf-8")
    yield from (statement for statement in script.split("\n;\n") if statement.strip())


def _set_up(connection: DuckDBPyConnection) -> None:
    connection.begin()  # three hundred statements of their own would each wait for the disk
    for table in tables().values():
        for statement in _create(table):
            connection.execute(statement)
    for statement in _views():
        connection.execute(statement)
    connection.commit()


@contextmanager
def duckdb_sink(out: Path) -> Iterator[Callable[[Batch], None]]:
    """Write batches to ``out/nianbao.duckdb``; it appears when the block ends well."""
    import duckdb

    path = out / "nianbao.duckdb"
    with atomic(path) as partial:
        log = partial.with_name(partial.name + ".wal")
        log.unlink(missing_ok=True)  # of a run that was killed
        try:
            with closing(duckdb.connect(str(partial), config=_CONFIG)) as connection:
                _set_up(connection)

                def add(batch: Batch) -> None:
                    for name in batch.names:
                        connection.register("batch", batch.arrow(name))
                        connection.execute(f"INSERT INTO {name} SELECT * FROM batch")
                        connection.unregister("batch")

                yield add
                connection.execute("CHECKPOINT")
        except duckdb.IOException as error:
            raise OSError(str(error)) from error
        finally:
            log.unlink(missing_ok=True)
        # The log of a database that someone left open would be replayed into the new one.
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
