"""What can go wrong on the way to a new model, with a stable code and what to do."""

from __future__ import annotations

from extraction.errors import NianbaoError


class TrainingError(NianbaoError):
    """A model cannot be trained, judged, promoted or brought back."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, step="training")
