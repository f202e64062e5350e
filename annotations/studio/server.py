"""A Label Studio server of our own, on loopback, with an embedded database and no telemetry."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx

from annotations.studio.errors import StudioError
from annotations.studio.home import Home, Running
from annotations.studio.install import locked

PORT = 8080
_BOOT = 300.0  # seconds: the first start migrates an empty database, half a minute on a quiet machine
_LAST_WORDS = 30.0  # seconds a server has to end by itself


def start(home: Home, command: Path, *, port: int = PORT, boot: float = _BOOT) -> Running:
    """Start the server unless it runs, and wait until it is healthy. ``port`` is a wish: a busy one is passed by.

    Raises StudioError, with the end of the server's log, where it does not become healthy in ``boot`` seconds.
    """
    home.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(home.lock):
        running = home.running()
        if running and alive(running) and healthy(running.url):
            return running
        if running:
            _end(running)
        running = _launch(home, command, _free_port(port))
        home.remember(running)
        _wait(home, running, boot)
        return running


def stop(home: Home) -> bool:
    """End the server that ``start`` started; whether there was one. Its data stay."""
    if not home.folder.exists():
        return False
    with locked(home.lock):
        running = home.running()
        ended = running is not None and _end(running)
        home.remember(None)
        return ended


def healthy(url: str) -> bool:
    """Whether a Label Studio at ``url`` says that it is up."""
    try:
        return httpx.get(f"{url}/health", timeout=3, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def alive(running: Running) -> bool:
    """Whether the process is there and is the server: process ids are used again."""
    try:
        words = Path(f"/proc/{running.pid}/cmdline").read_bytes()
        return b"label-studio" in words and str(running.port).encode() in words
    except FileNotFoundError:
        pass
    if Path("/proc/self").exists():
        return False
    said = subprocess.run(
        ["ps", "-p", str(running.pid), "-o", "args="], capture_output=True, text=True, check=False
    )
    return "label-studio" in said.stdout and str(running.port) in said.stdout


def environment(home: Home, url: str) -> dict[str, str]:
    """The server's settings. Every default that calls home is turned off (``spec/labelstudio.md``, section 1)."""
    credentials = home.credentials()
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("LABEL_STUDIO_", "HEARTEX_", "DJANGO_"))
    }
    return clean | {
        "LABEL_STUDIO_BASE_DATA_DIR": str(home.data.resolve()),
        "LABEL_STUDIO_USERNAME": credentials.email,
        "LABEL_STUDIO_PASSWORD": credentials.password,
        "LABEL_STUDIO_USER_TOKEN": credentials.key,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",  # read when the organisation is made
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "LABEL_STUDIO_HOST": url,
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        # Our prediction backend listens on loopback, which Label Studio refuses to call by default.
        "ML_BLOCK_LOCAL_IP": "false",
        "SSRF_PROTECTION_ENABLED": "false",
        "PYTHONUNBUFFERED": "1",
    }


def _launch(home: Home, command: Path, port: int) -> Running:
    home.data.mkdir(parents=True, exist_ok=True)
    words = [str(command), "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
    with home.log.open("ab") as log:
        process = subprocess.Popen(
            words,
            env=environment(home, f"http://127.0.0.1:{port}"),
            stdin=subprocess.DEVNULL,  # it would ask for what it misses
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    process.returncode = 0  # it outlives us: without this, Python would complain that it still runs
    return Running(process.pid, port)


def _wait(home: Home, running: Running, boot: float) -> None:
    until = time.monotonic() + boot
    while time.monotonic() < until:
        if healthy(running.url):
            return
        if _ended(running.pid):
            break
        time.sleep(0.25)
    _end(running)
    home.remember(None)
    last = home.log.read_text("utf-8", errors="replace").splitlines()[-8:]
    raise StudioError(
        "studio.no_start",
        f"Label Studio did not become healthy within {boot:.0f} s. The end of {home.log}: {' / '.join(last)}. "
        f"If the database in {home.data} is damaged, move that folder away and start again.",
    )


def _ended(pid: int) -> bool:
    """Whether our own child has ended; reaps it."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return False


def _end(running: Running) -> bool:
    if not alive(running):
        return False
    for number, patience in ((signal.SIGTERM, _LAST_WORDS), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(running.pid, number)
        except ProcessLookupError:
            return True
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if _ended(running.pid) or not alive(running):
                return True
            time.sleep(0.1)
    raise StudioError(
        "studio.no_stop", f"Process {running.pid} (Label Studio) does not end. Kill it by hand."
    )


def _free_port(wish: int) -> int:
    """The port wished for, or one that is free: a busy one would be replaced without a word."""
    for port in (wish, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise StudioError(
        "studio.no_port", "No port of 127.0.0.1 is free for Label Studio. Stop some server first."
    )
