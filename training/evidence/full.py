"""The full evaluation: the shipped model on what it has never seen, and beside it everything it must beat."""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from annotations.bank.load import load_bank
from extraction.narrative.shipped import model_digest
from extraction.narrative.tagger import Tagger
from training.evidence.bootstrap import difference
from training.evidence.catalogue import FOLDS, REFERENCE, SHARES, SHIPPED, Plan, catalogue, selected
from training.evidence.leakage import leakage_of
from training.evidence.markings import counties_of
from training.evidence.measures import Measures, scores_of
from training.evidence.mistakes import Mistake
from training.evidence.parts import Kept, Part, Shelf, State, run_part
from training.evidence.record import ABSENT, claims_of, held_out_record, real_record
from training.examples import bank_digest, read_bank
from training.real import read_reports

log = logging.getLogger("evaluate")
FORMAT = 1
_REASONS = {
    "not run": "not run: make evaluate ARGUMENTS=\"--only {name}\"",
    "stale": "run on other data or with other code, so not shown: make evaluate ARGUMENTS=\"--only {name}\"",
    "run": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to evaluate, and what to train for it."""

    model: Path
    data: Path
    corpus: Path | None
    backbone: Path
    shelf: Path
    minutes: float
    simulation: Path | None = None  # the curves that annotations.simulate wrote
    threads: int = 2
    only: Sequence[str] = ()
    skip: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The record, and the mistakes on real reports with their sentences (never to be put into the project)."""

    record: dict[str, Any]
    private: tuple[Mistake, ...]


def evaluate_fully(request: Request) -> Evidence:
    """Judge the shipped model; train and judge what is asked for and not kept yet.

    Raises ValueError for an unknown part, or where a county stands on both sides of the split.
    """
    leakage = leakage_of(load_bank(request.data / "units"))
    log.info("%s", leakage)
    if leakage.shared:
        raise ValueError(f"counties in more than one part of the split: {', '.join(leakage.shared)}")
    plan = Plan(
        units=read_bank(request.data), clusters=counties_of(request.data), backbone=request.backbone,
        minutes=request.minutes, threads=request.threads,
    )  # fmt: skip
    parts = catalogue(plan)
    chosen = selected([SHIPPED, *(p.name for p in parts)], request.only, request.skip)
    data = bank_digest(request.data)
    tagger = Tagger.load(request.model)
    held_out = held_out_record(tagger, plan.of("test"), plan.clusters)
    shipped: dict[str, Any] = {"held_out": held_out.record, "real": {"absent": ABSENT}}
    private: tuple[Mistake, ...] = ()
    if request.corpus:
        real = real_record(tagger, read_reports(request.corpus))
        shipped["real"], private = real.record, real.mistakes
    finished = _finish(parts, chosen, Shelf(request.shelf, data), plan.clusters)
    record = {
        "format": FORMAT,
        "made": _made(request, data),
        "claims": claims_of(shipped),
        "leakage": leakage.as_json(),
        "shipped": shipped,
        **_compared(parts, finished, held_out.measures),
        "simulation": simulated(request.simulation, data),
    }
    return Evidence(record, private)


def _finish(
    parts: Sequence[Part], chosen: Sequence[str], shelf: Shelf, clusters: Mapping[str, str]
) -> dict[str, tuple[State, Kept | None]]:
    """Every part with its state, after running those chosen that are not kept."""
    out: dict[str, tuple[State, Kept | None]] = {}
    for part in parts:
        state, kept = shelf.find(part)
        if state != "run" and part.name in chosen:
            log.info("%s: training and judging", part.name)
            kept = run_part(part, shelf.data, clusters)
            shelf.put(kept)
            state = "run"
        out[part.name] = (state, kept)
        log.info("%s: %s", part.name, state)
    return out


def simulated(path: Path | None, data: str) -> dict[str, Any]:
    """The curves of the annotation loop, and whether they are of this bank."""
    if path is None or not path.is_file():
        return {"state": "not run"}
    curves: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return {"state": "run" if curves["course"]["data_sha256"] == data else "stale", **curves}


def _compared(
    parts: Sequence[Part], finished: Mapping[str, tuple[State, Kept | None]], shipped: Measures
) -> dict[str, Any]:
    rows = {part.name: _row(part, *finished[part.name], shipped) for part in parts}
    curve = [rows[f"curve-{share}"] | {"share": share} for share in SHARES] + [
        rows[REFERENCE] | {"share": 100}
    ]
    folds = [rows[f"cv-{n}"] for n in range(1, FOLDS + 1)]
    single = [row for name, row in rows.items() if not name.startswith(("curve-", "cv-"))]
    kept = [k for n in range(1, FOLDS + 1) if (k := finished[f"cv-{n}"][1])]
    return {
        "comparisons": single,
        "learning_curve": curve,
        "cross_validation": {
            "folds": folds,
            "pooled": _pooled(kept) if len(kept) == FOLDS else None,
            "missing": FOLDS - len(kept),
        },
    }  # fmt: skip


def _row(part: Part, state: State, kept: Kept | None, shipped: Measures) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": part.name, "title": part.title, "state": state,
        "reason": _REASONS[state].format(name=part.name),
    }  # fmt: skip
    if kept is None:
        return row
    measures = kept.measures
    row |= {
        "scores": scores_of(measures), "seconds": kept.seconds, "minutes": kept.settings.get("minutes"),
        "characters_per_second": kept.characters_per_second, "counties": kept.trained_on["counties"],
        "trained_on": kept.trained_on,
    }  # fmt: skip
    if measures.clusters == shipped.clusters:
        gain = difference(shipped.group("strict", "all"), measures.group("strict", "all"))
        row["shipped_minus_this"] = gain.as_json()
    return row


def _pooled(kept: Sequence[Kept]) -> dict[str, Any]:
    """All folds together: every county of the bank judged once, by a model that has not seen it."""
    found = [k.measures for k in kept]
    together = Measures(
        tuple(name for m in found for name in m.clusters),
        np.concatenate([m.counts for m in found]),
        np.concatenate([m.whole for m in found]),
        np.concatenate([m.units for m in found]),
    )
    return {"counties": len(together.clusters), "scores": scores_of(together)}


def _made(request: Request, data: str) -> dict[str, Any]:
    path = request.model / "manifest.json"
    manifest = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "model": request.model.name,
        "model_sha256": model_digest(request.model),
        "model_megabytes": round((request.model / "model.onnx").stat().st_size / 1e6, 2),
        "calibration": json.loads((request.model / "calibration.json").read_text("utf-8")),
        "manifest": {
            key: manifest.get(key)
            for key in ("backbone", "settings", "steps", "seconds", "data_sha256", "backbone_sha256", "export")
        },
        "bank_sha256": data,
        "corpus_sha256": corpus_digest(request.corpus) if request.corpus else None,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("numpy", "onnxruntime", "torch", "spacy", "python-crfsuite")},
    }  # fmt: skip


def corpus_digest(corpus: Path) -> str:
    """SHA-256 over the real reports and their gold."""
    total = hashlib.sha256()
    for path in sorted(p for name in ("gold", "seeds", "reports") for p in (corpus / name).glob("*")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()
