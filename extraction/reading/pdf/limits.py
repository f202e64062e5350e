"""What one PDF may ask for; figures after ``spec/anchors.md`` section 3 and the largest reports seen."""

from __future__ import annotations

from extraction.errors import LimitExceeded

MAX_BYTES = 64_000_000
MAX_PAGES = 200
MAX_CHARACTERS = 2_000_000
MAX_INFLATED = 100_000_000  # bytes, all streams but pictures together
MAX_OBJECTS = 50_000  # on one page; a drawn map has more, a report's grid some hundreds
MAX_RULINGS = 4_000  # on one page, once merged
MAX_FACES = 20_000  # in one lattice
MAX_FORM_DEPTH = 6  # form XObjects within form XObjects
MAX_OCR_BYTES = 20_000_000


def too_large(path: str, what: str, limit: int) -> LimitExceeded:
    """The refusal of a file that is, or becomes, larger than any report."""
    return LimitExceeded(
        "pdf.too_large",
        f"{path} {what}; the limit is {limit:,}. Pass the report alone, or print it to a new PDF.",
    )
