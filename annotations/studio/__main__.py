"""The server from the command line: ``make studio`` and ``make studio-stop``.

``python -m annotations.studio start`` installs Label Studio if need be, starts it and waits until it is healthy;
``stop`` ends it and keeps its data; ``status`` says whether it runs (exit status 0 or 1).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from annotations.studio.home import DEFAULT_HOME, Home
from annotations.studio.install import VERSION, install, installed
from annotations.studio.server import PORT, alive, healthy, start, stop
from extraction.errors import NianbaoError


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0, or 2 with a message."""
    parser = argparse.ArgumentParser(prog="python -m annotations.studio", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "status"))
    parser.add_argument("--port", type=int, default=PORT, help=f"a wish ({PORT})")
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME, help="folder of the data and secrets")
    chosen = parser.parse_args(arguments)
    home = Home(chosen.home)
    try:
        if chosen.command == "start":
            _start(home, chosen.port)
        elif chosen.command == "stop":
            print("Label Studio stopped; its data stay." if stop(home) else "Label Studio was not running.")
        else:
            running = home.running()
            up = running is not None and alive(running) and healthy(running.url)
            print(f"Label Studio runs at {running.url}" if running and up else "Label Studio does not run.")
            return 0 if up else 1
    except NianbaoError as error:
        print(f"studio: {error.message} [{error.code}]", file=sys.stderr)
        return 2
    return 0


def _start(home: Home, port: int) -> None:
    if not installed():
        print(
            f"Installing Label Studio {VERSION} into {DEFAULT_HOME / 'venv'} (1 GB, some minutes) …",
            flush=True,
        )
    command = install()
    running = start(home, command, port=port)
    print(f"Label Studio runs at {running.url}")
    print(f"Log in as {home.credentials().email}; the password is in {home.folder / 'credentials.json'}.")
    print("Next: .venv/bin/python -m annotations.setup")


if __name__ == "__main__":
    sys.exit(main())
