"""Figures in spaCy's own form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extraction.errors import NianbaoError
from extraction.narrative import render_html, to_docbin, to_spacy
from extraction.records import Figure, Report, Software, Source, Unit

spacy = pytest.importorskip("spacy")
pytestmark = pytest.mark.filterwarnings("ignore")  # spaCy's own

TEXT = "2021年，主动公开信息１２ 余条。\n未收到𠮷申请。"


def _report() -> Report:
    def figure(label: str, text: str, value: int) -> Figure:
        start = TEXT.index(text)
        return Figure(
            label,
            value,
            "条",
            "exact",
            "current",
            False,
            text,
            start,
            start + len(text),
            "overview",
            TEXT,
            0.9,
            True,
        )

    figures = (figure("disclosure.total", "１２ 余条", 12), figure("applications.received", "申请", 0))
    source = Source("x.txt", "text/plain", "utf-8", 1)
    return Report(
        "0" * 64, source, Unit(), 2021, None, None, (), (), figures, (), Software("0"), text=TEXT
    )  # fmt: skip


def test_spans_stand_at_their_characters() -> None:
    doc = to_spacy(_report())
    assert doc.text == TEXT
    said = [(s.text, s.label_, s.kb_id_) for s in doc.spans["figures"]]
    assert said == [("１２ 余条", "disclosure.total", "12"), ("申请", "applications.received", "0")]
    assert [e.text for e in doc.ents] == ["１２ 余条", "申请"]


def test_docbin_reads_back(tmp_path: Path) -> None:
    assert to_docbin([_report()], tmp_path / "x.spacy") == 1
    loaded = spacy.tokens.DocBin().from_disk(tmp_path / "x.spacy")
    (doc,) = loaded.get_docs(spacy.blank("zh").vocab)
    assert [s.label_ for s in doc.spans["figures"]] == ["disclosure.total", "applications.received"]


def test_displacy_shows_labels() -> None:
    assert "disclosure.total" in render_html(_report())


def test_a_record_without_text_says_what_to_do() -> None:
    with pytest.raises(NianbaoError, match="--with-text"):
        to_spacy(replace(_report(), text=None))
