"""What every executor of the house agrees on: tasks in, outcomes out, in any order.

A work function gets one task and answers with one outcome; the engine knows nothing of reports. Outcomes
carry the record as finished bytes (a line of JSON, deflated), so that the process that gathers them
only copies.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

from extraction.records import ReadError


@dataclass(frozen=True, slots=True)
class Task:
    """One input: its number, its path, and the sha256 (hex) of the bytes that are already done."""

    number: int
    path: str
    known: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task. ``sha256`` is None where another try might end differently."""

    number: int
    kind: Literal["record", "error", "unchanged"]
    payload: bytes = b""  # see ``pack``; empty where unchanged
    sha256: str | None = None
    headline: bytes = b""  # a JSON object for the summary, opaque to the engine


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost: wall-clock seconds, megabytes on top of the program; a worker's life."""

    timeout: float = 60.0
    memory_mb: int = 2048
    recycle_after: int = 1000
    start_timeout: float = 60.0


# The second argument is the run's options, whatever the work function and its caller agree on.
Work = Callable[[Task, Any], Outcome]


class Engine(Protocol):
    """An executor. One outcome for every task, in the order of completion, whatever a task does."""

    def run(self, tasks: Iterable[Task], *, options: object) -> Iterator[Outcome]:
        """Do all tasks; closing the iterator stops what still runs."""
        ...


def pack(line: bytes) -> bytes:
    """Deflate a line: a record repeats its keys 200 times, so the fastest level already saves 9/10."""
    return zlib.compress(line, 1)


def unpack(payload: bytes) -> bytes:
    """The line that ``pack`` was given."""
    return zlib.decompress(payload)


def printable_path(path: str) -> str:
    r"""The path as JSON can carry it: bytes of a name that are not UTF-8 as ``\xff``."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def failure(task: Task, *, step: str, code: str, error: str, message: str) -> Outcome:
    """The error record of a task as an outcome."""
    record = ReadError(printable_path(task.path), step, code, error, message)
    line = json.dumps(asdict(record), ensure_ascii=False, separators=(",", ":"))
    return Outcome(task.number, "error", pack(line.encode("utf-8", "backslashreplace") + b"\n"))
