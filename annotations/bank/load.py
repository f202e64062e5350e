"""The bank's units from disk, and its sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from annotations.bank.markup import BankUnit, Mark, MarkupError, parse_unit
from extraction.narrative.sentences import split_sentences

UNITS = Path(__file__).parent / "units"


@dataclass(frozen=True, slots=True)
class BankFile:
    """One unit with the name of the file it stands in."""

    name: str
    unit: BankUnit

    @property
    def county(self) -> str:
        """The unit's county, which a split never tears apart: province and county."""
        return f"{self.unit.province}/{self.unit.county}"


@dataclass(frozen=True, slots=True)
class BankSentence:
    """One sentence: its text, its marks with offsets into that text, and where it stands."""

    file: str
    county: str
    passage: int
    text: str
    marks: tuple[Mark, ...]


def load_bank(folder: Path = UNITS) -> list[BankFile]:
    """Every unit of the bank in order of file names. Raises MarkupError naming the file and the line."""
    out: list[BankFile] = []
    for path in sorted(folder.glob("*.md")):
        try:
            out.append(BankFile(path.stem, parse_unit(path.read_text(encoding="utf-8"))))
        except MarkupError as error:
            raise MarkupError(f"{path.name}: {error}") from error
    return out


def sentences(bank: list[BankFile]) -> Iterator[BankSentence]:
    """Every sentence of the bank; a mark belongs to the sentence it begins in."""
    for file in bank:
        for number, passage in enumerate(file.unit.passages):
            for start, end in split_sentences(passage.text):
                marks = tuple(
                    Mark(m.label, m.start - start, m.end - start, m.prior)
                    for m in passage.marks
                    if start <= m.start < end
                )
                yield BankSentence(file.name, file.county, number, passage.text[start:end], marks)
