"""A prediction server as ``annotations.backend serve`` runs it, in a thread of the test."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="needs the extra “studio”")

import httpx
import uvicorn

from annotations.backend import listen
from annotations.serving.app import make_app
from annotations.serving.proposing import Proposer
from annotations.serving.retraining import Plan, Retraining

TAGGER = Path(__file__).parents[3] / "models" / "tagger"
SECRET = "a-secret-of-the-tests"


@dataclass(frozen=True)
class Server:
    url: str
    client: httpx.Client  # with the right secret
    proposer: Proposer
    retraining: Retraining


@contextmanager
def running(proposer: Proposer, plan: Plan) -> Iterator[Server]:
    retraining = Retraining(plan)
    config = uvicorn.Config(
        make_app(proposer, retraining, SECRET),
        log_level="warning",
        access_log=False,
        ws="none",
        timeout_keep_alive=600,
    )
    server = uvicorn.Server(config)
    with listen("127.0.0.1", 0) as ear:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [ear]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        url = f"http://127.0.0.1:{ear.getsockname()[1]}"
        headers = {"Authorization": f"Token {SECRET}"}
        try:
            with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=60) as client:
                yield Server(url, client, proposer, retraining)
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the shipped model, to be replaced at will."""
    return Path(shutil.copytree(TAGGER, tmp_path / "models" / "tagger"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that leave it as it was, with the shipped model; it never retrains."""
    with running(Proposer(TAGGER), Plan(state=tmp_path_factory.mktemp("state") / "count.json")) as found:
        yield found


@pytest.fixture
def serve(model: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Runs a server; ``plan`` holds what the Plan of retraining should differ in."""
    opened = []

    def start(plan: Plan | None = None) -> Server:
        context = running(Proposer(model), plan or Plan(state=tmp_path / "count.json"))
        opened.append(context)
        return context.__enter__()

    yield start
    for context in opened:
        context.__exit__(None, None, None)
