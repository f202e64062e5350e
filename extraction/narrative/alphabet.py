"""The tagger's input alphabet: one number a character, digits told apart by the length of their run only.

A digit becomes ``<1>`` … ``<6>`` (its run has one … six or more digits), or, in a run of four that may be a
year, ``<year>``, ``<this>`` (the report's own year) or ``<past>`` (an earlier one). So 2802条 and 7482条 are
the same sentence, and the model need not learn arithmetic to tell last year's figure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extraction.normalise import normalise

PAD, UNKNOWN, MASK = 0, 1, 2
SPECIALS = (
    "<pad>",
    "<unk>",
    "<mask>",
    "<1>",
    "<2>",
    "<3>",
    "<4>",
    "<5>",
    "<6>",
    "<year>",
    "<this>",
    "<past>",
)
_FIRST_RUN, _YEAR, _THIS, _PAST = 3, 9, 10, 11
_RUN = re.compile(r"[0-9]+")
_YEARS = range(1990, 2040)  # the Regulations are of 2007; older years occur in names and laws
_LONGEST_RUN = 6


class Alphabet:
    """The characters a model knows; ``encode`` turns text into one id a character, same length."""

    def __init__(self, characters: Sequence[str]) -> None:
        """``characters`` in order of id, after the specials; each one normalised and in lower case."""
        self.characters = tuple(characters)
        self._lookup = np.full(0x10000, UNKNOWN, dtype=np.int32)
        for i, char in enumerate(self.characters):
            self._lookup[ord(char)] = i + len(SPECIALS)

    def __len__(self) -> int:
        return len(SPECIALS) + len(self.characters)

    def encode(self, text: str, *, year: int | None = None) -> NDArray[np.int32]:
        """Ids of every character of ``text``, int32, same length; ``year`` is the report's, if known."""
        folded = _fold(text)
        codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        ids = self._lookup[np.minimum(codes, 0xFFFF)]
        for run in _RUN.finditer(folded):
            ids[run.start() : run.end()] = _digit_class(run[0], year)
        return ids

    def save(self, path: Path) -> None:
        """Write the characters as one JSON string."""
        path.write_text(json.dumps("".join(self.characters), ensure_ascii=False) + "\n", "utf-8")

    @classmethod
    def load(cls, path: Path) -> Alphabet:
        """Read what ``save`` wrote."""
        return cls(tuple(json.loads(path.read_text("utf-8"))))

    @classmethod
    def count(cls, texts: Iterable[str], *, at_least: int = 1, most: int = 4500) -> Alphabet:
        """The ``most`` frequent characters of ``texts`` that occur ``at_least`` times, most frequent first."""
        counts = np.zeros(0x10000, dtype=np.int64)
        for text in texts:
            codes = np.frombuffer(_fold(text).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
            counts += np.bincount(codes[codes < 0x10000], minlength=0x10000)
        counts[ord("0") : ord("9") + 1] = 0
        order = np.argsort(-counts, kind="stable")[:most]
        return cls([chr(code) for code in order if counts[code] >= at_least])


def _fold(text: str) -> str:
    folded = normalise(text)
    lower = folded.lower()
    return lower if len(lower) == len(folded) else folded  # İ alone grows when lowered


def _digit_class(digits: str, year: int | None) -> int:
    if len(digits) == 4 and int(digits) in _YEARS:
        if year is None or int(digits) > year:
            return _YEAR
        return _THIS if int(digits) == year else _PAST
    return _FIRST_RUN + min(len(digits), _LONGEST_RUN) - 1
