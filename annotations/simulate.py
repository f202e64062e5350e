"""The annotation loop on the bank, its marks as the annotator: sampled sentences against random ones.

python -m annotations.simulate --out docs/evaluation/simulation.jsonl --budget 10    minutes a training

Trains 1 + repeats × (1 + 2 × rounds) models: with the defaults 34. Every result is written at once; given again,
the same command goes on where it was stopped. With --show it only prints what there is. The curves are written
beside --out as JSON, which the next make evaluate puts into its page.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from annotations.simulation.curves import Curves, curves_of, describe
from annotations.simulation.loop import Course, Loop, Point, Train
from annotations.studio.errors import StudioError
from extraction.errors import NianbaoError
from training.examples import Labelled, bank_digest, read_bank

log = logging.getLogger("simulate")
_BANK = Path(__file__).parent / "bank"


def read_points(path: Path, head: dict[str, Any]) -> dict[tuple[int, str, int], Point]:
    """The points of an earlier run of the same course. Raises StudioError where it was another course."""
    if not path.exists():
        return {}
    first, *lines = path.read_text("utf-8").splitlines() or ["{}"]
    if json.loads(first) != head:
        raise StudioError(
            "simulation.other_course",
            f"{path} holds a simulation with other settings or another bank. Give another --out, or delete it.",
        )
    points = []
    for line in lines:
        if line.endswith("}"):  # the last line of a killed run may be torn
            record = json.loads(line)
            counts = {county: tuple(row) for county, row in record.pop("counts").items()}
            points.append(Point(**record | {"counts": counts, "chosen": tuple(record["chosen"])}))
    return {(p.repeat, p.strategy, p.round): p for p in points}


def simulate(loop: Loop, out: Path, head: dict[str, Any]) -> list[Point]:
    """Every point of the loop, those in ``out`` taken from there, the others added to it as they come."""
    done = read_points(out, head)
    lines = [json.dumps(head)] + [json.dumps(asdict(point), ensure_ascii=False) for point in done.values()]
    out.write_text("\n".join(lines) + "\n", "utf-8")
    points = []
    with out.open("a", encoding="utf-8") as file:
        for point in loop.points(done):
            points.append(point)
            if (point.repeat, point.strategy, point.round) not in done:
                file.write(json.dumps(asdict(point), ensure_ascii=False) + "\n")
                file.flush()
            log.info(
                "%s, repeat %d, round %d: %d sentences",
                point.strategy,
                point.repeat,
                point.round,
                point.sentences,
            )
    return points


def write_curves(path: Path, head: dict[str, Any], curves: Curves) -> None:
    """What the evaluation's page shows of a simulation (``training.evidence``)."""
    row = {"course": head, **asdict(curves)}
    path.write_text(json.dumps(row, ensure_ascii=False, indent=1, allow_nan=False) + "\n", "utf-8")


def trainer(chosen: argparse.Namespace) -> Train:
    """Trainings of the budget asked for."""
    from training.fitting import Fitted, fit_units
    from training.train import Settings

    def train(units: list[Labelled], seed: int) -> Fitted:
        begun = time.monotonic()
        effort = {"epochs": chosen.epochs} if chosen.epochs else {"minutes": chosen.budget}
        fitted = fit_units(units, chosen.backbone, Settings(**effort, threads=chosen.threads, seed=seed))
        log.info("trained on %d texts in %.0f s", len(units), time.monotonic() - begun)
        return fitted

    return train


def _parser() -> argparse.ArgumentParser:
    course = Course()
    parser = argparse.ArgumentParser(
        prog="python -m annotations.simulate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--out", type=Path, default=Path("simulation.jsonl"), help="results, also of a stopped run"
    )
    parser.add_argument("--data", type=Path, default=_BANK, help="the bank")
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument("--budget", type=float, default=10.0, metavar="MINUTES", help="of each training (10)")
    effort.add_argument("--epochs", type=int, help="of each training instead: the same on every machine")
    parser.add_argument("--backbone", default="models/encoder", help="encoder folder, or none")
    parser.add_argument(
        "--start", type=float, default=course.start, help="share of counties to begin with (0.1)"
    )
    parser.add_argument("--rounds", type=int, default=course.rounds)
    parser.add_argument("--step", type=int, default=course.step, help="sentences a round (500)")
    parser.add_argument("--repeats", type=int, default=course.repeats, help="other beginnings (3)")
    parser.add_argument("--seed", type=int, default=course.seed)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--show", action="store_true", help="train nothing; print the curves of --out")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0, or 2 with a message."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    course = Course(
        start=chosen.start, rounds=chosen.rounds, step=chosen.step, repeats=chosen.repeats, seed=chosen.seed
    )
    effort = {"epochs": chosen.epochs} if chosen.epochs else {"minutes": chosen.budget}
    head = asdict(course) | effort | {"backbone": chosen.backbone, "data_sha256": bank_digest(chosen.data)}
    try:
        if chosen.show:
            points = list(read_points(chosen.out, head).values())
        else:
            points = simulate(Loop(read_bank(chosen.data), trainer(chosen), course), chosen.out, head)
        curves = curves_of(points)
        write_curves(chosen.out.with_suffix(".json"), head, curves)
        print(describe(curves))
    except NianbaoError as error:
        print(f"simulate: {error.message} [{error.code}]", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"simulate: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
