"""The record of an evaluation: everything that the report, the card and the gate say, as one JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from extraction.forms import load_labels
from training.evaluation import Marker
from training.evidence.bootstrap import intervals
from training.evidence.confidence import confidence_of, judged
from training.evidence.markings import Marking, mark_all, mark_valued
from training.evidence.matching import KINDS
from training.evidence.measures import Measures, by_cluster, by_label, measure, period_of, scores_of
from training.evidence.mistakes import Mistake, confusion_of, mistakes_of
from training.examples import Labelled
from training.metrics import Tally
from training.real import ValuedReport

ABSENT = "The real reports (--corpus ../shared/corpus) were not there when this was made."
_TARGETS = Path(__file__).with_name("targets.yaml")
Real = tuple[list[Labelled], list[ValuedReport]]


@dataclass(frozen=True, slots=True)
class SetRecord:
    """One set's record, its counts, and its mistakes with their sentences (left out of a real report's record)."""

    record: dict[str, Any]
    mistakes: tuple[Mistake, ...]
    measures: Measures


def held_out_record(marker: Marker, texts: Sequence[Labelled], clusters: Mapping[str, str]) -> SetRecord:
    """All measures of ``marker`` on the counties held out."""
    marked = mark_all(marker, texts, clusters)
    wanted = sum(len(t.marks) for t in texts)
    speed = {"characters_per_second": marked.characters_per_second}
    return _with(_record(marked.markings, marked.markings, wanted), speed)


def real_record(marker: Marker, real: Real) -> SetRecord:
    """All measures on the real reports; those without offsets count only in label and value."""
    placed = mark_all(marker, real[0], {}).markings
    valued = mark_valued(marker, real[1])
    wanted = sum(len(t.marks) for t in real[0]) + sum(len(r.pairs) for r in real[1])
    found = _record(placed, [*placed, *(m for _, m in valued)], wanted, is_public=False)
    extra = {"reports": len(placed) + len(valued), "value_of_all_reports": _values(placed, valued)}
    return _with(found, extra)


def _record(
    placed: Sequence[Marking], every: Sequence[Marking], wanted: int, *, is_public: bool = True
) -> SetRecord:
    measures = measure(placed)
    mistakes = mistakes_of(placed)
    period = period_of(placed)
    record = {
        "scores": scores_of(measures),
        "period": {"f1": round(period.f1, 4), "right": period.right, "wrong": period.wrong, "missed": period.missed},
        "labels": by_label(measures),
        "counties": by_cluster(measures),
        "confusion": confusion_of(placed),
        "confidence": confidence_of(judged(every), wanted),
        "mistakes": [m.as_json(with_sentence=is_public) for m in mistakes],
    }  # fmt: skip
    return SetRecord(record, tuple(mistakes), measures)


def _with(found: SetRecord, more: dict[str, Any]) -> SetRecord:
    return SetRecord(found.record | more, found.mistakes, found.measures)


def _values(placed: Sequence[Marking], valued: Sequence[tuple[ValuedReport, Marking]]) -> dict[str, Any]:
    """Label and value over all reports by group: precision, recall, F1 with intervals over reports."""
    measures = measure(placed)
    out = {}
    for group in ("all", "core"):
        rows = [measures.group("value", group)]
        for report, marking in valued:
            tally = Tally()
            tally.add(report.pairs, [(i.label, i.value) for i in marking.found])
            score = tally.total(_core() if group == "core" else None)
            rows.append(np.array([[score.right, score.wrong, score.missed]]))
        names = ("precision", "recall", "f1")
        rates = intervals(np.concatenate(rows))
        out[group] = {name: rate.as_json() for name, rate in zip(names, rates, strict=True)}
    return out


def _core() -> list[str]:
    return [key for key, label in load_labels().items() if label.core]


def claims_of(shipped: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every target with what was measured: ``met`` is None where nothing could be."""
    rows = []
    for target in yaml.safe_load(_TARGETS.read_text("utf-8")):
        value: Any = shipped.get(target["set"], {})
        for key in target["value"].split("."):
            value = value.get(key) if isinstance(value, dict) else None
        measured = value[0] if isinstance(value, list) else value
        met = None
        if measured is not None:
            met = measured >= target["at_least"] if "at_least" in target else measured < target["below"]
        rows.append(target | {"measured": measured, "met": met})
    return rows


def headline(record: Mapping[str, Any]) -> str:
    """The main figures of one set's record in a line, for the terminal."""
    scores, sure = record["scores"], record["confidence"]
    parts = [f"{kind} F1 {scores[f'{kind}.all']['f1'][0]:.4f}" for kind in KINDS]
    accepted = sure["accepted"]
    parts.append(f"core strict F1 {scores['strict.core']['f1'][0]:.4f}")
    parts.append(
        f"whole units {scores['whole_units']['value']['right']}/{scores['whole_units']['value']['units']}"
    )
    parts.append(f"ECE {sure['ece']:.4f}")
    if accepted["accepted"]:
        parts.append(f"accepted {accepted['share'][0]:.3f}, of those right {accepted['precision'][0]:.4f}")
    return ", ".join(parts)
