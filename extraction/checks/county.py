"""A county government's report against its bureaus' and townships' of the same year: notes, never errors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extraction.checks.brief import Brief
from extraction.checks.constants import constants
from extraction.checks.lineage import Identity, governed
from extraction.checks.wording import cell_name, some, tidy
from extraction.headings import table_title
from extraction.records import CrossFinding, Number, Shown

_TOLERANCE = 1e-6


def is_county(one: Identity) -> bool:
    """Whether a report is a county government's own."""
    return one.level == "county" and governed(one) is not None


def is_bureau(one: Identity) -> bool:
    """Whether a report is of a body that a county's report should cover."""
    rules = constants("county.yaml")
    apart = re.search("|".join(rules["not_the_county"]), one.name)
    return one.level in rules["bureaus"] and one.code is not None and not apart


def county(government: Brief, bureaus: Sequence[Brief]) -> list[CrossFinding]:
    """``county.sum`` (note): the numbers of which the bureaus in the run report more than their county.

    The run need not hold all bureaus, so a county that reports more says nothing. ``there`` holds the
    bureaus' cells that show a number above zero.
    """
    here: list[Shown] = []
    there: list[Shown] = []
    says: list[str] = []
    first: tuple[Number, Number] | None = None
    for key in constants("county.yaml")["cells"]:
        own = government.amount(key)
        counted = [(b, n) for b in bureaus if (n := b.number(key)) is not None and n > 0]
        total = tidy(sum(n for _, n in counted))
        if own is None or total <= own + _TOLERANCE:
            continue
        here.append(government.shows(key))
        there += [bureau.shows(key) for bureau, _ in counted]
        says.append(f"{table_title(key.split('/')[0])}, {cell_name(key)}: {tidy(own):,}, they {total:,}")
        first = first or (total, own)
    if first is None:
        return []
    message = (
        f"The county's report shows less than {len(bureaus)} of its bureaus and townships together: "
        f"{some(says)}. It may count its own office alone, or a case may be counted by two bodies."
    )
    return [government.finding("county.sum", "note", message, (tuple(here), tuple(there)), first)]
