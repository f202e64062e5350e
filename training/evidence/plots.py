"""The plots of an evaluation as SVG, to stand inside the page: text stays text, and no script is needed."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#777777"  # told apart by the colour-blind
_SETS = (("held_out", "held-out counties", BLUE), ("real", "real reports", ORANGE))
_HEAD = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_SHOWN_CONFUSIONS = 14


def plots_of(record: Mapping[str, Any]) -> dict[str, str]:
    """Every plot that the record has the figures for, by name."""
    held_out = record["shipped"]["held_out"]
    plots = {
        "reliability": _reliability(record["shipped"]),
        "risk": _risk(record["shipped"]),
        "labels": _labels(held_out["labels"]),
        "counties": _counties(held_out["counties"]),
        "confusion": _confusion(held_out["confusion"]),
        "comparisons": _comparisons(record),
    }
    curve = [row for row in record["learning_curve"] if row["state"] == "run"]
    if len(curve) > 1:
        plots["curve"] = _curve(curve)
    if record["simulation"]["state"] != "not run":
        plots["simulation"] = _simulation(record["simulation"])
    return plots


def _svg(figure: Figure, name: str) -> str:
    """The figure as an ``<svg>`` element, the same for the same figures."""
    out = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    svg = _HEAD.sub("", out.getvalue(), count=1)
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    # Names inside one plot must not meet those of another on the same page.
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\1{name}-", svg)
    return svg.replace("<svg ", f'<svg role="img" data-plot="{name}" ', 1)


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height))
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    return figure, axes


def _reliability(shipped: Mapping[str, Any]) -> str:
    figure, axes = _axes(4.8, 4.2)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle="--")
    for key, title, colour in _SETS:
        if bins := shipped[key].get("confidence", {}).get("reliability"):
            sizes = [max(12.0, b["figures"] / 3) for b in bins]
            xs, ys = [b["score"] for b in bins], [b["right"] for b in bins]
            axes.plot(xs, ys, color=colour, linewidth=1)
            axes.scatter(xs, ys, s=sizes, color=colour, alpha=0.7, label=title)
    axes.set(xlabel="mean score of a tenth of the figures", ylabel="share of them right", xlim=(0, 1.02))
    axes.set_ylim(0, 1.02)
    axes.legend(frameon=False)
    return _svg(figure, "reliability")


def _risk(shipped: Mapping[str, Any]) -> str:
    figure, axes = _axes(4.8, 4.2)
    for key, title, colour in _SETS:
        sure = shipped[key].get("confidence")
        if not sure or not sure["risk"]:
            continue
        axes.plot([p[0] for p in sure["risk"]], [100 * p[1] for p in sure["risk"]], color=colour, label=title)
        accepted = sure["accepted"]
        if accepted["accepted"]:
            axes.plot(
                accepted["share"][0], 100 * (1 - accepted["precision"][0]), "o", color=colour, markersize=8
            )
    axes.axhline(1, color=GREY, linewidth=1, linestyle="--")
    axes.set(xlabel="share of the figures used, surest first", ylabel="of those wrong, %", xlim=(0, 1.02))
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)
    return _svg(figure, "risk")


def _dots(axes: Axes, rows: Sequence[tuple[str, list[float | None]]], colour: str) -> None:
    """One row a dot with its interval, first row on top."""
    for place, (_, (value, low, high)) in enumerate(rows):
        if value is not None and low is not None and high is not None:
            axes.plot([low, high], [place, place], color=colour, alpha=0.5, linewidth=2)
            axes.plot(value, place, "o", color=colour, markersize=5)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.invert_yaxis()


def _labels(labels: Sequence[Mapping[str, Any]]) -> str:
    shown = [row for row in labels if row["value"]["f1"][0] is not None]
    figure, axes = _axes(6.4, 0.24 * len(shown) + 0.8)
    _dots(axes, [(row["label"], row["value"]["f1"]) for row in shown], BLUE)
    axes.set(xlabel="F1, label and value (line: 95 % interval)", xlim=(0, 1.02))
    return _svg(figure, "labels")


def _counties(counties: Sequence[Mapping[str, Any]]) -> str:
    shown = [row for row in counties if row["strict"][2] is not None]
    figure, axes = _axes(6.4, 0.22 * len(shown) + 0.8)
    for place, row in enumerate(shown):
        axes.plot(row["strict"][2], place, "o", color=BLUE, label="" if place else "span and label")
        axes.plot(
            row["value"][2], place, "D", color=GREEN, markersize=4, label="" if place else "label and value"
        )
    axes.set_yticks(range(len(shown)), [str(n) for n in range(1, len(shown) + 1)])
    axes.invert_yaxis()
    axes.set(xlabel="F1", ylabel="county (number of the table)")
    axes.legend(frameon=False, loc="lower left")
    return _svg(figure, "counties")  # fmt: skip


def _confusion(confusion: Sequence[Sequence[Any]]) -> str:
    """The most confused labels: rows wanted, columns found; — is no figure."""
    rows = [row for row in confusion if row[2] > 0][: 2 * _SHOWN_CONFUSIONS]
    names = [name for wanted, found, _ in rows for name in (wanted, found) if name != "—"]
    names = list(dict.fromkeys(names))[:_SHOWN_CONFUSIONS]
    names.append("—")
    grid = [[0] * len(names) for _ in names]
    for wanted, found, count in confusion:
        if wanted in names and found in names:
            grid[names.index(wanted)][names.index(found)] = count
    figure, axes = _axes(6.4, 5.4)
    axes.grid(visible=False)
    axes.imshow(grid, cmap="Oranges", vmin=0)
    for i, line in enumerate(grid):
        for j, count in enumerate(line):
            if count:
                axes.text(j, i, str(count), ha="center", va="center", fontsize=8)
    titles = ["no figure" if n == "—" else n for n in names]
    axes.set_xticks(range(len(names)), titles, rotation=60, ha="right", fontsize=8)
    axes.set_yticks(range(len(names)), titles, fontsize=8)
    axes.set(xlabel="found", ylabel="wanted")
    return _svg(figure, "confusion")


def _comparisons(record: Mapping[str, Any]) -> str:
    shipped = record["shipped"]["held_out"]["scores"]["strict.all"]["f1"]
    rows = [("shipped", shipped)]
    rows += [
        (c["name"], c["scores"]["strict.all"]["f1"]) for c in record["comparisons"] if c["state"] == "run"
    ]
    figure, axes = _axes(6.4, 0.32 * len(rows) + 0.9)
    _dots(axes, rows, BLUE)
    axes.set(xlabel="F1, span and label (line: 95 % interval)")
    return _svg(figure, "comparisons")  # fmt: skip


def _curve(rows: Sequence[Mapping[str, Any]]) -> str:
    figure, axes = _axes(5.2, 3.8)
    xs = [row["counties"] for row in rows]
    for key, title, colour in (("strict.all", "all labels", BLUE), ("strict.core", "core labels", GREEN)):
        points = [row["scores"][key]["f1"] for row in rows]
        axes.plot(xs, [p[0] for p in points], "o-", color=colour, label=title)
        axes.fill_between(xs, [p[1] for p in points], [p[2] for p in points], color=colour, alpha=0.15)
    axes.set(xlabel="counties trained on", ylabel="F1 on held-out counties", xlim=(0, None))
    axes.legend(frameon=False)
    return _svg(figure, "curve")


def _simulation(simulation: Mapping[str, Any]) -> str:
    """F1 against sentences annotated, chosen and drawn at random, and what the whole bank reaches."""
    figure, axes = _axes(5.6, 3.8)
    for key, title, colour in (("sampled", "chosen", BLUE), ("random", "at random", ORANGE)):
        steps = simulation["steps"][key]
        xs, f1 = [s["sentences"] for s in steps], [s["f1"] for s in steps]
        axes.plot(xs, [f["value"] for f in f1], "o-", color=colour, label=title)
        axes.fill_between(xs, [f["low"] for f in f1], [f["high"] for f in f1], color=colour, alpha=0.15)
    axes.axhline(
        simulation["target"], color=GREY, linewidth=1, linestyle="--", label="95 % of the whole bank's"
    )
    axes.set(xlabel="sentences annotated", ylabel="F1 on held-out counties")
    axes.legend(frameon=False)
    return _svg(figure, "simulation")
