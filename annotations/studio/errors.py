"""What can go wrong between us and Label Studio, with a stable code and what to do."""

from __future__ import annotations

from extraction.errors import NianbaoError


class StudioError(NianbaoError):
    """Label Studio cannot be installed, reached or used, or what it holds cannot be understood."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, step="studio")
