"""Reviewed sentences beside the bank: context that is read but not learnt, and counties that keep their part."""

from __future__ import annotations

from dataclasses import replace

from annotations.bank.markup import Mark
from annotations.studio.regions import Region
from annotations.studio.reviewed import store
from extraction.narrative.sentences import CONTEXT
from extraction.narrative.tagger import Span
from tests.annotations.studio.test_reviewed import reviewed
from training.evaluation import score_tagger
from training.examples import as_dataset, examples_of, from_row, read_bank
from training.reviewed import labelled, read_reviewed
from training.splits import part_of

BEFORE = "上一段。" * 20 + "网站公开7条。其中，"
ONE = replace(reviewed(), before=BEFORE)


def test_context_is_read_but_not_learnt() -> None:
    (text,) = labelled([ONE])
    (example,) = examples_of(text)
    assert example.text[: example.start] == BEFORE[-CONTEXT:]
    assert example.text[example.start : example.end] == ONE.text
    (mark,) = example.marks
    assert example.text[mark.start : mark.end] == "12条"


def test_sentences_longer_than_a_stretch_keep_every_mark() -> None:
    text = "，".join(f"公开第{n}类信息{n}条" for n in range(100, 160)) + "。"
    regions = tuple(
        Region(Mark("disclosure.category", at, at + 4))
        for n in range(100, 160)
        if (at := text.index(f"{n}条")) >= 0
    )
    (unit,) = labelled([replace(ONE, text=text, regions=regions)])
    found = examples_of(unit)
    assert len(found) > 3
    assert [e.text[m.start : m.end] for e in found for m in e.marks] == [f"{n}条" for n in range(100, 160)]
    assert "".join(e.text[e.start : e.end] for e in found) == text


def test_a_units_examples_are_what_they_were(tmp_path) -> None:
    """Without context, nothing of the stretches changes: they are those of inference."""
    (tmp_path / "units").mkdir()
    head = "---\nunit: 青岚县\nprovince: 浙江省\ncounty: 青岚县\nlevel: county\nyear: 2021\n---\n"
    (tmp_path / "units" / "x-1.md").write_text(
        head + "一、概述\n" + "公开{disclosure.total|12条}，很好。" * 40 + "\n", "utf-8"
    )
    (unit,) = read_bank(tmp_path)
    first, *rest = examples_of(unit)
    assert (first.start, unit.text.index("公开")) == (5, 5)
    assert all(0 < example.start <= 48 for example in rest)


def test_figures_in_the_context_are_nobodys_mistake() -> None:
    (text,) = labelled([ONE])
    at = text.text.index("7条")

    class Marker:
        def tag(self, _: str, *, year: int | None = None) -> list[Span]:
            (mark,) = text.marks
            return [
                Span(at, at + 2, "disclosure.website", prior=False, score=1.0, accepted=True),
                Span(mark.start, mark.end, mark.label, prior=False, score=1.0, accepted=True),
            ]

    result = score_tagger(Marker(), [text])
    assert (result.all.right, result.all.wrong, result.all.missed) == (1, 0, 0)


def test_the_dataset_keeps_the_context() -> None:
    texts = labelled([ONE])
    assert [from_row(row) for row in as_dataset(texts)] == texts


def test_the_part_is_the_countys_and_the_unsettled_are_left_out(tmp_path) -> None:
    one = replace(ONE, province="河南省", county="嵩平县")
    open_ones = [reviewed(5, annotation=5), reviewed(5, annotator="b@x", count=9, annotation=6)]
    store(tmp_path, "host/1@2026", [one, *open_ones])
    (text,) = read_reviewed(tmp_path)
    assert text.part == part_of("河南省", "嵩平县")
    assert text.names[1] == "嵩平县"
    assert read_reviewed(tmp_path / "none") == []
