"""The standard grids of a report: Document → cells."""

from extraction.grids.reader import GridReading, read_grids

__all__ = ["GridReading", "read_grids"]
