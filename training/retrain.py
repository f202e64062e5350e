"""A new model from the bank and the reviewed sentences; it takes the champion's place only where it is better.

python -m training.retrain [--minutes M | --epochs N] [--candidate FOLDER]

Both are compared on the same counties, which neither was trained on (training/comparison.py). The registry,
models/registry.json, keeps what was made when from which data with which figures. python -m training.rollback
brings the old model back.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from annotations.studio.reviewed import REVIEWED
from extraction.errors import NianbaoError
from extraction.narrative.tagger import Tagger
from training.comparison import CONFIDENCE, DRAWS, Comparison, compare, describe
from training.errors import TrainingError
from training.examples import Labelled, read_bank
from training.gathering import Gathered, gather
from training.registry import Entry, Registry, is_model, opened

log = logging.getLogger("retrain")
_LISTED = 20  # of what was left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to retrain from, with how much effort, and how to judge. ``candidate``: a model made elsewhere."""

    data: Path = Path("annotations/bank")
    reviewed: Path = REVIEWED
    models: Path = Path("models")
    backbone: str = "models/encoder"
    candidate: Path | None = None
    epochs: int | None = None
    minutes: float | None = None
    threads: int = 2
    seed: int = 7
    draws: int = DRAWS
    confidence: float = CONFIDENCE

    @property
    def work(self) -> Path:
        """Where the data and the candidate are made."""
        return self.models / "retrain"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a candidate; ``comparison`` is None where there was no champion to beat."""

    entry: Entry
    comparison: Comparison | None
    gathered: Gathered
    note: str | None


def retrain(plan: Plan) -> Outcome:
    """Train, compare, promote or refuse. Raises TrainingError where a candidate cannot be made or judged."""
    with opened(plan.models) as registry:
        note = registry.settle()
        gathered = gather(plan.data, plan.reviewed, plan.work / "data")
        candidate = plan.candidate or make_candidate(plan, gathered.folder)
        if not is_model(candidate):
            raise TrainingError(
                "training.no_candidate", f"{candidate} is no model folder; training.export writes one."
            )
        comparison = _compare(plan, registry, candidate, gathered.folder)
        facts = _facts(candidate, gathered, comparison, made_here=plan.candidate is None)
        decide = registry.promote if comparison is None or comparison.promoted else registry.refuse
        return Outcome(decide(candidate, facts), comparison, gathered, note)


def make_candidate(plan: Plan, data: Path) -> Path:
    """Train on ``data`` and export; the folder of the exported model."""
    from training.export import export
    from training.train import Settings, train

    settings = Settings(minutes=plan.minutes, threads=plan.threads, seed=plan.seed)
    if plan.epochs:
        settings = replace(settings, epochs=plan.epochs)
    floats, out = plan.work / "float", plan.work / "tagger"
    train(data, plan.backbone, floats, settings)
    try:
        export(floats, out, data)
    except ValueError as error:
        raise TrainingError(
            "training.no_calibration",
            f"The candidate's scores cannot be calibrated on the development counties: {error}. Train longer "
            "(--minutes), or annotate reports of more counties. The champion stays.",
        ) from error
    return out


def _compare(plan: Plan, registry: Registry, candidate: Path, data: Path) -> Comparison | None:
    if registry.champion is None:
        return None
    held_out: list[Labelled] = [unit for unit in read_bank(data) if unit.part == "test"]
    champion = Tagger.load(registry.in_use)
    return compare(
        champion, Tagger.load(candidate), held_out,
        draws=plan.draws, confidence=plan.confidence, seed=plan.seed,
    )  # fmt: skip


def _facts(folder: Path, gathered: Gathered, comparison: Comparison | None, *, made_here: bool) -> Entry:
    """What the registry says of a candidate besides its digests."""
    path = folder / "manifest.json"
    manifest: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    names = (
        "backbone",
        "settings",
        "steps",
        "seconds",
        "data_sha256",
        "code_sha256",
        "backbone_sha256",
        "export",
    )
    return {
        "origin": "retrained" if made_here else str(folder),
        "training": {name: manifest[name] for name in names if name in manifest},
        "data": gathered.record,
        "figures": comparison.candidate if comparison else None,
        "comparison": comparison.record if comparison else None,
    }


def report(outcome: Outcome) -> str:
    """What was done, for a person."""
    done, entry = outcome.gathered, outcome.entry
    lines = [outcome.note] if outcome.note else []
    lines.append(
        f"data: {done.bank_units} units of the bank; {done.sentences} reviewed sentences of {done.reports} reports, "
        f"{len(done.annotators)} annotators"
    )
    lines += [f"left out: {one}" for one in done.left_out[:_LISTED]]
    if more := len(done.left_out) - _LISTED:
        lines += [f"left out: {more} more"] if more > 0 else []
    if outcome.comparison:
        lines.append(describe(outcome.comparison))
        lines += [f"reason: {one}" for one in outcome.comparison.reasons]
    if entry["status"] == "champion":
        lines.append(
            f"PROMOTED: {entry['name']} is in use. python -m training.rollback brings the old one back"
        )
    else:
        lines.append(f"REFUSED: {entry['name']}; the champion stays in use")
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    plan = Plan()
    parser = argparse.ArgumentParser(
        prog="python -m training.retrain",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, default=plan.data, help="the bank")
    parser.add_argument("--reviewed", type=Path, default=plan.reviewed, help="what annotations.pull wrote")
    parser.add_argument(
        "--models", type=Path, default=plan.models, help="folder of the models and the registry"
    )
    parser.add_argument("--backbone", default=plan.backbone, help="encoder folder, or none")
    parser.add_argument("--candidate", type=Path, help="judge this exported model instead of training one")
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument("--epochs", type=int, help="passes over the data (training.train's default)")
    effort.add_argument("--minutes", type=float, help="train for so long instead")
    parser.add_argument("--threads", type=int, default=plan.threads)
    parser.add_argument("--seed", type=int, default=plan.seed)
    parser.add_argument("--draws", type=int, default=plan.draws, help="of the bootstrap")
    parser.add_argument("--confidence", type=float, default=plan.confidence, help="of its intervals")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0 promoted or refused, 2 with a message where there is nothing to judge."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        outcome = retrain(Plan(**vars(chosen)))
    except NianbaoError as error:
        print(f"retrain: {error.message} [{error.code}]", file=sys.stderr)  # noqa: T201
        return 2
    print(report(outcome))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
