"""The sentences of reports that ``extraction.run`` read, with the figures it found in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from annotations.bank.markup import Mark
from annotations.studio.errors import StudioError
from annotations.studio.queue import QueueItem
from annotations.studio.regions import Region
from extraction.errors import NianbaoError
from extraction.narrative.figures import Prose
from extraction.narrative.sentences import Stretch, split_sentences
from extraction.normalise import normalise
from extraction.reading import read_document
from extraction.records import Cell

_BEFORE, _AFTER = 160, 80  # characters of context that are shown
# The county that a unit's name begins with, where the gazetteer does not know it: 望溪县听泉坳镇人民政府.
_COUNTY = re.compile(r"(?:.{2,8}?(?:省|自治区))?(.{1,7}?(?:自治县|县|旗|区|市))")
_CELL = ("table", "row", "column", "kind", "value", "raw", "unit", "start", "end", "page")

Record = dict[str, Any]


def read_reports(out: Path) -> Iterator[Record]:
    """The records of an output folder of ``extraction.run``. Raises StudioError where there are none."""
    path = out / "reports.jsonl"
    if not path.is_file():
        raise StudioError(
            "studio.no_reports",
            f"{out} holds no reports.jsonl. Read some reports first: nianbao REPORTS --out {out}",
        )
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                record = orjson.loads(line)
            except ValueError as error:
                raise StudioError(
                    "studio.bad_reports",
                    f"{path}, line {number} is no record ({error}). Run nianbao again with --fresh.",
                ) from error
            yield record


def model_of(record: Record) -> str:
    """The name and the beginning of the digest of the model that read a report; empty where none did."""
    software = record["software"]
    return f"{software['model']}-{software['model_sha256'][:12]}" if software.get("model") else ""


def items_of(record: Record) -> list[QueueItem]:
    """Every sentence of a report that may hold a figure, pre-annotated with the record's figures.

    Raises StudioError where the report's text is neither in the record nor to be had from its source.
    """
    text = text_of(record)
    unit = record["unit"]
    named = _COUNTY.match(unit["name"] or "")
    place = unit["county"] or (named and named[1]) or unit["city"] or unit["name"] or record["report_id"]
    head: dict[str, Any] = {
        "report_id": record["report_id"],
        "source": Path(record["source"]["path"]).name,
        "unit": unit["name"] or "",
        "province": unit["province"] or "",
        "county": place,
        "level": unit["level"] or "other",
        "year": record["year"],
        "model": model_of(record),
    }
    return [
        QueueItem(
            **head,
            start=start,
            end=end,
            text=text[start:end],
            before=text[max(0, start - _BEFORE) : start],
            after=text[end : end + _AFTER],
            proposal=_proposal(record["figures"], start, end),
        )
        for start, end in _sentences(text, record)
    ]


def text_of(record: Record) -> str:
    """The text that the record's offsets count in: from the record, else from the source, if it is unchanged."""
    if isinstance(text := record.get("text"), str):
        return text
    path = Path(record["source"]["path"])
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != record["report_id"]:
        raise StudioError(
            "studio.no_text",
            f"The record of {path} holds no text, and the file is not there or was changed. Run nianbao again with "
            "--with-text --fresh.",
        )
    try:
        return read_document(data, str(path)).text
    except NianbaoError as error:
        raise StudioError("studio.no_text", f"{path} cannot be read again: {error.message}") from error


def _sentences(text: str, record: Record) -> Iterator[tuple[int, int]]:
    """Sentences of the prose; two that share a figure (a broken line) are one."""
    prose = Prose(normalise(text), [Cell(**{k: c[k] for k in _CELL}) for c in record["cells"]], ())
    figures = sorted((f["start"], f["end"]) for f in record["figures"])
    pending: tuple[int, int] | None = None
    for start, end in split_sentences(text):
        first, last = (pending[0], end) if pending else (start, end)
        inside = [f for f in figures if first <= f[0] < last]
        if any(f[1] > last for f in inside):
            pending = (first, last)
            continue
        pending = None
        if inside or prose.holds(Stretch(first, first, last, last)):
            yield first, last
    if pending:
        yield pending


def _proposal(figures: list[Record], start: int, end: int) -> tuple[Region, ...]:
    return tuple(
        Region(
            Mark(f["label"], f["start"] - start, f["end"] - start, f["period"] == "prior"),
            f["value"],
            round(f["score"], 4),
        )
        for f in sorted(figures, key=lambda f: int(f["start"]))
        if start <= f["start"] < end
    )
