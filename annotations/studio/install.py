"""Label Studio in a virtual environment of its own: its pyarrow and numpy clash with ours."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotations.studio.errors import StudioError
from annotations.studio.home import DEFAULT_HOME

VERSION = "1.23.2"
_NEEDED = 2 << 30  # bytes: 1 GB installed, and as much while pip unpacks


def installed(folder: Path = DEFAULT_HOME / "venv") -> Path | None:
    """The label-studio command of this version in ``folder``, or None."""
    return folder / "bin" / "label-studio" if (folder / f".installed-{VERSION}").exists() else None


def install(folder: Path = DEFAULT_HOME / "venv") -> Path:
    """Install Label Studio into ``folder`` unless it is there; the path of its command.

    Takes minutes and 1 GB the first time. A run that was killed is taken up again. Raises StudioError where pip
    fails.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with locked(folder.parent / "install.lock"):
        command = installed(folder)
        if command is None:
            _install(folder)
            (folder / f".installed-{VERSION}").touch()
        return folder / "bin" / "label-studio"


def _install(folder: Path) -> None:
    python = folder / "bin" / "python"
    steps = [
        [sys.executable, "-m", "venv", str(folder)],
        [
            str(python),
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--quiet",
            "install",
            f"label-studio=={VERSION}",
        ],
    ]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if not line.startswith("WARNING")]
            raise StudioError(
                "studio.install_failed",
                f"Label Studio {VERSION} could not be installed into {folder} "
                f"(it needs some {_NEEDED >> 30} GB of disk and pip's package index): {' '.join(lines[-3:])}. "
                "Put that right and give the same command again; it goes on from there.",
            )


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until no other process holds the lock at ``path``, and hold it."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
