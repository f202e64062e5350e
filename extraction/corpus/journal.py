"""What is done already: outcomes in part files under ``DIR/.nianbao``, so that a killed run can go on.

A part is a sequence of entries, each a line (crc32 of what follows, and a head in JSON: path, kind, sha256
of the input's bytes, headline, the payload's size) and a payload (the record, deflated). Parts are
only ever appended to, by one process; every run begins a new one, so a torn last entry harms nothing. A
later entry for a path takes the place of an earlier one. Parts of other software or options are removed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal, NamedTuple

from extraction.corpus.files import written_whole
from extraction.engines.protocol import Outcome, unpack

_PART_BYTES = 256 * 2**20
_CHECKSUM = 9  # characters: eight of crc32 and a space
_OPEN_MOST = 64  # parts open at once while records are gathered


class _Place(NamedTuple):
    part: int
    offset: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An outcome as the journal keeps it: the record's line, and the headline for the summary."""

    kind: Literal["record", "error"]
    line: bytes
    headline: dict[str, Any]


class Journal:
    """The outcomes of this folder's runs with one ``key`` (software and options), by input path."""

    def __init__(self, folder: Path, *, key: str, fresh: bool = False) -> None:
        self._folder = folder
        self._places: dict[str, _Place] = {}
        self._parts = sorted(folder.glob("part-*"))
        self._stream: BinaryIO | None = None
        if fresh or self._key() != key:
            self._start_over(key)
        for number, part in enumerate(self._parts):
            self._scan(number, part)

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def known(self, path: str) -> str | None:
        """The sha256 of the input's bytes as they were when it was done; None where it was not."""
        place = self._places.get(path)
        return place.sha256 if place else None

    def add(self, path: str, outcome: Outcome) -> None:
        """Keep an outcome; written through to the system at once."""
        if outcome.kind == "unchanged":
            return
        head = {
            "path": path,
            "kind": outcome.kind,
            "sha256": outcome.sha256,
            "headline": json.loads(outcome.headline or b"{}"),
            "size": len(outcome.payload),
        }
        entry = json.dumps(head).encode("ascii") + b"\n" + outcome.payload
        stream = self._writable()
        self._places[path] = _Place(len(self._parts) - 1, stream.tell(), outcome.sha256)
        stream.write(b"%08x %b" % (zlib.crc32(entry), entry))
        stream.flush()

    def entries(self, paths: list[str]) -> Iterator[Entry]:
        """The entries of ``paths`` in their order. Raises KeyError where one was never added."""
        streams: dict[int, BinaryIO] = {}
        try:
            for path in paths:
                place = self._places[path]
                if place.part not in streams:
                    if len(streams) >= _OPEN_MOST:
                        streams.pop(next(iter(streams))).close()
                    streams[place.part] = self._parts[place.part].open("rb")
                stream = streams[place.part]
                stream.seek(place.offset)
                head = json.loads(stream.readline()[_CHECKSUM:])
                yield Entry(head["kind"], unpack(stream.read(head["size"])), head["headline"])
        finally:
            for stream in streams.values():
                stream.close()

    def _key(self) -> str | None:
        try:
            return (self._folder / "key").read_text(encoding="utf-8")
        except OSError:
            return None

    def _start_over(self, key: str) -> None:
        for part in self._parts:
            part.unlink()
        self._parts = []
        with written_whole(self._folder / "key") as stream:
            stream.write(key.encode())

    def _scan(self, number: int, part: Path) -> None:
        """Learn what a part holds, up to the first entry that is torn or damaged."""
        with part.open("rb") as stream:
            while True:
                offset = stream.tell()
                try:
                    line = stream.readline()
                    head = json.loads(line[_CHECKSUM:])
                    checksum = zlib.crc32(stream.read(head["size"]), zlib.crc32(line[_CHECKSUM:]))
                    whole = checksum == int(line[:_CHECKSUM], 16)
                    place = _Place(number, offset, head["sha256"])
                except (ValueError, KeyError, TypeError):
                    return
                if not whole:
                    return
                self._places[head["path"]] = place

    def _writable(self) -> BinaryIO:
        if self._stream is not None and self._stream.tell() > _PART_BYTES:
            self._close()
        if self._stream is None:
            last = int(self._parts[-1].name.removeprefix("part-")) if self._parts else 0
            part = self._folder / f"part-{last + 1:06d}"
            self._stream = part.open("xb")
            self._parts.append(part)
        return self._stream

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None
