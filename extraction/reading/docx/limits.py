"""How much one DOCX may ask for, and the words in which it is refused. Figures: ``spec/anchors.md`` section 3."""

from __future__ import annotations

from extraction.errors import LimitExceeded, UnreadableInput

MAX_BYTES = 64_000_000
MAX_MEMBERS = 5_000
MAX_INFLATED = 200_000_000  # bytes of all members together
MAX_PART = 40_000_000  # bytes of one part that is read; a report's text has some 500,000
MAX_RATIO = 250  # inflated to packed; the markup of empty tables reaches 100
RATIO_FROM = 5_000_000  # bytes from which the ratio counts
MAX_MARKUP = 3_000_000  # tags and attributes of a part: each takes some 120 bytes of memory
MAX_CELLS = 200_000
MAX_CHARACTERS = 5_000_000
MAX_NESTING = 24  # tables and text boxes within each other
MAX_SPAN = 100  # Word's tables have at most 63 columns


def too_large(what: str, found: int, most: int) -> LimitExceeded:
    """The file holds more than any report."""
    return LimitExceeded(
        "docx.too_large",
        f"The file has {found:,} {what}; at most {most:,} are read. "
        "An annual report has far fewer: copy it alone into a new document.",
    )


def too_deep() -> LimitExceeded:
    """The parts are nested as no writer nests them."""
    return LimitExceeded(
        "docx.too_large",
        f"The file nests tables, text boxes or tags deeper than any document ({MAX_NESTING} and 256 levels); "
        "it is damaged or made to harm. Open it in Word and save it again.",
    )


def damaged(where: str, why: str) -> UnreadableInput:
    """The file is not what its format demands."""
    return UnreadableInput(
        "docx.damaged",
        f"{where} is damaged ({why}): download it again, or open it in Word, which may repair it, and save it.",
    )


def unsafe(why: str) -> UnreadableInput:
    """The file holds what no word processor writes."""
    return UnreadableInput(
        "docx.unsafe",
        f"The file {why}; no word processor writes that. Do not open it unless you trust where it comes from.",
    )


def encrypted(path: str) -> UnreadableInput:
    """The file asks for a password."""
    return UnreadableInput(
        "docx.encrypted",
        f"{path} is encrypted with a password: open it in Word, take the password off and save it again.",
    )
