"""The sections of a report against the form's order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from extraction.checks.sheet import Sheet
from extraction.headings import SECTIONS
from extraction.records import Finding

_RANK = {key: rank for rank, key in enumerate(("preamble", *SECTIONS))}


def order(sheet: Sheet) -> Iterator[Finding]:
    """``order.sections``, ``order.repeated`` (warnings), ``order.missing`` (note): one finding each."""
    sections = sorted(sheet.report.sections, key=lambda section: section.start)
    keys = list(dict.fromkeys(section.key for section in sections))
    swapped = next(((a, b) for a, b in pairwise(keys) if _RANK[a] > _RANK[b]), None)
    if swapped:
        before, after = (f"{SECTIONS.get(key, '前言')} ({key})" for key in swapped)
        message = f"The section {before} stands before {after}; the form has them the other way round."
        yield Finding(
            "order.sections",
            "warning",
            message,
            ", ".join(sorted(keys, key=_RANK.__getitem__)),
            ", ".join(keys),
        )
    # An annex (附件) may follow as a further "other".
    twice = [
        key for key, n in Counter(section.key for section in sections).items() if n > 1 and key in SECTIONS
    ]
    if twice := [key for key in twice if key != "other"]:
        titles = [f"“{s.title.strip()}”" for s in sections if s.key in twice]
        message = f"A section stands more than once in the report: {', '.join(titles)}."
        yield Finding("order.repeated", "warning", message)
    lost = [key for key in SECTIONS if key not in keys]
    if lost and sheet.report.form is not None:
        names = ", ".join(f"{SECTIONS[key]} ({key})" for key in lost)
        yield Finding("order.missing", "note", f"The report has no heading for: {names}.")
