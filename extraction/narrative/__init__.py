"""The prose of a report: Document → figures."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extraction.narrative.spacy_docs import render_html, to_docbin, to_spacy

__all__ = ["render_html", "to_docbin", "to_spacy"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Load what is asked for: spaCy is an extra and slow to import."""
    if name in __all__:
        return getattr(import_module("extraction.narrative.spacy_docs"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
