"""Which counties are trained on, tuned on and tested on: by county, never by sentence, for ever the same."""

from __future__ import annotations

import hashlib
from typing import Literal

from annotations.bank.markup import BankUnit

Part = Literal["train", "development", "test"]
_FOLDS = 20


def part_of(province: str, county: str) -> Part:
    """The part of a county: a tenth of all are for the test, a twentieth for development.

    The name alone decides (SHA-256), so a county keeps its part while the bank grows. Every unit of a county
    (its bureaus, its townships, its other years) goes with it.
    """
    digest = hashlib.sha256(f"{province}/{county}".encode()).digest()
    fold = int.from_bytes(digest[:8], "big") % _FOLDS
    if fold < 2:
        return "test"
    return "development" if fold == 2 else "train"


def part_of_unit(unit: BankUnit) -> Part:
    """The part of a unit's county."""
    return part_of(unit.province, unit.county)
