"""Real reports as a yardstick: never trained on, never tuned on, never copied into the project."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotations.bank.markup import Mark
from extraction.normalise import normalise
from extraction.pipeline import Options, extract
from extraction.records import Cell, Section
from training.evaluation import Marker, value_of
from training.examples import Labelled
from training.metrics import Tally

_PROSE_MARK = re.compile(r"[,。;]")


@dataclass(frozen=True, slots=True)
class ValuedReport:
    """A report whose gold figures have no offsets (PDF): its prose, its year, its (label, value) pairs."""

    text: str
    year: int | None
    pairs: tuple[tuple[str, object], ...]
    source: str


def read_reports(corpus: Path) -> tuple[list[Labelled], list[ValuedReport]]:
    """The reports under ``corpus`` (gold/, seeds/, reports/), with and without offsets.

    The gold doesn't say whose year a figure is of, so the period is not compared.
    """
    placed: list[Labelled] = []
    valued: list[ValuedReport] = []
    for path in sorted((corpus / "gold").glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        report = extract(corpus / Path(*Path(gold["source"]).parts[2:]), Options(with_text=True))
        text = prose(report.text or "", report.sections, report.cells)
        if all("start" in f for f in gold["figures"]):
            marks = tuple(Mark(f["label"], f["start"], f["end"]) for f in gold["figures"])
            placed.append(Labelled(text, marks, report.year, (), path.stem, "test"))
        else:
            pairs = tuple((f["label"], f["value"]) for f in gold["figures"])
            valued.append(ValuedReport(text, report.year, pairs, path.stem))
    return placed, valued


def score_values(marker: Marker, reports: list[ValuedReport]) -> Tally:
    """Label and value where there are no offsets."""
    tally = Tally()
    for report in reports:
        found = marker.tag(report.text, year=report.year)
        tally.add(report.pairs, [(s.label, value_of(report.text, s.start, s.end, s.label)) for s in found])
    return tally


def prose(text: str, sections: Sequence[Section], cells: Iterable[Cell]) -> str:
    """``text`` with all but the sections' prose replaced by line breaks; same length, for every marker alike.

    A grid reaches from the last line of prose before its first cell to its last cell, so that its headings
    (第二十条 第（一）项 …) go with it.
    """
    if not sections:
        return "\n" * len(text)
    plain = normalise(text)
    out = list(text)
    first, last = min(s.start for s in sections), max(s.end for s in sections)
    out[:first] = "\n" * first
    out[last:] = "\n" * (len(text) - last)
    for start, end in _grids(cells):
        head = _head(plain, start, first)
        out[head:end] = "\n" * (end - head)
    return "".join(out)


def _grids(cells: Iterable[Cell]) -> list[tuple[int, int]]:
    extents: dict[str, tuple[int, int]] = {}
    for cell in cells:
        if cell.start is None or cell.end is None:
            continue
        start, end = extents.get(cell.table, (cell.start, cell.end))
        extents[cell.table] = (min(start, cell.start), max(end, cell.end))
    return sorted(extents.values())


def _head(plain: str, start: int, least: int) -> int:
    """Where the grid with its first cell at ``start`` begins: behind the last line that is prose."""
    at = plain.rfind("\n", least, start) + 1 or least
    if marks := [m.end() for m in _PROSE_MARK.finditer(plain, at, start)]:
        return marks[-1]  # the grid follows on the same line: flattened text
    while at > least:
        above = plain.rfind("\n", least, at - 1) + 1 or least
        if _PROSE_MARK.search(plain, above, at):
            break
        at = above
    return at
