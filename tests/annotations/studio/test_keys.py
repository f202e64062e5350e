"""Every way in which a real server takes or refuses a key, and what is said then."""

from __future__ import annotations

import httpx
import pytest

from annotations import push as push_command
from annotations.studio.access import KEY, Access
from annotations.studio.client import Studio
from annotations.studio.errors import StudioError
from annotations.studio.home import Home
from tests.annotations.studio.conftest import TEMPLATE
from tests.annotations.studio.people import allow_legacy, logged_in, personal_token, sign_up

pytestmark = pytest.mark.slow


def refused(access: Access) -> StudioError:
    with Studio(access) as studio, pytest.raises(StudioError) as caught:
        studio.me()
    assert access.key not in caught.value.message
    return caught.value


@pytest.fixture
def owner(access: Access) -> httpx.Client:
    credentials = Home(TEMPLATE).credentials()
    with logged_in(access.url, credentials.email, credentials.password) as browser:
        yield browser


def test_a_personal_access_token_works_and_outlives_its_access_token(studio: Studio, access: Access) -> None:
    sign_up(studio, "pat@example.com")
    with logged_in(access.url, "pat@example.com", "correct-horse-battery") as browser:
        token = personal_token(browser)
    with Studio(Access(access.url, token)) as other:
        assert other.access.personal
        assert other.me()["email"] == "pat@example.com"
        other._bearer = "expired.in.the-meantime"
        assert other.me()["email"] == "pat@example.com"
        assert other.projects() == studio.projects()
    with logged_in(access.url, "pat@example.com", "correct-horse-battery") as browser:
        headers = {"X-CSRFToken": browser.cookies["csrftoken"], "Referer": access.url}
        browser.post("/api/token/blacklist/", json={"refresh": token}, headers=headers).raise_for_status()
    error = refused(Access(access.url, token))
    assert error.code == "studio.key_revoked"
    altered = refused(Access(access.url, token[:-4] + "AAAA"))
    assert altered.code == "studio.key_unknown"
    assert "altered" in altered.message


def test_an_unknown_legacy_token(access: Access) -> None:
    error = refused(Access(access.url, "0" * 40))
    assert error.code == "studio.key_unknown"
    assert "Account & Settings" in error.message and KEY in error.message


def test_legacy_tokens_turned_off(studio: Studio, access: Access, owner: httpx.Client) -> None:
    token = personal_token(owner)
    with Studio(Access(access.url, token)) as other:
        allow_legacy(other, legacy=False)
        try:
            error = refused(access)
        finally:
            allow_legacy(other, legacy=True)
    assert error.code == "studio.key_legacy_off"
    assert "personal access token" in error.message
    assert studio.me()


def test_a_command_says_it_in_one_line(studio: Studio, monkeypatch, capsys, tmp_path) -> None:
    monkeypatch.setenv(KEY, "0" * 40)
    assert push_command.main([str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("push: ") and said.endswith("[studio.key_unknown]\n") and said.count("\n") == 1
