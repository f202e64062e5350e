"""Agreement between annotators: F1 of every pair and Krippendorff's alpha, of all labels and of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from annotations.quality.alpha import alpha
from annotations.quality.decisions import NONE, Decision, Reading, decisions
from training.metrics import Score, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of all pairs of annotators together: spans, spans with labels (also by pair and by label), and alpha."""

    sentences: int  # that two annotators or more have read
    spans: Score
    labels: Tally
    pairs: dict[tuple[str, str], Tally]
    alpha: float | None
    alpha_of: dict[str, float | None]
    disputed: tuple[Decision, ...] = field(default=())


def agreement_of(readings: Iterable[Reading]) -> Agreement:
    """How the annotators of ``readings`` agree where they read the same sentences."""
    every = list(readings)
    decided = decisions(every)
    spans, labels = Tally(), Tally()
    pairs: dict[tuple[str, str], Tally] = {}
    by_key: dict[str, dict[str, Reading]] = defaultdict(dict)
    for one in every:
        by_key[one.key][one.annotator] = one
    for group in by_key.values():
        for first, second in combinations(sorted(group), 2):
            left, right = _marks(group[first]), _marks(group[second])
            labels.add(left, right)
            pairs.setdefault((first, second), Tally()).add(left, right)
            spans.add(*([("", place[:2]) for _, place in marks] for marks in (left, right)))
    return Agreement(
        sentences=sum(len(group) > 1 for group in by_key.values()),
        spans=spans.total(),
        labels=labels,
        pairs=pairs,
        alpha=alpha([dict(one.labels) for one in decided]),
        alpha_of=_alphas(decided),
        disputed=tuple(one for one in decided if one.disputed),
    )


def _marks(reading: Reading) -> list[tuple[str, tuple[int, int, bool]]]:
    return [(m.label, (m.start, m.end, m.prior)) for m in reading.marks]


def _alphas(decided: Sequence[Decision]) -> dict[str, float | None]:
    """Of each label: whether a place carries it or not."""
    plain = [{who: name.removesuffix("!prior") for who, name in one.labels} for one in decided]
    names = sorted({name for one in plain for name in one.values()} - {NONE})
    return {
        name: alpha([{who: str(label == name) for who, label in one.items()} for one in plain])
        for name in names
    }


def describe(agreement: Agreement, *, most: int = 40) -> str:
    """The agreement as text for a person: the worst labels first, then the disagreements."""
    a = agreement
    if not a.sentences:
        return "No sentence was annotated by two people: agreement cannot be told (annotations.setup --annotators 2)."
    lines = [
        f"{a.sentences} sentences read by two or more; span and label F1 {a.labels.total().f1:.4f}, span alone "
        f"{a.spans.f1:.4f}, Krippendorff's alpha {_shown(a.alpha)}"
    ]
    lines += [f"  {one} | {other}: F1 {t.total().f1:.4f}" for (one, other), t in sorted(a.pairs.items())]
    lines.append(f"  {'label':34}{'marks':>7}{'F1':>8}{'alpha':>8}")
    for label, score in sorted(a.labels.labels.items(), key=lambda item: item[1].f1):
        marks = 2 * score.right + score.wrong + score.missed
        lines.append(f"  {label:34}{marks:7}{score.f1:8.3f}{_shown(a.alpha_of.get(label)):>8}")
    lines.append(f"{len(a.disputed)} places are disputed:")
    for one in a.disputed[:most]:
        lines.append(f"  {one.key} {one.around} " + " | ".join(f"{who}: {name}" for who, name in one.labels))
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
