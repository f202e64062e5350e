"""The words of a cell's name: what the form prints over it, for findings, comments and column headings.

Source of the wording: ``forms/forms.yaml`` and, for the sections, 国办公开办函〔2021〕30号.
"""

from __future__ import annotations

from functools import cache

from extraction.forms import Axis, GridForm, Label, load_forms

SECTIONS = {
    "overview": "总体情况",
    "disclosure": "主动公开政府信息情况",
    "applications": "收到和处理政府信息公开申请情况",
    "review": "政府信息公开行政复议、行政诉讼情况",
    "problems": "存在的主要问题及改进情况",
    "other": "其他需要报告的事项",
}


@cache
def variants(table: str) -> tuple[GridForm, ...]:
    """Every generation of one table, newest first; empty for a table that no form knows."""
    grids = load_forms().grids
    return tuple(grids[key] for key in sorted(grids, key=lambda key: key[1], reverse=True) if key[0] == table)


@cache
def table_title(table: str) -> str:
    """A table as the form calls it: 第二十条第（五）项, or the section that it fills."""
    article = next((grid.article for grid in variants(table) if grid.article), None)
    if article:
        return f"第二十条第（{article}）项"
    return SECTIONS.get(table.split(".", maxsplit=1)[0], table)


def _label(table: str, axis: Axis, key: str) -> Label | None:
    for grid in variants(table):
        for label in grid.rows if axis == "row" else grid.columns:
            if label.key == key:
                return label
    return None


@cache
def title(table: str, axis: Axis, key: str) -> str:
    """A row or column as the newest form with it prints it, its group in front (不予公开：1.属于国家秘密)."""
    label = _label(table, axis, key)
    if label is None:
        return key
    return f"{label.group}：{label.title}" if label.group else label.title


@cache
def heading(key: str) -> str:
    """A cell's whole heading: table｜row｜column, and the generation where only one has the cell."""
    table, row, column = key.split("/")
    having = [grid.form for grid in variants(table) if key in grid.keys]
    only = f"〔{having[0]}年式样〕" if len(having) == 1 else ""
    return f"{table_title(table)}｜{title(table, 'row', row)}｜{title(table, 'column', column)}{only}"


def _merged(lists: list[tuple[str, ...]]) -> tuple[str, ...]:
    """One order out of several: what only a later list has goes after its neighbour there."""
    merged = list(lists[0])
    for keys in lists[1:]:
        for before, key in zip((None, *keys), keys, strict=False):
            if key not in merged:
                merged.insert(merged.index(before) + 1 if before else 0, key)
    return tuple(merged)


@cache
def all_cells() -> tuple[str, ...]:
    """Every cell that any generation of the form has, ``table/row/column``, in the form's order."""
    tables = dict.fromkeys(table for table, _ in load_forms().grids)
    out: list[str] = []
    for table in tables:
        oldest_first = variants(table)[::-1]
        known = {key for grid in oldest_first for key in grid.keys}
        rows = _merged([tuple(label.key for label in grid.rows) for grid in oldest_first])
        columns = _merged([tuple(label.key for label in grid.columns) for grid in oldest_first])
        keys = (f"{table}/{row}/{column}" for row in rows for column in columns)
        out += [key for key in keys if key in known]
    return tuple(out)
