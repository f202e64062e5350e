"""Which comparisons an evaluation has: baselines, ablations, the learning curve, cross-validation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from training.baselines import Rules
from training.evidence.parts import Part, Trained
from training.evidence.spacy_ner import SpacyNER
from training.evidence.trainers import train_crf, train_tagger
from training.examples import Labelled
from training.train import Settings, training_units

SHIPPED = "shipped"
REFERENCE = "same-budget"  # also the whole of the learning curve
FOLDS = 5
SHARES = (25, 50, 75)
TRANSFORMER = "a a a a"  # as dear as the shipped encoder's layers, and everything attends to everything
NIGHT_MINUTES = 40.0  # 12 models of the tagger's kind and spaCy: nine hours
_READING = (  # what every marker and every count goes through
    *(
        f"extraction/narrative/{name}.py"
        for name in (
            "alphabet",
            "calibration",
            "decoding",
            "edges",
            "possible",
            "quantities",
            "sentences",
            "tagger",
        )
    ),
    "extraction/normalise.py",
    "training/examples.py",
    "training/splits.py",
    "training/evaluation.py",
    *(f"training/evidence/{name}.py" for name in ("markings", "matching", "measures")),
)
_NEURAL = (
    *_READING,
    "training/train.py",
    "training/augment.py",
    "training/backbones.py",
    "training/encoder.py",
    "training/evidence/trainers.py",
)
_SHALLOW = (*_READING, "training/baselines.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The units, their counties (by source), the encoder, and the minutes that every model may train."""

    units: Sequence[Labelled]
    clusters: Mapping[str, str]
    backbone: Path
    minutes: float
    threads: int = 2

    def of(self, *parts: str) -> list[Labelled]:
        """The units of some parts of the split."""
        return [u for u in self.units if u.part in parts]

    @property
    def settings(self) -> Settings:
        """The shipped model's settings, but for the time."""
        return Settings(minutes=self.minutes, threads=self.threads)


def catalogue(plan: Plan) -> list[Part]:
    """Every comparison, cheapest first; those that train a tagger in order of use."""
    tested, trained = plan.of("test"), plan.of("train")
    budget = {"minutes": plan.minutes}
    parts = [
        Part(
            name="rules", title="Keyword rules", make=lambda: Trained(Rules()), tested=tested,
            sources=_SHALLOW, settings={},
        ),
        Part(
            name="crf", title="CRF over characters", make=lambda: Trained(train_crf(trained), trained),
            tested=tested, sources=_SHALLOW, settings={}, takes="some minutes whatever the budget",
        ),
        Part(
            name="spacy", title="spaCy's NER",
            make=lambda: Trained(SpacyNER.train(trained, minutes=plan.minutes), trained),
            tested=tested, sources=(*_READING, "training/evidence/spacy_ner.py"), settings=budget,
        ),
        _tagger(plan, REFERENCE, "The shipped kind of model, this budget", plan.settings),
        _tagger(plan, "no-pretraining", "The same without pretraining", plan.settings, backbone="none"),
        _tagger(
            plan, "transformer", "A plain transformer, not pretrained", plan.settings, backbone="none",
            layers=TRANSFORMER,
        ),
        _tagger(plan, "no-augmentation", "The same without augmentation", replace(plan.settings, augmented=False)),
    ]  # fmt: skip
    for share in SHARES:
        settings = replace(plan.settings, share=share / 100)
        parts.append(_tagger(plan, f"curve-{share}", f"The same on {share} % of the counties", settings))
    return parts + [_fold(plan, number) for number in range(1, FOLDS + 1)]


def selected(names: Sequence[str], only: Sequence[str], skip: Sequence[str]) -> list[str]:
    """The names to run: ``curve`` and ``cv`` stand for all of theirs. Raises ValueError for an unknown name."""

    def covers(pattern: str, name: str) -> bool:
        return name == pattern or name.startswith(f"{pattern}-")

    for pattern in (*only, *skip):
        if not any(covers(pattern, name) for name in names):
            raise ValueError(f"there is no part {pattern!r}; there are {', '.join(names)}")
    return [
        name
        for name in names
        if (not only or any(covers(p, name) for p in only)) and not any(covers(p, name) for p in skip)
    ]


def fold_of(cluster: str) -> int:
    """The fold (1 to FOLDS) of a county, by its name alone."""
    return 1 + int.from_bytes(hashlib.sha256(f"fold/{cluster}".encode()).digest()[:8], "big") % FOLDS


def _tagger(
    plan: Plan,
    name: str,
    title: str,
    settings: Settings,
    *,
    backbone: str | None = None,
    layers: str | None = None,
) -> Part:
    units = training_units(list(plan.units), settings.share, settings.seed)
    return _neural(
        plan, name=name, title=title, units=units, tested=plan.of("test"), settings=settings,
        backbone=backbone or str(plan.backbone), layers=layers,
    )  # fmt: skip


def _fold(plan: Plan, number: int) -> Part:
    """One fold of the cross-validation: over all counties of the bank, those held out elsewhere too."""
    inside = [u for u in plan.units if fold_of(plan.clusters[u.source]) == number]
    rest = [u for u in plan.units if fold_of(plan.clusters[u.source]) != number and u.part != "development"]
    return _neural(
        plan, name=f"cv-{number}", title=f"Cross-validation, fold {number} of {FOLDS}", units=rest,
        tested=inside, settings=plan.settings, backbone=str(plan.backbone),
    )  # fmt: skip


def _neural(
    plan: Plan,
    *,
    name: str,
    title: str,
    units: Sequence[Labelled],
    tested: Sequence[Labelled],
    settings: Settings,
    backbone: str,
    layers: str | None = None,
) -> Part:
    outside = {u.source for u in tested}
    tuning = [u for u in plan.of("development") if u.source not in outside]
    said: dict[str, Any] = asdict(settings) | {"backbone": _encoder_digest(backbone), "layers": layers}
    train = partial(train_tagger, units, tuning, backbone=backbone, settings=settings, layers=layers)
    return Part(
        name=name, title=title, make=lambda: Trained(train(), units), tested=tested,
        sources=_NEURAL, settings=said,
    )  # fmt: skip


def _encoder_digest(backbone: str) -> str:
    weights = Path(backbone) / "model.safetensors"
    return hashlib.sha256(weights.read_bytes()).hexdigest() if weights.is_file() else backbone
