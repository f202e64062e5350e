"""Reviewed sentences on disk: the bank's markup, one file an annotator, nothing lost between pulls."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.bank.markup import Mark, parse_passage
from annotations.pull import pull
from annotations.studio.errors import StudioError
from annotations.studio.fetching import Fetched
from annotations.studio.regions import Region
from annotations.studio.reviewed import (
    Reviewed,
    file_name,
    load_reviewed,
    reviewed_from,
    reviewed_record,
    settle,
    store,
)
from tests.annotations.studio.made import ALPHABET, regions


def reviewed(
    number: int = 1, *, annotator: str = "a@example.com", count: int = 12, **more: object
) -> Reviewed:
    text = f"公开信息{count}条。"
    region = Region(Mark("disclosure.total", 4, len(text) - 1), count)
    one = Reviewed(
        key=f"r:{number}-{number + 9}", report_id="r", start=number, end=number + len(text), text=text,
        regions=(region,), annotator=annotator, created="2026-01-01T00:00:00Z", updated="2026-01-01T00:00:00Z",
        project="host/1@2026", annotation=number, province="浙江省", county="青岚县", proposed=(),
    )  # fmt: skip
    return replace(one, **more)


@st.composite
def drawn(draw: st.DrawFn) -> Reviewed:
    text = draw(st.text(st.sampled_from(ALPHABET), min_size=1, max_size=40))
    proposed = draw(st.one_of(st.none(), regions(text)))
    return reviewed(
        text=text, regions=draw(regions(text, scored=False)), proposed=proposed, ground_truth=draw(st.booleans()),
        seconds=draw(st.one_of(st.none(), st.floats(0, 1000))), year=draw(st.one_of(st.none(), st.just(2021))),
    )  # fmt: skip


@given(drawn())
def test_a_line_reads_back(one: Reviewed) -> None:
    line = orjson.dumps(reviewed_record(one))
    assert b"\n" not in line
    assert reviewed_from(orjson.loads(line)) == one


def test_a_line_is_in_the_banks_own_form() -> None:
    record = reviewed_record(reviewed())
    assert record["marked"] == "公开信息{disclosure.total|12条}。"
    assert parse_passage(record["marked"]) == reviewed().passage
    assert record["values"] == [12]


def test_annotators_are_kept_apart(tmp_path) -> None:
    both = [reviewed(1, annotation=1), reviewed(1, annotator="b@example.com", count=13, annotation=2)]
    store(tmp_path, "host/1@2026", both)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a@example.com.jsonl", "b@example.com.jsonl"]
    assert load_reviewed(tmp_path) == both


def test_a_second_pull_adds_changes_and_withdraws_but_loses_nothing(tmp_path) -> None:
    project = "host/1@2026"
    elsewhere = reviewed(9, project="host/2@2026", annotation=1)
    store(tmp_path, "host/2@2026", [elsewhere])
    store(tmp_path, project, [reviewed(1), reviewed(2), reviewed(3)])
    done = store(tmp_path, project, [reviewed(1), reviewed(2, count=99), reviewed(4)])
    assert (done.new, done.changed, done.same, done.withdrawn) == (1, 1, 1, 1)
    assert load_reviewed(tmp_path) == [reviewed(1), reviewed(2, count=99), reviewed(4), elsewhere]
    assert reviewed_from(orjson.loads((tmp_path / "withdrawn.jsonl").read_bytes())) == reviewed(3)


def test_an_empty_project_touches_nothing(tmp_path) -> None:
    store(tmp_path, "host/1@2026", [reviewed(1)])
    assert pull(Fetched("host/1@2026", skipped=4), tmp_path) is None
    assert load_reviewed(tmp_path) == [reviewed(1)]


def test_what_was_understood_once_stays_when_it_is_refused_later(tmp_path) -> None:
    pull(Fetched("host/1@2026", [reviewed(1), reviewed(2)]), tmp_path)
    refusal = {"project": "host/1@2026", "annotation": 2, "why": "edited"}
    done = pull(Fetched("host/1@2026", [reviewed(1)], refused=[refusal]), tmp_path)
    assert done and done.withdrawn == 0
    assert load_reviewed(tmp_path) == [reviewed(1), reviewed(2)]
    assert orjson.loads((tmp_path / "refused.jsonl").read_bytes()) == refusal
    done = pull(Fetched("host/1@2026", [reviewed(1), reviewed(2, count=5)]), tmp_path)
    assert done and (done.same, done.changed) == (1, 1)
    assert not (tmp_path / "refused.jsonl").exists()


def test_a_damaged_line_is_named(tmp_path) -> None:
    store(tmp_path, "host/1@2026", [reviewed(1)])
    with (tmp_path / "a@example.com.jsonl").open("a") as file:
        file.write('{"marked": "{"}\n')
    with pytest.raises(StudioError, match="line 2") as caught:
        load_reviewed(tmp_path)
    assert caught.value.code == "studio.bad_reviewed"


def test_the_later_of_one_persons_two_counts_and_ground_truth_before_all(tmp_path) -> None:
    early = reviewed(1, project="p/1", annotation=1)
    late = reviewed(1, project="p/2", annotation=2, count=13, updated="2026-02-01T00:00:00Z")
    store(tmp_path, "p/1", [early])
    store(tmp_path, "p/2", [late])
    assert load_reviewed(tmp_path) == [late]
    store(tmp_path, "p/1", [true := replace(early, ground_truth=True)])
    assert load_reviewed(tmp_path) == [true]


def test_settling() -> None:
    a, b, c = (reviewed(1, annotator=f"{n}@x", count=k) for n, k in (("a", 12), ("b", 13), ("c", 13)))
    assert settle([a, b, c]) == ([c], []) or settle([a, b, c]) == ([b], [])
    assert settle([a, b]) == ([], [a.key])
    assert settle([replace(a, ground_truth=True), b, c])[0][0].annotator == "a@x"
    assert settle([a, reviewed(2)]) == ([a, reviewed(2)], [])


def test_file_names_are_names_and_differ() -> None:
    names = [file_name(who) for who in ("a@b.c", "../../etc/passwd", "a/b", "a_b", "refused", ".x", "甲@例")]
    assert len(set(names)) == len(names)
    assert all("/" not in name and not name.startswith(".") for name in names)
    assert "refused.jsonl" not in names
