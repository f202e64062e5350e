"""Reviewed sentences as examples: each with the context that stood before it, read but not learnt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from annotations.studio.reviewed import REVIEWED, Reviewed, load_reviewed, settle
from training.examples import Labelled
from training.splits import part_of


def labelled(reviewed: Iterable[Reviewed]) -> list[Labelled]:
    """One text a sentence; its county's part is its part."""
    return [_labelled(one) for one in reviewed]


def _labelled(one: Reviewed) -> Labelled:
    first = len(one.before)
    marks = tuple(
        replace(region.mark, start=region.mark.start + first, end=region.mark.end + first)
        for region in one.regions
    )
    names = (one.unit, one.county)
    part = part_of(one.province, one.county)
    return Labelled(one.before + one.text, marks, one.year, names, f"reviewed/{one.key}", part, first)


def read_reviewed(folder: Path = REVIEWED) -> list[Labelled]:
    """The sentences of ``folder`` on which the annotators are settled; none where there is no folder."""
    return labelled(settle(load_reviewed(folder))[0])
