"""Annotations counted, each once; a training in the background after N; nothing counted is lost with the server."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from annotations.serving.retraining import Plan, Retraining


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Plan):
    """A plan whose commands note that they ran, wait for a word, and end as told."""

    folder: Path
    status: int = 0

    def commands(self, projects):
        code = (
            "import sys, time, pathlib\n"
            "folder, status, projects = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]\n"
            "(folder / 'ran').open('a').write(projects + '\\n')\n"
            "until = time.time() + 30\n"
            "while not (folder / 'go').exists() and time.time() < until: time.sleep(0.02)\n"
            "sys.exit(status)\n"
        )
        return [
            [sys.executable, "-c", code, str(self.folder), str(self.status), ",".join(map(str, projects))]
        ]


def plan(tmp_path: Path, **more: object) -> Noted:
    return Noted(folder=tmp_path, state=tmp_path / "count.json", **more)


def ran(tmp_path: Path) -> list[str]:
    path = tmp_path / "ran"
    return path.read_text().split() if path.exists() else []


def until(condition, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def event(action: str, annotation: object, project: int = 7) -> dict:
    return {"action": action, "project": {"id": project}, "annotation": annotation}


def test_after_so_many_annotations_one_training_begins(serve, tmp_path) -> None:
    server = serve(plan(tmp_path, after=3))

    def send(*events: dict) -> str:
        (said,) = {server.client.post("/webhook", json=one).json()["retraining"] for one in events[-1:]} or {
            ""
        }
        return said

    assert send(event("ANNOTATION_CREATED", {"id": 1, "was_cancelled": False})) == "1 counted"
    assert send(event("ANNOTATION_CREATED", {"id": 1})) == "1 counted"  # told twice
    assert send(event("ANNOTATION_CREATED", {"id": 2, "was_cancelled": True})) == "1 counted"  # skipped
    assert send(event("ANNOTATION_UPDATED", {"id": 3})) == "1 counted"
    for nonsense in (event("ANNOTATION_CREATED", None), event("ANNOTATION_CREATED", {"id": "x"}),
                     {"action": "ANNOTATION_CREATED"}, {}, {"action": ["x"], "project": {"id": -1}}):  # fmt: skip
        assert send(nonsense) == "1 counted"
    assert ran(tmp_path) == []
    assert send(event("ANNOTATIONS_CREATED", [{"id": 4}, {"id": 5}], project=9)) == "3 counted"
    until(lambda: ran(tmp_path) == ["7,9"])
    for number in (6, 7, 8):  # while it runs: counted, and heeded when it has ended
        send(event("ANNOTATION_CREATED", {"id": number}))
    assert ran(tmp_path) == ["7,9"]
    (tmp_path / "go").touch()
    until(lambda: len(ran(tmp_path)) == 2 and server.retraining.counted == 0)
    assert ran(tmp_path) == ["7,9", "7"]
    until(lambda: json.loads((tmp_path / "count.json").read_text()) == [])


def test_it_is_off_by_default(serve, tmp_path) -> None:
    server = serve(plan(tmp_path))
    for number in range(5):
        server.client.post("/webhook", json=event("ANNOTATION_CREATED", {"id": number + 1}))
    wish = server.client.post("/webhook", json={"action": "START_TRAINING", "project": {"id": 7}})
    assert wish.json()["retraining"] == "off"
    assert ran(tmp_path) == [] and Plan().after is None


def test_a_training_that_is_wished_for_begins_at_once(serve, tmp_path) -> None:
    server = serve(plan(tmp_path, after=100))
    wish = {"action": "START_TRAINING", "project": {"id": 7}}
    said = [server.client.post("/webhook", json=wish).json()["retraining"] for _ in range(2)]
    assert said == ["started", "running"]
    (tmp_path / "go").touch()
    until(lambda: ran(tmp_path) == ["7"])


def test_a_failed_training_does_not_begin_again_with_every_annotation(tmp_path) -> None:
    (tmp_path / "go").touch()
    retraining = Retraining(plan(tmp_path, after=2, status=2))
    for number in (1, 2):
        retraining.annotated(7, number)
    until(lambda: retraining.counted == 0)
    retraining.annotated(7, 3)
    time.sleep(0.3)
    assert ran(tmp_path) == ["7"]
    retraining.close()


@pytest.mark.parametrize("broken", [False, True])
def test_the_count_outlives_the_server_and_a_training_cut_short_with_it(tmp_path, broken) -> None:
    first = Retraining(plan(tmp_path, after=2))
    first.annotated(7, 1)
    first.annotated(7, 2)
    until(lambda: ran(tmp_path) == ["7"])
    began = time.monotonic()
    first.close()
    assert time.monotonic() - began < 20  # it did not wait for the training's thirty seconds
    if broken:
        (tmp_path / "count.json").write_text("{")
    second = Retraining(plan(tmp_path, after=2))
    assert second.counted == (0 if broken else 2)
    second.annotated(7, 3)
    (tmp_path / "go").touch()
    until(lambda: len(ran(tmp_path)) == (1 if broken else 2))
    second.close()


def test_what_is_run_is_pull_and_then_make_retrain(tmp_path) -> None:
    commands = Plan(after=1, arguments="--minutes 3", reviewed=tmp_path).commands([4, 7])
    assert [words[1:] for words in commands[:2]] == [
        ["-m", "annotations.pull", "--out", str(tmp_path), "--project", number] for number in ("4", "7")
    ]
    assert commands[2] == ["make", "retrain", "ARGUMENTS=--minutes 3"]
