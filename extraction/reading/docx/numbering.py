"""Automatic numbers: 一、 and （二） that no text of the file holds, counted as Word counts them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extraction.reading.docx.numerals import numeral
from extraction.reading.docx.parts import W
from extraction.reading.docx.properties import number, switch, value
from extraction.reading.docx.styles import Styles

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    text: str  # "%1、"
    suffix: str  # tab, space or nothing
    restart: int | None  # after which level (from 1) it begins anew; 0: never; None: after any above it
    legal: bool  # all numbers of the label decimal
    paragraph_style: str | None


class Numbering:
    """The numbering part and how far each of its lists has counted."""

    def __init__(self, part: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, Element] = {}
        self._lists: dict[int, Element] = {}
        for child in () if part is None else part:
            if child.tag == f"{W}abstractNum":
                self._abstract[child.get(f"{W}abstractNumId", "")] = child
            elif child.tag == f"{W}num":
                listed = number(child.get(f"{W}numId"))
                if listed is not None:
                    self._lists[listed] = child
        self._levels: dict[int, tuple[str, dict[int, _Level]]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[int, int]] = set()

    def label(self, properties: Element | None, style: str | None) -> str:
        """What Word shows before a paragraph with these properties, which is counted; empty where nothing."""
        own = None if properties is None else properties.find(f"{W}numPr")
        listed, level = number(value(own, "numId")), number(value(own, "ilvl"))
        if listed is None:
            listed, level_of_style, named_by = self._styles.numbering(style)
            if listed is not None and level is None:
                level = self._linked(listed, style or named_by, named_by)
                level = level_of_style if level is None else level
        if not listed:  # 0 takes a paragraph out of its style's list
            return ""
        return self._count(listed, min(max(level or 0, 0), _LEVELS - 1))

    def _linked(self, listed: int, *styles: str | None) -> int | None:
        """The level of the list that one of these paragraph styles is tied to."""
        _, levels = self._definition(listed)
        for style in styles:
            for level, definition in levels.items():
                if style is not None and definition.paragraph_style == style:
                    return level
        return None

    def _count(self, listed: int, level: int) -> str:
        abstract, levels = self._definition(listed)
        definition = levels.get(level)
        if definition is None:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        override = self._start_override(listed, level)
        if override is not None:
            counts[level] = override
        else:
            before = counts[level]
            counts[level] = definition.start if before is None else before + 1
        for deeper in range(level + 1, _LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or level < restart:
                counts[deeper] = None
        return self._shown(definition, levels, counts)

    def _start_override(self, listed: int, level: int) -> int | None:
        """The number at which this list begins anew, the first time that its level is used."""
        if (listed, level) in self._begun:
            return None
        self._begun.add((listed, level))
        for override in self._lists[listed].iterfind(f"{W}lvlOverride"):
            if number(override.get(f"{W}ilvl")) == level:
                return number(value(override, "startOverride"))
        return None

    def _shown(self, definition: _Level, levels: dict[int, _Level], counts: list[int | None]) -> str:
        if definition.style == "bullet":
            return ""

        def place(match: re.Match[str]) -> str:
            level = int(match[1]) - 1
            other = levels.get(level)
            if other is None:
                return ""
            count = counts[level]
            style = "decimal" if definition.legal else other.style
            return numeral(other.start if count is None else count, style)

        label = _PLACE.sub(place, definition.text)
        blank = definition.suffix == "space" or (definition.suffix == "tab" and label[-1:].isascii())
        return f"{label} " if label and blank else label

    def _definition(self, listed: int) -> tuple[str, dict[int, _Level]]:
        """The abstract list behind a list, and its levels with the list's own changes."""
        if listed not in self._levels:
            levels: dict[int, _Level] = {}
            abstract = self._abstract_of(listed)
            holders: list[Element] = []
            if abstract in self._abstract:
                holders += self._abstract[abstract].iterfind(f"{W}lvl")
            if listed in self._lists:
                holders += self._lists[listed].iterfind(f"{W}lvlOverride/{W}lvl")
            for element in holders:
                level = number(element.get(f"{W}ilvl"))
                if level is not None:
                    levels[level] = _level(element)
            self._levels[listed] = (abstract, levels)
        return self._levels[listed]

    def _abstract_of(self, listed: int) -> str:
        """The abstract list's id; a list may be defined through a style that names another list."""
        seen: set[int] = set()
        while listed in self._lists and listed not in seen:
            seen.add(listed)
            abstract = value(self._lists[listed], "abstractNumId") or ""
            element = self._abstract.get(abstract)
            style = value(element, "numStyleLink")
            through = self._styles.numbering(style)[0] if style else None
            if through is None:
                return abstract
            listed = through
        return ""


def _level(element: Element) -> _Level:
    hidden = switch(element.find(f"{W}rPr"), "vanish")
    # A style of numbers newer than the first Word versions stands in an mc:AlternateContent: found anywhere.
    style = next((found.get(f"{W}val", "decimal") for found in element.iter(f"{W}numFmt")), "decimal")
    return _Level(
        start=number(value(element, "start"), 0) or 0,
        style=style,
        text="" if hidden else (value(element, "lvlText") or ""),
        suffix=value(element, "suff") or "tab",
        restart=number(value(element, "lvlRestart")),
        legal=switch(element, "isLgl") or False,
        paragraph_style=value(element, "pStyle"),
    )
