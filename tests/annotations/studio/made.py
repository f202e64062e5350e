"""Sentences with figures, drawn or made by hand, for the tests of Label Studio."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import strategies as st

from annotations.bank.markup import Mark
from annotations.studio.client import Studio
from annotations.studio.queue import QueueItem
from annotations.studio.regions import Region
from extraction.forms import load_labels

LABELS = sorted(load_labels())
ALPHABET = "公开信息12条，。\n\r\t \u3000\u2028\u0085\ufeff{}|\\<b>&𠮷😀👩\u200d🚀e\u0301"
numbers = st.one_of(st.none(), st.integers(-(10**9), 10**12), st.floats(-100, 100).map(lambda x: round(x, 2)))


@st.composite
def regions(draw: st.DrawFn, text: str, *, scored: bool = True) -> tuple[Region, ...]:
    """Regions of ``text`` that do not overlap."""
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    out = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        mark = Mark(draw(st.sampled_from(LABELS)), start, end, draw(st.booleans()))
        score = draw(st.integers(0, 1000)) / 1000 if scored else None
        out.append(Region(mark, draw(numbers), score))
    return tuple(out)


@st.composite
def items(draw: st.DrawFn) -> QueueItem:
    """A sentence of any report: Chinese, astral characters, every kind of line break, markup of all kinds."""
    text = draw(st.text(st.sampled_from(ALPHABET), min_size=1, max_size=60))
    start = draw(st.integers(0, 10**6))
    return QueueItem(
        report_id=hashlib.sha256(draw(st.binary(max_size=4)) + text.encode()).hexdigest(),
        start=start,
        end=start + len(text),
        text=text,
        before=draw(st.text(st.sampled_from(ALPHABET), max_size=20)),
        unit="云岫县人民政府",
        province="河南省",
        county="云岫县",
        level="county",
        year=draw(st.one_of(st.none(), st.integers(2008, 2030))),
        source=draw(st.sampled_from(["", "云岫县 2021.txt"])),
        model="tagger-0123456789ab",
        proposal=draw(regions(text)),
        reason=draw(st.sampled_from(["", "uncertain: 0.53"])),
    )


def sentence(number: int, *, model: str = "tagger-aaaaaaaaaaaa", report: str = "f" * 64) -> QueueItem:
    """One of many sentences alike: a figure and its rate."""
    text = f"全年通过门户网站公开信息{number}条，比上年增长{number % 90}%。"
    one, two = text.index(str(number)), text.rindex("长") + 1
    return QueueItem(
        report_id=report,
        start=number * 100,
        end=number * 100 + len(text),
        text=text,
        unit="青岚县人民政府",
        province="浙江省",
        county="青岚县",
        level="county",
        year=2023,
        model=model,
        proposal=(
            Region(Mark("disclosure.website", one, text.index("，")), number, 0.97),
            Region(Mark("rate.change", two, len(text) - 1), number % 90, 0.9),
        ),
    )


def annotate(studio: Studio, task: int, result: list[dict[str, Any]], **more: object) -> dict[str, Any]:
    """Submit an annotation as the key's owner does in the browser."""
    body = {"result": result, "lead_time": 4.5} | more
    made: dict[str, Any] = studio.call("POST", f"/api/tasks/{task}/annotations/", json=body)
    return made


def accept_all(studio: Studio, project: int) -> int:
    """Submit every task's proposal as it is; how many."""
    count = 0
    for prediction in studio.call("GET", "/api/predictions/", params={"project": project}):
        annotate(studio, prediction["task"], prediction["result"])
        count += 1
    return count
