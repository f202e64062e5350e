"""The layouts in which a flattened grid arrives (spec/reports.md), each a function of rows to text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.rendering.page import (
    Row,
    application_heads,
    application_rows,
    disclosure_rows,
    page,
    review_heads,
    review_row,
)
from tests.rendering.sheets import Sheet

Layout = Callable[[Sequence[Row]], str]


def _cells(row: Row, depth: int) -> list[str]:
    """All fields of a row, its labels in ``depth`` leading fields as a rowspan leaves them."""
    if row.key is None:
        return list(row.labels)
    lead = [""] * (depth - len(row.labels))
    return [*lead, *row.labels, *row.values]


def tabs(rows: Sequence[Row]) -> str:
    """1: tabs; empty cells before the numbers."""
    out = []
    for row in rows:
        gap = [""] * (3 - len(row.labels)) if row.key and row.key.startswith("applications") else []
        out.append("\t".join([*row.labels, *gap, *row.values]))
    return "\n".join(out)


def spaces(rows: Sequence[Row]) -> str:
    """2: aligned with spaces."""
    return "\n".join(
        "  ".join(row.labels).ljust(24) + "".join("   " + v.rjust(5) for v in row.values) for row in rows
    )


def pipes_padded(rows: Sequence[Row]) -> str:
    """3: pipes, padded to the widest row."""
    width = max(len(row.labels) + len(row.values) for row in rows)
    out = []
    for row in rows:
        cells = [*row.labels, *row.values]
        out.append(" | ".join(cells) + " |" + "|" * (width - len(cells)))
    return "\n".join(out)


def pipes_open(rows: Sequence[Row]) -> str:
    """4: an opening pipe; rowspan as empty leading cells."""
    depth = max((len(row.labels) for row in rows if row.key), default=1)
    return "\n".join("| " + " | ".join(_cells(row, depth)) + " |" for row in rows)


def markdown(rows: Sequence[Row]) -> str:
    """5: each row a table of its own under invented heads."""
    out = []
    for row in rows:
        cells = [*row.labels, *row.values]
        heads = ["指标", *(f"数据{i}" for i in range(1, len(cells)))]
        out += [
            "| " + " | ".join(heads) + " |",
            "|" + "---|" * len(cells),
            "| " + " | ".join(cells) + " |",
            "",
        ]
    return "\n".join(out)


def pipe_after_cell(rows: Sequence[Row]) -> str:
    """6: a cell and a pipe on each line; padding lines of pipes; a blank cell as a bare pipe."""
    out = []
    for row in rows:
        out += [f"{cell} |" if cell else "|" for cell in (*row.labels, *row.values)]
        out.append("")
    return "\n".join(out)


def pipe_between(rows: Sequence[Row]) -> str:
    """7: a pipe on its own line before each cell and row."""
    out = []
    for row in rows:
        for cell in (*row.labels, *row.values):
            out += [cell, "|"] if cell else ["|"]
    return "\n".join(out)


def lines(rows: Sequence[Row]) -> str:
    """8: one cell a line, blank lines between; a blank cell is one more break."""
    return "\n\n".join(cell for row in rows for cell in (*row.labels, *row.values))


def lines_dropping_blanks(rows: Sequence[Row]) -> str:
    """8, with a blank cell dropped."""
    return "\n\n".join(cell for row in rows for cell in (*row.labels, *row.values) if cell)


def glued(rows: Sequence[Row]) -> str:
    """9: labels and numbers run together."""
    return "\n".join("".join((*row.labels, *row.values)) for row in rows)


def deduplicated(rows: Sequence[Row]) -> str:
    """10: repeated lines dropped by the converter."""
    return "\n".join(dict.fromkeys(cell for row in rows for cell in (*row.labels, *row.values) if cell))


LAYOUTS: dict[str, Layout] = {
    "tabs": tabs,
    "spaces": spaces,
    "pipes_padded": pipes_padded,
    "pipes_open": pipes_open,
    "markdown": markdown,
    "pipe_after_cell": pipe_after_cell,
    "pipe_between": pipe_between,
    "lines": lines,
    "lines_dropping_blanks": lines_dropping_blanks,
    "glued": glued,
    "deduplicated": deduplicated,
}


def render(sheet: Sheet, layout: str) -> str:
    """A whole report in one layout."""
    draw = LAYOUTS[layout]
    return page(
        sheet,
        {
            "disclosure": draw(disclosure_rows(sheet)),
            "applications": draw([*application_heads(), *application_rows(sheet)]),
            "review": draw([*review_heads(), review_row(sheet)]),
        },
    )
