"""Foreign text in spreadsheets: no cell may run as a formula."""

from __future__ import annotations

from collections.abc import Sequence

_DANGER = tuple("=+-@\t\r\n＝＋－＠")


def safe_text(text: str) -> str:
    """``text`` with an apostrophe in front where a spreadsheet would take it for a formula (OWASP's list).

    For text only: a number, negative or not, stays a number.
    """
    return "'" + text if text.startswith(_DANGER) else text


def joined(values: Sequence[object]) -> str:
    """A list as one cell's text."""
    return "; ".join("" if value is None else str(value) for value in values)
