"""Grids that a document shows only as pictures: nothing can be read there, and silence would pass for zeros."""

from __future__ import annotations

import re

from extraction.document import Notice
from extraction.reading.html.container import HEADING
from extraction.reading.html.flow import Grid, Item, Line, Picture

_DUE = re.compile(r"主动公开|收到和处理|申请的?情况|行政复议|行政诉讼")
_FIGURES = re.compile(r"(?:[^。；]{0,60}?[\s|])?[+-]?\d[\d,.]*(?:[\s|]+[+-]?\d[\d,.]*)*[\s|]*")
_HEADING_LENGTH = 60
_GRID_LINES = 3  # so many lines of figures are a grid without a table


def picture_notices(items: list[Item]) -> tuple[Notice, ...]:
    """A notice ``docx.picture_grid`` for each stretch of the report with pictures where a grid is due.

    A report without any grid is one stretch; otherwise each section that should hold a grid.
    """
    stretches: list[tuple[str, list[Item]]] = [("", [])]
    for item in items:
        if isinstance(item, Line) and len(item.text) <= _HEADING_LENGTH and HEADING.match(item.text):
            stretches.append((item.text, []))
        else:
            stretches[-1][1].append(item)
    bare = [(head, _pictures(inside)) for head, inside in stretches if not _has_grid(inside)]
    found = [_notice(f"Below “{head}”", shown) for head, shown in bare if shown and _DUE.search(head)]
    if not found and len(bare) == len(stretches):
        shown = [picture for _, pictures in bare for picture in pictures]
        found = [_notice("In a document without any grid", shown)] if shown else []
    return tuple(found)


def _has_grid(items: list[Item]) -> bool:
    figures = sum(isinstance(item, Line) and _FIGURES.fullmatch(item.text) is not None for item in items)
    return figures >= _GRID_LINES or any(isinstance(item, Grid) for item in items)


def _pictures(items: list[Item]) -> list[Picture]:
    return [item for item in items if isinstance(item, Picture)]


def _notice(where: str, pictures: list[Picture]) -> Notice:
    count = "a picture" if len(pictures) == 1 else f"{len(pictures)} pictures"
    return Notice(
        "docx.picture_grid",
        f"{where} stands {count} and no table ({pictures[0].source}): numbers in a picture are not read. "
        "Run OCR on it, or look for the report's web page or PDF.",
    )
