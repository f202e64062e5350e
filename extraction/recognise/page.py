"""The parts of a page that say who and when: what stands before the report, its overview, what closes it."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.normalise import normalise
from extraction.recognise.outline import Outline
from extraction.records import Section

_HEAD, _TAIL = 4000, 2000


@dataclass(frozen=True, slots=True)
class Page:
    """Compact lines before the first heading and from the last heading on, and the stretches between.

    ``margins`` is the normalised text of both with its blanks; ``overview`` the compact text after its
    heading;
    ``metadata`` what the file itself says, its values normalised.
    """

    outline: Outline
    opening: list[str]
    closing: list[str]
    margins: str
    overview: str
    metadata: dict[str, str]


def page_of(outline: Outline, normal: str, sections: tuple[Section, ...], metadata: dict[str, str]) -> Page:
    """The parts of the page with these sections."""
    headed = [s for s in sections if s.title]
    head = min(headed[0].start, _HEAD) if headed else _HEAD
    tail = max(headed[-1].start if headed else 0, len(normal) - _TAIL, min(head, len(normal)))
    overview = next((s for s in headed if s.key == "overview"), None)
    body = (
        normal[overview.start + len(overview.title) : overview.start + len(overview.title) + 120]
        if overview
        else ""
    )
    return Page(
        outline=outline,
        opening=outline.lines_between(0, head),
        closing=outline.lines_between(tail, len(normal)),
        margins=f"{normal[:head]}\n{normal[tail:]}",
        overview="".join(body.split()),
        metadata={key: normalise(value) for key, value in metadata.items()},
    )
