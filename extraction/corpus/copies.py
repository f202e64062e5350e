"""One report in several files (web page, PDF, Word): do their records hold the same cells?

Files are copies of one report where unit and year are the same and no known place (province, city, county)
speaks against it. While records are written only a fingerprint of each is kept; the records themselves
are read again only where fingerprints differ.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from extraction.records import Report

_NAMED_MOST = 5  # differing cells named in a line of the summary


class _Copy(NamedTuple):
    path: str
    fingerprint: str
    found: int
    cells: int
    offset: int  # of its record's line


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several files of one report. ``differing`` holds, by cell, what each path shows (— where it has no such cell)."""

    unit: str
    year: int
    paths: tuple[str, ...]
    cells: int
    differing: dict[str, tuple[str, ...]]

    def line(self) -> str:
        """The comparison as a line of the summary."""
        who = f"{self.unit} {self.year}: {len(self.paths)} files"
        if not self.differing:
            names = ", ".join(PurePath(path).suffix.lstrip(".") or path for path in self.paths)
            return f"{who} agree in all {self.cells} cells ({names})"
        shown = [_difference(key, values) for key, values in list(self.differing.items())[:_NAMED_MOST]]
        more = len(self.differing) - len(shown)
        names = ", ".join(PurePath(path).name for path in self.paths)
        return (
            f"{who} differ in {len(self.differing)} of {self.cells} cells: {'; '.join(shown)}"
            + (f"; and {more} more" if more else "")
            + f" (in the order {names})"
        )


def _difference(key: str, values: Sequence[str]) -> str:
    return f"{key} {' | '.join(values)}"


def fingerprint(report: Report) -> str:
    """A digest of what the report's cells say, wherever they stand: kind and value by name."""
    says = sorted(f"{c.key} {_says(c.kind, c.value)}" for c in report.cells)
    return hashlib.sha256("\n".join(says).encode()).hexdigest()[:16]


def _says(kind: str, value: float | None) -> str:
    return kind if kind != "number" or value is None else f"{value:.12g}"


class Copies:
    """The records of one run by unit and year, as they are written."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, int], list[tuple[list[str | None], list[_Copy]]]] = {}

    def add(self, headline: dict[str, Any], offset: int) -> None:
        """Take note of a record by its headline; ``offset`` is where its line begins in the file of records."""
        unit, year, digest = headline["unit"], headline["year"], headline.get("fingerprint")
        if not unit or year is None or not digest:
            return
        found, cells = headline["cells"]
        copy = _Copy(headline["path"], digest, found, cells, offset)
        groups = self._groups.setdefault((unit, year), [])
        for place, copies in groups:
            if _compatible(place, headline["place"]):
                place[:] = [mine or theirs for mine, theirs in zip(place, headline["place"], strict=True)]
                copies.append(copy)
                return
        groups.append((list(headline["place"]), [copy]))

    def compare(self, records: Path) -> Iterator[Comparison]:
        """A comparison of every report that came in several files, in the order of their first path.

        Files in none of which a cell could be read have nothing to agree on.
        """
        for (unit, year), groups in self._groups.items():
            for _, copies in groups:
                if len(copies) == 1 or not any(copy.found for copy in copies):
                    continue
                same = len({copy.fingerprint for copy in copies}) == 1
                differing = {} if same else _differing([_cells(records, copy) for copy in copies])
                paths = tuple(copy.path for copy in copies)
                yield Comparison(unit, year, paths, max(copy.cells for copy in copies), differing)


def _compatible(one: Iterable[str | None], other: Iterable[str | None]) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


def _cells(records: Path, copy: _Copy) -> dict[str, str]:
    with records.open("rb") as stream:
        stream.seek(copy.offset)
        record = json.loads(stream.readline())
    return {
        f"{cell['table']}/{cell['row']}/{cell['column']}": _says(cell["kind"], cell["value"])
        for cell in record["cells"]
    }


def _differing(copies: Sequence[dict[str, str]]) -> dict[str, tuple[str, ...]]:
    every = dict.fromkeys(key for cells in copies for key in cells)
    shown = {key: tuple(cells.get(key, "—") for cells in copies) for key in every}
    return {key: values for key, values in shown.items() if len(set(values)) > 1}
