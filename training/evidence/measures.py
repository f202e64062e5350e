"""Counts by cluster, and the tables made of them: all, core, by label, by county, whole units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extraction.forms import load_labels
from training.evidence.bootstrap import intervals, rates, share_interval
from training.evidence.markings import Marking
from training.evidence.matching import KINDS, Counts, counts_of
from training.examples import label_keys
from training.metrics import Score

GROUPS = ("all", "core")


@dataclass(frozen=True, slots=True)
class Measures:
    """``counts``: (clusters, kinds, labels, 3) of right, wrong, missed; ``whole``: (clusters, kinds) of units
    without a mistake; ``units``: of each cluster.
    """

    clusters: tuple[str, ...]
    counts: Counts
    whole: Counts
    units: Counts

    def group(self, kind: str, name: str) -> Counts:
        """Right, wrong, missed of all labels or of the core: shape (clusters, 3)."""
        chosen = self.counts[:, KINDS.index(kind)]
        labels = [i for i, label in enumerate(load_labels().values()) if name == "all" or label.core]
        picked: Counts = chosen[:, labels].sum(axis=1)
        return picked


def measure(markings: Sequence[Marking]) -> Measures:
    """Count every text, added up by cluster (in order of name)."""
    clusters = tuple(sorted({m.cluster for m in markings}))
    place = {name: i for i, name in enumerate(clusters)}
    counts = np.zeros((len(clusters), len(KINDS), len(label_keys()), 3), dtype=np.int64)
    whole = np.zeros((len(clusters), len(KINDS)), dtype=np.int64)
    units = np.zeros(len(clusters), dtype=np.int64)
    for marking in markings:
        one = counts_of(marking.wanted, marking.found, label_keys())
        at = place[marking.cluster]
        counts[at] += one
        whole[at] += one[:, :, 1:].sum(axis=(1, 2)) == 0
        units[at] += 1
    return Measures(clusters, counts, whole, units)


def scores_of(measures: Measures) -> dict[str, Any]:
    """Precision, recall, F1 with intervals by kind and group; whole units right by kind."""
    table: dict[str, Any] = {}
    for kind in KINDS:
        for group in GROUPS:
            counts = measures.group(kind, group)
            names = ("precision", "recall", "f1")
            table[f"{kind}.{group}"] = {
                **{n: r.as_json() for n, r in zip(names, intervals(counts), strict=True)},
                **dict(zip(("right", "wrong", "missed"), counts.sum(axis=0).tolist(), strict=True)),
            }
    table["whole_units"] = {
        kind: {
            "share": share_interval(np.stack([measures.whole[:, i], measures.units], axis=1)).as_json(),
            "right": int(measures.whole[:, i].sum()),
            "units": int(measures.units.sum()),
        }
        for i, kind in enumerate(KINDS)
    }
    return table


def by_label(measures: Measures) -> list[dict[str, Any]]:
    """Every label with its strict and its value scores, worst F1 (value) first; absent ones last."""
    rows = []
    for i, (key, label) in enumerate(load_labels().items()):
        row: dict[str, Any] = {"label": key, "zh": label.zh, "core": label.core}
        for kind in ("strict", "value"):
            counts = measures.counts[:, KINDS.index(kind), i]
            precision, recall, f1 = (r.as_json() for r in intervals(counts))
            row[kind] = {"precision": precision, "recall": recall, "f1": f1}
            row[kind] |= dict(zip(("right", "wrong", "missed"), counts.sum(axis=0).tolist(), strict=True))
        rows.append(row)
    return sorted(rows, key=lambda r: (r["value"]["f1"][0] is None, r["value"]["f1"][0] or 0.0, r["label"]))


def by_cluster(measures: Measures) -> list[dict[str, Any]]:
    """Every county or report, worst F1 (strict) first."""
    rows = []
    for i, name in enumerate(measures.clusters):
        row: dict[str, Any] = {"name": name, "units": int(measures.units[i])}
        for kind in ("strict", "value"):
            counts = measures.group(kind, "all")[i]
            row[kind] = [None if np.isnan(x) else round(float(x), 4) for x in rates(counts)]
            row[f"{kind}_counts"] = counts.tolist()
            row[f"{kind}_whole"] = int(measures.whole[i, KINDS.index(kind)])
        rows.append(row)
    return sorted(rows, key=lambda r: (r["strict"][2] is None, r["strict"][2] or 0.0, r["name"]))


def period_of(markings: Sequence[Marking]) -> Score:
    """Figures of another year than the report's, among those whose span and label are right."""
    total = Score()
    for marking in markings:
        prior = {(s.start, s.end, s.label): s.prior for s in marking.spans}
        pairs = [
            (m.prior, prior[key]) for m in marking.text.marks if (key := (m.start, m.end, m.label)) in prior
        ]
        total += Score(
            sum(want and have for want, have in pairs),
            sum(have and not want for want, have in pairs),
            sum(want and not have for want, have in pairs),
        )
    return total
