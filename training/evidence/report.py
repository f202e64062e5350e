"""The record as one self-contained page, and as the model card."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from training.evidence.plots import plots_of

_TEMPLATES = Path(__file__).with_name("templates")
_DOUBTFUL = 0.85  # F1 below which a label should not be used without a look
_FEW = 10  # figures of the test below which a label's score says little


def render_page(record: Mapping[str, Any]) -> str:
    """The report as HTML: plots and styles inside, nothing loaded from elsewhere."""
    return _environment().get_template("report.html.j2").render(
        r=record, plots=plots_of(record), **_verdict(record)
    )  # fmt: skip


def render_card(record: Mapping[str, Any]) -> str:
    """The model card as Markdown: the bad figures first."""
    return _environment().get_template("card.md.j2").render(r=record, **_verdict(record))


def _verdict(record: Mapping[str, Any]) -> dict[str, Any]:
    """What to trust and what not, from the figures alone."""
    labels = [row for row in record["shipped"]["held_out"]["labels"] if row["value"]["f1"][0] is not None]
    present = {row["label"]: row["value"]["right"] + row["value"]["missed"] for row in labels}
    weak = [row for row in labels if row["value"]["f1"][0] < _DOUBTFUL and present[row["label"]] >= _FEW]
    rare = [row for row in record["shipped"]["held_out"]["labels"] if present.get(row["label"], 0) < _FEW]
    strong = [row for row in labels if row not in weak and row not in rare]
    rows = [*record["comparisons"], *record["learning_curve"], *record["cross_validation"]["folds"]]
    open_ = {row["name"]: row for row in rows if row["state"] != "run"}
    return {
        "weak": weak, "rare": rare, "strong": strong[::-1], "doubtful": _DOUBTFUL, "few": _FEW,
        "not_run": list(open_.values()),
    }  # fmt: skip


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"percent": _percent, "f1": _decimal, "rate": _rate, "thousands": "{:,}".format}
    return environment


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _rate(rate: list[float | None]) -> str:
    """A rate with its interval."""
    value, low, high = rate
    if value is None:
        return "–"
    return f"{_decimal(value)} ({_decimal(low)}–{_decimal(high)})"
