"""The labelling configuration: every label once, by family, and what Label Studio's own validator says of it."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from itertools import groupby
from xml.etree.ElementTree import fromstring

import pytest

from annotations.studio.install import install
from annotations.studio.labelling import FORM, form_of, labelling_config, labels_in
from annotations.studio.tasks import prediction_of
from extraction.forms import load_labels
from tests.annotations.studio.made import sentence

TREE = fromstring(labelling_config())


def test_every_label_once_in_its_family_with_its_title() -> None:
    labels = load_labels()
    assert labels_in(labelling_config()) == tuple(labels)
    for group in TREE.find("Labels"):
        keys = [label.get("alias") for label in group.iter("Label")]
        assert len({key.partition(".")[0] for key in keys}) == 1
        assert group.find("Header").get("value") != keys[0].partition(".")[0]  # a Chinese title
    assert {e.get("alias"): e.get("value") for e in TREE.iter("Label")} == {
        k: v.zh for k, v in labels.items()
    }


def test_the_core_labels_have_hotkeys_that_nothing_else_has() -> None:
    keys = {e.get("alias"): e.get("hotkey") for e in TREE.iter("Label") if e.get("hotkey")}
    assert keys.keys() == {key for key, label in load_labels().items() if label.core}
    used = Counter(e.get("hotkey") for e in TREE.iter() if e.get("hotkey"))
    assert max(used.values()) == 1


def test_colours_tell_labels_and_families_apart() -> None:
    colours = {e.get("alias"): e.get("background") for e in TREE.iter("Label")}
    assert len(set(colours.values())) == len(colours)
    for _, keys in groupby(colours, key=lambda key: key.partition(".")[0]):
        shades = {max(range(3), key=lambda i: int(colours[k][1 + 2 * i : 3 + 2 * i], 16)) for k in keys}
        assert len(shades) == 1  # one hue: the same channel is the strongest


def test_the_same_labels_give_the_same_text_and_a_form() -> None:
    assert labelling_config() == labelling_config(dict(load_labels()))
    assert form_of(labelling_config()) == FORM
    assert form_of("<View/>") is None


@pytest.mark.slow
def test_label_studios_own_validator_accepts_configuration_and_proposals() -> None:
    """Its SDK lives in the server's environment; its check is offline."""
    code = (
        "import json, sys; from label_studio_sdk.label_interface import LabelInterface\n"
        "config, prediction, wrong = json.load(sys.stdin)\n"
        "interface = LabelInterface(config); interface.validate()\n"
        "print(json.dumps([interface.validate_prediction(p, return_errors=True) for p in (prediction, wrong)]))"
    )
    prediction = prediction_of(sentence(12))
    wrong = json.loads(json.dumps(prediction).replace("rate.change", "rate.gone"))
    done = subprocess.run(
        [install().parent / "python", "-c", code],
        input=json.dumps([labelling_config(), prediction, wrong]),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    fine, faulty = json.loads(done.stdout.splitlines()[-1])
    assert fine == []
    assert "rate.gone" in str(faulty)
