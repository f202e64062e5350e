"""Who reports, on which year, published when, in which sections."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.records import Finding, Section, Unit


@dataclass(frozen=True, slots=True)
class Identity:
    """What a page says of itself; ``normal`` is the document's text in normal form, offset by offset."""

    unit: Unit
    year: int | None
    published: str | None
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    normal: str
