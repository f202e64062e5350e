"""What became of a model's proposals: kept, moved, relabelled, revalued, deleted; and what people added."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from annotations.studio.regions import Region
from annotations.studio.reviewed import Reviewed

Fate = Literal["kept", "moved", "relabelled", "revalued", "deleted", "added"]
FATES: tuple[Fate, ...] = ("kept", "moved", "relabelled", "revalued", "deleted")
NOBODY = "(no model)"


@dataclass(slots=True)
class Outcome:
    """Of one model's version: sentences, the fates of its regions, what was added, seconds a sentence."""

    sentences: int = 0
    untouched: int = 0  # sentences submitted as proposed
    fates: Counter[Fate] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    @property
    def proposed(self) -> int:
        """Regions the model proposed: all but the added ones."""
        return self.fates.total() - self.fates["added"]

    def share(self, fate: Fate) -> float:
        """The share of the proposed regions; of the added ones, the share of the regions in the end."""
        final = self.fates.total() - self.fates["deleted"]
        whole = final if fate == "added" else self.proposed
        return self.fates[fate] / whole if whole else 0.0


def fates_of(proposed: Sequence[Region], final: Sequence[Region]) -> Counter[Fate]:
    """The fate of every proposed region, and how many were added.

    A region in the same place is the same; of the others, those that overlap most are matched. One that was
    moved and relabelled counts as relabelled; revalued is another value or another period under the same label.
    """
    out: Counter[Fate] = Counter()
    left = list(final)
    moved: list[Region] = []
    for one in proposed:
        same = next((r for r in left if _place(r) == _place(one)), None)
        if same is None:
            moved.append(one)
            continue
        left.remove(same)
        out[_fate(one, same)] += 1
    pairs = sorted(
        ((-_overlap(one, other), i, j) for i, one in enumerate(moved) for j, other in enumerate(left))
    )
    used: tuple[set[int], set[int]] = (set(), set())
    for overlap, i, j in pairs:
        if overlap < 0 and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            out["moved" if moved[i].mark.label == left[j].mark.label else "relabelled"] += 1
    out["deleted"] += len(moved) - len(used[0])
    out["added"] += len(left) - len(used[1])
    return +out


def _place(region: Region) -> tuple[int, int]:
    return region.mark.start, region.mark.end


def _overlap(one: Region, other: Region) -> int:
    return max(0, min(one.mark.end, other.mark.end) - max(one.mark.start, other.mark.start))


def _fate(one: Region, other: Region) -> Fate:
    if one.mark.label != other.mark.label:
        return "relabelled"
    same = (one.value, one.mark.prior) == (other.value, other.mark.prior)
    return "kept" if same else "revalued"


def outcomes_of(reviewed: Iterable[Reviewed]) -> dict[str, Outcome]:
    """By version of the model; sentences annotated without a proposal stand under ``NOBODY``."""
    out: dict[str, Outcome] = defaultdict(Outcome)
    for one in reviewed:
        row = out[NOBODY if one.proposed is None else one.model or "?"]
        fates = fates_of(one.proposed or (), one.regions)
        row.sentences += 1
        row.fates += fates
        row.untouched += not (set(fates) - {"kept"})
        if one.seconds is not None:
            row.seconds.append(one.seconds)
    return dict(sorted(out.items()))


def describe(outcomes: dict[str, Outcome]) -> str:
    """One line a version."""
    if not outcomes:
        return "No annotations yet: python -m annotations.pull brings them."
    width = max(len(name) for name in outcomes) + 2
    heads = ("sentences", "untouched", "regions", *FATES, "added", "seconds", "(median)")
    lines = [" " * width + "".join(f"{head:>12}" for head in heads)]
    for name, row in outcomes.items():
        untouched = row.untouched / row.sentences
        mean = sum(row.seconds) / len(row.seconds) if row.seconds else None
        cells = [str(row.sentences), f"{untouched:.1%}", str(row.proposed)]
        cells += [f"{row.share(fate):.1%}" if row.proposed else "-" for fate in FATES]
        cells += [f"{row.share('added'):.1%}"]
        cells += ["-", "-"] if mean is None else [f"{mean:.1f}", f"{median(row.seconds):.1f}"]
        lines.append(f"{name:{width}}" + "".join(f"{cell:>12}" for cell in cells))
    return "\n".join(lines)
