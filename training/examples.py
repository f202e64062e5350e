"""The bank as examples: a unit's text with its marks, cut into the stretches that the tagger will see."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import datasets
import numpy as np
from numpy.typing import NDArray

from annotations.bank.markup import BankUnit, Mark, parse_unit
from extraction.forms import load_labels
from extraction.narrative.decoding import BEGIN, INSIDE, OUTSIDE
from extraction.narrative.sentences import CONTEXT, LONGEST, cut
from training.splits import Part, part_of_unit

IGNORED = -100
REVIEWED = "reviewed"  # the folder beside units/ that holds reviewed sentences (training.gathering)


@dataclass(frozen=True, slots=True)
class Example:
    """One stretch: ``text`` is all that the model reads, ``text[start:end]`` what it tags."""

    text: str
    start: int
    end: int
    marks: tuple[Mark, ...]
    year: int | None = None
    names: tuple[str, ...] = ()  # of the unit and its county, for augmentation
    source: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One whole text with its marks: a unit of the bank or a real report.

    Where ``first`` is above zero, nobody marked what stands before it: it is context, read but not learnt.
    """

    text: str
    marks: tuple[Mark, ...]
    year: int | None
    names: tuple[str, ...]
    source: str
    part: Part
    first: int = 0


def label_keys() -> tuple[str, ...]:
    """The labels in the order of the tags."""
    return tuple(load_labels())


def join_unit(unit: BankUnit, source: str) -> Labelled:
    """A unit's passages as one text, one a line, marks moved along."""
    marks: list[Mark] = []
    at = 0
    for passage in unit.passages:
        marks += [replace(m, start=m.start + at, end=m.end + at) for m in passage.marks]
        at += len(passage.text) + 1
    text = "\n".join(p.text for p in unit.passages)
    return Labelled(text, tuple(marks), unit.year, (unit.unit, unit.county), source, part_of_unit(unit))


def read_bank(folder: Path) -> list[Labelled]:
    """Every unit of the bank in ``folder``, in order of file name, and the reviewed sentences gathered with it."""
    from training.reviewed import read_reviewed

    paths = sorted(folder.glob("units/*.md"))
    units = [join_unit(parse_unit(path.read_text("utf-8")), path.name) for path in paths]
    return units + read_reviewed(folder / REVIEWED)


def bank_digest(folder: Path) -> str:
    """SHA-256 over names and contents of the bank's files."""
    digest = hashlib.sha256()
    for path in [*sorted(folder.glob("units/*.md")), *sorted(folder.glob(f"{REVIEWED}/*.jsonl"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def as_dataset(units: list[Labelled]) -> datasets.Dataset:
    """The units as a ``datasets.Dataset``: one row a unit, marks as columns of lists."""
    return datasets.Dataset.from_dict(
        {
            "source": [u.source for u in units],
            "part": [u.part for u in units],
            "year": [u.year for u in units],
            "names": [list(u.names) for u in units],
            "text": [u.text for u in units],
            "label": [[m.label for m in u.marks] for u in units],
            "start": [[m.start for m in u.marks] for u in units],
            "end": [[m.end for m in u.marks] for u in units],
            "prior": [[m.prior for m in u.marks] for u in units],
            "first": [u.first for u in units],
        }
    )


def from_row(row: dict[str, object]) -> Labelled:
    """One row of ``as_dataset`` back as it was."""
    columns = [row[name] for name in ("label", "start", "end", "prior")]
    marks = tuple(Mark(*values) for values in zip(*columns, strict=True))  # type: ignore[call-overload]
    plain = [row[name] for name in ("source", "part", "first")]
    return Labelled(row["text"], marks, row["year"], tuple(row["names"]), *plain)  # type: ignore[arg-type]


def examples_of(unit: Labelled, longest: int = LONGEST) -> list[Example]:
    """The stretches of a text with the marks that begin in them."""
    found = []
    for s in cut(unit.text[unit.first :], longest):
        start, end, stop = (at + unit.first for at in (s.start, s.end, s.stop))
        # The first context reaches back to what nobody marked.
        begin = s.begin + unit.first if s.begin or not unit.first else max(0, start - CONTEXT)
        marks = tuple(
            replace(m, start=m.start - begin, end=m.end - begin) for m in unit.marks if start <= m.start < end
        )
        text = unit.text[begin:stop]
        found.append(Example(text, start - begin, end - begin, marks, unit.year, unit.names, unit.source))
    return found


@dataclass(frozen=True, slots=True)
class Targets:
    """What is to be learnt of every character: its place (outside, begin, inside), label and period.

    IGNORED where nothing is: all three outside the tagged part, label and period outside figures.
    """

    places: NDArray[np.int64]
    labels: NDArray[np.int64]
    prior: NDArray[np.int64]


def targets_of(example: Example, keys: tuple[str, ...]) -> Targets:
    """The targets of a stretch, one a character; ``keys`` are the labels in order."""
    places, labels, prior = np.full((3, len(example.text)), IGNORED, dtype=np.int64)
    places[example.start : example.end] = OUTSIDE
    for mark in example.marks:
        places[mark.start : mark.end] = INSIDE
        places[mark.start] = BEGIN
        labels[mark.start : mark.end] = keys.index(mark.label)
        prior[mark.start : mark.end] = mark.prior
    return Targets(places, labels, prior)
