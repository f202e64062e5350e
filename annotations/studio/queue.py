"""Sentences to be annotated: what ``annotations.sample`` writes and ``annotations.push`` reads, one a line.

A line of the file is the item as JSON: ``report_id``, ``start``, ``end`` (code points of the report's text),
``text``, ``before``, ``after`` (context, not to be annotated), ``source``, ``unit``, ``province``, ``county``,
``level``, ``year``, ``model`` (who proposed), ``proposal`` (``label``, ``start``, ``end`` in ``text``, ``prior``,
``value``, ``score``) and ``reason`` (why it was chosen).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import orjson

from annotations.bank.markup import Mark
from annotations.studio.errors import StudioError
from annotations.studio.place import Placed
from annotations.studio.regions import Region
from extraction.sinks.atomic import atomic


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem(Placed):
    """A sentence to annotate, and what a model proposes for it."""

    model: str = ""
    proposal: tuple[Region, ...] = ()

    @property
    def key(self) -> str:
        """What makes the sentence this one: its report and its place in it."""
        return f"{self.report_id}:{self.start}-{self.end}"


def region_record(region: Region) -> dict[str, Any]:
    """A region as a flat record."""
    return asdict(region.mark) | {"value": region.value, "score": region.score}


def region_from(record: dict[str, Any]) -> Region:
    """The region that ``region_record`` wrote."""
    mark = Mark(record["label"], record["start"], record["end"], record.get("prior", False))
    return Region(mark, record.get("value"), record.get("score"))


def write_queue(path: Path, items: Iterable[QueueItem]) -> int:
    """Write the items, the whole file or nothing; how many there were."""
    count = 0
    with atomic(path) as partial, partial.open("wb") as file:
        for item in items:
            record = {f.name: getattr(item, f.name) for f in fields(item)}
            record["proposal"] = [region_record(region) for region in item.proposal]
            file.write(orjson.dumps(record) + b"\n")
            count += 1
    return count


def read_queue(path: Path) -> Iterator[QueueItem]:
    """The items of a file. Raises StudioError naming the line that is no item."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise StudioError("studio.no_queue", f"{path} cannot be opened: {error.strerror}.") from error
    with file:
        for number, line in enumerate(file, 1):
            try:
                record = orjson.loads(line)
                proposal = tuple(region_from(r) for r in record.pop("proposal", ()))
                item = QueueItem(**record, proposal=proposal)
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise StudioError(
                    "studio.bad_queue", f"{path}, line {number} is no sentence to annotate: {error}."
                ) from error
            yield item
