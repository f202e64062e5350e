"""Files that appear whole or not at all, and the folder they appear in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from extraction.errors import NianbaoError


class OutputError(NianbaoError):
    """The output folder cannot be used; nothing was done."""


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A binary file that takes ``path``'s place when the block ends, and leaves nothing if it fails."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


@contextmanager
def locked_folder(out: Path) -> Iterator[Path]:
    """Make ``out`` and its ``.nianbao``, see that they can be written, and keep other runs out of them.

    Yields the inner folder. Raises OutputError.
    """
    inner = out / ".nianbao"
    try:
        inner.mkdir(parents=True, exist_ok=True)
        with written_whole(out / ".probe"):
            pass
        (out / ".probe").unlink()
        lock = (inner / "lock").open("wb")
    except OSError as error:
        raise OutputError(
            "output.not_writable",
            f"The output folder {out} cannot be written: {error.strerror or error}. "
            "Choose another with --out, or change its permissions.",
            step="write",
        ) from error
    with lock:
        _lock(lock, out)
        yield inner


def _lock(stream: BinaryIO, out: Path) -> None:
    with suppress(ImportError):  # no fcntl, no lock: one run at a time is then the user's care
        import fcntl

        try:
            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OutputError(
                "output.in_use",
                f"Another run is writing to {out}. Wait for its end, or choose another folder with --out.",
                step="write",
            ) from error
