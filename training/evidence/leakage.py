"""Whether anything of the counties tested on was seen in training: counties, and sentences all but the same.

Two sentences are all but the same where their sets of three-character sequences, digits folded, agree to four
fifths (Jaccard). Formulas of a few words (未收取费用。) stand in every report, real ones too: they are not counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from annotations.bank.load import BankFile, BankSentence, sentences
from extraction.normalise import normalise
from training.splits import Part, part_of_unit

ALIKE = 0.8
SHORTEST = 20  # characters of a sentence, digits folded, from which it counts
_NUMBER = re.compile(r"[0-9][0-9,.]*")
_BLANK = re.compile(r"\s+")
_AT_ONCE = 256  # sentences compared in one product


@dataclass(frozen=True, slots=True)
class Twin:
    """A sentence of the test and one of training that are all but the same."""

    tested: str
    tested_in: str
    seen: str
    seen_in: str
    alike: float


@dataclass(frozen=True, slots=True)
class Leakage:
    """``shared``: counties in more than one part (must be none); ``twins``: sentences on both sides."""

    shared: tuple[str, ...]
    twins: tuple[Twin, ...]
    compared: tuple[int, int]  # sentences with figures, long enough: of the test, and of all else
    parts: dict[Part, tuple[int, int, int]]  # counties, units, figures

    def as_json(self) -> dict[str, Any]:
        """For the record."""
        return {
            "shared_counties": list(self.shared),
            "test_sentences": self.compared[0],
            "seen_sentences": self.compared[1],
            "twins": [
                [t.tested_in, t.tested, t.seen_in, t.seen, round(t.alike, 3)] for t in self.twins
            ],
            "alike": ALIKE,
            "shortest": SHORTEST,
            "parts": {
                part: dict(zip(("counties", "units", "figures"), numbers, strict=True))
                for part, numbers in self.parts.items()
            },
        }  # fmt: skip

    def __str__(self) -> str:
        shared = ", ".join(self.shared) or "none"
        lines = [f"leakage: counties on both sides: {shared}"]
        lines.append(
            f"leakage: of {self.compared[0]} sentences of the test {len(self.twins)} are all but the same"
            f" as one of the {self.compared[1]} elsewhere"
        )
        return "\n".join(lines + [f"  {t.alike:.2f} {t.tested_in}: {t.tested}" for t in self.twins])


def leakage_of(bank: Sequence[BankFile]) -> Leakage:
    """Compare the test's part of the bank with all the rest (training and development)."""
    part = {file.name: part_of_unit(file.unit) for file in bank}
    sides: dict[bool, dict[str, BankSentence]] = {True: {}, False: {}}
    for sentence in sentences(list(bank)):
        folded = fold(sentence.text)
        if sentence.marks and len(folded) >= SHORTEST:
            sides[part[sentence.file] == "test"].setdefault(folded, sentence)
    places: dict[str, set[Part]] = {}
    for file in bank:
        places.setdefault(file.county, set()).add(part[file.name])
    return Leakage(
        shared=tuple(sorted(name for name, found in places.items() if len(found) > 1)),
        twins=tuple(_twins(sides[True], sides[False])),
        compared=(len(sides[True]), len(sides[False])),
        parts={p: _size(bank, part, p) for p in ("train", "development", "test")},
    )


def fold(sentence: str) -> str:
    """The sentence without white space, every number as 0."""
    return _NUMBER.sub("0", _BLANK.sub("", normalise(sentence)))


def _size(bank: Sequence[BankFile], part: dict[str, Part], chosen: Part) -> tuple[int, int, int]:
    files = [f for f in bank if part[f.name] == chosen]
    marks = sum(len(p.marks) for f in files for p in f.unit.passages)
    return len({f.county for f in files}), len(files), marks


def _twins(tested: dict[str, BankSentence], seen: dict[str, BankSentence]) -> list[Twin]:
    if not tested or not seen:
        return []
    ours, theirs = sorted(tested), sorted(seen)
    counter = CountVectorizer(
        analyzer="char", ngram_range=(3, 3), binary=True, lowercase=False, dtype=np.float32
    )
    grams = counter.fit_transform([*ours, *theirs]).tocsr()
    one, other = grams[: len(ours)], grams[len(ours) :]
    sizes = np.asarray(other.sum(axis=1)).ravel()
    twins = []
    for begin in range(0, len(ours), _AT_ONCE):
        block = one[begin : begin + _AT_ONCE]
        common = (block @ other.T).toarray()
        alike = common / (np.asarray(block.sum(axis=1)).reshape(-1, 1) + sizes - common)
        for row, best in enumerate(alike.argmax(axis=1)):
            if alike[row, best] >= ALIKE:
                a, b = tested[ours[begin + row]], seen[theirs[best]]
                twins.append(Twin(a.text, a.file, b.text, b.file, float(alike[row, best])))
    return sorted(twins, key=lambda t: (-t.alike, t.tested_in, t.tested))
