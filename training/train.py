"""Training of the tagger on the bank: IOB2 tags and the period, augmented anew in every epoch.

python -m training.train --data annotations/bank --backbone models/encoder --out models/candidate
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from extraction.narrative.alphabet import MASK, PAD, SPECIALS, UNKNOWN, Alphabet
from extraction.narrative.decoding import PLACES
from extraction.narrative.sentences import LONGEST
from extraction.narrative.tagger import Tagger
from training.augment import augment
from training.backbones import build
from training.evaluation import score_tagger
from training.examples import (
    IGNORED,
    Example,
    Labelled,
    as_dataset,
    examples_of,
    from_row,
    label_keys,
    read_bank,
    targets_of,
)
from training.manifest import write_manifest

log = logging.getLogger("train")
_LENGTHS = (80, 144, LONGEST, LONGEST)  # of stretches, so that a sentence is seen among others and alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be chosen about one training run."""

    epochs: int = 34  # under an hour on two cores
    minutes: float | None = None  # stop (with the learning rate at its end) after so long instead
    rate: float = 8e-4
    head_rate: float = 2e-3
    batch_characters: int = 2000
    smoothing: float = 0.05
    word_dropout: float = 0.06
    dropout: float = 0.12
    average: float = 0.995  # of the exponential moving average of the weights
    share: float = 1.0  # of the training counties, for learning curves
    augmented: bool = True
    threads: int = 2
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded ids, mask and targets of some stretches."""

    ids: Tensor
    mask: Tensor
    places: Tensor
    labels: Tensor
    prior: Tensor


def training_units(units: list[Labelled], share: float, seed: int) -> list[Labelled]:
    """The units to train on, or a share of them (whole counties)."""
    chosen = [u for u in units if u.part == "train"]
    counties = sorted({u.names[1] for u in chosen})
    random.Random(seed).shuffle(counties)
    kept = set(counties[: max(1, round(share * len(counties)))])
    return [u for u in chosen if u.names[1] in kept]


class Stretches:
    """An endless supply of examples: every epoch other stretches of the same units, written otherwise."""

    def __init__(self, units: list[Labelled], alphabet: Alphabet, settings: Settings) -> None:
        self._pieces = {n: [examples_of(u, n) for u in units] for n in sorted(set(_LENGTHS))}
        self._alphabet = alphabet
        self._settings = settings
        self._rng = random.Random(settings.seed)
        self._noise = np.random.default_rng(settings.seed)
        self._keys = label_keys()

    def epoch(self) -> list[Batch]:
        """One pass over all units as batches of similar length, in random order."""
        rng = self._rng
        chosen = [e for i in range(len(self._pieces[LONGEST])) for e in self._pieces[rng.choice(_LENGTHS)][i]]
        if self._settings.augmented:
            chosen = [augment(e, rng) for e in chosen]
        chosen.sort(key=lambda e: len(e.text) + rng.random() * 24)
        groups: list[list[Example]] = [[]]
        for example in chosen:
            if (len(groups[-1]) + 1) * len(example.text) > self._settings.batch_characters and groups[-1]:
                groups.append([])
            groups[-1].append(example)
        rng.shuffle(groups)
        return [self._batch(group) for group in groups]

    def _batch(self, group: list[Example]) -> Batch:
        shape = (len(group), max(len(e.text) for e in group))
        ids, mask = np.full(shape, PAD, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        places, labels, prior = np.full((3, *shape), IGNORED, dtype=np.int64)
        for row, example in enumerate(group):
            n = len(example.text)
            ids[row, :n] = self._spoil(self._alphabet.encode(example.text, year=example.year))
            mask[row, :n] = 1
            targets = targets_of(example, self._keys)
            places[row, :n], labels[row, :n], prior[row, :n] = targets.places, targets.labels, targets.prior
        return Batch(*(torch.from_numpy(a) for a in (ids, mask, places, labels, prior)))

    def _spoil(self, ids: NDArray[np.int32]) -> NDArray[np.int32]:
        """Word dropout: some characters (never digits) can't be read."""
        draw = self._noise.random(ids.shape)
        rate = self._settings.word_dropout * self._noise.choice((0.0, 1.0, 2.0))
        ids = np.where((draw < rate) & (ids >= len(SPECIALS)), MASK, ids)
        return np.where((draw > 1 - rate / 3) & (ids >= len(SPECIALS)), UNKNOWN, ids)


def loss_of(scores: Tensor, batch: Batch, smoothing: float) -> Tensor:
    """Cross-entropy of the places; and inside figures, of the labels and of the period."""
    places = functional.cross_entropy(
        scores[..., :PLACES].flatten(0, 1), batch.places.flatten(), ignore_index=IGNORED
    )
    inside = batch.labels >= 0
    if not bool(inside.any()):
        return places
    figures = scores[inside]
    labels = functional.cross_entropy(figures[:, PLACES:-1], batch.labels[inside], label_smoothing=smoothing)
    period = functional.binary_cross_entropy_with_logits(figures[:, -1], batch.prior[inside].float())
    return 3.0 * places + labels + 0.4 * period


class Average:
    """Exponential moving average of a model's weights, faster at first."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.weights = {k: v.detach().clone() for k, v in model.state_dict().items()}
        self._decay = decay
        self._steps = 0

    def update(self, model: nn.Module) -> None:
        self._steps += 1
        decay = min(self._decay, self._steps / (self._steps + 20))
        with torch.no_grad():
            for name, value in model.state_dict().items():
                self.weights[name].lerp_(value, 1 - decay)


def _optimiser(model: nn.Module, settings: Settings) -> torch.optim.Optimizer:
    head = [p for n, p in model.named_parameters() if n.startswith("classifier")]
    body = [p for n, p in model.named_parameters() if not n.startswith("classifier")]
    return torch.optim.AdamW(
        [{"params": body, "lr": settings.rate}, {"params": head, "lr": settings.head_rate}],
        weight_decay=0.02,
        betas=(0.9, 0.98),
    )


def fit(model: nn.Module, stretches: Stretches, settings: Settings) -> int:
    """Train in place; the model ends with averaged weights. Returns the number of steps."""
    optimiser = _optimiser(model, settings)
    rates = [group["lr"] for group in optimiser.param_groups]
    average = Average(model, settings.average)
    begun, steps = time.monotonic(), 0
    epoch = 0
    while True:
        batches = stretches.epoch()
        total = 0.0
        model.train()
        for number, batch in enumerate(batches):
            done = (epoch + number / len(batches)) / settings.epochs
            if settings.minutes:
                done = (time.monotonic() - begun) / (60 * settings.minutes)
            if done >= 1:
                model.load_state_dict(average.weights)
                return steps
            factor = min(1.0, (steps + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            loss = loss_of(model.scores(batch.ids, batch.mask), batch, settings.smoothing)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            average.update(model)
            steps += 1
            total += float(loss.detach())
        epoch += 1
        log.info("epoch %d loss %.4f (%.0f s)", epoch, total / len(batches), time.monotonic() - begun)
        if epoch >= settings.epochs and not settings.minutes:
            model.load_state_dict(average.weights)
            return steps


def torch_tagger(model: nn.Module, alphabet: Alphabet) -> Tagger:
    """A trained model behind the same cutting and decoding as the shipped one."""
    model.eval()

    def run(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        with torch.inference_mode():
            return model.scores(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()

    return Tagger(run, alphabet=alphabet, labels=label_keys())


def train(data: Path, backbone: str, out: Path, settings: Settings, *, start: Path | None = None) -> Tagger:
    """Train on the bank in ``data`` and write the model to ``out``; returns it as a tagger.

    ``start`` is a folder that this wrote before with the same backbone: training goes on from its weights.
    """
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    bank = as_dataset(read_bank(data))
    units = [from_row(row) for row in bank]
    chosen = training_units(units, settings.share, settings.seed)
    model, alphabet = build(
        backbone, 2 * len(label_keys()) + 1, texts=[u.text for u in chosen], dropout=settings.dropout
    )
    if start:
        model.load_state_dict(load_file(start / "model.safetensors"))
    log.info("%d units, %d figures", len(chosen), sum(len(u.marks) for u in chosen))
    begun = time.monotonic()
    steps = fit(model, Stretches(chosen, alphabet, settings), settings)
    tagger = torch_tagger(model, alphabet)
    development = [u for u in units if u.part == "development"]
    result = score_tagger(tagger, development)
    log.info("development: F1 %.4f all, %.4f core", result.all.f1, result.core.f1)
    save(model, alphabet, out)
    write_manifest(
        out, data=data, backbone=backbone, start=_made_of(start), settings=settings, steps=steps,
        seconds=time.monotonic() - begun, development=(result.all.f1, result.core.f1),
    )  # fmt: skip
    return tagger


def _made_of(start: Path | None) -> object:
    """The manifest of the model that training went on from."""
    return json.loads((start / "manifest.json").read_text("utf-8")) if start else None


def save(model: nn.Module, alphabet: Alphabet, out: Path) -> None:
    """Weights (safetensors), configuration, alphabet and labels in one folder."""
    out.mkdir(parents=True, exist_ok=True)
    if hasattr(model, "save_pretrained"):
        model.save_pretrained(out)
    else:
        save_file({k: v.contiguous() for k, v in model.state_dict().items()}, out / "model.safetensors")
    alphabet.save(out / "alphabet.json")
    (out / "labels.json").write_text(json.dumps(label_keys(), indent=1) + "\n", "utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("annotations/bank"), help="the bank")
    parser.add_argument(
        "--backbone", default="models/encoder", help="encoder folder, checkpoint folder or none"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the model")
    parser.add_argument("--start", type=Path, help="a trained model to go on from")
    parser.add_argument("--epochs", type=int, default=Settings.__dataclass_fields__["epochs"].default)
    parser.add_argument("--minutes", type=float, help="train for so long instead of so many epochs")
    parser.add_argument("--share", type=float, default=1.0, help="share of the training counties")
    parser.add_argument("--rate", type=float, default=8e-4)
    parser.add_argument("--plain", action="store_true", help="no augmentation")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    a = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = Settings(
        epochs=a.epochs, minutes=a.minutes, share=a.share, rate=a.rate,
        augmented=not a.plain, threads=a.threads, seed=a.seed,
    )  # fmt: skip
    train(a.data, a.backbone, a.out, settings, start=a.start)


if __name__ == "__main__":
    main()
