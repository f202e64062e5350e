"""Bank and reviewed sentences together: nothing on both sides of a split, nothing divided, nothing lost."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.bank.markup import Mark
from annotations.studio.regions import Region
from annotations.studio.reviewed import Reviewed, store
from training.errors import TrainingError
from training.examples import bank_digest, examples_of, read_bank
from training.gathering import county_of, gather, home_of
from training.splits import part_of

HEAD = "---\nunit: {0}人民政府\nprovince: {1}\ncounty: {0}\nlevel: county\nyear: 2020\n---\n"
TEXT = "公开信息12条。"
NAMES = [f"{a}{b}县" for a in "青白丹紫赤乌" for b in "禾石溪岭湖"]


def reviewed(number, county, province="某省", **more):
    base = Reviewed(
        key=f"r{number}:0-{len(TEXT)}", report_id=f"r{number}", start=0, end=len(TEXT), text=TEXT, before="一、概述。",
        regions=(Region(Mark("disclosure.total", 4, 7), 12),), unit=f"{county}司法局", province=province,
        county=county, year=2021, annotator="a@x", created="2026-01-01T00:00:00Z", updated="2026-01-01T00:00:00Z",
        project="h/1@2026", task=number, annotation=number,
    )  # fmt: skip
    return replace(base, **more)


@pytest.fixture
def bank(tmp_path):
    (tmp_path / "bank" / "units").mkdir(parents=True)
    for i, name in enumerate(NAMES):
        text = HEAD.format(name, "某省") + "公开信息{disclosure.total|12条}。\n"
        (tmp_path / "bank" / "units" / f"u{i:02}.md").write_text(text, "utf-8")
    return tmp_path / "bank"


def test_training_reads_both(bank, tmp_path):
    store(tmp_path / "r", "h/1@2026", [reviewed(1, "青禾县"), reviewed(2, "某市", year=None)])
    done = gather(bank, tmp_path / "r", tmp_path / "out")
    units = read_bank(done.folder)
    assert (len(units), done.bank_units, done.sentences, done.reports) == (len(NAMES) + 2, len(NAMES), 2, 2)
    last = [u for u in units if u.source.startswith("reviewed/")]
    assert [u.text[m.start : m.end] for u in last for m in u.marks] == ["12条", "12条"]
    assert all(e.text[: e.start] == "一、概述。" for u in last for e in examples_of(u))
    assert done.record["sha256"] == bank_digest(done.folder) != bank_digest(bank)
    assert done.record["annotators"] == 1  # how many, not who
    assert json.loads(json.dumps(done.record)) == done.record
    assert sum(done.record["counties"].values()) == 2


def test_gathered_again_what_went_is_gone(bank, tmp_path):
    store(tmp_path / "r", "h/1@2026", [reviewed(1, "青禾县")])
    gather(bank, tmp_path / "r", tmp_path / "out")
    done = gather(bank, tmp_path / "none", tmp_path / "out")
    assert bank_digest(done.folder) == bank_digest(bank)


def test_divided_annotators_are_named_not_learnt(bank, tmp_path):
    other = reviewed(1, "青禾县", annotator="b@x", annotation=9, regions=())
    store(tmp_path / "r", "h/1@2026", [reviewed(1, "青禾县"), other, reviewed(2, "青禾县")])
    done = gather(bank, tmp_path / "r", tmp_path / "out")
    assert done.sentences == 1
    assert done.left_out == [f"r1:0-{len(TEXT)}: annotators are divided"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(NAMES), st.sampled_from(["某省", ""]), st.sampled_from(["", "人民政府", "司法局", "某镇"])
)
def test_a_countys_bureaus_take_its_part_whatever_the_reading_told(county, province, bureau):
    home = home_of(reviewed(1, county + bureau, province), {name: {"某省"} for name in NAMES})
    assert home == ("某省", county)


def test_no_county_on_both_sides(bank, tmp_path):
    places = [(name + end, province) for name in NAMES for end in ("", "水利局") for province in ("某省", "")]
    store(tmp_path / "r", "h/1@2026", [reviewed(i, *place) for i, place in enumerate(places)])
    units = read_bank(gather(bank, tmp_path / "r", tmp_path / "out").folder)
    parts = {name: {u.part for u in units if u.names[1].startswith(name)} for name in NAMES}
    assert len(units) == 5 * len(NAMES)
    assert {len(found) for found in parts.values()} == {1}
    assert {part for found in parts.values() for part in found} == {"train", "development", "test"}


def test_in_doubt_a_report_is_on_neither_side(bank, tmp_path):
    name = next(n for n in NAMES if part_of("某省", n) != part_of("另省", n))
    found = [reviewed(1, name, ""), reviewed(2, name, "另省")]
    store(tmp_path / "r", "h/1@2026", found)
    done = gather(bank, tmp_path / "r", tmp_path / "out")
    assert done.sentences == 1
    assert done.left_out == [f"report r1: which {name} it is of cannot be told"]


def test_county_names():
    assert county_of("市中区教育局") == "市中区"
    assert county_of("自由贸易委员会") == "自由贸易委员会"


def test_an_empty_bank_is_no_bank(tmp_path):
    with pytest.raises(TrainingError, match="--data"):
        gather(tmp_path, tmp_path, tmp_path / "out")
