"""Which server and which key: what is wrong with them is said before a server is asked."""

from __future__ import annotations

import base64
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from annotations.studio.access import KEY, URL, Access, find_access
from annotations.studio.client import Studio
from annotations.studio.errors import StudioError
from annotations.studio.home import Home, Running

SOME_URL = "http://127.0.0.1:1"


def token(**claims: object) -> str:
    parts = ({"alg": "HS256"}, claims)
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts), "c2ln"]
    )


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "studio.not_running"),
        ({URL: SOME_URL}, "studio.half_named"),
        ({KEY: "a" * 40}, "studio.half_named"),
        ({URL: "127.0.0.1:8080", KEY: "a" * 40}, "studio.bad_url"),
        ({URL: "ftp://x", KEY: "a" * 40}, "studio.bad_url"),
        ({URL: SOME_URL, KEY: "a.b.c"}, "studio.key_garbled"),
        ({URL: SOME_URL, KEY: token(token_type="access", exp=4e9)}, "studio.key_short_lived"),
        ({URL: SOME_URL, KEY: token(token_type="refresh", exp=1.7e9)}, "studio.key_expired"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, environment, code) -> None:
    with pytest.raises(StudioError) as caught:
        find_access(Home(tmp_path), environment)
    assert caught.value.code == code
    for secret in environment.values():
        assert secret == SOME_URL or len(secret) < 20 or secret not in caught.value.message


def test_a_good_key_is_taken_and_never_shown(tmp_path) -> None:
    key = token(token_type="refresh", exp=4e9)
    access = find_access(Home(tmp_path), {URL: f" {SOME_URL}/ ", KEY: f" {key}\n"})
    assert access == Access(SOME_URL, key)
    assert access.personal and key not in repr(access)


def test_a_server_that_ended_is_no_server(tmp_path) -> None:
    home = Home(tmp_path)
    home.credentials()
    home.remember(Running(os.getpid(), 8080))  # a process, but no Label Studio
    with pytest.raises(StudioError, match="make studio"):
        find_access(home, {})


def test_credentials_are_private_random_and_kept(tmp_path) -> None:
    one, other = Home(tmp_path / "a"), Home(tmp_path / "b")
    assert one.credentials() == one.credentials() != other.credentials()
    path = tmp_path / "a" / "credentials.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert one.credentials().password not in repr(one.credentials())
    path.write_text("{")
    with pytest.raises(StudioError, match="Delete it"):
        one.credentials()


def test_nobody_there() -> None:
    with (
        Studio(Access(SOME_URL, "a" * 40)) as studio,
        pytest.raises(StudioError, match="make studio") as caught,
    ):
        studio.me()
    assert caught.value.code == "studio.unreachable"


@pytest.mark.parametrize(
    ("status", "code"),
    [(200, "studio.not_label_studio"), (404, "studio.not_label_studio"), (500, "studio.server_error")],
)
def test_another_server_there(status: int, code: str) -> None:
    """Any web server stands for those that are no Label Studio."""

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"<html>hello</html>")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Other)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        access = Access(f"http://127.0.0.1:{server.server_port}", "a" * 40)
        with Studio(access) as studio, pytest.raises(StudioError) as caught:
            studio.me()
        assert caught.value.code == code
        assert "<html>" not in caught.value.message
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
