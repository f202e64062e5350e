"""Grids that a page shows only as pictures: nothing can be read there, and silence would pass for zeros."""

from __future__ import annotations

import re

from extraction.document import Notice
from extraction.reading.html.container import HEADING
from extraction.reading.html.flow import Grid, Item, Line, Picture

_GRID_SECTION = re.compile(r"主动公开|收到和处理|申请情况|申请的情况|行政复议|行政诉讼")
_REPORT = re.compile(r"年度?(?:工作)?报告|年报")
# A line of a grid without a table: numbers alone, or a label with two numbers and more.
_NUMBERS = re.compile(
    r"[^。，；]{0,60}?(?:(?:^|[\s|])[+-]?\d[\d,.]*[\s|]*)(?:[\s|]+[+-]?\d[\d,.]*[\s|]*){0,20}$"
)
_FEW = 3


def picture_notices(items: list[Item], title: str) -> tuple[Notice, ...]:
    """A notice ``html.picture_grid`` for each section that has a picture where its grid should be."""
    notices = []
    pictures: list[Picture] = []
    heading: str | None = None
    found = 0
    any_found = False
    named = _REPORT.search(title) is not None
    for item in [*items, Line("六、", 0)]:
        is_heading = isinstance(item, Line) and len(item.text) <= 60 and _starts_section(item.text)
        if is_heading and isinstance(item, Line):
            if pictures and found < _FEW and heading is not None and _GRID_SECTION.search(heading):
                notices.append(_notice(f"Below “{heading}”", pictures))
            heading, pictures, found = item.text, [], 0
        elif isinstance(item, Picture):
            pictures.append(item)
        elif isinstance(item, Grid):
            found += _FEW
        elif isinstance(item, Line):
            named = named or (len(item.text) <= 60 and _REPORT.search(item.text) is not None)
            found += _NUMBERS.match(item.text) is not None
        any_found = any_found or found >= _FEW
    shown = [item for item in items if isinstance(item, Picture)]
    if shown and named and not any_found and not notices:
        notices.append(_notice("The page has no grid; where one is due", shown))
    return tuple(notices)


def _starts_section(text: str) -> bool:
    return text == "六、" or HEADING.match(text) is not None


def _notice(where: str, pictures: list[Picture]) -> Notice:
    count = "a picture" if len(pictures) == 1 else f"{len(pictures)} pictures"
    return Notice(
        "html.picture_grid",
        f"{where} stands {count} and no table ({pictures[0].source}): numbers in a picture are not read. "
        "Run OCR on it, or look for the report's PDF or DOCX among the attachments.",
    )
