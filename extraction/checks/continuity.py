"""Year against year: what a unit's report must have in common with last year's, and what may not be the same.

The rules and every floor are in ``continuity.yaml``. A cell that is ambiguous, missing or wordy is not judged; a
blank is a zero only in a grid that shows numbers. Nothing is ever altered.
"""

from __future__ import annotations

from collections.abc import Iterator

from extraction.checks.brief import Brief, Sides
from extraction.checks.constants import constants
from extraction.checks.jump import jumps
from extraction.checks.wording import in_table, named, some, tidy
from extraction.forms import load_forms
from extraction.records import CrossFinding, Number, Severity

_TOLERANCE = 1e-6


def continuity(before: Brief, after: Brief) -> list[CrossFinding]:
    """The findings on ``after`` in the light of ``before``, the same unit's report of the year before.

    ``continuity.carried``, ``continuity.in_force``, ``continuity.jump``, ``continuity.stale_year``,
    ``continuity.repeated``, in this order.
    """
    found = [*_carried(before, after), *_in_force(before, after), *jumps(before, after)]
    return [*found, *_same_grids(before, after), *_repeated(before, after)]


def _carried(before: Brief, after: Brief) -> Iterator[CrossFinding]:
    """What one year carries out, the next carries in: one finding for all columns that break."""
    rule = constants("continuity.yaml")["carried"]
    table = rule["table"]
    columns = [column.key for column in load_forms().grids[table, "2021"].columns]
    keys = [(f"{table}/{rule['out']}/{c}", f"{table}/{rule['in']}/{c}") for c in columns]
    sums = [(out, into, before.amount(out), after.amount(into)) for out, into in keys]
    broken = [
        (out, into, old, new)
        for out, into, old, new in sums
        if old is not None and new is not None and abs(old - new) > _TOLERANCE
    ]
    if not broken:
        return
    says = [
        f"{named(table, 'column', out.split('/')[2])} {tidy(old)} out, {tidy(new)} in"
        for out, _, old, new in broken
    ]
    whole = next((pair for pair in sums if pair[0].endswith(f"/{rule['whole']}")), None)
    message = in_table(
        table,
        f"what the report of {before.year} carries over to the next year is not what the report of "
        f"{after.year} has from the year before: {some(says)}.{_carried_reading(before, after, whole)}",
    )
    _, _, old, new = broken[-1]
    sides = tuple(after.shows(b[1]) for b in broken), tuple(before.shows(b[0]) for b in broken)
    yield after.finding("continuity.carried", "warning", message, sides, (old, new))


def _carried_reading(
    before: Brief, after: Brief, whole: tuple[str, str, Number | None, Number | None] | None
) -> str:
    """The reading that would explain a break of what is carried over, or nothing."""
    if whole is None or whole[2] is None or whole[3] is None:
        return ""
    out, into, old, new = whole
    if old == new:
        return " The totals agree: applicants were put into other columns."
    if new and new == before.amount(into):
        return f" It is what the report of {before.year} had from its own year before: last year's text left."
    if old and not new and after.amount(out) == old:
        return " The later report carries out the same number: it may have skipped the row."
    return ""


def _in_force(before: Brief, after: Brief) -> Iterator[CrossFinding]:
    """Documents in force: last year's, with those issued, without those repealed; row by row."""
    rule = constants("continuity.yaml")["in_force"]
    table = rule["table"]
    for row in load_forms().grids[table, "2021"].rows:
        stock, plus, minus = (f"{table}/{row.key}/{rule[part]}" for part in ("stock", "plus", "minus"))
        old, new = before.number(stock), after.number(stock)
        issued, repealed = after.amount(plus), after.amount(minus)
        if old is None or new is None or issued is None or repealed is None:
            continue
        due = old + issued - repealed
        if abs(due - new) <= _TOLERANCE:
            continue
        message = in_table(
            table,
            f"{named(table, 'row', row.key)}: {tidy(old)} were in force in {before.year}; with {tidy(issued)} "
            f"issued and {tidy(repealed)} repealed in {after.year} there should be {tidy(due)}, not "
            f"{tidy(new)}.{_in_force_reading(old, new, issued, repealed)}",
        )
        sides = tuple(after.shows(key) for key in (stock, plus, minus)), (before.shows(stock),)
        yield after.finding("continuity.in_force", "warning", message, sides, (tidy(due), new))


def _in_force_reading(old: Number, new: Number, issued: Number, repealed: Number) -> str:
    readings = (
        (old, " It is last year's number: the year's changes were left out."),
        (old + issued, " It agrees if none was repealed."),
        (old - repealed, " It agrees if none was issued."),
        (issued, " It is the number issued in the year alone."),
    )
    return next((says for number, says in readings if new == number), "")


def _same_grids(before: Brief, after: Brief) -> Iterator[CrossFinding]:
    """All numbers of a year's grids are last year's: the grids were pasted, or the year is stale."""
    rule = constants("continuity.yaml")["same_grids"]
    old, new = dict(before.numbers()), dict(after.numbers())
    same = [key for key, value in new.items() if value and old.get(key) == value]
    moving = [key for key in same if key.split("/")[2] not in rule["without"]]
    if old != new or len(moving) < rule["least"]:
        return
    message = (
        f"All {len(new)} numbers of the grids are those of {before.year}, {len(same)} of them not zero: "
        "last year's grids were left standing, or the year is stale."
    )
    sides = tuple(map(after.shows, same)), tuple(map(before.shows, same))
    yield after.finding("continuity.stale_year", "warning", message, sides, (before.year, after.year))


def _repeated(before: Brief, after: Brief) -> Iterator[CrossFinding]:
    """Paragraphs that stand word for word in last year's report; those that still speak of last year first."""
    rule = constants("continuity.yaml")["repeated"]
    known = {paragraph.digest: paragraph for paragraph in reversed(before.paragraphs)}
    again = [(p, known[p.digest]) for p in after.paragraphs if p.digest in known]

    def sides(pairs: list[int]) -> Sides:
        here = tuple(after.names(again[i][0].start, again[i][0].end) for i in pairs)
        return here, tuple(before.names(again[i][1].start, again[i][1].end) for i in pairs)

    stale = [i for i, (p, _) in enumerate(again) if before.year in p.years and after.year not in p.years]
    if stale:
        message = (
            f"{len(stale)} {_paragraphs(len(stale))} of the report of {after.year} still "
            f"{'speaks' if len(stale) == 1 else 'speak'} of {before.year}, word for word as last year's report."
        )
        yield after.finding(
            "continuity.stale_year", "warning", message, sides(stale), (after.year, before.year)
        )
    prose = sum(paragraph.length for paragraph in after.paragraphs)
    counted = [i for i, (p, _) in enumerate(again) if p.length]
    share = sum(again[i][0].length for i in counted) / prose if prose else 0.0
    if share >= rule["least_share"]:
        of = sum(1 for paragraph in after.paragraphs if paragraph.length)
        message = (
            f"{len(counted)} of {of} {_paragraphs(of)} of prose stand word for word in the report of "
            f"{before.year}: {share:.0%} of the text."
        )
        severity: Severity = "warning" if share >= rule["warns"] else "note"
        yield after.finding("continuity.repeated", severity, message, sides(counted), (None, round(share, 4)))


def _paragraphs(count: int) -> str:
    return "paragraph" if count == 1 else "paragraphs"
