"""Years that do not go together: the year reported on, the day of publication, the form's generation."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.checks.sheet import Sheet
from extraction.records import Finding


def dates(sheet: Sheet) -> Iterator[Finding]:
    """``dates.stale_year`` and ``dates.form`` (warnings): the year may be last year's text left standing.

    A report appears by 31 January (a local one) or 31 March of the next year: 政府信息公开条例, article 49.
    """
    year, published, form = sheet.report.year, sheet.report.published, sheet.report.form
    if year is None:
        return
    stale = any(finding.check == "year.stale" for finding in sheet.report.findings)  # the reader said so
    if not stale and published and published[:4].isdecimal() and int(published[:4]) != year + 1:
        message = (
            f"The report speaks of {year} and was published on {published}; "
            f"a report of {year} is due in {year + 1}. The year is stale, or the page was published again."
        )
        yield Finding("dates.stale_year", "warning", message, expected=int(published[:4]) - 1, actual=year)
    if form in ("2019", "2021") and year < int(form):
        message = f"The report speaks of {year}, but its grids are those prescribed from {form} on."
        yield Finding("dates.form", "warning", message, expected=int(form), actual=year)
