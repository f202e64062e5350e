"""Training within a budget of minutes on chosen units, for comparisons under equal conditions."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch

from extraction.narrative.tagger import Span, Tagger
from training.backbones import build
from training.baselines import CharacterCRF
from training.evaluation import Marker
from training.examples import Labelled, label_keys
from training.export import best_threshold
from training.train import Settings, Stretches, fit, torch_tagger


class Above:
    """A tagger whose spans below a raw score are no figures."""

    def __init__(self, tagger: Tagger, least: float) -> None:
        self._tagger = tagger
        self._least = least

    def tag(self, text: str, *, year: int | None = None) -> list[Span]:
        """The figures of ``text``."""
        return [span for span in self._tagger.tag(text, year=year) if span.raw >= self._least]


def train_tagger(
    units: Sequence[Labelled],
    tuning: Sequence[Labelled],
    *,
    backbone: str,
    settings: Settings,
    layers: str | None = None,
) -> Marker:
    """A tagger on ``units``; the score from which a span counts is chosen on ``tuning``.

    ``layers`` are the shipped encoder's, unless given; with them nothing pretrained can be had.
    """
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    chosen = list(units)
    model, alphabet = build(
        backbone,
        2 * len(label_keys()) + 1,
        texts=[u.text for u in chosen],
        dropout=settings.dropout,
        layers=layers,
    )
    fit(model, Stretches(chosen, alphabet, settings), settings)
    tagger = torch_tagger(model, alphabet)
    return Above(tagger, best_threshold(tagger, list(tuning)) if tuning else 0.0)


def train_crf(units: Sequence[Labelled]) -> Marker:
    """The character CRF: eight rounds, as long as they take."""
    with tempfile.TemporaryDirectory() as folder:
        return CharacterCRF.train(units, str(Path(folder) / "crf.model"))
