"""What stands before the prediction server: who may ask, and how much they may say."""

from __future__ import annotations

import asyncio
import base64
import binascii
import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

USER = "label-studio"  # of basic authentication: Label Studio sends name and password
_PATIENCE = 30.0  # seconds in which a request must have arrived


class Guard:
    """Lets a request pass whose secret is right and whose body is no larger than ``limits`` says of its path.

    The secret comes as the password of basic authentication, or as a token (``Authorization: Token …``). A request
    without it is refused before its body is read; a body too large, as soon as that is known.
    """

    def __init__(self, app: ASGIApp, *, secret: str, limits: Mapping[str, int], limit: int) -> None:
        self._app = app
        self._secret = secret.encode()
        self._limits = limits
        self._limit = limit  # bytes, of all other paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal, body = await self._judge(scope, receive)
        if refusal:
            await refusal(scope, receive, send)
            return

        async def replay() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)

    async def _judge(self, scope: Scope, receive: Receive) -> tuple[JSONResponse | None, bytes]:
        headers = Headers(scope=scope)
        if not self._knows(headers.get("authorization", "")):
            return refuse(401, "The secret is missing or wrong.", {"WWW-Authenticate": "Basic"}), b""
        limit = self._limits.get(scope["path"], self._limit)
        too_large = refuse(413, f"A request to {scope['path']} may have {limit} bytes, not more.")
        announced = headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced[:20]) > limit:
            return too_large, b""
        try:
            async with asyncio.timeout(_PATIENCE):
                body = await _read(receive, limit)
        except TimeoutError:
            return refuse(408, f"The request did not arrive within {_PATIENCE:.0f} s."), b""
        return (too_large, b"") if body is None else (None, body)

    def _knows(self, authorization: str) -> bool:
        kind, _, given = authorization.partition(" ")
        said = given.strip().encode()
        if kind.lower() == "basic":
            try:
                _, _, said = base64.b64decode(said, validate=True).partition(b":")
            except binascii.Error:
                return False
        elif kind.lower() not in ("token", "bearer"):
            return False
        return secrets.compare_digest(said, self._secret)


async def _read(receive: Receive, limit: int) -> bytes | None:
    """The body; None as soon as it is larger than ``limit``, whatever was announced."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def refuse(status: int, why: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An answer that says what is wrong."""
    return JSONResponse({"error": why}, status_code=status, headers=headers)
