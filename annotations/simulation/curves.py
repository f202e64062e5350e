"""F1 against sentences annotated, with intervals, and how many annotations choosing saves.

A draw of the bootstrap draws counties (the same for both curves) and repeats, so that an interval holds both what
makes counties differ and the luck of the beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.simulation.loop import STRATEGIES, Point, Strategy
from training.bootstrap import Interval, weights_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One round of one strategy: sentences (the mean over repeats) and F1 on the counties held out."""

    round: int
    sentences: float
    f1: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """Both curves, the difference (sampled less random) round by round, and what it saves."""

    full: Interval  # F1 of a model of the whole bank
    target: float  # the F1 asked for: a share of that
    steps: dict[Strategy, tuple[Step, ...]]
    difference: tuple[Interval, ...]
    needed: dict[Strategy, float | None]  # sentences until the target; None: not reached
    saved: Interval | None  # the share of random's sentences that choosing saves


def curves_of(
    points: Sequence[Point],
    *,
    share: float = 0.95,
    draws: int = 2000,
    confidence: float = 0.95,
    seed: int = 7,
) -> Curves:
    """The curves of whole repeats. Raises ValueError where no repeat is whole or the bank's own model is missing."""
    rounds = max(point.round for point in points)
    found = {(p.repeat, p.strategy, p.round): p for p in points}
    repeats = [
        r
        for r in sorted({p.repeat for p in points})
        if all((r, s, n) in found for s in STRATEGIES for n in range(rounds + 1))
    ]
    if (0, "full", 0) not in found or not repeats:
        raise ValueError("the simulation has not come far enough: no repeat is whole")
    full = found[0, "full", 0]
    weights = weights_of(len(full.counts), draws, seed)
    luck = weights_of(len(repeats), draws, seed + 1) / len(repeats)
    whole = _f1(full, weights)
    curves: dict[Strategy, Floats] = {}
    sentences: dict[Strategy, Floats] = {}
    for strategy in STRATEGIES:
        grid = [[found[r, strategy, n] for r in repeats] for n in range(rounds + 1)]
        curves[strategy] = np.array(
            [(np.array([_f1(p, weights) for p in row]) * luck.T).sum(axis=0) for row in grid]
        )
        sentences[strategy] = np.array([np.mean([p.sentences for p in row]) for row in grid])
    reached = {s: _reached(sentences[s], curves[s], share * whole) for s in STRATEGIES}
    return Curves(
        full=_interval(whole, confidence),
        target=float(share * whole[0]),
        steps={
            s: tuple(
                Step(round=n, sentences=float(sentences[s][n]), f1=_interval(curves[s][n], confidence))
                for n in range(rounds + 1)
            )
            for s in STRATEGIES
        },
        difference=tuple(
            _interval(curves["sampled"][n] - curves["random"][n], confidence) for n in range(rounds + 1)
        ),
        needed={s: None if np.isnan(reached[s][0]) else float(reached[s][0]) for s in STRATEGIES},
        saved=_saved(reached, confidence),
    )


def _f1(point: Point, weights: NDArray[np.int64]) -> Floats:
    sums = weights @ np.array([point.counts[county] for county in sorted(point.counts)])
    f1: Floats = 2 * sums[:, 0] / np.maximum(2 * sums[:, 0] + sums[:, 1] + sums[:, 2], 1)
    return f1


def _interval(values: Floats, confidence: float) -> Interval:
    low, high = np.quantile(values[1:], [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(values[0]), float(low), float(high))


def _reached(sentences: Floats, curve: Floats, target: Floats) -> Floats:
    """Of every draw, after how many sentences the curve (rounds, draws) first reaches the target; nan: never."""
    out = np.full(curve.shape[1], np.nan)
    for n in range(len(sentences) - 1, -1, -1):
        here = curve[n] >= target
        if n == 0:
            out[here] = sentences[0]
            continue
        rise = curve[n] - curve[n - 1]
        part = np.clip((target - curve[n - 1]) / np.where(rise > 0, rise, 1), 0, 1)
        between = sentences[n - 1] + part * (sentences[n] - sentences[n - 1])
        out = np.where(here, np.where(rise > 0, between, sentences[n]), out)
    return out


def _saved(reached: dict[Strategy, Floats], confidence: float) -> Interval | None:
    """The interval is over the draws in which both reach the target; none where the counties as they are do not."""
    share = 1 - reached["sampled"] / reached["random"]
    if np.isnan(share[0]):
        return None
    both = share[1:][~np.isnan(share[1:])]
    low, high = (
        np.quantile(both, [(1 - confidence) / 2, (1 + confidence) / 2]) if len(both) else (np.nan,) * 2
    )
    return Interval(float(share[0]), float(low), float(high))


def describe(curves: Curves) -> str:
    """Both curves as a table in Markdown, and what choosing saves."""
    lines = [
        "| round | sentences | sampled F1 | random F1 | difference |",
        "| --- | --- | --- | --- | --- |",
    ]
    pairs = zip(curves.steps["sampled"], curves.steps["random"], curves.difference, strict=True)
    for one, other, apart in pairs:
        where = f"{one.sentences:.0f}" + (
            f" / {other.sentences:.0f}" if one.sentences != other.sentences else ""
        )
        lines.append(
            f"| {one.round} | {where} | {_shown(one.f1)} | {_shown(other.f1)} | {_shown(apart, sign='+')} |"
        )
    lines += ["", f"The whole bank: F1 {_shown(curves.full)}; the target is {curves.target:.4f}."]
    for strategy, count in curves.needed.items():
        lines.append(f"{strategy}: " + (f"reached after {count:.0f} sentences" if count else "not reached"))
    if curves.saved:
        lines.append(
            f"Annotations saved: {curves.saved.value:.1%} [{curves.saved.low:.1%}, {curves.saved.high:.1%}]"
        )
    return "\n".join(lines)


def _shown(one: Interval, sign: str = "") -> str:
    return f"{one.value:{sign}.4f} [{one.low:{sign}.4f}, {one.high:{sign}.4f}]"
