"""HTML: a page of a government site, or a document that Word or WPS saved as one, to a Document."""

from __future__ import annotations

from extraction.reading.html.read import read_html

__all__ = ["read_html"]
