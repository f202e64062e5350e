"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A partial file beside ``path`` to write to; it takes the place of ``path`` when the block ends well.

    The partial name is always the same, so that a killed run leaves nothing the next one does not clear.
    """
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        yield partial
        _sync(partial)
        partial.replace(path)
        if os.name == "posix":  # elsewhere a folder can't be opened
            _sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)
