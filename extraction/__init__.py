"""Nianbao (年报): Chinese annual reports on government information disclosure, read into statistics.

    from extraction import extract
    report = extract("report.txt")
    report.cell("applications/new/total").value

Importing the package costs nothing: what it offers is loaded when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extraction.corpus import extract_corpus
    from extraction.errors import NianbaoError
    from extraction.pipeline import Options, extract, extract_bytes
    from extraction.records import Cell, Figure, Finding, Report

_HOMES = {
    "Cell": "extraction.records",
    "Figure": "extraction.records",
    "Finding": "extraction.records",
    "NianbaoError": "extraction.errors",
    "Options": "extraction.pipeline",
    "Report": "extraction.records",
    "extract": "extraction.pipeline",
    "extract_bytes": "extraction.pipeline",
    "extract_corpus": "extraction.corpus",
}

__all__ = [
    "Cell",
    "Figure",
    "Finding",
    "NianbaoError",
    "Options",
    "Report",
    "extract",
    "extract_bytes",
    "extract_corpus",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the module's own attributes, of any type
    """Load a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
