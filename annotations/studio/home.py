"""Where a Label Studio of our own lives on disk, and its secrets."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from annotations.studio.errors import StudioError
from extraction.sinks.atomic import atomic

DEFAULT_HOME = Path(__file__).parents[2] / ".studio"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who may log in: in the browser with email and password, from a program with the key."""

    email: str
    password: str = field(repr=False)
    key: str = field(repr=False)  # a legacy token: 40 hexadecimal digits


@dataclass(frozen=True, slots=True)
class Running:
    """A server process that we started, and where it listens."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Home:
    """A folder that holds one server: its database, its secrets, its log, its process id."""

    folder: Path = DEFAULT_HOME

    @property
    def data(self) -> Path:
        """Label Studio's own folder: database, uploads, and the key that signs its tokens."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    def credentials(self) -> Credentials:
        """The secrets, made on first use, kept with mode 600."""
        path = self.folder / "credentials.json"
        if not path.exists():
            made = Credentials("admin@nianbao.example", secrets.token_urlsafe(18), secrets.token_hex(20))
            self._write_private(path, asdict(made))
        return Credentials(**_read(path))

    def known_credentials(self) -> Credentials | None:
        """The secrets if there are any: nothing is made."""
        return self.credentials() if (self.folder / "credentials.json").exists() else None

    def backend_secret(self) -> str:
        """What opens our prediction server, made on first use, kept with mode 600."""
        path = self.folder / "backend.json"
        if not path.exists():
            self._write_private(path, {"secret": secrets.token_urlsafe(32)})
        return str(_read(path)["secret"])

    def running(self) -> Running | None:
        """The server that was started from here, whether or not it still lives."""
        path = self.folder / "server.json"
        return Running(**_read(path)) if path.exists() else None

    def remember(self, running: Running | None) -> None:
        """Note the process that was started, or that there is none."""
        path = self.folder / "server.json"
        if running is None:
            path.unlink(missing_ok=True)
        else:
            self._write_private(path, asdict(running))

    def _write_private(self, path: Path, record: dict[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with atomic(path) as partial:
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(record, file, indent=1)


def _read(path: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise StudioError(
            "studio.home_damaged", f"{path} cannot be read ({error}). Delete it and run make studio again."
        ) from error
    return record
