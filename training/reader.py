"""What a model says of every character of a text, not only of the figures that it marks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extraction.narrative.alphabet import PAD, Alphabet
from extraction.narrative.decoding import OUTSIDE, PLACES
from extraction.narrative.sentences import Stretch, cut
from extraction.narrative.tagger import Run, load_run

_BATCH_CHARACTERS = 8192  # padded characters in one run
_SURE = 30.0  # logit: what is not read is outside

Scores = NDArray[np.float32]


class Reader:
    """A model's own scores, cut and batched as the tagger does it, but never calibrated or decoded."""

    def __init__(self, run: Run, *, alphabet: Alphabet, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self._run = run
        self._alphabet = alphabet

    @classmethod
    def load(cls, folder: Path) -> Reader:
        """Read a model folder. Raises OSError where a file of it is missing."""
        labels = json.loads((folder / "labels.json").read_text("utf-8"))
        return cls(
            load_run(folder / "model.onnx"), alphabet=Alphabet.load(folder / "alphabet.json"), labels=labels
        )

    def read(self, texts: Sequence[tuple[str, int | None]]) -> list[Scores]:
        """Scores of texts and the years of their reports: (characters, 3 + labels + 1) for each, logits.

        Where a sentence is not read because it can hold no figure, its characters are outside beyond doubt.
        """
        out = [self._unread(len(text)) for text, _ in texts]
        ids = [self._alphabet.encode(text, year=year).astype(np.int64) for text, year in texts]
        pieces = [(number, s) for number, (text, _) in enumerate(texts) for s in cut(text)]
        pieces.sort(key=lambda piece: piece[1].stop - piece[1].begin)
        while pieces:
            length = pieces[-1][1].stop - pieces[-1][1].begin
            count = max(1, _BATCH_CHARACTERS // length)
            batch, pieces = pieces[-count:], pieces[:-count]
            for (number, s), scores in zip(batch, self._score(ids, batch), strict=True):
                out[number][s.start : s.end] = scores[s.start - s.begin : s.end - s.begin]
        return out

    def _unread(self, length: int) -> Scores:
        scores = np.zeros((length, PLACES + len(self.labels) + 1), dtype=np.float32)
        scores[:, OUTSIDE] = _SURE
        return scores

    def _score(self, ids: list[NDArray[np.int64]], batch: list[tuple[int, Stretch]]) -> Scores:
        length = max(s.stop - s.begin for _, s in batch)
        padded = np.full((len(batch), length), PAD, dtype=np.int64)
        mask = np.zeros((len(batch), length), dtype=np.int64)
        for row, (number, s) in enumerate(batch):
            padded[row, : s.stop - s.begin] = ids[number][s.begin : s.stop]
            mask[row, : s.stop - s.begin] = 1
        return self._run(padded, mask)
