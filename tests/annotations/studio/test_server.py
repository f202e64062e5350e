"""The server of our own: started once, healthy, on loopback, private, stopped, started again with its data."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from annotations.studio.access import Access, find_access
from annotations.studio.client import Studio
from annotations.studio.errors import StudioError
from annotations.studio.home import Home, Running
from annotations.studio.server import alive, environment, healthy, start, stop
from tests.annotations.studio.people import logged_in

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow


def test_started_used_stopped_and_started_again(new_home, command) -> None:
    home = new_home()
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        running = start(home, command, port=busy.getsockname()[1])
        assert running.port != busy.getsockname()[1]  # Label Studio would take the next one without a word
    assert alive(running) and healthy(running.url)
    assert start(home, command, port=0) == running
    with Studio(find_access(home, {})) as studio:
        made = studio.call("POST", "/api/projects/", json={"title": "kept"})
    credentials = home.credentials()
    with logged_in(running.url, credentials.email, credentials.password) as browser:
        assert browser.get("/projects/").status_code == 200
    assert [p.stat().st_mode & 0o077 for p in home.folder.glob("*.json")] == [0, 0]
    assert stop(home)
    assert not alive(running) and not healthy(running.url)
    assert not stop(home)
    again = start(home, command, port=0)
    with Studio(Access(again.url, credentials.key)) as studio:
        assert studio.call("GET", f"/api/projects/{made['id']}/")["title"] == "kept"
    stop(home)


def test_it_listens_on_loopback_alone(access: Access) -> None:
    port = f"{int(access.url.rpartition(':')[2]):04X}"
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    mine = {words[1] for words in listening if words[1].endswith(f":{port}") and words[3] == "0A"}
    assert mine == {f"0100007F:{port}"}


def test_nothing_is_reported_home(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_SENTRY_DSN", "https://elsewhere.example/1")
    settings = environment(Home(tmp_path), "http://127.0.0.1:1")
    assert settings["COLLECT_ANALYTICS"] == settings["LATEST_VERSION_CHECK"] == "false"
    assert settings["SENTRY_DSN"] == settings["FRONTEND_SENTRY_DSN"] == ""
    assert "LABEL_STUDIO_SENTRY_DSN" not in settings


def test_strangers_cannot_sign_up(access: Access) -> None:
    with httpx.Client(base_url=access.url, trust_env=False) as browser:
        browser.get("/user/signup/")
        form = {
            "email": "x@example.com",
            "password": "12345678",
            "csrfmiddlewaretoken": browser.cookies["csrftoken"],
        }
        answer = browser.post("/user/signup/", data=form, headers={"Referer": f"{access.url}/user/signup/"})
        assert answer.status_code == 403


def test_a_server_that_cannot_start_says_why(new_home, command) -> None:
    home = new_home()
    (home.data / "label_studio.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(StudioError, match=r"server\.log") as caught:
        start(home, command, port=0, boot=60)
    assert caught.value.code == "studio.no_start"
    assert "database" in caught.value.message
    assert home.running() is None


def test_a_process_of_somebody_else_is_left_alone(tmp_path) -> None:
    home = Home(tmp_path)
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        home.remember(Running(sleeper.pid, 8080))
        assert not stop(home)
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_the_commands(new_home, command) -> None:
    home = new_home()

    def studio(word: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "annotations.studio", word, "--home", str(home.folder)]
        return subprocess.run(
            words, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ)
        )

    assert studio("status").returncode == 1
    begun = studio("start")
    assert begun.returncode == 0, begun.stderr
    assert "runs at http://127.0.0.1:" in begun.stdout
    assert home.credentials().password not in begun.stdout
    assert home.credentials().key not in begun.stdout
    assert studio("status").returncode == 0
    assert "stopped" in studio("stop").stdout
    assert studio("status").returncode == 1
