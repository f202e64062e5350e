"""One Label Studio server a test session, started from a copy of a database that was migrated once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotations.studio.access import KEY, URL, Access
from annotations.studio.client import Studio
from annotations.studio.home import DEFAULT_HOME, Home
from annotations.studio.install import VERSION, install, locked
from annotations.studio.project import need_project, set_up
from annotations.studio.server import start, stop

TEMPLATE = DEFAULT_HOME / f"template-{VERSION}"


@pytest.fixture(scope="session")
def command() -> Path:
    """Label Studio's command; installed first where it is not (minutes, 1 GB)."""
    return install()


@pytest.fixture(scope="session")
def template(command: Path) -> Path:
    """A home whose database is migrated and empty: starting from a copy takes seconds, not half a minute."""
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    with locked(TEMPLATE.parent / "template.lock"):
        if not (TEMPLATE / "ready").exists():
            shutil.rmtree(TEMPLATE, ignore_errors=True)
            start(Home(TEMPLATE), command, port=0)
            stop(Home(TEMPLATE))
            (TEMPLATE / "ready").touch()
    return TEMPLATE


@pytest.fixture(scope="session")
def new_home(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Home]:
    """Makes homes that are copies of the template: the same credentials, a database of their own."""

    def make() -> Home:
        folder = tmp_path_factory.mktemp("studio") / "home"
        folder.mkdir(mode=0o700)
        shutil.copytree(template / "data", folder / "data")
        shutil.copy2(template / "credentials.json", folder)
        return Home(folder)

    return make


@pytest.fixture(scope="session")
def home(new_home: Callable[[], Home]) -> Home:
    """Where the session's server lives, with its secrets."""
    return new_home()


@pytest.fixture(scope="session")
def access(home: Home, command: Path) -> Iterator[Access]:
    """The session's server."""
    running = start(home, command, port=0)
    yield Access(running.url, home.credentials().key)
    stop(home)


@pytest.fixture
def studio(access: Access, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """A client of the session's server, which the commands find in the environment."""
    monkeypatch.setenv(URL, access.url)
    monkeypatch.setenv(KEY, access.key)
    with Studio(access) as client:
        yield client


@pytest.fixture
def project(studio: Studio, request: pytest.FixtureRequest) -> Iterator[dict]:
    """A project of ours, this test's own; its title is the test's name."""
    title = request.node.name[:50]
    set_up(studio, title=title)
    found = need_project(studio, title)
    yield found
    if any(p["id"] == found["id"] for p in studio.projects()):
        studio.call("DELETE", f"/api/projects/{found['id']}/")
