"""Sentences, queues and tasks before any server: what is sent, and what is refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.bank.markup import Mark
from annotations.push import items_in
from annotations.studio.errors import StudioError
from annotations.studio.queue import read_queue, write_queue
from annotations.studio.regions import Region
from annotations.studio.sentences import items_of, read_reports, text_of
from annotations.studio.tasks import check_task, task_of
from extraction import Options, extract
from tests.annotations.studio.made import LABELS, items, sentence

EXAMPLES = Path(__file__).parents[3] / "examples"
REPORT = EXAMPLES / "云岫县人民政府2019年政府信息公开工作年度报告.txt"


@given(st.lists(items(), max_size=5))
def test_a_queue_reads_back(tmp_path_factory, many) -> None:
    path = tmp_path_factory.mktemp("queue") / "queue.jsonl"
    assert write_queue(path, many) == len(many)
    assert list(read_queue(path)) == many


@given(items())
def test_every_sentence_drawn_is_fit_to_be_sent(item) -> None:
    check_task(task_of(item), set(LABELS))


@pytest.mark.parametrize(
    "line", ["{", '{"report_id": "a"}', "[]", '{"report_id":"a","start":0,"end":1,"text":"a","x":1}']
)
def test_a_line_that_is_no_sentence_is_named(tmp_path, line: str) -> None:
    path = tmp_path / "queue.jsonl"
    write_queue(path, [sentence(1)])
    with path.open("a") as file:
        file.write(line + "\n")
    with pytest.raises(StudioError, match="line 2") as caught:
        list(read_queue(path))
    assert caught.value.code == "studio.bad_queue"


def with_region(region: Region):
    return replace(sentence(12), proposal=(region,))


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (with_region(Region(Mark("disclosure.gone", 0, 2))), "does not exist"),
        (with_region(Region(Mark("disclosure.total", 0, 99))), "outside"),
        (with_region(Region(Mark("disclosure.total", 0, 2), None, 1.7)), "score"),
        (replace(sentence(12), end=5), "characters"),
        (replace(sentence(12), before="a\x00b"), "NUL"),
        (replace(sentence(12), after="\ud842"), "half a character"),
        (replace(sentence(12), proposal=sentence(12).proposal[:1] * 2), "twice"),
    ],
)
def test_a_sentence_that_the_server_would_mangle_is_refused(item, why: str) -> None:
    with pytest.raises(StudioError, match=why) as caught:
        check_task(task_of(item), set(LABELS))
    assert caught.value.code == "studio.bad_sentence"


def test_a_region_that_is_not_its_words_is_refused() -> None:
    task = task_of(sentence(12))
    task["predictions"][0]["result"][0]["value"]["text"] = "13条"
    with pytest.raises(StudioError, match="is not '13条'"):
        check_task(task, set(LABELS))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.txt")), ids=lambda p: p.stem[:6])
def test_sentences_of_a_report_hold_each_figure_once(path: Path) -> None:
    record = extract(path, Options(with_text=True)).to_dict()
    found = items_of(json.loads(json.dumps(record)))
    text = record["text"]
    assert len({item.key for item in found}) == len(found) > 5
    for item in found:
        assert text[item.start : item.end] == item.text
        assert text[item.start - len(item.before) : item.start] == item.before
        assert text[item.end : item.end + len(item.after)] == item.after
    held = sorted(
        (item.start + r.mark.start, item.start + r.mark.end, r.mark.label, r.value, r.mark.prior)
        for item in found
        for r in item.proposal
    )
    assert held == sorted(
        (f["start"], f["end"], f["label"], f["value"], f["period"] == "prior") for f in record["figures"]
    )
    cells = [c for c in record["cells"] if c["start"] is not None]
    inside = [c for c in cells for item in found if item.start <= c["start"] < item.end and not item.proposal]
    assert inside == []  # no line of a grid is to be annotated


def test_a_report_without_text_is_read_again_if_it_is_the_same(tmp_path) -> None:
    path = tmp_path / "report.txt"
    shutil.copy(REPORT, path)
    record = extract(path).to_dict()
    assert text_of(record) == extract(path, Options(with_text=True)).text
    path.write_bytes(path.read_bytes() + b" ")
    for change in (lambda: None, path.unlink):
        change()
        with pytest.raises(StudioError, match="--with-text") as caught:
            items_of(record)
        assert caught.value.code == "studio.no_text"


def test_what_is_no_source_is_said(tmp_path) -> None:
    with pytest.raises(StudioError) as caught:
        list(items_in(tmp_path))
    assert caught.value.code == "studio.no_reports"
    with pytest.raises(StudioError) as caught:
        list(items_in(tmp_path / "none"))
    assert caught.value.code == "studio.no_queue"
    (tmp_path / "reports.jsonl").write_text("{}\n{\n")
    with pytest.raises(StudioError, match="line 2"):
        list(read_reports(tmp_path))


@pytest.mark.parametrize(
    ("name", "county"),
    [
        ("望溪县听泉坳镇人民政府", "望溪县"), ("贵州省望溪县人民政府", "望溪县"), ("锦泾市人民政府", "锦泾市"),
        ("国家税务局", "国家税务局"), ("青云自治县卫生健康局", "青云自治县"),
    ],
)  # fmt: skip
def test_a_county_that_no_gazetteer_knows_is_in_the_name(name: str, county: str) -> None:
    """Its bureaus and townships then stand on the same side of a split."""
    record = extract(REPORT, Options(with_text=True)).to_dict()
    record["unit"] |= {"name": name, "county": None, "city": None}
    assert {item.county for item in items_of(record)} == {county}


def test_two_sentences_that_share_a_figure_are_one() -> None:
    """A figure that a broken line tears apart still stands in one text, whole."""
    record = extract(REPORT, Options(with_text=True)).to_dict()
    one, two = next(
        (a, b) for a, b in pairwise(items_of(record)) if record["text"][a.end : b.start].strip() == ""
    )
    torn = dict(record["figures"][0], start=one.end - 2, end=two.start + 2, value=7)
    record["figures"] = [torn]
    (both,) = [item for item in items_of(record) if item.proposal]
    assert (both.start, both.end) == (one.start, two.end)
    (region,) = both.proposal
    assert both.text[region.mark.start : region.mark.end] == record["text"][torn["start"] : torn["end"]]
