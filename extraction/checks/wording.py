"""How findings say numbers and cells: the form's Chinese wording with the key as English gloss."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.forms import Axis
from extraction.headings import table_title, title
from extraction.records import Number

SHOWN = 3  # a sentence names this many cells; the finding's ``cells`` has them all


def tidy(number: Number) -> Number:
    """An integral float as an int, a sum of decimals without its binary dust."""
    number = round(number, 9)
    return int(number) if number == int(number) else number


def named(table: str, axis: Axis, key: str) -> str:
    """A row or column as ``自然人 (natural_person)``."""
    return f"{title(table, axis, key)} ({key})"


def cell_name(key: str) -> str:
    """A cell without its table: ``row, column``."""
    table, row, column = key.split("/")
    return f"{named(table, 'row', row)}, {named(table, 'column', column)}"


def in_table(table: str, sentence: str) -> str:
    """``sentence`` with the table's title in front."""
    return f"{table_title(table)} ({table}): {sentence}"


def some(items: Sequence[str], separator: str = "; ") -> str:
    """The first few of ``items``, and how many more there are."""
    more = len(items) - SHOWN
    return separator.join(items[:SHOWN]) + (f"{separator}and {more} more" if more > 0 else "")
