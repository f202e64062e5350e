"""Renamed, recoded and merged counties: their reports are left apart, and the run says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from extraction.checks.lineage import Identity, Series, governed
from extraction.records import CrossFinding, Shown


def apart(series: Sequence[Series]) -> dict[int, list[CrossFinding]]:
    """``continuity.apart`` (notes) by the position in ``series`` of the unit they are on.

    Two governments follow one another where one's last year is before the other's first, and they share the
    code (renamed), or the name within one province (recoded: moved, or raised to a city or district). One of
    which the division list says that it ended, and which no other follows, was merged or renamed.
    """
    found: dict[int, list[CrossFinding]] = {}
    places = [i for i, one in enumerate(series) if governed(_standing(one, one.last))]
    newest = max((one.last for one in series), default=0)
    followed: set[int] = set()
    for old, new, why in _followers(series, places):
        followed.add(old)
        found.setdefault(new, []).append(_follows(series[old], series[new], why))
    for i in places:
        ended = _ended(series[i]) if i not in followed else None
        if ended is not None and series[i].last <= ended < newest:
            found.setdefault(i, []).append(_ends(series[i], ended))
    return found


def _followers(series: Sequence[Series], places: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """Pairs of governments, of which the second follows the first, and what they share."""
    by_code: dict[str, list[int]] = {}
    by_name: dict[str, list[int]] = {}
    for i in places:
        one = series[i]
        by_code.setdefault(one.code or "", []).append(i)
        by_name.setdefault((one.code or "")[:2] + one.name, []).append(i)
    for why, groups in (("code", by_code), ("name", by_name)):
        for group in groups.values():
            ordered = sorted(group, key=lambda i: (series[i].first, i))
            for old, new in pairwise(ordered):
                if series[old].last < series[new].first and series[old].level == series[new].level:
                    yield old, new, why


def _follows(old: Series, new: Series, why: str) -> CrossFinding:
    last, first = _standing(old, old.last), _standing(new, new.first)
    how = (
        f"has the division code of {last.name}: renamed, or another unit under its code"
        if why == "code"
        else f"has another division code than in {old.last} ({last.code}): moved, raised, or another of the name"
    )
    message = f"It {how}. The reports of {old.last} and {new.first} are left apart and not compared."
    return _note(first, message, (_shown(last),))


def _ends(one: Series, ended: int) -> CrossFinding:
    message = (
        f"The division list has {one.name} ({one.code}) until {ended}: merged or renamed since. Its reports are "
        "left apart from those of whatever took its place."
    )
    return _note(_standing(one, one.last), message, ())


def _note(on: Identity, message: str, there: tuple[Shown, ...]) -> CrossFinding:
    return CrossFinding("continuity.apart", "note", message, on.name, on.code, on.year, (_shown(on),), there)


def _standing(one: Series, year: int) -> Identity:
    return one.years[year][0]


def _shown(one: Identity) -> Shown:
    return Shown(one.report_id, one.path, one.year)


def _ended(one: Series) -> int | None:
    """The last year of a government's division under its name and code, None where it still stands."""
    from extraction.recognise.gazetteer import named

    name = governed(_standing(one, one.last))
    own = [d for d in named(name, one.last) if d.code == one.code] if name else []
    return min((d.last for d in own if d.last < 9999), default=None)
