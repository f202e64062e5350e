"""Label Studio's REST interface, as much of it as is needed, with errors that say what to do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import httpx

from annotations.studio.access import KEY, URL, WHERE_KEYS_ARE, Access
from annotations.studio.errors import StudioError

Record = dict[str, Any]
_TIMEOUT = httpx.Timeout(600.0, connect=10.0)  # imports and exports are synchronous: 20 s for 10,000 tasks
_TRIES = 3
_PAGE = 500
_GATEWAY = (502, 503, 504)


class Studio:
    """One server and whoever the key belongs to. Raises StudioError whenever it cannot do what it is asked."""

    def __init__(self, access: Access, *, timeout: httpx.Timeout = _TIMEOUT) -> None:
        self.access = access
        self._bearer: str | None = None
        self._http = httpx.Client(base_url=access.url, timeout=timeout, trust_env=not access.local)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    # What every caller needs of the interface

    def me(self) -> Record:
        """Whose key this is; the cheapest proof that server and key are good."""
        found: Record = self.call("GET", "/api/current-user/whoami")
        return found

    def users(self) -> dict[int, str]:
        """Email address by id of everybody in the organisation."""
        return {user["id"]: user["email"] or user["username"] for user in self.call("GET", "/api/users/")}

    def projects(self) -> list[Record]:
        """Every project that the key's owner sees."""
        found: list[Record] = []
        path: str | None = "/api/projects/?page_size=100"
        while path:
            page = self.call("GET", path)
            found += page["results"]
            path = page["next"] and "/api/projects/?" + page["next"].partition("?")[2]
        return found

    def tasks(self, project: int, *, include: str = "id,data,total_annotations") -> Iterator[Record]:
        """Every task of a project with the columns named, in order of id, page by page."""
        number, left = 1, True
        while left:
            query = {"project": project, "page": number, "page_size": _PAGE, "include": include}
            page = self.call("GET", "/api/tasks/", params=query)
            yield from page["tasks"]
            left = number * _PAGE < page["total"] and bool(page["tasks"])
            number += 1

    def export(self, project: int) -> list[Record]:
        """Every task of a project that carries an annotation, skipped or not, with all its annotations."""
        query = {"exportType": "JSON", "download_all_tasks": "false"}
        found: list[Record] = self.call("GET", f"/api/projects/{project}/export", params=query)
        return found

    def call(self, method: str, path: str, *, json: object = None, params: Record | None = None) -> Any:  # noqa: ANN401
        """One request; what the server answers, as JSON (None where it answers nothing).

        A request that can have no effect twice (GET) is tried again when the server hiccups; another only when
        it never reached the server.
        """
        for left in reversed(range(_TRIES)):
            try:
                answer = self._send(method, path, json=json, params=params)
            except httpx.HTTPError as error:
                if left and (method == "GET" or isinstance(error, httpx.ConnectError)):
                    time.sleep(0.5)
                    continue
                raise _unreachable(self.access, error) from error
            if left and method == "GET" and answer.status_code in _GATEWAY:
                time.sleep(0.5)
                continue
            return self._understand(answer)
        raise AssertionError("unreachable")

    def _send(self, method: str, path: str, *, json: object, params: Record | None) -> httpx.Response:
        answer = self._http.request(method, path, json=json, params=params, headers=self._headers())
        if answer.status_code == httpx.codes.UNAUTHORIZED and self.access.personal:
            self._bearer = None  # an access token lives for minutes, a push may take longer
            answer = self._http.request(method, path, json=json, params=params, headers=self._headers())
        return answer

    def _headers(self) -> dict[str, str]:
        if not self.access.personal:
            return {"Authorization": f"Token {self.access.key}"}
        if self._bearer is None:
            answer = self._http.post("/api/token/refresh/", json={"refresh": self.access.key})
            self._bearer = str(self._understand(answer)["access"])
        return {"Authorization": f"Bearer {self._bearer}"}

    def _understand(self, answer: httpx.Response) -> Any:  # noqa: ANN401
        if answer.is_success:
            if not answer.content:
                return None
            try:
                return answer.json()
            except ValueError as error:
                raise _not_label_studio(self.access) from error
        raise _refusal(self.access, answer)


def _unreachable(access: Access, error: httpx.HTTPError) -> StudioError:
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return StudioError(
            "studio.timeout",
            f"Label Studio at {access.url} did not answer in time. It may still be working on it: give the same "
            "command again in a while; it goes on where it stopped and doubles nothing.",
        )
    return StudioError(
        "studio.unreachable",
        f"No Label Studio answers at {access.url} ({error or type(error).__name__}). Start it (make studio), or "
        f"correct {URL}; then give the same command again, it goes on where it stopped.",
    )


def _not_label_studio(access: Access) -> StudioError:
    return StudioError(
        "studio.not_label_studio",
        f"What answers at {access.url} is no Label Studio (its answer is no JSON). Correct {URL}: the address "
        "without any path behind it, unless Label Studio itself lives under one.",
    )


def _refusal(access: Access, answer: httpx.Response) -> StudioError:
    """An HTTP status as an error of ours."""
    status, said = answer.status_code, _detail(answer)
    where = f"{answer.request.method} {answer.request.url.path}"
    if status == httpx.codes.UNAUTHORIZED:
        return _bad_key(access, said)
    if status == httpx.codes.FORBIDDEN:
        return StudioError(
            "studio.forbidden",
            f"The key is good, but its owner may not do this on {access.url} ({where}: {said}). Ask the owner of "
            f"the project, or use another user's key in {KEY}.",
        )
    if status == httpx.codes.NOT_FOUND:
        if "/api/projects/" in where or "/api/tasks" in where or "/api/dm" in where:
            return StudioError(
                "studio.gone",
                f"The project or task is not (or no longer) on {access.url} ({where}). If somebody deleted the "
                "project, make it again with python -m annotations.setup and push again; what was pulled is safe.",
            )
        return _not_label_studio(access)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return StudioError(
            "studio.server_error",
            f"Label Studio at {access.url} failed ({status}, {where}: {said}). Look at its log (.studio/server.log); "
            "then give the same command again, it goes on where it stopped.",
        )
    return StudioError("studio.refused", f"Label Studio refused {where} ({status}): {said}")


def _bad_key(access: Access, said: str) -> StudioError:
    low = said.lower()
    if access.personal:
        if "blacklist" in low:
            code, why = "studio.key_revoked", "the personal access token was revoked"
        elif "expired" in low:
            code, why = "studio.key_expired", "the personal access token has expired"
        else:
            code, why = (
                "studio.key_unknown",
                "the personal access token is not of this server, or was altered",
            )
        todo = f"Make a new one: {WHERE_KEYS_ARE}, Personal Access Token"
    elif "legacy" in low or "no longer valid" in low:
        code, why = "studio.key_legacy_off", "legacy tokens are turned off in the organisation"
        todo = (
            f"Use a personal access token ({WHERE_KEYS_ARE}, Personal Access Token), or let the organisation's "
            "owner turn legacy tokens on (Organization, API Tokens Settings)"
        )
    else:
        code, why = "studio.key_unknown", "it knows no such key"
        todo = f"Copy it again ({WHERE_KEYS_ARE}, Access Token): 40 hexadecimal digits, without quotes"
    return StudioError(
        code, f"Label Studio at {access.url} refuses the key: {why} ({said}). {todo}, and put it in {KEY}."
    )


def _detail(answer: httpx.Response) -> str:
    """What the server says, in one line, never its HTML."""
    try:
        record = answer.json()
    except ValueError:
        return answer.reason_phrase or "no reason given"
    if not isinstance(record, dict):
        return str(record)[:300]
    words = record.get("validation_errors") or record.get("detail") or record
    return " ".join(str(words).split())[:300]
