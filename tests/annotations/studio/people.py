"""People on a test server: further users, personal access tokens, and the organisation's settings of keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from annotations.studio.client import Studio


@contextmanager
def logged_in(url: str, email: str, password: str) -> Iterator[httpx.Client]:
    """A browser's session, as far as it needs one."""
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as browser:
        browser.get("/user/login/")
        form = {"email": email, "password": password, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        answer = browser.post("/user/login/", data=form, headers={"Referer": f"{url}/user/login/"})
        assert answer.status_code == 302, answer.text
        yield browser


def personal_token(browser: httpx.Client) -> str:
    """A new personal access token of whoever is logged in."""
    headers = {"X-CSRFToken": browser.cookies["csrftoken"], "Referer": str(browser.base_url)}
    return str(browser.post("/api/token/", headers=headers, json={}).raise_for_status().json()["token"])


def sign_up(studio: Studio, email: str, password: str = "correct-horse-battery") -> str:
    """A further user of the organisation; their legacy key."""
    url = studio.access.url
    invitation = studio.call("GET", "/api/invite")["invite_url"]
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as browser:
        browser.get(invitation)
        form = {"email": email, "password": password, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        answer = browser.post(invitation, data=form, headers={"Referer": f"{url}{invitation}"})
        assert answer.status_code == 302, answer.text
        return str(browser.get("/api/current-user/token").json()["token"])


def allow_legacy(studio: Studio, *, legacy: bool) -> None:
    """Turn legacy tokens on or off in the whole organisation."""
    body = {"api_tokens_enabled": True, "legacy_api_tokens_enabled": legacy, "api_token_ttl_days": 365}
    studio.call("POST", "/api/jwt/settings", json=body)
