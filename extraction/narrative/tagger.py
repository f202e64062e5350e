"""The tagger: text in, spans with labels out. It knows nothing of files, reports or values.

A folder holds ``model.onnx``, ``alphabet.json``, ``labels.json`` and ``calibration.json``; the first is run by
ONNX Runtime on one thread, since one process does one report at a time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extraction.narrative.alphabet import PAD, Alphabet
from extraction.narrative.batches import batches_of
from extraction.narrative.calibration import Calibration
from extraction.narrative.decoding import decode
from extraction.narrative.edges import whole_figure
from extraction.narrative.possible import Possible
from extraction.narrative.sentences import Sentences, Stretch, cut

Ids = NDArray[np.int64]
Run = Callable[[Ids, Ids], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` is a figure of ``label``; ``prior`` if it is another year's.

    ``score`` is the probability that label and value are right, ``accepted`` that it is high enough for use
    unattended, ``raw`` what the model itself says of the span.
    """

    start: int
    end: int
    label: str
    prior: bool
    score: float
    accepted: bool
    raw: float = 1.0


class Tagger:
    """Marks the figures of a text. ``run`` maps ids and mask (batch, length) to scores (batch, length, tags + 1)."""

    def __init__(
        self,
        run: Run,
        *,
        alphabet: Alphabet,
        labels: Sequence[str],
        calibration: Calibration = Calibration(),
    ) -> None:
        self.labels = tuple(labels)
        self._run = run
        self._alphabet = alphabet
        self._calibration = calibration

    @classmethod
    def load(cls, folder: Path) -> Tagger:
        """Read a model folder. Raises OSError where a file of it is missing."""
        return cls(
            load_run(folder / "model.onnx"),
            alphabet=Alphabet.load(folder / "alphabet.json"),
            labels=json.loads((folder / "labels.json").read_text("utf-8")),
            calibration=Calibration.load(folder),
        )

    def tag(
        self,
        text: str | Sentences,
        *,
        year: int | None = None,
        keep: Callable[[Stretch], bool] | None = None,
    ) -> list[Span]:
        """The figures of ``text`` in order of offset, never overlapping; ``year`` is the report's.

        Only sentences that ``keep`` accepts are read (all, where there is no ``keep``).
        """
        sentences = text if isinstance(text, Sentences) else Sentences(text)
        ids = self._alphabet.encode(sentences.text, year=year).astype(np.int64)
        found: list[Span] = []
        for batch in batches_of(cut(sentences, keep=keep)):
            for stretch, scores in zip(batch, self._score(ids, batch), strict=True):
                found += self._spans(stretch, scores)
        possible = Possible(sentences)
        return [span for span in _completed(found, sentences.plain) if possible(span.start, span.end)]

    def _score(self, ids: Ids, batch: list[Stretch]) -> NDArray[np.float32]:
        length = max(s.stop - s.begin for s in batch)
        padded = np.full((len(batch), length), PAD, dtype=np.int64)
        mask = np.zeros((len(batch), length), dtype=np.int64)
        for row, s in enumerate(batch):
            padded[row, : s.stop - s.begin] = ids[s.begin : s.stop]
            mask[row, : s.stop - s.begin] = 1
        return self._run(padded, mask)

    def _spans(self, stretch: Stretch, scores: NDArray[np.float32]) -> list[Span]:
        at = stretch.start
        known = self._calibration
        spans = []
        for t in decode(scores[at - stretch.begin : stretch.end - stretch.begin]):
            if t.score < known.report:
                continue
            score = known.probability(t.score)
            label, prior, accepted = self.labels[t.label], t.prior > 0.5, score >= known.accept
            spans.append(Span(at + t.start, at + t.end, label, prior, score, accepted, t.score))
        return spans


def _completed(found: list[Span], plain: str) -> list[Span]:
    """The spans with whole figures, in order; what another's completed figure covers is part of it."""
    spans: list[Span] = []
    for span in sorted(found, key=lambda s: s.start):
        if spans and span.start < spans[-1].end:
            continue
        start, end = whole_figure(plain, span.start, span.end)
        spans.append(replace(span, start=max(start, spans[-1].end if spans else 0), end=end))
    return spans


def load_run(path: Path) -> Run:
    """The model itself, on one thread: ids and mask in, scores out."""
    # ONNX Runtime calls home on import unless told not to (spec/labelstudio.md, section 6).
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(ids: Ids, mask: Ids) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return scores

    return run
