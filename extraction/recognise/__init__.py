"""Document to Identity: is it a report, whose, of which year, and in which sections."""

from __future__ import annotations

from extraction.document import Document
from extraction.errors import NotAReport
from extraction.normalise import normalise
from extraction.recognise.identity import Identity
from extraction.recognise.outline import outline
from extraction.recognise.page import page_of
from extraction.recognise.sections import Structure, find_structure
from extraction.recognise.title import Title, find_titles, parse_title
from extraction.recognise.when import publication_day, reported_year
from extraction.recognise.who import identify
from extraction.records import Finding

__all__ = ["Identity", "recognise"]

_HEADINGS_OF_A_REPORT = 3
_TITLES_OF_A_LIST = 3
_WHOLE_TITLE = 5.0  # names unit and year in one line


def recognise(document: Document, path: str) -> Identity:
    """Say whose report this is, of which year, published when, and where its sections stand.

    Raises NotAReport: ``report.none`` where neither title, headings nor grid say that this is an annual
    report, ``report.digest`` for a 解读 or 图解 of one, ``report.list`` for a list of reports; ``path``
    stands in their messages.
    """
    normal = normalise(document.text)
    compact = outline(normal)
    structure = find_structure(compact, document.text)
    page = page_of(compact, normal, structure.sections, document.metadata)
    titles = find_titles(page.opening)
    if not titles and (own := parse_title("".join(page.metadata.get("title", "").split()))):
        titles = [own]
    findings = _judge(titles, structure, path)
    title = titles[0] if titles else None
    year, stale = reported_year(page, title.year if title else None)
    who = identify(page, next((t.unit for t in titles if t.unit), None), year)
    return Identity(
        unit=who.unit,
        year=year,
        published=publication_day(page),
        sections=structure.sections,
        findings=findings + stale + who.findings + structure.findings,
        normal=normal,
    )


def _judge(titles: list[Title], structure: Structure, path: str) -> tuple[Finding, ...]:
    """Refuse what is surely no report; say where a doubt remains."""
    headed = sum(1 for s in structure.sections if s.title)
    body = headed >= _HEADINGS_OF_A_REPORT or structure.grid_words >= 2
    if not titles and not headed and not structure.grid_words:
        raise NotAReport(
            "report.none",
            f"{path}: no title, heading or grid of an annual report (政府信息公开): pass the report itself.",
        )
    if titles and titles[0].digest:
        if not body:
            raise NotAReport(
                "report.digest",
                f"{path} explains a report (「{titles[0].text}」) and is none. Pass the report itself.",
            )
        return (
            Finding("report.digest", "warning", f"The title 「{titles[0].text}」 is that of an explanation."),
        )
    whole = {(t.unit, t.year) for t in titles if t.rank >= _WHOLE_TITLE}
    if not body and len(whole) >= _TITLES_OF_A_LIST:
        raise NotAReport(
            "report.list", f"{path} lists several reports and holds none. Pass the reports one by one."
        )
    if not body:
        return (
            Finding(
                "report.doubtful", "warning", "Few of a report's headings and none of its grids were found."
            ),
        )
    return ()
