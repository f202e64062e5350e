"""One hierarchy of errors; each has a stable code and says what happened, where, and what to do."""

from __future__ import annotations


class NianbaoError(Exception):
    """Any refusal of ours. ``code`` is stable (``family.reason``); ``step`` names the stage."""

    def __init__(self, code: str, message: str, *, step: str = "read") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.step = step


class UnreadableInput(NianbaoError):
    """The bytes cannot become a document."""


class NotAReport(NianbaoError):
    """The document can be read but holds no annual report."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, step="recognise")


class LimitExceeded(NianbaoError):
    """The document asks for more time, memory, pages or cells than one report may."""
