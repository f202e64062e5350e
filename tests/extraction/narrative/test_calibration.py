"""Scores grow with what the model says, and the file gives back what was fitted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.narrative.calibration import Calibration

RAW = st.floats(0, 1)


@given(st.floats(0.1, 5), st.floats(-3, 3), RAW, RAW)
def test_the_order_of_scores_is_kept(slope, intercept, one, other):
    known = Calibration(slope=slope, intercept=intercept)
    low, high = sorted((one, other))
    assert 0 <= known.probability(low) <= known.probability(high) <= 1


@given(st.floats(1e-6, 1 - 1e-6))
def test_without_a_fit_a_score_is_what_the_model_says(raw):
    assert Calibration().probability(raw) == pytest.approx(raw, abs=1e-6)


def test_what_is_saved_is_loaded(tmp_path):
    known = Calibration(report=0.4, slope=0.7, intercept=-0.2, accept=0.97)
    known.save(tmp_path)
    assert Calibration.load(tmp_path) == known


def test_an_unknown_key_is_refused(tmp_path):
    (tmp_path / "calibration.json").write_text('{"slope": 1.0, "temprature": 2.0}')
    with pytest.raises(TypeError, match="temprature"):
        Calibration.load(tmp_path)
