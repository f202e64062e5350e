"""DOCX: a report that Word or WPS wrote, to a Document."""

from __future__ import annotations

from extraction.reading.docx.read import read_docx

__all__ = ["read_docx"]
