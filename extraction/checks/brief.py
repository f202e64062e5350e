"""What comparing reports needs of each: who it is of, its cells, and its paragraphs by digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from extraction.checks.lineage import Identity
from extraction.checks.paragraphs import Paragraph
from extraction.records import Cell, CrossFinding, Number, Severity, Shown

Sides = tuple[tuple[Shown, ...], tuple[Shown, ...]]  # what a report shows, what the others show


@dataclass(frozen=True)
class Brief:
    """One report, for comparison with others. Cells are those of its record, by ``table/row/column``."""

    identity: Identity
    cells: Mapping[str, Cell]
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def year(self) -> int:
        return self.identity.year

    @cached_property
    def _filled(self) -> frozenset[str]:
        """The tables that show a number: only there is a blank a zero, not a grid left empty."""
        return frozenset(cell.table for cell in self.cells.values() if cell.kind == "number")

    def amount(self, key: str) -> Number | None:
        """What a cell counts; None where the report has no such cell or it cannot be told."""
        cell = self.cells.get(key)
        if cell is None or cell.kind in ("ambiguous", "missing", "text"):
            return None
        if cell.kind == "number":
            return cell.value
        return 0 if cell.table in self._filled else None

    def number(self, key: str) -> Number | None:
        """The number that a cell prints; None where it prints none."""
        cell = self.cells.get(key)
        return cell.value if cell is not None and cell.kind == "number" else None

    def shows(self, key: str) -> Shown:
        """A cell as evidence."""
        one, cell = self.identity, self.cells[key]
        return Shown(one.report_id, one.path, one.year, key, cell.value, cell.start, cell.end)

    def names(self, start: int | None = None, end: int | None = None) -> Shown:
        """The report, or a stretch of its text, as evidence."""
        one = self.identity
        return Shown(one.report_id, one.path, one.year, start=start, end=end)

    def numbers(self) -> Iterator[tuple[str, Number]]:
        """Every cell that prints a number."""
        for key, cell in self.cells.items():
            if cell.kind == "number" and cell.value is not None:
                yield key, cell.value

    def finding(
        self,
        check: str,
        severity: Severity,
        message: str,
        sides: Sides,
        values: tuple[Number | None, Number | None] = (None, None),
    ) -> CrossFinding:
        """A finding on this report; ``values`` are what was expected and what is."""
        who = self.identity
        return CrossFinding(check, severity, message, who.name, who.code, who.year, *sides, *values)
