"""The gate: the shipped model keeps to its floors, and no floor goes down unasked."""

import subprocess
import sys

import pytest

pytest.importorskip("torch", reason="needs the extra “train”")

from tests.eval_gate.gate import (
    CORPUS,
    EPSILON,
    FIGURES,
    ROOT,
    LoweredFloorError,
    Measured,
    failures,
    figures_of,
    measure_shipped,
    read_floors,
    shipped_digest,
    updated,
)

DAY = "2026-01-01"


@pytest.mark.slow
def test_the_shipped_model_keeps_to_its_floors():
    floors, measured = read_floors(), measure_shipped()
    if not CORPUS.is_dir():
        assert set(measured) == {"held_out"}
    assert failures(floors, measured) == []
    assert set(measured["held_out"].figures) == set(FIGURES) - {
        "value F1, all reports", "value F1, core, all reports",
    }  # fmt: skip


@pytest.mark.skipif(
    not CORPUS.is_dir(), reason="../shared/corpus is not here: floors of real reports not checked"
)
def test_there_are_floors_for_the_real_reports():
    assert "value F1, all reports" in read_floors()["sets"]["real"]["floors"]


def test_floors_are_of_the_shipped_model():
    hint = "python -m tests.eval_gate --update"
    assert read_floors()["model_sha256"] == shipped_digest(), hint


def floors(**figures):
    return {"sets": {"held_out": {"data_sha256": "d", "floors": figures}}, "lowered": []}


def now(data="d", **figures):
    return {"held_out": Measured(data, figures)}


def test_a_figure_below_its_floor_fails_and_one_within_epsilon_does_not():
    less = EPSILON["held_out"]
    assert failures(floors(f1=0.9), now(f1=0.9 - less / 2)) == []
    (line,) = failures(floors(f1=0.9, recall=0.8), now(f1=0.9 - 2 * less, recall=0.9))
    assert "f1" in line
    assert "0.9" in line


def test_a_figure_that_is_gone_and_other_data_fail():
    assert failures(floors(f1=0.9), now()) != []
    (line,) = failures(floors(f1=0.1), now(data="other", f1=0.9))
    assert "other data" in line


def test_an_update_raises_floors_and_keeps_those_within_epsilon():
    new = updated(floors(f1=0.9, recall=0.8), now(f1=0.95, recall=0.799), reason=None, model="m", date=DAY)
    assert new["sets"]["held_out"]["floors"] == {"f1": 0.95, "recall": 0.8}
    assert new["lowered"] == []
    assert new["model_sha256"] == "m"


@pytest.mark.parametrize("measured", [now(f1=0.8), now(), now(data="other", f1=0.8)])
def test_an_update_lowers_nothing_unasked(measured):
    with pytest.raises(LoweredFloorError, match=r"(?s)f1 0\.9 → .*--reason"):
        updated(floors(f1=0.9), measured, reason=None, model="m", date=DAY)


def test_a_reason_lowers_and_is_kept():
    new = updated(floors(f1=0.9), now(data="e", f1=0.8), reason="more test counties", model="m", date=DAY)
    assert new["sets"]["held_out"] == {"data_sha256": "e", "floors": {"f1": 0.8}}
    (row,) = new["lowered"]
    assert (row["reason"], row["floors"]) == ("more test counties", ["held_out: f1 0.9 → 0.8"])


def test_a_set_that_was_not_measured_keeps_its_floors():
    both = floors(f1=0.9)
    both["sets"]["real"] = {"data_sha256": "r", "floors": {"f1": 0.7}}
    new = updated(both, now(f1=0.95), reason=None, model="m", date=DAY)
    assert new["sets"]["real"] == both["sets"]["real"]
    assert failures(new, now(f1=0.95)) == []


def test_figures_are_read_where_they_stand():
    record = {
        "scores": {"strict.all": {"f1": [0.9, 0.8, 1.0], "precision": [None] * 3}},
        "confidence": {"ece": 0.02, "accepted": {"share": [0.8, 0.7, 0.9]}},
    }
    assert figures_of(record) == {"strict F1": 0.9, "share accepted": 0.8, "calibration": 0.98}


@pytest.mark.slow
def test_the_command_explains_itself():
    done = subprocess.run(
        [sys.executable, "-m", "tests.eval_gate", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--reason" in done.stdout
