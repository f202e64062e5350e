"""PDF to Document: characters and ruling lines to lines, lattices and paragraphs."""

from extraction.reading.pdf.read import read_pdf

__all__ = ["read_pdf"]
