"""Labels that are probably wrong, found by cleanlab from what models say that never saw the county.

Confident learning (Northcutt et al. 2021): a label is suspect where a model that was trained without its county
gives another class a probability above that class's own average.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from cleanlab.filter import find_label_issues
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from annotations.bank.spans import uncovered_places
from annotations.quality.decisions import NONE, around
from extraction.narrative.decoding import OUTSIDE, PLACES, decode
from training.examples import Labelled

Scores = NDArray[np.float32]


class ReadsScores(Protocol):
    """What ``training.reader.Reader`` does: the scores of every character of texts, and their labels."""

    labels: tuple[str, ...]

    def read(self, texts: Sequence[tuple[str, int | None]]) -> list[Scores]:
        """Logits of (characters, 3 + labels + 1), for every text and the year of its report."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """One place whose label is probably wrong: what it has, what the model would give it, how probable either is."""

    source: str
    around: str
    given: str
    suggested: str
    given_probability: float
    suggested_probability: float


@dataclass(frozen=True, slots=True)
class _Place:
    unit: int
    start: int
    end: int
    given: str


def find_suspects(
    units: Sequence[Labelled],
    train: Callable[[list[Labelled]], ReadsScores],
    *,
    folds: int = 5,
    seed: int = 7,
) -> list[Suspect]:
    """Suspect labels of ``units``, the most doubtful first. ``train`` makes a reader; it is called once a fold.

    Judged are all marks, all unmarked numbers with a measure word, and whatever else the model would mark.
    Raises ValueError where there are fewer counties than folds.
    """
    places: list[_Place] = []
    rows: list[NDArray[np.float64]] = []
    labels: tuple[str, ...] = ()
    for inside, outside in _folds(units, folds, seed):
        reader = train([units[i] for i in inside])
        labels = reader.labels
        read = reader.read([(units[i].text, units[i].year) for i in outside])
        for i, scores in zip(outside, read, strict=True):
            for place in _places(units[i], i, scores, labels):
                places.append(place)
                rows.append(probabilities(scores[place.start : place.end]))
    classes = (NONE, *labels)
    given = np.array([classes.index(place.given) for place in places])
    return [_suspect(units, places[n], rows[n], classes) for n in _issues(given, np.array(rows))]


def _folds(units: Sequence[Labelled], folds: int, seed: int) -> Iterator[tuple[list[int], list[int]]]:
    counties = [unit.names[1] for unit in units]
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    for inside, outside in splitter.split(np.zeros(len(units)), groups=counties):
        yield inside.tolist(), outside.tolist()


def _places(unit: Labelled, number: int, scores: Scores, labels: Sequence[str]) -> Iterator[_Place]:
    taken = [(mark.start, mark.end) for mark in unit.marks]
    for mark in unit.marks:
        if mark.label in labels:
            yield _Place(number, mark.start, mark.end, mark.label)
    found = [(one.start, one.end) for one in decode(scores)] if len(scores) else []
    for start, end in [*uncovered_places(unit.text, unit.marks), *found]:
        if start >= unit.first and not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            yield _Place(number, start, end, NONE)


def probabilities(scores: Scores) -> NDArray[np.float64]:
    """Of a place: no figure, then every label; they add up to 1.

    A place is as much a figure as its least figure-like character, and a label what its characters say together.
    """
    places = _softmax(scores[:, :PLACES])
    figure = float((1 - places[:, OUTSIDE]).min())
    labels = _softmax(scores[:, PLACES:-1].mean(axis=0, keepdims=True))[0]
    row: NDArray[np.float64] = np.concatenate([[1 - figure], figure * labels])
    row /= row.sum()
    return row


def _softmax(logits: Scores) -> NDArray[np.float64]:
    wide = logits.astype(np.float64)
    shifted = np.exp(wide - wide.max(axis=1, keepdims=True))
    result: NDArray[np.float64] = shifted / shifted.sum(axis=1, keepdims=True)
    return result


def _issues(given: NDArray[np.int64], rows: NDArray[np.float64]) -> list[int]:
    """Cleanlab's ranking, over the classes that occur: it wants no empty ones.

    Not its default filter, which spares the last examples of a class: many of our labels are rare.
    """
    present, codes = np.unique(given, return_inverse=True)
    if len(present) < 2:
        return []
    kept = rows[:, present] + 1e-9
    kept /= kept.sum(axis=1, keepdims=True)
    ranked = find_label_issues(
        codes, kept, filter_by="confident_learning", return_indices_ranked_by="self_confidence", n_jobs=1
    )
    return [int(n) for n in ranked]


def _suspect(
    units: Sequence[Labelled], place: _Place, row: NDArray[np.float64], classes: Sequence[str]
) -> Suspect:
    unit = units[place.unit]
    given, best = classes.index(place.given), int(row.argmax())
    return Suspect(
        unit.source, around(unit.text, place.start, place.end), place.given, classes[best],
        round(float(row[given]), 4), round(float(row[best]), 4),
    )  # fmt: skip


def describe(suspects: Sequence[Suspect], *, most: int = 100) -> str:
    """One line a suspect."""
    lines = [f"{len(suspects)} labels are suspect, the most doubtful first:"]
    lines += [
        f"  {s.source} {s.around} has {s.given} ({s.given_probability:.2f}), model: {s.suggested} "
        f"({s.suggested_probability:.2f})"
        for s in suspects[:most]
    ]
    return "\n".join(lines)
