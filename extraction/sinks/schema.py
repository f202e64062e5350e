"""The tidy tables that every sink writes: columns, types, Chinese titles and English glosses, stated once.

``reports`` has one row a report, ``cells``, ``figures`` and ``findings`` one row each of theirs, joined by
``report_id`` (the digest of the input's bytes: the same file given twice is two rows with one id);
``cross_findings`` has one row a finding between reports of the run; ``wide`` has one row a report and one
column a cell of the forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from extraction.headings import all_cells, heading

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["text", "integer", "number", "flag", "texts", "integers", "numbers"]
TIDY = ("reports", "cells", "figures", "findings", "cross_findings")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the kind of its values, its Chinese title, and what it holds."""

    name: str
    kind: Kind
    zh: str
    en: str = ""

    @property
    def comment(self) -> str:
        return f"{self.zh} · {self.en}" if self.en else self.zh


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, its Chinese title, what a row is, and its columns in order."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]

    @property
    def comment(self) -> str:
        return f"{self.zh} · {self.en}"

    def arrow(self) -> pa.Schema:
        """The table's schema in Arrow; every column may be null."""
        import pyarrow as pa

        types = {
            "text": pa.string(),
            "integer": pa.int64(),
            "number": pa.float64(),
            "flag": pa.bool_(),
            "texts": pa.list_(pa.string()),
            "integers": pa.list_(pa.int64()),
            "numbers": pa.list_(pa.float64()),
        }
        return pa.schema([(column.name, types[column.kind]) for column in self.columns])


_ID = Column("report_id", "text", "报告标识", "sha256 of the input's bytes, joins the tables")
_UNIT = (
    Column("unit_name", "text", "单位名称", "the reporting unit"),
    Column("level", "text", "层级", "province, city, county, township, department, other"),
    Column("province", "text", "省"),
    Column("city", "text", "市"),
    Column("county", "text", "县"),
    Column("division_code", "text", "行政区划代码", "six digits, GB/T 2260"),
    Column("year", "integer", "报告年度", "the year reported on"),
)
_REPORTS = (
    _ID,
    Column("path", "text", "文件路径", "the input as given"),
    Column("media_type", "text", "文件类型"),
    Column("encoding", "text", "字符编码"),
    Column("bytes", "integer", "文件字节数"),
    *_UNIT,
    Column("published", "text", "发布日期", "ISO 8601, null where the page does not say"),
    Column("form", "text", "表格式样", "2019, 2021 or mixed"),
    Column("cells_number", "integer", "有数值的单元格数", "cells with a number"),
    Column("cells_blank", "integer", "空白单元格数", "cells printed blank"),
    Column("cells_not_applicable", "integer", "不涉及单元格数", "cells with a stroke (/, -, —)"),
    Column("cells_text", "integer", "文字单元格数", "cells with words"),
    Column("cells_ambiguous", "integer", "不能确定的单元格数", "more than one reading fits: no value given"),
    Column("cells_missing", "integer", "缺失单元格数", "the form has them, the report does not show them"),
    Column("findings_error", "integer", "错误数", "findings of severity error"),
    Column("findings_warning", "integer", "警告数", "findings of severity warning"),
    Column("findings_note", "integer", "提示数", "findings of severity note"),
    Column("software_version", "text", "软件版本"),
    Column("model", "text", "模型"),
    Column("model_sha256", "text", "模型摘要", "sha256 of the model"),
)
_PLACE = (
    Column("start", "integer", "起始位置", "code points from the start of the report's text"),
    Column("end", "integer", "结束位置", "half-open"),
)
_CELLS = (
    _ID,
    Column("table", "text", "表", "key of the form's grid"),
    Column("row", "text", "行", "key of the row"),
    Column("column", "text", "列", "key of the column"),
    Column("kind", "text", "类别", "number, blank, not_applicable, text, ambiguous or missing"),
    Column("value", "number", "数值", "null unless kind is number; a blank is not zero"),
    Column("raw", "text", "原文", "as printed"),
    Column("unit", "text", "计量单位", "万元 or 元 for amounts"),
    *_PLACE,
    Column("page", "integer", "页码", "from 1, for a PDF"),
    Column("bbox", "numbers", "页面位置", "left, top, right, bottom in points, for a PDF"),
)
_FIGURES = (
    _ID,
    Column("index", "integer", "序号", "place in the record's figures, from 0"),
    Column("label", "text", "指标", "key of labels.yaml"),
    Column("value", "number", "数值"),
    Column("unit", "text", "计量单位"),
    Column("approx", "text", "精确程度", "exact, at_least, about or at_most"),
    Column("period", "text", "所属期间", "current or prior"),
    Column("zero_statement", "flag", "零值表述", "a sentence that says there were none"),
    Column("text", "text", "数字原文", "as printed"),
    *_PLACE,
    Column("section", "text", "所在部分"),
    Column("sentence", "text", "所在句子"),
    Column("score", "number", "可信度", "calibrated probability that label and value are right"),
    Column("accepted", "flag", "可直接采用", "score at or above the model's threshold"),
)
_FINDINGS = (
    _ID,
    Column("check", "text", "检查项"),
    Column("severity", "text", "级别", "error, warning or note"),
    Column("message", "text", "说明"),
    Column("expected", "number", "应为"),
    Column("actual", "number", "实为"),
    Column("expected_text", "text", "应为（文字）", "where it is not one number"),
    Column("actual_text", "text", "实为（文字）", "where it is not one number"),
    Column("cells", "texts", "涉及单元格", "names table/row/column"),
    Column("figures", "integers", "涉及正文数字", "index of figures"),
)
_CROSS = (
    _ID,
    Column("path", "text", "文件路径", "the report that the finding is on"),
    Column("unit_name", "text", "单位名称", "the reporting unit"),
    Column("division_code", "text", "行政区划代码", "six digits, GB/T 2260"),
    Column("year", "integer", "报告年度", "the year reported on"),
    Column("other_report_id", "text", "对照报告标识", "null where it is several reports or none"),
    Column("other_path", "text", "对照文件路径", "null where it is several reports or none"),
    Column("other_year", "integer", "对照年度", "the year that the others report on"),
    *_FINDINGS[1:4],
    Column("expected", "number", "应为"),
    Column("actual", "number", "实为"),
    Column(
        "cells", "texts", "涉及单元格", "of the report: names table/row/column; empty for stretches of text"
    ),
    Column("values", "numbers", "本报告数值", "of these cells, in order"),
    Column("starts", "integers", "本报告起始位置", "of these cells or stretches of text, in order"),
    Column("ends", "integers", "本报告结束位置", "half-open"),
    Column("other_report_ids", "texts", "各对照报告标识", "whose cells the next columns show, in order"),
    Column("other_cells", "texts", "对照单元格", "names table/row/column; empty for stretches of text"),
    Column("other_values", "numbers", "对照数值", "of these cells, in order"),
    Column("other_starts", "integers", "对照起始位置", "in the other report's text"),
    Column("other_ends", "integers", "对照结束位置", "half-open"),
)


def wide_name(key: str) -> str:
    """A cell's column in ``wide``: its name with ``/`` and ``.`` as ``__``."""
    return key.replace("/", "__").replace(".", "__")


@cache
def tables() -> dict[str, Table]:
    """All tables by name: the tidy ones, then ``wide``."""
    cells = tuple(Column(wide_name(key), "number", heading(key)) for key in all_cells())
    all_tables = (
        Table("reports", "报告", "one row a report", _REPORTS),
        Table("cells", "表格数据", "one row a cell of the standard grids", _CELLS),
        Table("figures", "正文数字", "one row a figure of the narrative", _FIGURES),
        Table("findings", "核查结果", "one row a finding", _FINDINGS),
        Table("cross_findings", "报告间核查结果", "one row a finding between reports", _CROSS),
        Table("wide", "宽表", "one row a report, one column a cell of the forms", (_ID, *_UNIT, *cells)),
    )
    return {table.name: table for table in all_tables}
