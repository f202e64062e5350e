"""The curves of a simulation as the evaluation's page shows them."""

import json
import random
import re
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="needs the extra “train”")

from annotations.simulate import write_curves
from annotations.simulation.curves import curves_of
from annotations.simulation.loop import STRATEGIES, Point
from training.evidence.full import simulated
from training.evidence.report import render_page

RECORD = Path(__file__).parents[3] / "docs/evaluation/evaluation.json"
HEAD = {"start": 0.1, "rounds": 2, "step": 50, "repeats": 1, "seed": 7, "minutes": 3.0, "data_sha256": "abc"}


def points():
    """Two rounds in six counties; what is chosen teaches twice as much as what chance brings."""
    rng = random.Random(5)

    def counts(wrong):
        return {f"县{n}": (100 - wrong, wrong + rng.randint(0, 3), wrong) for n in range(6)}

    yield Point(repeat=0, strategy="full", round=0, sentences=1000, counts=counts(5))
    for strategy in STRATEGIES:
        for step in range(3):
            wrong = 40 - step * (16 if strategy == "sampled" else 8)
            yield Point(
                repeat=0, strategy=strategy, round=step, sentences=100 + 50 * step, counts=counts(wrong)
            )


def test_the_page_shows_both_curves_as_they_were_written(tmp_path):
    curves = curves_of(list(points()))
    write_curves(tmp_path / "simulation.json", HEAD, curves)
    record = json.loads(RECORD.read_text("utf-8"))
    for bank, state in ("abc", "run"), ("another", "stale"):
        record["simulation"] = simulated(tmp_path / "simulation.json", bank)
        assert record["simulation"]["state"] == state
        page = render_page(record)
        assert ("The bank has grown since." in page) is (state == "stale")
    (table,) = re.findall(r'<table id="simulation">.*?</table>', page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]
    for step in range(3):
        chosen, random_, apart = (
            curves.steps["sampled"][step].f1, curves.steps["random"][step].f1, curves.difference[step]
        )  # fmt: skip
        shown = [f"{x.value:.3f} ({x.low:.3f}–{x.high:.3f})" for x in (chosen, random_, apart)]
        assert cells[step] == [str(step), str(100 + 50 * step), *shown]
    assert 'data-plot="simulation"' in page


def test_without_a_simulation_the_page_says_so(tmp_path):
    record = json.loads(RECORD.read_text("utf-8"))
    record["simulation"] = simulated(tmp_path / "none.json", "abc")
    page = render_page(record)
    assert "was not simulated" in page
    assert 'data-plot="simulation"' not in page
