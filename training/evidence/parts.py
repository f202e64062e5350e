"""The parts of an evaluation: each trained (or not) and judged once, its counts kept until data or code change."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from training.evaluation import Marker
from training.evidence.markings import mark_all
from training.evidence.measures import Measures, measure
from training.examples import Labelled

ROOT = Path(__file__).parents[2]
State = Literal["run", "not run", "stale"]


@dataclass(frozen=True, slots=True)
class Trained:
    """A marker, and the units that it was trained on (none for rules)."""

    marker: Marker
    units: Sequence[Labelled] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One comparison: ``make`` trains it, ``tested`` are the units to judge it on.

    ``sources`` are the files (globs from the project's root) that decide what it says; ``settings`` everything
    else that does.
    """

    name: str
    title: str
    make: Callable[[], Trained]
    tested: Sequence[Labelled]
    sources: tuple[str, ...]
    settings: Mapping[str, Any]
    takes: str = ""  # how long, in words, for the report

    def digest(self, data: str) -> str:
        """SHA-256 over data, code and settings."""
        total = hashlib.sha256(json.dumps([data, dict(self.settings)], sort_keys=True).encode())
        for path in sorted({p for pattern in self.sources for p in ROOT.glob(pattern)}):
            total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
        return total.hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a part that was run."""

    name: str
    digest: str
    settings: dict[str, Any]
    seconds: float  # of training
    characters_per_second: int
    trained_on: dict[str, int]
    clusters: tuple[str, ...]
    counts: list[Any]  # as Measures.counts
    whole: list[Any]
    units: list[int]

    @property
    def measures(self) -> Measures:
        """The counts as arrays."""
        return Measures(
            self.clusters,
            np.array(self.counts, dtype=np.int64),
            np.array(self.whole, dtype=np.int64),
            np.array(self.units, dtype=np.int64),
        )


def run_part(part: Part, data: str, clusters: Mapping[str, str]) -> Kept:
    """Train and judge a part."""
    digest = part.digest(data)  # before training: what is edited meanwhile is not what was run
    begun = time.monotonic()
    trained = part.make()
    seconds = time.monotonic() - begun
    marked = mark_all(trained.marker, part.tested, clusters)
    found = measure(marked.markings)
    units = trained.units
    return Kept(
        part.name, digest, dict(part.settings), round(seconds, 1), marked.characters_per_second,
        {
            "counties": len({clusters.get(u.source, u.source) for u in units}),
            "units": len(units),
            "figures": sum(len(u.marks) for u in units),
        },
        found.clusters, found.counts.tolist(), found.whole.tolist(), found.units.tolist(),
    )  # fmt: skip


class Shelf:
    """Finished parts in a folder, one file each, so that a run that was stopped goes on where it stopped."""

    def __init__(self, folder: Path, data: str) -> None:
        self._folder = folder
        self.data = data

    def find(self, part: Part) -> tuple[State, Kept | None]:
        """The kept part; not where it was never run, ``stale`` where data, code or settings have changed."""
        path = self._path(part.name)
        if not path.is_file():
            return "not run", None
        row = json.loads(path.read_text("utf-8"))
        kept = Kept(**(row | {"clusters": tuple(row["clusters"])}))
        return ("run", kept) if kept.digest == part.digest(self.data) else ("stale", None)

    def put(self, kept: Kept) -> None:
        """Keep a part; never half of it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(kept.name)
        written = path.with_suffix(".part")
        written.write_text(json.dumps(asdict(kept), ensure_ascii=False) + "\n", "utf-8")
        written.replace(path)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"
