"""Label Studio's machine-learning backend protocol: health, setup, predict, versions, webhook.

What Label Studio 1.23.2 sends and expects was found by running it (spec/labelstudio.md, section 3). Bodies are never
logged: /setup carries a key of the project's creator.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from xml.etree.ElementTree import ParseError

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from annotations.serving.guard import Guard, refuse
from annotations.serving.proposing import Proposer
from annotations.serving.retraining import Retraining
from annotations.studio.labelling import FORM, form_of, labels_in

log = logging.getLogger("nianbao.backend")
_MEGABYTE = 1 << 20
_LIMIT = _MEGABYTE  # of an announcement; one of ours has some 50 kB, most of it the configuration
_LIMITS = {"/predict": 64 * _MEGABYTE}  # 10,000 tasks come in one request
_CREATED = ("ANNOTATION_CREATED", "ANNOTATIONS_CREATED")

Body = dict[str, Any]
Endpoint = Callable[[Request], Awaitable[Response]]


class _BadRequest(Exception):
    """What was sent is not what the protocol says."""


def make_app(proposer: Proposer, retraining: Retraining, secret: str) -> Starlette:
    """The server, to be run by any ASGI server; ``secret`` opens it."""

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(retraining.close)

    answers = _Answers(proposer, retraining)
    return Starlette(
        routes=[
            Route("/", answers.health),
            Route("/health", answers.health),
            Route("/versions", answers.versions),
            Route("/setup", _answering(answers.setup), methods=["POST"]),
            Route("/predict", _answering(answers.predict), methods=["POST"]),
            Route("/webhook", _answering(answers.webhook), methods=["POST"]),
        ],
        middleware=[Middleware(Guard, secret=secret, limits=_LIMITS, limit=_LIMIT)],
        lifespan=life,
    )


class _Answers:
    """What is answered to each request of the protocol."""

    def __init__(self, proposer: Proposer, retraining: Retraining) -> None:
        self._proposer = proposer
        self._retraining = retraining

    async def health(self, _: Request) -> Response:
        return JSONResponse({"status": "UP", "model_class": "Nianbao"})

    async def versions(self, _: Request) -> Response:
        return JSONResponse({"versions": [await run_in_threadpool(self._version)]})

    async def setup(self, request: Request) -> Response:
        _labels(await _body(request), "schema")
        return JSONResponse({"model_version": await run_in_threadpool(self._version)})

    async def predict(self, request: Request) -> Response:
        body = await _body(request)
        labels, tasks = _labels(body, "label_config"), body.get("tasks")
        if not isinstance(tasks, list):
            raise _BadRequest("There are no tasks in it.")
        return JSONResponse({"results": await run_in_threadpool(_propose, self._proposer, tasks, labels)})

    async def webhook(self, request: Request) -> Response:
        body = await _body(request)
        # Label Studio waits one second at most: what takes longer than counting is done elsewhere.
        said = await run_in_threadpool(_hear, self._retraining, body)
        return JSONResponse({"status": "ok", "retraining": said})

    def _version(self) -> str:
        return self._proposer.version


def _answering(endpoint: Endpoint) -> Endpoint:
    """A bad request is answered with what is wrong with it."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except _BadRequest as error:
            log.warning("%s refused: %s", request.url.path, error)
            return refuse(400, str(error))

    return answer


async def _body(request: Request) -> Body:
    try:
        body = orjson.loads(await request.body())
    except ValueError as error:
        raise _BadRequest("It is no JSON.") from error
    if not isinstance(body, dict):
        raise _BadRequest("It is no JSON object.")
    return body


def _labels(body: Body, name: str) -> frozenset[str]:
    """The labels of the project that asks. It must be one of ours."""
    config = body.get(name)
    if not isinstance(config, str) or form_of(config) != FORM:
        raise _BadRequest(
            "The project's labelling configuration is not of this program, or of another version of it: "
            "python -m annotations.setup makes the project and brings it up to date."
        )
    try:
        return frozenset(labels_in(config))
    except ParseError as error:
        raise _BadRequest(f"The labelling configuration cannot be read: {error}.") from error


def _propose(proposer: Proposer, tasks: list[Any], labels: frozenset[str]) -> list[Body]:
    """One answer a task. For one without a sentence Label Studio keeps no prediction: it has no result."""
    out: list[Body] = []
    for task in tasks:
        data = task.get("data") if isinstance(task, dict) else None
        try:
            out.append(proposer.propose(data if isinstance(data, dict) else {}, labels))
        except ValueError as error:
            log.warning("no proposal for a task: %s", error)
            out.append({"error": str(error)})
    return out


def _hear(retraining: Retraining, body: Body) -> str:
    """Count what was annotated, heed a wish to train; everything else is none of ours."""
    action, project = body.get("action"), _number(body.get("project"))
    if action == "START_TRAINING" and project is not None:
        return retraining.start(project)
    if action in _CREATED and project is not None:
        found = body.get("annotation")
        for one in found if isinstance(found, list) else [found]:
            number = _number(one)
            if number is not None and not (isinstance(one, dict) and one.get("was_cancelled")):
                retraining.annotated(project, number)
    return f"{retraining.counted} counted"


def _number(record: object) -> int | None:
    """The id of a project or annotation."""
    number = record.get("id") if isinstance(record, dict) else None
    return number if type(number) is int and number > 0 else None
