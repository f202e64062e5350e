"""A model from texts in memory, for the many small trainings of folds and simulations: nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from extraction.narrative.tagger import Tagger
from training.backbones import build
from training.examples import Labelled, label_keys
from training.reader import Reader
from training.train import Settings, Stretches, fit


@dataclass(frozen=True, slots=True)
class Fitted:
    """One trained model, as a tagger and as a reader of its scores."""

    tagger: Tagger
    reader: Reader


def fit_units(units: Sequence[Labelled], backbone: str, settings: Settings) -> Fitted:
    """Train on all of ``units``, whatever their parts; the same every time for the same settings in epochs."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    tags = 2 * len(label_keys()) + 1
    model, alphabet = build(backbone, tags, texts=[u.text for u in units], dropout=settings.dropout)
    fit(model, Stretches(list(units), alphabet, settings), settings)
    model.eval()

    def run(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        with torch.inference_mode():
            scores: NDArray[np.float32] = model.scores(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()  # type: ignore[operator]
        return scores

    return Fitted(
        Tagger(run, alphabet=alphabet, labels=label_keys()),
        Reader(run, alphabet=alphabet, labels=label_keys()),
    )
