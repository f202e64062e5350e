"""A ``w:tbl`` → rows of cells with spans: gridSpan, vMerge, hMerge, gridBefore, tracked rows and cells."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extraction.reading.docx.limits import MAX_SPAN
from extraction.reading.docx.parts import W
from extraction.reading.docx.properties import VAL, number, switch, value
from extraction.reading.html.flow import Flow
from extraction.reading.html.lattice import RawCell, RawRow

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# Dropped by the author's changes once they are accepted.
REMOVED = frozenset({f"{W}del", f"{W}moveFrom"})
_WRAPPERS = frozenset({f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo")})


@dataclass(slots=True)
class _Cell:
    flow: Flow
    column: int
    width: int
    height: int = 1


class _Reader:
    def __init__(self, flow_of: Callable[[Element], Flow], covered: Callable[[str], None]) -> None:
        self._flow_of = flow_of
        self._covered = covered
        self._above: dict[int, _Cell] = {}  # by first column: cells that the next row may carry on

    def row(self, element: Element) -> list[_Cell]:
        properties = element.find(f"{W}trPr")
        cells: list[_Cell] = []
        above: dict[int, _Cell] = {}
        column = _span(value(properties, "gridBefore"), least=0)
        if column:
            cells.append(_Cell(Flow(), 0, column))
        for cell in _inside(element, f"{W}tc"):
            own = cell.find(f"{W}tcPr")
            if own is not None and own.find(f"{W}cellDel") is not None:
                continue
            width = _span(value(own, "gridSpan"), least=1)
            beside = _merge(own, "hMerge") == "continue" and cells
            over = self._above.get(column) if _merge(own, "vMerge") == "continue" else None
            if beside:
                cells[-1].width += width
                self._cover(cell)
            elif over is not None and over.width == width:
                over.height += 1
                above[column] = over
                self._cover(cell)
            else:
                new = _Cell(self._flow_of(cell), column, width)
                cells.append(new)
                above[column] = new
            column += width
        self._above = above
        return cells

    def _cover(self, cell: Element) -> None:
        """A cell merged into another is not shown; what it holds all the same is not lost in silence."""
        text = "".join(found.text or "" for found in cell.iter(f"{W}t")).strip()
        if text:
            self._covered(text)


def rows_of(
    table: Element, flow_of: Callable[[Element], Flow], covered: Callable[[str], None]
) -> list[RawRow]:
    """The rows of a table as HTML would have them; ``covered`` hears the text that merged cells hide.

    A row that continues every cell of the row above has no cells of its own.
    """
    reader = _Reader(flow_of, covered)
    rows = [reader.row(row) for row in _inside(table, f"{W}tr") if not _removed(row)]
    # Word's grid has a column for every edge of any cell: those in which no cell begins are none.
    begun = sorted({cell.column for row in rows for cell in row})

    def width(cell: _Cell) -> int:
        return bisect_left(begun, cell.column + cell.width) - bisect_left(begun, cell.column)

    return [RawRow([RawCell(cell.flow, width(cell), cell.height) for cell in row], 0) for row in rows]


def _inside(parent: Element, wanted: str) -> Iterator[Element]:
    """The children of this name, content controls and tracked insertions looked through."""
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, wanted)


def _removed(row: Element) -> bool:
    properties = row.find(f"{W}trPr")
    if properties is None:
        return False
    return properties.find(f"{W}del") is not None or switch(properties, "hidden") is True


def _span(text: str | None, *, least: int) -> int:
    return min(max(number(text, least) or least, least), MAX_SPAN)


def _merge(properties: Element | None, name: str) -> str | None:
    """``restart``, ``continue`` (also where the element has no value) or None."""
    if properties is None:
        return None
    change = properties.find(f"{W}cellMerge") if name == "vMerge" else None
    if change is not None and change.get(f"{W}vMerge"):  # a tracked merge, accepted
        return "continue" if change.get(f"{W}vMerge") == "cont" else "restart"
    merge = properties.find(W + name)
    return None if merge is None else str(merge.get(VAL, "continue"))
