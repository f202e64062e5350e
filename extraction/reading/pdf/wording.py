"""The few words that geometry alone can't do without: values, ordinals, headings, titles of the form."""

from __future__ import annotations

import re
from functools import cache

from extraction.forms import load_forms
from extraction.normalise import normalise

_VALUE = re.compile(
    r"[-+]?\d[\d,.]*\s?(?:%|万元|元|件|条|项|次|起|宗|份|个)?|[/-]{1,3}|减\d+|无|不涉及|N/A", re.IGNORECASE
)
_ORDINAL = re.compile(
    r"[(（]\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）]|[一二三四五六七八九十]{1,3}\s*[、.．]|\d{1,2}\s*[、.．]|[①-⑳]"
)
_HEADING = re.compile(r"[一二三四五六七八1-8]\s*[、.].{0,30}(?:情况|事项|问题).{0,14}")
_SENTENCE = re.compile(r"[。；！？]|[，,].*[，,].*[，,]")
_NOT_HAN = re.compile(r"[^一-鿿]+")
_LEADING = re.compile(r"^(?:[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]?)(?=[一-鿿])")


def is_value(text: str) -> bool:
    """Whether a run of characters is what a number's cell can hold."""
    return _VALUE.fullmatch(normalise(text)) is not None


def has_digits(text: str) -> bool:
    """Whether a cell's text is a number (a label with an ordinal is not)."""
    bare = normalise(text)
    return _VALUE.fullmatch(bare) is not None and any(c.isdigit() for c in bare)


def begins_item(text: str) -> bool:
    """Whether a line begins with an ordinal: something new, not the rest of a wrapped label."""
    return _ORDINAL.match(normalise(text)) is not None


def is_heading(text: str) -> bool:
    """Whether a line is the heading of a section, which no table holds."""
    return _HEADING.fullmatch(normalise(text).replace(" ", "")) is not None


def is_sentence(text: str) -> bool:
    """Whether a line is prose by its punctuation."""
    return _SENTENCE.search(text) is not None


@cache
def _titles() -> frozenset[str]:
    keys = set()
    for grid in load_forms().grids.values():
        for label in (*grid.rows, *grid.columns):
            for title in (label.title, *label.aliases):
                keys.add(_key(title))
    keys.update(_key(head) for head in load_forms().heads)
    return frozenset(key for key in keys if key)


def _key(text: str) -> str:
    bare = normalise(text).replace(" ", "")
    return _NOT_HAN.sub("", _LEADING.sub("", bare))


def is_title(text: str) -> bool:
    """Whether a text is a whole title of the standard form: a row's, a column's, a head's."""
    return _key(text) in _titles()
