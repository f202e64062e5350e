"""The floors of the shipped model: what they are for, how they are measured, and when they may change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotations.bank.load import load_bank
from extraction.narrative.shipped import model_digest
from extraction.narrative.tagger import Tagger
from training.evidence.full import corpus_digest
from training.evidence.markings import counties_of
from training.evidence.record import held_out_record, real_record
from training.examples import read_bank
from training.real import read_reports
from training.splits import part_of_unit

ROOT = Path(__file__).parents[2]
FLOORS = Path(__file__).with_name("floors.json")
MODEL, DATA, CORPUS = ROOT / "models/tagger", ROOT / "annotations/bank", ROOT.parent / "shared/corpus"
# The model's int8 products are summed in another order and saturate elsewhere on other processors (AVX2, AVX-512
# VNNI), so a few figures near a threshold fall on the other side: 0.003 is 5 figures of 1,500, and what
# training.export tolerates between float and int8. On the real reports one figure of 83 accepted is 0.012.
EPSILON = {"held_out": 0.003, "real": 0.0125}
# Where each figure stands in a set's record; of a calibration error, one minus it, so that more is always better.
FIGURES = {
    "strict F1": ("scores", "strict.all", "f1"),
    "strict F1, core": ("scores", "strict.core", "f1"),
    "strict precision": ("scores", "strict.all", "precision"),
    "strict recall": ("scores", "strict.all", "recall"),
    "value F1": ("scores", "value.all", "f1"),
    "value F1, core": ("scores", "value.core", "f1"),
    "value F1, all reports": ("value_of_all_reports", "all", "f1"),
    "value F1, core, all reports": ("value_of_all_reports", "core", "f1"),
    "share accepted": ("confidence", "accepted", "share"),
    "right of accepted": ("confidence", "accepted", "precision"),
    "calibration": ("confidence", "ece"),
}


class LoweredFloorError(ValueError):
    """An update would lower floors, and no reason was given."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One set's figures and the digest of the data they hold for."""

    data_sha256: str
    figures: dict[str, float] = field(default_factory=dict)


def measure_shipped() -> dict[str, Measured]:
    """The shipped model's figures now: on the held-out counties, and on the real reports where they are."""
    tagger = Tagger.load(MODEL)
    texts = [u for u in read_bank(DATA) if u.part == "test"]
    found = {"held_out": held_out_record(tagger, texts, counties_of(DATA)).record}
    digests = {"held_out": held_out_digest()}
    if CORPUS.is_dir():
        found["real"] = real_record(tagger, read_reports(CORPUS)).record
        digests["real"] = corpus_digest(CORPUS)
    return {name: Measured(digests[name], figures_of(record)) for name, record in found.items()}


def figures_of(record: Mapping[str, Any]) -> dict[str, float]:
    """The figures that have floors, out of a set's record."""
    out = {}
    for name, path in FIGURES.items():
        value: Any = record
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, list):
            value = value[0]
        if value is not None:
            out[name] = 1 - value if name == "calibration" else value
    return out


def held_out_digest() -> str:
    """SHA-256 over the test counties' units: the bank may grow elsewhere without touching the floors."""
    total = hashlib.sha256()
    for file in load_bank(DATA / "units"):
        if part_of_unit(file.unit) == "test":
            source = (DATA / "units" / f"{file.name}.md").read_bytes()
            total.update(file.name.encode() + b"\0" + source + b"\0")
    return total.hexdigest()


def failures(floors: Mapping[str, Any], measured: Mapping[str, Measured]) -> list[str]:
    """What is wrong, one line a figure; none where every floor holds. Sets not measured are left out."""
    lines = []
    for name, now in measured.items():
        known = floors["sets"].get(name)
        if known is None or known["data_sha256"] != now.data_sha256:
            lines.append(f"{name}: the floors hold for other data: python -m tests.eval_gate --update")
            continue
        for figure, floor in known["floors"].items():
            value = now.figures.get(figure)
            if value is None or value < floor - EPSILON[name]:
                lines.append(f"{name}: {figure} is {value}, its floor {floor} (less {EPSILON[name]})")
    return lines


def updated(
    floors: Mapping[str, Any], measured: Mapping[str, Measured], *, reason: str | None, model: str, date: str
) -> dict[str, Any]:
    """New floors: what is measured now, never lower than before unless there is a ``reason``, which is kept.

    A figure within epsilon of its floor leaves it where it is. Raises LoweredFloorError.
    """
    sets: dict[str, Any] = dict(floors.get("sets", {}))
    lowered: list[str] = []
    for name, now in measured.items():
        before = sets.get(name, {}).get("floors", {})
        new = {}
        for figure in before.keys() | now.figures.keys():
            old, value = before.get(figure), now.figures.get(figure)
            if old is not None and (value is None or value < old - EPSILON[name]):
                lowered.append(f"{name}: {figure} {old} → {value}")
            elif old is not None and value is not None:
                value = max(old, value)
            if value is not None:
                new[figure] = round(value, 4)
        sets[name] = {"data_sha256": now.data_sha256, "floors": dict(sorted(new.items()))}
    if lowered and not reason:
        raise LoweredFloorError(
            "these floors would be lowered:\n  " + "\n  ".join(lowered) + '\nif that is meant: --reason "…"'
        )
    history = list(floors.get("lowered", []))
    if lowered:
        history.append({"date": date, "reason": reason, "floors": lowered})
    return {"model_sha256": model, "epsilon": EPSILON, "sets": sets, "lowered": history}


def read_floors() -> dict[str, Any]:
    """The floors as kept; empty where there are none yet."""
    return json.loads(FLOORS.read_text("utf-8")) if FLOORS.is_file() else {"sets": {}, "lowered": []}


def shipped_digest() -> str:
    """The shipped model's digest."""
    return model_digest(MODEL)
