"""Label Studio and the prediction server, both real: connected, asked for proposals, told of annotations."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="needs the extra “studio”")

from annotations import backend
from annotations.studio.client import Studio
from annotations.studio.errors import StudioError
from annotations.studio.home import Home
from annotations.studio.labelling import labels_in
from annotations.studio.queue import QueueItem
from annotations.studio.regions import regions_of
from annotations.studio.reviewed import load_reviewed
from annotations.studio.sending import push
from annotations.studio.sentences import items_of, read_reports
from tests.annotations.studio.made import annotate, sentence

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Server:
    url: str
    folder: Path

    @property
    def home(self) -> list[str]:
        return ["--home", str(self.folder)]


@pytest.fixture
def server(studio: Studio, tmp_path: Path) -> Iterator[Server]:
    """``annotations.backend serve`` as a user runs it, retraining after two annotations, on models of its own."""
    models, bank = tmp_path / "models", tmp_path / "bank"
    shutil.copytree(ROOT / "models" / "tagger", models / "tagger")
    (bank / "units").mkdir(parents=True)
    for path in sorted((ROOT / "annotations" / "bank" / "units").glob("*.md"))[::6]:
        shutil.copy2(path, bank / "units")
    reviewed = tmp_path / "reviewed"
    arguments = f"--models {models} --data {bank} --reviewed {reviewed} --candidate models/tagger --draws 20"
    words = [sys.executable, "-m", "annotations.backend", "--home", str(tmp_path), "serve", "--port", "0",
             "--retrain-after", "2", "--retrain-arguments", arguments, "--reviewed", str(reviewed)]  # fmt: skip
    environment = {**os.environ, "NIANBAO_MODEL": str(models / "tagger")}
    process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    with process:
        said = process.stdout.readline()
        yield Server(re.search(r"http://\S+", said)[0], tmp_path)
        process.send_signal(signal.SIGINT)
    assert process.returncode in (0, 130)


def connect(server: Server, project: dict) -> int:
    return backend.main([*server.home, "connect", "--title", project["title"], "--url", server.url])


def webhooks(studio: Studio, project: dict) -> list[dict]:
    return studio.call("GET", "/api/webhooks/", params={"project": project["id"]})


def wait(condition, seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_label_studio_asks_and_announces(server: Server, studio: Studio, project: dict, capsys) -> None:
    assert connect(server, project) == 0
    assert connect(server, project) == 0  # twice is once
    (hook,) = webhooks(studio, project)
    assert (hook["url"], hook["send_for_all_actions"]) == (f"{server.url}/webhook", False)
    (known,) = studio.call("GET", "/api/ml/", params={"project": project["id"]})
    assert known["state"] == "CO"
    version = known["model_version"]
    assert re.fullmatch(r"tagger-[0-9a-f]{12}", version)
    assert f"answers with {version}" in capsys.readouterr().out

    push(studio, project, [replace(sentence(n), model="", proposal=()) for n in (1284, 77)])
    one, two = studio.tasks(project["id"])
    # A task that is opened without a prediction gets one.
    opened = studio.call("GET", f"/api/tasks/{one['id']}/")
    (prediction,) = opened["predictions"]
    text = one["data"]["text"]
    found = regions_of(text, prediction["result"], labels_in(project["label_config"]))
    assert {(text[r.mark.start : r.mark.end], r.mark.label, r.value) for r in found} >= {
        ("1284条", "disclosure.website", 1284)
    }
    assert prediction["model_version"] == version
    # The others, from the data manager.
    action = {"id": "retrieve_tasks_predictions", "project": project["id"]}
    everything = {"selectedItems": {"all": True, "excluded": []}}
    studio.call("POST", "/api/dm/actions", params=action, json=everything)
    made = studio.call("GET", "/api/predictions/", params={"project": project["id"]})
    assert sorted(p["task"] for p in made) == [one["id"], two["id"]]
    # Interactively.
    answer = studio.call("POST", f"/api/ml/{known['id']}/interactive-annotating", json={"task": two["id"]})
    assert answer["data"]["model_version"] == version and answer["data"]["result"]

    # Two annotations, of which the server is told, are pulled and retrained with.
    for prediction in made:
        annotate(studio, prediction["task"], prediction["result"])
    registry = server.folder / "models" / "registry.json"
    wait(lambda: (server.folder / "backend-count.json").read_text() == "[]")
    said = (server.folder / "retrain.log").read_text("utf-8")
    assert registry.exists(), said
    assert {r.task for r in load_reviewed(server.folder / "reviewed")} == {one["id"], two["id"]}
    assert json.loads(registry.read_text("utf-8"))["champion"]
    assert "REFUSED" in said  # the same model again is not better
    assert studio.access.key not in said


def test_a_server_with_another_secret_is_not_connected(
    server: Server, project: dict, monkeypatch, capsys
) -> None:
    monkeypatch.setenv(backend.SECRET, "not-the-secret-of-this-server")
    assert connect(server, project) == 2
    said = capsys.readouterr().err
    assert "authentication" in said and "[backend.not_reached]" in said


def test_a_server_that_is_down_costs_no_annotation(studio: Studio, project: dict, tmp_path, capsys) -> None:
    words = ["--home", str(tmp_path), "connect", "--title", project["title"], "--url", "http://127.0.0.1:1"]
    assert backend.main(words) == 2
    assert "annotations.backend serve" in capsys.readouterr().err
    push(studio, project, [replace(sentence(3), model="", proposal=())])
    (task,) = studio.tasks(project["id"])
    assert studio.call("GET", f"/api/tasks/{task['id']}/")["predictions"] == []
    assert annotate(studio, task["id"], [])["id"]


def test_it_proposes_what_a_push_proposes(server: Server, studio: Studio, project: dict, tmp_path) -> None:
    """The same model on a sentence in its context as on the whole report; few differ: their context is cut."""
    out = tmp_path / "out"
    read = [sys.executable, "-m", "extraction.run", "examples", "--out", str(out), "--format", "jsonl"]
    subprocess.run(read, cwd=ROOT, check=True, capture_output=True)
    connect(server, project)
    items: list[QueueItem] = [item for record in read_reports(out) for item in items_of(record)][:100]
    push(studio, project, [replace(item, model="", proposal=()) for item in items])
    action = {"id": "retrieve_tasks_predictions", "project": project["id"]}
    everything = {"selectedItems": {"all": True, "excluded": []}}
    studio.call("POST", "/api/dm/actions", params=action, json=everything)
    tasks = {task["id"]: task["data"]["key"] for task in studio.tasks(project["id"])}
    made = studio.call("GET", "/api/predictions/", params={"project": project["id"]})
    by_key = {tasks[p["task"]]: p["result"] for p in made}
    assert len(by_key) == len(items)
    same = [
        [r.mark for r in item.proposal] == [r.mark for r in regions_of(item.text, by_key[item.key])]
        for item in items
    ]
    assert sum(same) >= 0.95 * len(items), f"{sum(same)} of {len(items)}"


def test_a_port_that_is_taken_is_named(server: Server, tmp_path, capsys) -> None:
    port = server.url.rpartition(":")[2]
    assert backend.main(["--home", str(tmp_path), "serve", "--port", port]) == 2
    assert port in capsys.readouterr().err


@pytest.mark.parametrize(
    "secret", ["short", "with spaces in the middle of it", "密码密码密码密码密码密码密码密码"]
)
def test_a_secret_that_will_not_do(tmp_path, secret) -> None:
    with pytest.raises(StudioError) as caught:
        backend.find_secret(Home(tmp_path), {backend.SECRET: secret})
    assert caught.value.code == "backend.bad_secret"


def test_the_secret_is_kept_private(tmp_path) -> None:
    home = Home(tmp_path / "home")
    made = backend.find_secret(home, {})
    assert len(made) >= 32 and backend.find_secret(home, {}) == made
    assert (home.folder / "backend.json").stat().st_mode & 0o077 == 0
