"""The small values of WordprocessingML: switches, integers, children looked up by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extraction.reading.docx.parts import W

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

VAL = f"{W}val"
_INTEGER = re.compile(r"\s*([+-]?\d{1,9})\s*")
_OFF = frozenset({"0", "false", "off"})


def value(parent: Element | None, name: str) -> str | None:
    """``w:val`` of the child ``name``; None where there is no such child or no value."""
    if parent is None:
        return None
    child = parent.find(W + name)
    found: str | None = None if child is None else child.get(VAL)
    return found


def number(text: str | None, default: int | None = None) -> int | None:
    """An integer as written in an attribute; ``default`` for nonsense."""
    found = _INTEGER.fullmatch(text) if text else None
    return default if found is None else int(found[1])


def switch(parent: Element | None, name: str) -> bool | None:
    """Whether the switch ``name`` is on; None where it is not set (ISO 29500-1, 17.17.4)."""
    child = None if parent is None else parent.find(W + name)
    return None if child is None else child.get(VAL, "1").lower() not in _OFF
