"""Annotations of people as data: one line an annotation, the sentence in the bank's own markup.

A folder holds one file an annotator (``name@example.com.jsonl``). A line has ``marked`` (the sentence with its
marks, as in ``annotations/bank``), ``values`` (one a mark, None where none was given), where the sentence stands
(``key``, ``report_id``, ``start``, ``end``, ``before``, ``after``), the head of its unit, who annotated it, when
and in how many seconds, and what which model had proposed.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import orjson

from annotations.bank.markup import MarkupError, Passage, parse_passage, render_passage
from annotations.studio.errors import StudioError
from annotations.studio.place import Placed
from annotations.studio.queue import region_from, region_record
from annotations.studio.regions import Region
from extraction.records import Number
from extraction.sinks.atomic import atomic

REVIEWED = Path(__file__).parents[1] / "reviewed"
_ASIDE = ("refused", "withdrawn")  # files of the folder that hold no reviewed sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(Placed):
    """One sentence as one person annotated it. ``regions`` carry no scores; ``proposed`` is the model's.

    ``proposed`` is None where no model proposed anything, not even that there is nothing.
    """

    key: str
    regions: tuple[Region, ...]
    annotator: str
    created: str  # RFC 3339, by the server's clock
    updated: str
    seconds: float | None = None
    ground_truth: bool = False
    model: str = ""
    proposed: tuple[Region, ...] | None = None
    project: str = ""  # which project on which server
    task: int = 0
    annotation: int = 0

    @property
    def passage(self) -> Passage:
        """The sentence and its marks, in the bank's form."""
        return Passage(self.text, tuple(region.mark for region in self.regions))


def reviewed_record(one: Reviewed) -> dict[str, Any]:
    """The line of a file, as a record."""
    record = {
        f.name: getattr(one, f.name) for f in fields(one) if f.name not in ("text", "regions", "proposed")
    }
    record["marked"] = render_passage(one.passage)
    record["values"] = [region.value for region in one.regions]
    record["proposed"] = None if one.proposed is None else [region_record(r) for r in one.proposed]
    return record


def reviewed_from(record: dict[str, Any]) -> Reviewed:
    """The annotation that ``reviewed_record`` wrote. Raises ValueError, KeyError or TypeError for another."""
    rest = dict(record)
    passage = parse_passage(rest.pop("marked"))
    values: list[Number | None] = rest.pop("values")
    proposed = rest.pop("proposed")
    return Reviewed(
        **rest,
        text=passage.text,
        regions=tuple(Region(mark, value) for mark, value in zip(passage.marks, values, strict=True)),
        proposed=None if proposed is None else tuple(region_from(r) for r in proposed),
    )


def load_reviewed(folder: Path = REVIEWED) -> list[Reviewed]:
    """Every annotation in ``folder``, by annotator and in order of key; nothing where there is no folder.

    Where one person annotated a sentence twice (two projects), the later one counts, ground truth before all.
    Raises StudioError naming the line that cannot be read.
    """
    found: dict[tuple[str, str], Reviewed] = {}
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem in _ASIDE:
            continue
        for one in _read(path):
            who = (one.annotator, one.key)
            if who not in found or _rank(one) > _rank(found[who]):
                found[who] = one
    return [found[who] for who in sorted(found)]


def _rank(one: Reviewed) -> tuple[bool, str]:
    return one.ground_truth, one.updated


def _read(path: Path) -> Iterator[Reviewed]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield reviewed_from(orjson.loads(line))
            except (ValueError, KeyError, TypeError, MarkupError) as error:
                raise StudioError(
                    "studio.bad_reviewed",
                    f"{path}, line {number} is no reviewed sentence: {error}. Delete the line, or the file, and "
                    "pull again.",
                ) from error


def settle(reviewed: Iterable[Reviewed]) -> tuple[list[Reviewed], list[str]]:
    """One annotation a sentence, and the keys of sentences on which nobody can tell which is right.

    Ground truth wins; else what most annotators say (spans, labels, periods), in the words of the latest of
    them; a tie settles nothing.
    """
    by_key: dict[str, list[Reviewed]] = defaultdict(list)
    for one in reviewed:
        by_key[one.key].append(one)
    chosen: list[Reviewed] = []
    open_keys: list[str] = []
    for key, many in sorted(by_key.items()):
        best = [one for one in many if one.ground_truth] or many
        votes = Counter(one.passage for one in best).most_common(2)
        if len(votes) > 1 and votes[0][1] == votes[1][1]:
            open_keys.append(key)
            continue
        chosen.append(max((one for one in best if one.passage == votes[0][0]), key=_rank))
    return chosen, open_keys


@dataclass(frozen=True, slots=True)
class Stored:
    """What ``store`` did: new, changed and unchanged annotations, and those the project no longer has."""

    new: int
    changed: int
    same: int
    withdrawn: int


def store(folder: Path, project: str, pulled: Iterable[Reviewed], *, unread: Collection[int] = ()) -> Stored:
    """Make ``folder`` say of ``project`` what was pulled; of other projects what it said before.

    An annotation that the project no longer has (deleted, skipped since) goes to ``withdrawn.jsonl``; one that is
    there but could not be understood this time (its number among ``unread``) stays as it was. Each file is
    replaced whole or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fresh = {one.annotation: one for one in pulled}
    files: dict[Path, list[Reviewed]] = defaultdict(list)
    before: dict[int, Reviewed] = {}
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem not in _ASIDE:
            known = list(_read(path))
            own = {one.annotation: one for one in known if one.project == project}
            files[path] = [one for one in known if one.annotation in unread or one.project != project]
            before |= {number: one for number, one in own.items() if number not in unread}
    for one in fresh.values():
        files[folder / file_name(one.annotator)].append(one)
    gone = [one for number, one in before.items() if number not in fresh]
    if gone:
        _append(folder / "withdrawn.jsonl", gone)
    for path, lines in files.items():
        _write(path, lines)
    shared = fresh.keys() & before.keys()
    changed = sum(fresh[number] != before[number] for number in shared)
    return Stored(len(fresh) - len(shared), changed, len(shared) - changed, len(gone))


def file_name(annotator: str) -> str:
    """A file name for a person: their address where it can be one, told apart by a digest where it cannot."""
    plain = re.sub(r"[^\w.@+-]", "_", annotator)
    if plain != annotator or plain in _ASIDE or plain.startswith("."):
        plain = f"{plain.lstrip('.')}-{hashlib.sha256(annotator.encode()).hexdigest()[:8]}"
    return f"{plain}.jsonl"


def _write(path: Path, lines: list[Reviewed]) -> None:
    if not lines:
        path.unlink(missing_ok=True)
        return
    ordered = sorted(lines, key=lambda one: (one.key, one.project, one.annotation))
    with atomic(path) as partial, partial.open("wb") as file:
        file.writelines(orjson.dumps(reviewed_record(one)) + b"\n" for one in ordered)


def _append(path: Path, lines: list[Reviewed]) -> None:
    old = path.read_bytes() if path.exists() else b""
    with atomic(path) as partial:
        partial.write_bytes(old + b"".join(orjson.dumps(reviewed_record(one)) + b"\n" for one in lines))
