"""nianbao.xlsx: a sheet a table and the wide one; two frozen header rows, column names and Chinese titles."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from extraction.sinks.atomic import atomic
from extraction.sinks.batch import Batch, Row, Value
from extraction.sinks.safe import joined, safe_text
from extraction.sinks.schema import Table, tables

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

ROW_LIMIT = 1_048_576  # of a sheet, Excel's
_CELL_LIMIT = 32_767  # characters, Excel's
_CUT = "…（已截断，全文见 reports.jsonl）"
_HEADS = 2
_WIDTHS = {"text": 18, "integer": 10, "number": 10, "flag": 10, "texts": 30, "integers": 14, "numbers": 24}
_NOTES = (
    "第一行为英文列名，第二行为中文名称。Row 1 holds the columns' names, row 2 their Chinese titles.",
    "空白不是零。A blank is not zero.",
    "文字以 = + - @ 开头时，前面加 ' 以免被当作公式。"
    "Text that begins with = + - @ has an apostrophe in front, so that nothing runs as a formula.",
)


class _Sheets:
    """One table on as many sheets as its rows need."""

    def __init__(self, workbook: Workbook, table: Table, row_limit: int) -> None:
        self._workbook, self._table, self._row_limit = workbook, table, row_limit
        self._bold = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.names: list[str] = []
        self._open()

    def _open(self) -> None:
        number = len(self.names) + 1
        name = self._table.name if number == 1 else f"{self._table.name} ({number})"
        self.names.append(name)
        sheet = self._sheet = self._workbook.add_worksheet(name)
        id_and_unit = 2 if self._table.name in ("reports", "wide") else 1
        sheet.freeze_panes(_HEADS, id_and_unit)
        for i, column in enumerate(self._table.columns):
            sheet.set_column(i, i, _WIDTHS[column.kind])
        for row, titles in enumerate(zip(*((c.name, c.zh) for c in self._table.columns), strict=True)):
            for i, title in enumerate(titles):
                sheet.write_string(row, i, title, self._bold)
        self._row = _HEADS

    def add(self, row: Row) -> None:
        if self._row >= self._row_limit:
            self._open()
        for i, value in enumerate(row):
            _write(self._sheet, self._row, i, value)
        self._row += 1


def _write(sheet: Worksheet, row: int, column: int, value: Value) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None:
        text = safe_text(joined(value) if isinstance(value, list) else value)
        if len(text) > _CELL_LIMIT:
            text = text[: _CELL_LIMIT - len(_CUT)] + _CUT
        if text:
            sheet.write_string(row, column, text)


def _write_notes(workbook: Workbook, sheets: dict[str, _Sheets]) -> None:
    """The last sheet: how to read the workbook, what each table is, which tables needed further sheets."""
    notes = workbook.add_worksheet("notes")
    notes.set_column(0, 0, 120)
    lines = [*_NOTES, *(f"{name}: {tables()[name].comment}" for name in sheets)]
    for name, used in sheets.items():
        if len(used.names) > 1:
            others = ", ".join(used.names[1:])
            lines.append(f"{name} 超出单张工作表的行数，续见 {others}。 It goes on in {others}.")
    for i, line in enumerate(lines):
        notes.write_string(i, 0, line)


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """A folder of scratch files, always of the same name, so that a killed run's is cleared by the next."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def xlsx_sink(out: Path, *, row_limit: int = ROW_LIMIT) -> Iterator[Callable[[Batch], None]]:
    """Write batches to ``out/nianbao.xlsx``; it appears when the block ends well.

    Rows go to disk as they come. A table longer than ``row_limit`` rows goes on in further sheets.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    with atomic(out / "nianbao.xlsx") as partial, _folder(out / ".nianbao.xlsx.rows") as rows:
        options = {"constant_memory": True, "tmpdir": str(rows), "use_zip64": True}
        workbook = xlsxwriter.Workbook(str(partial), options)
        workbook.set_properties(
            {"created": datetime(2019, 1, 1, tzinfo=UTC)}
        )  # the same records, the same file
        sheets = {name: _Sheets(workbook, table, row_limit) for name, table in tables().items()}

        def add(batch: Batch) -> None:
            for name in batch.names:
                for row in batch.rows(name):
                    sheets[name].add(row)

        try:
            yield add
            _write_notes(workbook, sheets)
        finally:
            try:
                workbook.close()  # also after a failure: it holds the scratch files open
            except FileCreateError as error:
                raise OSError(str(error)) from error
