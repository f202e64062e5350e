"""Which Label Studio is meant, and with which key: the environment's, else the one that ``make studio`` started."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from annotations.studio.errors import StudioError
from annotations.studio.home import Home
from annotations.studio.server import alive

URL, KEY = "LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"
WHERE_KEYS_ARE = "In Label Studio: the picture at the upper right, Account & Settings"


@dataclass(frozen=True, slots=True)
class Access:
    """An address and a key, which is never shown."""

    url: str
    key: str = field(repr=False)

    @property
    def local(self) -> bool:
        """Whether the server is on this machine: no proxy stands between."""
        return urlsplit(self.url).hostname in ("127.0.0.1", "localhost", "::1")

    @property
    def personal(self) -> bool:
        """Whether the key is a personal access token (a JWT), not a legacy one (40 hexadecimal digits)."""
        return self.key.count(".") == 2


def find_access(home: Home = Home(), environment: Mapping[str, str] = os.environ) -> Access:
    """The server to work with. Raises StudioError where none is named and none runs, or the key is no key."""
    url, key = environment.get(URL, "").strip().rstrip("/"), environment.get(KEY, "").strip()
    if not url and not key:
        running, known = home.running(), home.known_credentials()
        if running is None or known is None or not alive(running):
            raise StudioError(
                "studio.not_running",
                f"No Label Studio runs here. Start one with make studio, or name another in {URL} and {KEY}.",
            )
        return Access(running.url, known.key)
    if not url or not key:
        absent, given = (URL, KEY) if key else (KEY, URL)
        raise StudioError("studio.half_named", f"{given} is set, {absent} is not. Set both, or neither.")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise StudioError(
            "studio.bad_url", f"{URL} is {url!r}: an address like http://localhost:8080 is needed."
        )
    access = Access(url, key)
    if access.personal:
        _check_personal(key)
    return access


def _check_personal(key: str) -> None:
    """Say what is wrong with a personal access token before a server is asked."""
    claims = token_claims(key)
    if not claims:
        raise StudioError(
            "studio.key_garbled",
            f"{KEY} looks like a personal access token but cannot be read: probably not all of it was copied. "
            f"{WHERE_KEYS_ARE}, Personal Access Token; it is shown once, when it is made.",
        )
    if claims.get("token_type") == "access":
        raise StudioError(
            "studio.key_short_lived",
            f"{KEY} is an access token that lives for minutes. Use the personal access token it was made of: "
            f"{WHERE_KEYS_ARE}, Personal Access Token.",
        )
    expires = claims.get("exp")
    if isinstance(expires, int | float) and expires < time.time():
        day = time.strftime("%Y-%m-%d", time.gmtime(expires))
        raise StudioError(
            "studio.key_expired",
            f"The personal access token in {KEY} expired on {day}. Make a new one: {WHERE_KEYS_ARE}, "
            "Personal Access Token.",
        )


def token_claims(token: str) -> dict[str, Any]:
    """What a JWT says of itself, unverified; nothing where it cannot be read."""
    middle = token.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}
