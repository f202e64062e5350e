"""The bank in other tools' forms: Label Studio's JSON, there and back, and a ``datasets.Dataset``.

Offsets are code points, end exclusive, in both (checked against Label Studio 1.23.2, ``spec/labelstudio.md``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from annotations.bank.load import BankFile, BankSentence, sentences
from annotations.bank.markup import BankUnit, Mark, MarkupError, Passage
from annotations.studio.regions import Region, regions_of, results_of

if TYPE_CHECKING:
    from datasets import Dataset


def to_label_studio(file: BankFile) -> list[dict[str, Any]]:
    """One task a passage, its marks as the annotation's regions, the unit's head as data."""
    unit = file.unit
    return [
        {
            "data": {
                "text": passage.text,
                "key": f"{file.name}#{number}",
                "unit": unit.unit,
                "province": unit.province,
                "county": unit.county,
                "level": unit.level,
                "year": unit.year,
            },
            "annotations": [{"result": regions(passage.text, passage.marks, f"{file.name}#{number}")}],
        }
        for number, passage in enumerate(unit.passages)
    ]


def regions(text: str, marks: Sequence[Mark], key: str) -> list[dict[str, Any]]:
    """Marks as Label Studio results; the period of another year is a second result with the region's id."""
    return results_of(text, [Region(mark) for mark in marks], key)


def marks_of(text: str, results: Iterable[dict[str, Any]]) -> tuple[Mark, ...]:
    """Label Studio results as marks, in order of offset. Raises MarkupError for a region outside the text."""
    return tuple(region.mark for region in regions_of(text, results))


def from_label_studio(name: str, tasks: Sequence[dict[str, Any]]) -> BankFile:
    """A unit back from its tasks; the inverse of ``to_label_studio``. Raises MarkupError where data is missing."""
    ordered = sorted(tasks, key=lambda task: int(task["data"]["key"].rpartition("#")[2]))
    if not ordered:
        raise MarkupError(f"{name}: no tasks")
    head = ordered[0]["data"]
    passages = tuple(
        Passage(task["data"]["text"], marks_of(task["data"]["text"], task["annotations"][0]["result"]))
        for task in ordered
    )
    unit = BankUnit(head["unit"], head["province"], head["county"], head["level"], head["year"], passages)
    return BankFile(name, unit)


def to_dataset(bank: Sequence[BankFile]) -> Dataset:
    """One row a sentence: text, county, and its marks as parallel lists."""
    from datasets import Dataset

    rows = [_row(sentence) for sentence in sentences(list(bank))]
    return Dataset.from_list(rows)


def _row(sentence: BankSentence) -> dict[str, Any]:
    return {
        "file": sentence.file,
        "county": sentence.county,
        "passage": sentence.passage,
        "text": sentence.text,
        "starts": [m.start for m in sentence.marks],
        "ends": [m.end for m in sentence.marks],
        "labels": [m.label for m in sentence.marks],
        "prior": [m.prior for m in sentence.marks],
    }
