"""First evaluation: the shipped tagger and two baselines on held-out counties and on real reports.

python -m training.evaluate --model models/tagger --data annotations/bank --corpus ../shared/corpus
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from extraction.forms import load_labels
from extraction.narrative.tagger import Tagger
from training.baselines import CharacterCRF, Rules
from training.evaluation import Marker, Result, score_tagger
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


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/tagger"))
    parser.add_argument("--data", type=Path, default=Path("annotations/bank"))
    parser.add_argument("--corpus", type=Path, help="real reports with gold: a yardstick, never trained on")
    parser.add_argument("--part", choices=("test", "development"), default="test")
    parser.add_argument("--baselines", action="store_true", help="also keyword rules and a character CRF")
    parser.add_argument("--out", type=Path, help="write everything, mistakes too, as JSON")
    arguments = parser.parse_args()
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


if __name__ == "__main__":
    main()
