"""Figures as a spaCy ``Doc``: for displaCy, DocBin and whoever trains with spaCy. Needs the extra ``spacy``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from extraction.errors import NianbaoError
from extraction.records import Report

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

SPANS = "figures"  # the key of Doc.spans


def to_spacy(report: Report, nlp: Language | None = None) -> Doc:
    """The report's text, a token a character, with its figures as ``doc.spans["figures"]`` and ``doc.ents``.

    A span's ``label_`` is the figure's label, its ``kb_id_`` the value as written in JSON ("" where it cannot
    be told). Raises NianbaoError where the record carries no text (extract with ``Options(with_text=True)``)
    or spaCy is not installed.
    """
    if report.text is None:
        raise NianbaoError(
            "spacy.no_text",
            f"{report.source.path}: the record holds no text; extract it with Options(with_text=True) or --with-text.",
            step="narrative",
        )
    doc = (nlp or _blank()).make_doc(report.text)
    spans = []
    for figure in report.figures:
        value = "" if figure.value is None else str(figure.value)
        span = doc.char_span(
            figure.start, figure.end, label=figure.label, kb_id=value, alignment_mode="expand"
        )
        if span is not None:
            spans.append(span)
    doc.spans[SPANS] = spans
    doc.set_ents(spans)
    return doc


def to_docbin(reports: Iterable[Report], path: Path) -> int:
    """Write reports as a spaCy DocBin; returns how many."""
    nlp = _blank()
    from spacy.tokens import DocBin

    docs = [to_spacy(report, nlp) for report in reports]
    DocBin(docs=docs, store_user_data=True).to_disk(path)
    return len(docs)


def render_html(report: Report) -> str:
    """The report's text with its figures marked, as displaCy's HTML page."""
    doc = to_spacy(report)
    from spacy import displacy

    html: str = displacy.render(doc, style="span", options={"spans_key": SPANS}, page=True, jupyter=False)
    return html


def _blank() -> Language:
    try:
        import spacy
    except ImportError as error:
        raise NianbaoError(
            "spacy.missing", "spaCy is not installed: pip install 'nianbao[spacy]'.", step="narrative"
        ) from error
    return spacy.blank("zh")
