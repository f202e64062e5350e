"""The shipped tagger on held-out counties and on real reports: at a glance, or (``--full``) with all evidence.

python -m training.evaluate --model models/tagger --data annotations/bank --corpus ../shared/corpus
python -m training.evaluate --full --only shipped --corpus ../shared/corpus
"""

from __future__ import annotations

import argparse
import json
import logging
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from extraction.forms import load_labels
from extraction.narrative.tagger import Tagger
from training.baselines import CharacterCRF, Rules
from training.evaluation import Marker, Result, score_tagger
from training.evidence.catalogue import NIGHT_MINUTES
from training.examples import Labelled, read_bank
from training.real import ValuedReport, read_reports, score_values


def core_keys() -> list[str]:
    """The labels reported first."""
    return [key for key, label in load_labels().items() if label.core]


def summary(result: Result) -> dict[str, float]:
    """The headline figures of one comparison."""
    scores = {
        "all": result.strict.total(),
        "core": result.strict.total(core_keys()),
        "all_value": result.valued.total(),
        "core_value": result.valued.total(core_keys()),
    }
    return {name: round(score.f1, 4) for name, score in scores.items()} | {
        "precision": round(scores["all"].precision, 4),
        "recall": round(scores["all"].recall, 4),
        "period_f1": round(result.period.f1, 4),
    }


def with_pdf(result: Result, marker: Marker, reports: list[ValuedReport]) -> dict[str, float]:
    """Label and value over all real reports, those without offsets too."""
    tally = score_values(marker, reports)
    every, core = (result.valued.total(k) + tally.total(k) for k in (None, core_keys()))
    return {"all_value_six": round(every.f1, 4), "core_value_six": round(core.f1, 4)}


def evaluate(
    markers: dict[str, Marker],
    held_out: Sequence[Labelled],
    real: tuple[list[Labelled], list[ValuedReport]] | None,
) -> dict[str, Any]:
    """Every marker on every set; per label and with all mistakes for the first."""
    report: dict[str, Any] = {}
    for name, marker in markers.items():
        begun = time.perf_counter()
        counties = score_tagger(marker, held_out)
        seconds = time.perf_counter() - begun
        rows: dict[str, Any] = {
            "held_out": summary(counties),
            "characters_per_second": round(sum(len(u.text) for u in held_out) / seconds),
            "labels": {
                key: {"f1": round(s.f1, 3), "right": s.right, "wrong": s.wrong, "missed": s.missed}
                for key, s in sorted(counties.strict.labels.items(), key=lambda item: item[1].f1)
            },
            "mistakes": [[m.source, m.wanted, m.found, m.around] for m in counties.mistakes],
        }
        if real:
            reports = score_tagger(marker, real[0])
            rows["real"] = summary(reports) | with_pdf(reports, marker, real[1])
            rows["real_mistakes"] = [[m.source, m.wanted, m.found, m.around] for m in reports.mistakes]
        report[name] = rows
    return report


def show(report: dict[str, Any]) -> str:
    """The report as text: headlines of every marker, then the first one's labels, worst first."""
    lines = []
    for name, rows in report.items():
        lines.append(f"{name}: held out {rows['held_out']}  ({rows['characters_per_second']} characters/s)")
        if "real" in rows:
            lines.append(f"{name}: real     {rows['real']}")
    first = next(iter(report.values()))
    lines += [
        f"  {key:36} F1 {row['f1']:.3f}  right {row['right']} wrong {row['wrong']} missed {row['missed']}"
        for key, row in first["labels"].items()
    ]
    return "\n".join(lines)


def _at_a_glance(arguments: argparse.Namespace) -> None:
    units = read_bank(arguments.data)
    held_out = [u for u in units if u.part == arguments.part]
    real = read_reports(arguments.corpus) if arguments.corpus else None
    markers: dict[str, Marker] = {"tagger": Tagger.load(arguments.model)}
    with tempfile.TemporaryDirectory() as folder:
        if arguments.baselines:
            markers["rules"] = Rules()
            chosen = [u for u in units if u.part == "train"]
            markers["crf"] = CharacterCRF.train(chosen, str(Path(folder) / "crf.model"))
        report = evaluate(markers, held_out, real)
    print(show(report))  # noqa: T201 - the command's output
    if arguments.out:
        arguments.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _fully(arguments: argparse.Namespace) -> None:
    from training.evidence.full import Request, evaluate_fully
    from training.evidence.publish import publish
    from training.evidence.record import headline

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    corpus = arguments.corpus if arguments.corpus and arguments.corpus.is_dir() else None
    request = Request(
        model=arguments.model, data=arguments.data, corpus=corpus, backbone=arguments.backbone,
        shelf=arguments.report / "parts", minutes=arguments.budget, threads=arguments.threads,
        simulation=arguments.report / "simulation.json", only=arguments.only, skip=arguments.skip,
    )  # fmt: skip
    try:
        evidence = evaluate_fully(request)
    except ValueError as error:
        raise SystemExit(f"training.evaluate: {error}") from error
    publish(evidence, arguments.report, arguments.model, Path("out/evaluation"))
    for name, record in evidence.record["shipped"].items():
        print(f"{name}: {record.get('absent') or headline(record)}")  # noqa: T201 - the command's output
    print(f"written: {arguments.report}/evaluation.json, index.html; {arguments.model}/MODEL_CARD.md")  # noqa: T201


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/tagger"))
    parser.add_argument("--data", type=Path, default=Path("annotations/bank"))
    parser.add_argument("--corpus", type=Path, help="real reports with gold: a yardstick, never trained on")
    glance = parser.add_argument_group("at a glance")
    glance.add_argument("--part", choices=("test", "development"), default="test")
    glance.add_argument("--baselines", action="store_true", help="also keyword rules and a character CRF")
    glance.add_argument("--out", type=Path, help="write everything, mistakes too, as JSON")
    full = parser.add_argument_group("with all evidence")
    full.add_argument("--full", action="store_true", help="record, page and model card, with comparisons")
    full.add_argument(
        "--report", type=Path, default=Path("docs/evaluation"), help="folder of record and page"
    )
    full.add_argument(
        "--budget", type=float, default=NIGHT_MINUTES, metavar="MINUTES", help="of training, a model"
    )
    full.add_argument("--only", nargs="+", default=(), metavar="PART", help="parts to run where not kept: shipped "
                      "rules crf spacy same-budget no-pretraining transformer no-augmentation curve cv")  # fmt: skip
    full.add_argument("--skip", nargs="+", default=(), metavar="PART", help="parts not to run")
    full.add_argument("--backbone", type=Path, default=Path("models/encoder"))
    full.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    (_fully if arguments.full else _at_a_glance)(arguments)


if __name__ == "__main__":
    main()
