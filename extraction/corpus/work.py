"""The work of a worker: one input file into one line of JSON and a headline for the summary."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections import Counter
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from extraction.checks.paragraphs import paragraphs
from extraction.corpus.copies import fingerprint
from extraction.engines.protocol import Outcome, Task, failure, pack, printable_path
from extraction.errors import LimitExceeded, NianbaoError, UnreadableInput

if TYPE_CHECKING:
    from extraction.records import Report


@dataclass(frozen=True, slots=True)
class WorkOptions:
    """What a worker must know: whether records carry their text, whether the prose is read; the largest input
    in bytes.
    """

    with_text: bool = False
    figures: bool = True
    max_bytes: int = 64 * 2**20


def read_report(task: Task, options: WorkOptions) -> Outcome:
    """Read one report. The outcome has the input's sha256: the same bytes end the same way.

    Raises OSError, LimitExceeded or UnreadableInput where the bytes cannot be had.
    """
    from extraction.pipeline import Options, extract_bytes

    data = read_bytes(task.path, options.max_bytes)
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 == task.known:
        return Outcome(task.number, "unchanged", sha256=sha256)
    try:
        report = extract_bytes(
            data, printable_path(task.path), Options(with_text=True, figures=options.figures)
        )
    except NianbaoError as error:
        refusal = failure(
            task, step=error.step, code=error.code, error=type(error).__name__, message=error.message
        )
        return replace(refusal, sha256=sha256)
    record = report if options.with_text else replace(report, text=None)
    return Outcome(task.number, "record", pack(serialise(record)), sha256, headline(report))


def read_bytes(path: str, most: int) -> bytes:
    """The file's bytes. Never more than ``most`` are read, whatever the file says of its size."""
    # a pipe without a writer must not block the opening
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableInput(
                "input.not_a_file", "It is a pipe, a device or a socket. Save its contents to a file."
            )
        data = b"" if status.st_size > most else _read_up_to(stream.fileno(), most + 1)
    if max(status.st_size, len(data)) > most:
        raise LimitExceeded(
            "input.too_large",
            f"The file has {max(status.st_size, len(data)):,} bytes; at most {most:,} are read. "
            "Raise --max-size if it is a report.",
        )
    return data


def _read_up_to(descriptor: int, most: int) -> bytes:
    parts = []
    while most > 0 and (part := os.read(descriptor, min(most, 2**20))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def serialise(report: Report) -> bytes:
    """The record as one line of UTF-8 JSON, with ``text`` only where the report carries it."""
    import orjson

    record = {field.name: getattr(report, field.name) for field in fields(report)}
    if report.text is None:
        del record["text"]
    try:
        return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # an integer beyond 64 bits: the standard library is slower and has no such limit
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=_plain)
        return line.encode("utf-8", "backslashreplace") + b"\n"


def _plain(value: object) -> dict[str, Any]:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"a record cannot hold {type(value).__name__}")


def headline(report: Report) -> bytes:
    """The summary's line of a report, as a JSON object.

    ``cells`` is ``[found, due]``: a cell is found where the report shows it and it has one reading. ``place``
    and ``fingerprint`` let files of one report be compared (``corpus.copies``); they, ``id``, ``level``, ``code``,
    ``published`` and ``paragraphs`` let reports be compared (``corpus.crossing``). The last are digests of the
    report's text, where it carries one.
    """
    kinds = Counter(cell.kind for cell in report.cells)
    severities = Counter(finding.severity for finding in report.findings)
    found = len(report.cells) - kinds["missing"] - kinds["ambiguous"]
    line = {
        "path": report.source.path,
        "unit": report.unit.name,
        "year": report.year,
        "form": report.form,
        "cells": [found, len(report.cells)],
        "figures": len(report.figures),
        "findings": dict(severities),
        "place": [report.unit.province, report.unit.city, report.unit.county],
        "fingerprint": fingerprint(report),
        "id": report.report_id,
        "level": report.unit.level,
        "code": report.unit.division_code,
        "published": report.published,
        "paragraphs": paragraphs(report),
    }
    return json.dumps(line).encode("ascii")
