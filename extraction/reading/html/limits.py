"""How much one page may ask for. Figures: ``spec/anchors.md`` section 3 and the HTML standard's clamps."""

from __future__ import annotations

from extraction.errors import LimitExceeded

MAX_BYTES = 20_000_000
MAX_CHARACTERS = 5_000_000
MAX_DEPTH = 1_000  # browsers flatten at 512; a page of unclosed <font> tags gets past that
MAX_TABLE_CELLS = 20_000
MAX_CELLS = 200_000
MAX_COLUMN_SPAN = 1_000
MAX_ROW_SPAN = 65_534
MAX_STEPS = 2_000_000  # of placing a table's cells


def too_large(what: str, found: int, most: int) -> LimitExceeded:
    """The page is longer than any report."""
    return LimitExceeded(
        "html.too_large",
        f"The page has {found:,} {what}; at most {most:,} are read. "
        "An annual report has some thousands: save the report's own page, without embedded data.",
    )


def too_deep() -> LimitExceeded:
    """The tags are nested as no page's are."""
    return LimitExceeded(
        "html.too_deep",
        f"The page nests its tags more than {MAX_DEPTH:,} deep; it is damaged or made to harm. "
        "Open it in a browser and save it again.",
    )


def too_many_cells(where: str, most: int) -> LimitExceeded:
    """The tables hold more cells than the grids of any report."""
    return LimitExceeded(
        "html.too_many_cells",
        f"{where} has more than {most:,} cells; the grids of an annual report have some 300. "
        "Remove the table, or split the page.",
    )
