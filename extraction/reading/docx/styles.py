"""Styles, as far as they decide what is shown: hidden text, automatic numbers, dotted tabs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from extraction.reading.docx.parts import W
from extraction.reading.docx.properties import number, switch, value

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LEADERS = frozenset({"dot", "heavy", "hyphen", "middleDot", "underscore"})
_LONGEST_CHAIN = 50


class Styles:
    """The styles part; without one, nothing is set by a style."""

    def __init__(self, part: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._default: str | None = None
        self._hidden: dict[str | None, bool | None] = {}
        self._dotted: dict[str | None, bool] = {}
        self._listed: dict[str | None, tuple[int | None, int | None, str | None]] = {}
        for style in () if part is None else part.iterfind(f"{W}style"):
            name = style.get(f"{W}styleId")
            if name:
                self._styles.setdefault(name, style)
                if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true", "on"):
                    self._default = name

    def hidden(self, name: str | None, *, paragraph: bool) -> bool | None:
        """Whether text in this style is hidden; None where the style does not say."""
        if name is None and paragraph:
            name = self._default
        if name not in self._hidden:
            found = (switch(style.find(f"{W}rPr"), "vanish") for style in self._chain(name))
            self._hidden[name] = next((hidden for hidden in found if hidden is not None), None)
        return self._hidden[name]

    def numbering(self, name: str | None) -> tuple[int | None, int | None, str | None]:
        """Of a paragraph style: the list, the level, and the style that names the list; None where unset."""
        name = name or self._default
        if name not in self._listed:
            self._listed[name] = self._numbering(name)
        return self._listed[name]

    def _numbering(self, name: str | None) -> tuple[int | None, int | None, str | None]:
        level: int | None = None
        for style in self._chain(name):
            properties = style.find(f"{W}pPr/{W}numPr")
            if level is None:
                level = number(value(properties, "ilvl"))
            listed = number(value(properties, "numId"))
            if listed is not None:
                return listed, level, style.get(f"{W}styleId")
        return None, level, None

    def leads(self, properties: Element | None, name: str | None) -> bool:
        """Whether the paragraph's tabs are shown as a row of dots, as in a table of contents."""
        if name not in self._dotted:
            self._dotted[name] = any(_leads(style.find(f"{W}pPr")) for style in self._chain(name))
        return self._dotted[name] or _leads(properties)

    def _chain(self, name: str | None) -> Iterator[Element]:
        """The style and those it is based on."""
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(name) if name else None
            if style is None:
                return
            yield style
            name = value(style, "basedOn")


def _leads(properties: Element | None) -> bool:
    if properties is None:
        return False
    return any(tab.get(f"{W}leader") in _LEADERS for tab in properties.iterfind(f"{W}tabs/{W}tab"))
