"""Champion against candidate on counties that neither was trained on, and what follows from it.

The candidate is promoted where the whole gets better beyond chance and no core label gets worse beyond chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from extraction.forms import load_labels
from training.bootstrap import Interval, count_by_county, draw, interval, weights_of
from training.errors import TrainingError
from training.evaluation import Marker
from training.examples import Labelled

DRAWS = 4000
CONFIDENCE = 0.95  # of each two-sided interval
_FEWEST = 5  # counties; with fewer, drawing them again says next to nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """F1 of both on the same counties, and the differences (candidate less champion) with their intervals."""

    counties: tuple[str, ...]
    units: int
    draws: int
    confidence: float
    champion: dict[str, float]  # F1 by label, “all” for the whole
    candidate: dict[str, float]
    difference: Interval
    core: dict[str, Interval]

    @property
    def better(self) -> bool:
        """Whether the whole is better: the interval lies above 0."""
        return self.difference.low > 0

    @property
    def worse(self) -> tuple[str, ...]:
        """Core labels that are worse: their intervals lie below 0."""
        return tuple(label for label, one in self.core.items() if one.high < 0)

    @property
    def promoted(self) -> bool:
        return self.better and not self.worse

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is not promoted; empty where it is."""
        out = []
        if not self.better:
            out.append(f"the whole is not better: {_signed(self.difference)}")
        out += [f"{label} is worse: {_signed(self.core[label])}" for label in self.worse]
        return tuple(out)

    @property
    def record(self) -> dict[str, Any]:
        """As the registry keeps it."""
        return asdict(self) | {"promoted": self.promoted, "reasons": list(self.reasons)}


def compare(
    champion: Marker,
    candidate: Marker,
    held_out: Sequence[Labelled],
    *,
    draws: int = DRAWS,
    confidence: float = CONFIDENCE,
    seed: int = 7,
) -> Comparison:
    """Both markers on ``held_out``. Raises TrainingError where these are of too few counties to tell anything."""
    first, second = (count_by_county(marker, held_out) for marker in (champion, candidate))
    if len(first) < _FEWEST:
        raise TrainingError(
            "training.few_counties",
            f"Only {len(first)} counties are held out, {_FEWEST} are the least that two models can be compared on. "
            "Annotate reports of more counties (training/splits.py says which are held out).",
        )
    core = [key for key, label in load_labels().items() if label.core]
    marked = {label for counts in (first, second) for tally in counts.values() for label in tally}
    labels = [*core, *sorted(marked.difference(core))]
    weights = weights_of(len(first), draws, seed)
    old, new = draw(first, labels, weights), draw(second, labels, weights)
    apart = new.by_label - old.by_label
    return Comparison(
        counties=tuple(sorted(first)),
        units=len(held_out),
        draws=draws,
        confidence=confidence,
        champion=_row(labels, old.by_label[0], old.all[0]),
        candidate=_row(labels, new.by_label[0], new.all[0]),
        difference=interval(new.all - old.all, confidence),
        core={label: interval(apart[:, i], confidence) for i, label in enumerate(core)},
    )


def _row(labels: Sequence[str], by_label: Any, whole: Any) -> dict[str, float]:
    return {"all": round(float(whole), 6)} | {
        label: round(float(value), 6) for label, value in zip(labels, by_label, strict=True)
    }


def describe(comparison: Comparison) -> str:
    """The comparison as text for a person."""
    c = comparison
    lines = [
        f"{len(c.counties)} counties held out, {c.units} units; {c.draws} draws, intervals of {c.confidence:.0%}",
        f"{'':34}{'champion':>9}{'candidate':>10}  difference",
        f"{'all':34}{c.champion['all']:9.4f}{c.candidate['all']:10.4f}  {_signed(c.difference)}",
    ]
    for label, one in c.core.items():
        lines.append(f"{label:34}{c.champion[label]:9.4f}{c.candidate[label]:10.4f}  {_signed(one)}")
    return "\n".join(lines)


def _signed(one: Interval) -> str:
    return f"{one.value:+.4f} [{one.low:+.4f}, {one.high:+.4f}]"
