"""Figures of a whole report, by the shipped model."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction.narrative.figures import Prose
from extraction.narrative.sentences import Stretch
from extraction.narrative.shipped import shipped_model, shipped_tagger
from extraction.normalise import normalise
from extraction.pipeline import Options, extract_bytes
from extraction.records import Report
from tests.rendering.layouts import LAYOUTS, render
from tests.rendering.sheets import Sheet

ROOT = Path(__file__).parents[3]
TITLE = "云岭县人民政府2021年政府信息公开工作年度报告\n\n一、总体情况\n\n"


def _read(text: str) -> Report:
    return extract_bytes(text.encode(), "report.txt", Options(with_text=True))


def test_a_model_is_shipped_and_named_in_every_record() -> None:
    model = shipped_model()
    assert model is not None
    software = _read(TITLE + "2021年，本县主动公开政府信息356条。\n").software
    assert (software.model, software.model_sha256) == (model.name, model.sha256)


def test_a_figure_is_its_characters() -> None:
    report = _read(
        TITLE
        + "2021年，全县共主动公开政府信息１２ 余条，收到政府信息公开申请\n3 件。未发生行政复议、行政诉讼。\n"
    )
    assert report.figures
    assert report.text is not None
    for figure in report.figures:
        assert report.text[figure.start : figure.end] == figure.text
        assert figure.section == "overview"
        assert figure.text.replace("\n", "") in figure.sentence.replace("\n", "")
        assert 0 <= figure.score <= 1


def test_a_figure_at_the_end_of_a_hundred_thousand_characters_is_found() -> None:
    filler = "坚持以人民为中心推进工作，不断提高公开的质量和实效。\n" * 4000
    report = _read(TITLE + filler + "2021年，全县共主动公开政府信息2356条。\n")
    assert [(f.label, f.value) for f in report.figures] == [("disclosure.total", 2356)]


def test_a_figure_at_the_end_of_one_long_sentence_is_found() -> None:
    clause = "坚持以人民为中心推进工作，"
    report = _read(TITLE + clause * 4000 + "全年共主动公开政府信息2356条。\n")
    assert [f.value for f in report.figures] == [2356]


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_no_number_of_a_grid_is_a_narrative_figure(layout: str) -> None:
    cells = {}
    sheet = Sheet(2022, {}, cells)
    from extraction.forms import load_forms

    tables = {t: f for t, f in load_forms().grids if f == "2021"}
    for grid in load_forms().tables("2021"):
        cells.update(dict.fromkeys(grid.keys, 0))
    sheet = Sheet(2022, tables, cells)
    report = _read(render(sheet, layout))
    assert {f.section for f in report.figures} <= {"overview", "problems", "other", "preamble"}


OWN = "| 公开渠道 | 条数 |\n|---|---|\n| 政府门户网站 | 356条 |\n| 微信公众号 | 41条 |\n"


@pytest.mark.parametrize(
    ("text", "words", "is_prose"),
    [
        (OWN, "| 政府门户网站 | 356条 |", True),
        (OWN, "| 微信公众号 | 41条 |", True),
        ("| 指标 | 数据1 |\n|---|---|\n| 信息内容 | 本年处理决定数量 |\n", "| 指标 | 数据1 |", False),
        ("结果维持 | 总计 | 未经复议直接起诉 ||\n", "结果维持 | 总计 | 未经复议直接起诉 ||", False),
        ("信息内容\t本年收费金额（单位：万元）\n", "信息内容\t本年收费金额（单位：万元）", False),
        ("未经复议直接起诉的有2件。\n", "未经复议直接起诉的有2件。", True),
        ("行政复议（2件）\n", "行政复议（2件）", True),
    ],
)  # fmt: skip
def test_lines_of_the_forms_own_words_are_no_prose(text: str, words: str, is_prose: bool) -> None:
    start = text.index(words)
    stretch = Stretch(start, start, start + len(words), start + len(words))
    assert Prose(normalise(text), (), ()).holds(stretch) is is_prose


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.txt")), ids=lambda p: p.stem)
def test_the_same_figures_come_out_twice(path: Path) -> None:
    tagger = shipped_tagger()
    assert tagger is not None
    first, second = (extract_bytes(path.read_bytes(), str(path)) for _ in range(2))
    assert first.figures == second.figures
    starts = [f.start for f in first.figures]
    assert starts == sorted(set(starts))
    assert len(starts) >= 5


def test_without_a_model_the_record_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extraction.pipeline.shipped_tagger", lambda: None)
    assert "narrative.no_model" in {f.check for f in _read(TITLE + "公开356条。\n").findings}
    alone = extract_bytes((TITLE + "公开356条。\n").encode(), "x.txt", Options(figures=False))
    assert "narrative.no_model" not in {f.check for f in alone.findings}
    assert "narrative.left_out" in {f.check for f in alone.findings}
