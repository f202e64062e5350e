"""Parts of an evaluation: what is chosen, kept and run again; and a whole run on a made-up bank."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the extra “train”")
pytest.importorskip("spacy", reason="needs the extra “spacy”")

from extraction.narrative.tagger import Span
from tests.training.test_training import write_bank
from training.evidence.catalogue import FOLDS, REFERENCE, Plan, catalogue, fold_of, selected
from training.evidence.markings import counties_of
from training.evidence.parts import ROOT, Part, Shelf, Trained, run_part
from training.evidence.report import render_card, render_page
from training.evidence.spacy_ner import SpacyNER
from training.examples import read_bank
from training.splits import part_of

TESTED = [f"{a}{b}县" for a in "青白丹紫赤乌墨" for b in "禾石溪岭湖川"]
NAMES = ["shipped", "rules", "curve-25", "curve-50", "cv-1", "cv-2"]


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """The made-up bank of the training tests with two counties of the test added."""
    folder = write_bank(tmp_path_factory.mktemp("bank"))
    old = (folder / "units" / "u00.md").read_text("utf-8")
    county = next(line.split(": ")[1] for line in old.splitlines() if line.startswith("county"))
    for i, name in enumerate(c for c in TESTED if part_of("某省", c) == "test"):
        (folder / "units" / f"t{i:02}.md").write_text(old.replace(county, name), "utf-8")
    return Plan(
        units=read_bank(folder), clusters=counties_of(folder), backbone=Path("none"), minutes=0.02, threads=1
    )


class Nothing:
    """Marks one figure at the start of every text."""

    def tag(self, text, *, year=None):
        return [Span(0, 2, "disclosure.total", False, 1.0, True)]


def part(plan, **settings):
    tested = plan.of("test")
    return Part(
        name="one", title="One", make=lambda: Trained(Nothing(), plan.of("train")), tested=tested,
        sources=("training/splits.py",), settings=settings,
    )  # fmt: skip


def test_families_are_chosen_by_their_name():
    assert selected(NAMES, ["shipped"], []) == ["shipped"]
    assert selected(NAMES, ["curve", "cv-2"], []) == ["curve-25", "curve-50", "cv-2"]
    assert selected(NAMES, [], ["cv", "rules"]) == ["shipped", "curve-25", "curve-50"]
    with pytest.raises(ValueError, match="no part 'crv'"):
        selected(NAMES, ["crv"], [])


def test_every_county_is_in_one_fold_and_no_fold_trains_on_what_it_tests(plan):
    folds = {fold_of(c) for c in plan.clusters.values()}
    assert folds <= set(range(1, FOLDS + 1))
    tested = []
    for p in catalogue(plan):
        if p.name.startswith("cv-"):
            inside = {plan.clusters[u.source] for u in p.tested}
            units, tuning = p.make.__closure__, None
            cells = [c.cell_contents for c in units]
            trained = next(c for c in cells if isinstance(c, list))
            assert not inside & {plan.clusters[u.source] for u in trained}
            tuning = next(c for c in cells if hasattr(c, "args")).args[1]
            assert not inside & {plan.clusters[u.source] for u in tuning}
            tested += [u.source for u in p.tested]
    assert sorted(tested) == sorted(u.source for u in plan.units)


def test_learning_curve_shares_grow_and_all_else_is_judged_on_the_test(plan):
    parts = {p.name: p for p in catalogue(plan)}
    assert {"rules", "crf", "spacy", REFERENCE, "no-pretraining", "no-augmentation"} <= set(parts)
    assert parts["curve-25"].settings["share"] == 0.25
    assert parts["no-augmentation"].settings["augmented"] is False
    for name, p in parts.items():
        if not name.startswith("cv-"):
            assert {u.part for u in p.tested} == {"test"}


def test_a_part_is_kept_and_is_stale_after_a_change(plan, tmp_path):
    shelf = Shelf(tmp_path, "data")
    one = part(plan, minutes=1)
    assert shelf.find(one) == ("not run", None)
    kept = run_part(one, "data", plan.clusters)
    shelf.put(kept)
    state, again = shelf.find(one)
    assert state == "run"
    assert again is not None
    assert (again.measures.counts == kept.measures.counts).all()
    assert again.measures.clusters == kept.clusters
    assert again.trained_on["figures"] == sum(len(u.marks) for u in plan.of("train"))
    assert shelf.find(part(plan, minutes=2)) == ("stale", None)
    assert shelf.find(replace(one, sources=("training/metrics.py",))) == ("stale", None)
    assert Shelf(tmp_path, "other data").find(one) == ("stale", None)
    assert list(tmp_path.glob("*.part")) == []


def test_sources_of_every_part_exist(plan):
    for p in catalogue(plan):
        assert [s for s in p.sources if not list(ROOT.glob(s))] == []


@pytest.mark.slow
def test_spacy_learns_two_constructions(plan):
    units = plan.of("train", "development")
    marker = SpacyNER.train(units, minutes=10, steps=150)
    found = [(s.start, s.end, s.label) for u in units[:8] for s in marker.tag(u.text)]
    wanted = {(m.start, m.end, m.label) for u in units[:8] for m in u.marks}
    assert len(wanted & set(found)) > 0.5 * len(wanted)


@pytest.mark.slow
def test_a_whole_run_goes_on_where_it_stopped(tmp_path, monkeypatch):
    """Tiny budgets on a made-up bank: every state is in the record, page and card."""
    import shutil

    from training.evidence import full

    bank = write_bank(tmp_path / "bank")
    old = (bank / "units" / "u00.md").read_text("utf-8")
    county = next(line.split(": ")[1] for line in old.splitlines() if line.startswith("county"))
    for i, name in enumerate([c for c in TESTED if part_of("某省", c) == "test"][:3]):
        (bank / "units" / f"t{i:02}.md").write_text(old.replace(county, name), "utf-8")
    model = tmp_path / "model"
    shutil.copytree(ROOT / "models/tagger", model)
    request = full.Request(
        model=model, data=bank, corpus=None, backbone=Path("none"), shelf=tmp_path / "parts", minutes=0.01,
        threads=1, only=["rules", "no-pretraining"],
    )  # fmt: skip
    first = full.evaluate_fully(request).record
    state = {row["name"]: row["state"] for row in first["comparisons"]}
    assert state["rules"] == state["no-pretraining"] == "run"
    assert state["spacy"] == "not run"
    ran = []
    monkeypatch.setattr(full, "run_part", lambda p, *rest: ran.append(p.name) or run_part(p, *rest))
    second = full.evaluate_fully(replace(request, only=["rules", "no-pretraining", "crf"])).record
    assert ran == ["crf"]
    assert second["comparisons"][0] == first["comparisons"][0]
    assert "absent" in second["shipped"]["real"]
    for text in (render_page(second), render_card(second)):
        assert "spaCy" in text
        assert "not run" in text.lower()
    assert json.dumps(second, ensure_ascii=False)
    wrong = replace(request, only=["nonsense"])
    with pytest.raises(ValueError, match="nonsense"):
        full.evaluate_fully(wrong)
