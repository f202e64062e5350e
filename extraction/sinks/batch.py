"""Some records at a time: their rows in every table, and the same as Arrow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from extraction.errors import NianbaoError
from extraction.headings import all_cells
from extraction.sinks.schema import tables

if TYPE_CHECKING:
    import pyarrow as pa

Record = dict[str, Any]
Value = str | bool | int | float | list[Any] | None
Row = tuple[Value, ...]

_REPORTS_AT_ONCE = 128  # some 25,000 cells, 20 MB
_BYTES_AT_ONCE = 16 << 20  # records that carry their text are larger
_UNIT = itemgetter("name", "level", "province", "city", "county", "division_code")
_KINDS = ("number", "blank", "not_applicable", "text", "ambiguous", "missing")
_SEVERITIES = ("error", "warning", "note")
_CELL = itemgetter("table", "row", "column", "kind", "value", "raw", "unit", "start", "end", "page", "bbox")
_CELL_KEY = itemgetter("table", "row", "column")
_FIGURE_FIELDS = (
    "label value unit approx period zero_statement text start end section sentence score accepted"
)
_FIGURE = itemgetter(*_FIGURE_FIELDS.split())
_SHOWN = ("cell", "value", "start", "end")
_SOURCE = itemgetter("path", "media_type", "encoding", "bytes")
_SOFTWARE = itemgetter("version", "model", "model_sha256")


def _report_rows(record: Record) -> Iterator[Row]:
    kinds = Counter(cell["kind"] for cell in record["cells"])
    severities = Counter(finding["severity"] for finding in record["findings"])
    yield (
        record["report_id"],
        *_SOURCE(record["source"]),
        *_UNIT(record["unit"]),
        record["year"],
        record["published"],
        record["form"],
        *(kinds[kind] for kind in _KINDS),
        *(severities[severity] for severity in _SEVERITIES),
        *_SOFTWARE(record["software"]),
    )


def _cell_rows(record: Record) -> Iterator[Row]:
    report_id = record["report_id"]
    return ((report_id, *_CELL(cell)) for cell in record["cells"])


def _figure_rows(record: Record) -> Iterator[Row]:
    report_id = record["report_id"]
    return ((report_id, index, *_FIGURE(figure)) for index, figure in enumerate(record["figures"]))


def _finding_rows(record: Record) -> Iterator[Row]:
    for finding in record["findings"]:
        sides = (finding["expected"], finding["actual"])
        yield (
            record["report_id"],
            finding["check"],
            finding["severity"],
            finding["message"],
            *(None if isinstance(side, str) else side for side in sides),
            *(side if isinstance(side, str) else None for side in sides),
            finding["cells"],
            finding["figures"],
        )


def _wide_rows(record: Record) -> Iterator[Row]:
    values = {"/".join(_CELL_KEY(cell)): cell["value"] for cell in record["cells"]}
    yield (record["report_id"], *_UNIT(record["unit"]), record["year"], *map(values.get, all_cells()))


def _cross_rows(finding: Record) -> Iterator[Row]:
    here, there = finding["here"], finding["there"]
    other = there[0] if len({shown["report_id"] for shown in there}) == 1 else None
    years = {shown["year"] for shown in there}
    yield (
        here[0]["report_id"],
        here[0]["path"],
        finding["unit"],
        finding["division_code"],
        finding["year"],
        other and other["report_id"],
        other and other["path"],
        years.pop() if len(years) == 1 else None,
        finding["check"],
        finding["severity"],
        finding["message"],
        finding["expected"],
        finding["actual"],
        *(_listed(here, name) for name in _SHOWN),
        [shown["report_id"] for shown in there],
        *(_listed(there, name) for name in _SHOWN),
    )


def _listed(side: list[Record], name: str) -> list[Any]:
    """One value a place; nothing where no place has one."""
    values = [shown[name] for shown in side]
    return values if any(value is not None for value in values) else []


Rows = dict[str, Callable[[Record], Iterable[Row]]]
_ROWS: Rows = {
    "reports": _report_rows,
    "cells": _cell_rows,
    "figures": _figure_rows,
    "findings": _finding_rows,
    "wide": _wide_rows,
}
_ROWS_OF_CROSS: Rows = {"cross_findings": _cross_rows}


class Batch:
    """Some records in final order; each table's rows are made when first asked for.

    ``names`` are the tables that these records have rows in: those of a report, or that of findings between them.
    """

    __slots__ = ("_arrow", "_records", "_rows")

    def __init__(self, records: list[Record], rows: Rows = _ROWS) -> None:
        self._records = records
        self._rows = rows
        self._arrow: dict[str, pa.Table] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._rows)

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of one table, in the order of its columns."""
        rows = self._rows[table]
        return (row for record in self._records for row in rows(record))

    def arrow(self, table: str) -> pa.Table:
        """The rows of one table as Arrow, under its schema; made once for all sinks."""
        if table not in self._arrow:
            import pyarrow as pa

            schema = tables()[table].arrow()
            columns = list(zip(*self.rows(table), strict=True)) or [()] * len(schema)
            arrays = [pa.array(values, kind) for values, kind in zip(columns, schema.types, strict=True)]
            self._arrow[table] = pa.Table.from_arrays(arrays, schema=schema)
        return self._arrow[table]


def read_batches(records: Path, crossed: Path | None = None) -> Iterator[Batch]:
    """Read a file of records, then one of findings between reports, each one JSON object a line.

    Some at a time: memory does not grow with the files.
    """
    yield from _read(records, _ROWS)
    if crossed is not None:
        yield from _read(crossed, _ROWS_OF_CROSS)


def _read(records: Path, rows: Rows) -> Iterator[Batch]:
    held: list[Record] = []
    size = 0
    with records.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                held.append(orjson.loads(line))
            except orjson.JSONDecodeError as error:
                message = f"{records}, line {number}: not a record ({error}). Run the extraction again."
                raise NianbaoError("sinks.bad_record", message, step="write") from error
            size += len(line)
            if len(held) >= _REPORTS_AT_ONCE or size >= _BYTES_AT_ONCE:
                yield Batch(held, rows)
                held, size = [], 0
    if held:
        yield Batch(held, rows)
