"""From a model's own score to the probability that a figure's label and value are both right.

The numbers are fitted on counties held out of training (``training.calibration``) and shipped as ``calibration.json``.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "calibration.json"
_MOST = 1 - 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A logistic curve over the log-odds of the raw score (Platt scaling), and two thresholds.

    A span below ``report`` (a raw score) is no figure; one whose probability reaches ``accept`` may be used
    unattended: of those, at least ``promise`` are right (lower bound) on the counties held out. 99 % is aimed at.
    """

    report: float = 0.0
    slope: float = 1.0
    intercept: float = 0.0
    accept: float = 0.0
    promise: float = 0.0

    def probability(self, raw: float) -> float:
        """The probability of being right, 0 to 1; grows with ``raw``."""
        kept = min(max(raw, 1 - _MOST), _MOST)
        odds = self.intercept + self.slope * math.log(kept / (1 - kept))
        return 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read a model folder's calibration. Raises OSError where it is missing, TypeError for an unknown key."""
        return cls(**json.loads((folder / NAME).read_text("utf-8")))

    def save(self, folder: Path) -> None:
        """Write it into a model folder."""
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")
