"""A report as Markdown, in the ways of authors and converters: pipe tables, markup in cells, HTML tables."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from tests.rendering.page import HEADINGS
from tests.rendering.sheets import Sheet
from tests.rendering.word import Lattice, application_lattice, disclosure_lattices, review_lattice

Grid = list[list[str]]


def grid(lattice: Lattice, *, repeated: bool = False) -> Grid:
    """All positions of a lattice; those that a span covers are empty, or hold its text again."""
    rows = max(box.row + box.height for box in lattice)
    columns = max(box.column + box.width for box in lattice)
    out = [[""] * columns for _ in range(rows)]
    for box in lattice:
        for row in range(box.row, box.row + box.height):
            for column in range(box.column, box.column + box.width):
                if repeated or (row, column) == (box.row, box.column):
                    out[row][column] = box.text
    return out


def pipes(rows: Grid) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + ":---:|" * len(rows[0]), *lines[1:]])


def invented(rows: Grid) -> str:
    """Each row a table of its own."""
    heads = ["指标", *(f"数据{i}" for i in range(1, len(rows[0])))]
    return "\n\n".join(pipes([heads, row]) for row in rows)


def broken(rows: Grid) -> str:
    """A page break with a wrong head behind it."""
    middle = len(rows) // 2
    if middle < 3:
        return pipes(rows)
    head = ["信息内容", *(f"列{i}" for i in range(1, len(rows[0])))]
    return f"{pipes(rows[:middle])}\n\n- 3 -\n\n{pipes([head, *rows[middle:]])}"


def html_table(lattice: Lattice) -> str:
    out = ["<table>"]
    for row in range(max(box.row + box.height for box in lattice)):
        out.append("<tr>")
        for box in sorted((b for b in lattice if b.row == row), key=lambda b: b.column):
            spans = f' rowspan="{box.height}" colspan="{box.width}"'
            out.append(f"<td{spans}>{html.escape(box.text)}</td>")
        out.append("</tr>")
    return "\n".join([*out, "</table>"])


def _marked(mark: Callable[[str], str]) -> Callable[[Lattice], str]:
    return lambda lattice: pipes([[mark(cell) for cell in row] for row in grid(lattice)])


def _within(text: str) -> str:
    """A line break inside a label, where there is one."""
    return f"{text[:2]}<br>{text[2:]}" if len(text) > 3 and not re.search(r"\d", text) else text


# What the grid reader knows from the text alone …
PLAIN: dict[str, Callable[[Lattice], str]] = {
    "pipes": lambda lattice: pipes(grid(lattice)),
    "repeated": lambda lattice: pipes(grid(lattice, repeated=True)),
    "empty_heads": lambda lattice: pipes([[""] * len(grid(lattice)[0]), *grid(lattice)]),
    "invented": lambda lattice: invented(grid(lattice)),
    "page_break": lambda lattice: broken(grid(lattice)),
    "bold": _marked(lambda cell: f"**{cell}**" if cell else ""),
    "break_in_label": _marked(_within),
}
# … and what takes a reader of Markdown.
MARKED: dict[str, Callable[[Lattice], str]] = {
    "breaks": _marked(lambda cell: f"<br>{cell}<br />"),
    "no_break_blanks": _marked(lambda cell: cell or "&nbsp;"),
    "entities": _marked(lambda cell: cell.replace("、", "&#12289;").replace("（", "&#xff08;")),
    "escaped_signs": _marked(lambda cell: re.sub(r"(?=^-)|(?<=^\d)(?=\.\D)", r"\\", cell)),
    "escaped_pipes": _marked(lambda cell: cell.replace("、", r" \| ")),
    "underlined": _marked(lambda cell: f"<u>__{cell}__</u>" if cell else ""),
    "code": _marked(lambda cell: f"`{cell}`" if cell else ""),
    "note_marks": _marked(lambda cell: f"{cell}<sup>1</sup>" if cell.endswith("7") else cell),
    "html": html_table,
    "html_on_one_line": lambda lattice: html_table(lattice).replace("\n", ""),
    "html_and_pipes": lambda lattice: html_table(lattice) if len(lattice) > 60 else pipes(grid(lattice)),
}


def render_markdown(sheet: Sheet, table: Callable[[Lattice], str], *, heading: str = "## {}") -> str:
    """A whole report with its grids drawn by ``table``."""
    parts = [
        f"# 云岭县人民政府{sheet.year}年政府信息公开工作年度报告",
        heading.format(HEADINGS["overview"]),
        f"{sheet.year}年，云岭县围绕群众关切推进公开，全年主动公开信息356条。",
        heading.format(HEADINGS["disclosure"]),
        *(table(lattice) for lattice in disclosure_lattices(sheet)),
        heading.format(HEADINGS["applications"]),
        table(application_lattice(sheet)),
        heading.format(HEADINGS["review"]),
        table(review_lattice(sheet)),
        heading.format(HEADINGS["problems"]),
        "一是公开的意识还要加强。",
        heading.format(HEADINGS["other"]),
        "无。",
    ]
    return "\n\n".join(parts)
