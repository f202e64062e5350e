"""Push and pull on a real server: once each whatever happens, and every bad annotation refused by name."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from annotations import pull as pull_command
from annotations import push as push_command
from annotations.studio.access import KEY, URL, Access
from annotations.studio.client import Studio
from annotations.studio.errors import StudioError
from annotations.studio.fetching import fetch
from annotations.studio.queue import write_queue
from annotations.studio.regions import Region
from annotations.studio.reviewed import load_reviewed
from annotations.studio.sending import push
from annotations.studio.tasks import task_of
from tests.annotations.studio.made import annotate, sentence
from tests.annotations.studio.people import sign_up
from tests.bench_studio import measure

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow


def keys(studio: Studio, project: dict) -> list[str]:
    return [task["data"]["key"] for task in studio.tasks(project["id"])]


def predictions(studio: Studio, project: dict) -> list[dict]:
    return studio.call("GET", "/api/predictions/", params={"project": project["id"]})


def test_reports_that_were_read_go_in_once(studio: Studio, project: dict, tmp_path, capsys) -> None:
    read = [sys.executable, "-m", "extraction.run", "examples", "--out", str(tmp_path), "--format", "jsonl"]
    subprocess.run(read, cwd=ROOT, check=True, capture_output=True)
    title = ["--title", project["title"]]
    assert push_command.main([str(tmp_path), *title, "--most", "60"]) == 0
    assert push_command.main([str(tmp_path), *title, "--most", "200", "--batch", "50"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == ["60 sentences sent, 0 were there already", "140 sentences sent, 60 were there already"]
    expected = list(islice(push_command.items_in(tmp_path), 200))
    assert keys(studio, project) == [item.key for item in expected]
    assert len(predictions(studio, project)) == 200
    version = studio.call("GET", f"/api/projects/{project['id']}/")["model_version"]
    assert version == expected[0].model != ""


def test_a_new_model_proposes_for_what_is_there(studio: Studio, project: dict) -> None:
    assert push(studio, project, [sentence(n) for n in (1, 2, 1, 2)]).sent == 2
    other = [replace(sentence(n, model="tagger-bbbbbbbbbbbb"), proposal=()) for n in (1, 2, 3)]
    done = push(studio, project, other)
    assert (done.sent, done.known, done.proposals) == (1, 2, 2)
    again = push(studio, project, other)
    assert (again.sent, again.known, again.proposals) == (0, 3, 0)
    found = predictions(studio, project)
    first = min(p["task"] for p in found)
    proposed = sorted((p["task"] - first, p["model_version"][-1]) for p in found)
    assert proposed == [(0, "a"), (0, "b"), (1, "a"), (1, "b"), (2, "b")]
    assert studio.call("GET", f"/api/projects/{project['id']}/")["model_version"] == "tagger-bbbbbbbbbbbb"


def test_twins_of_a_killed_push_go_but_not_what_somebody_did(studio: Studio, project: dict) -> None:
    twice = [task_of(sentence(n)) for n in (1, 2, 3)]
    for _ in range(2):
        studio.call("POST", f"/api/projects/{project['id']}/import", json=twice)
    second = [task["id"] for task in studio.tasks(project["id"])][4]
    annotate(studio, second, [])
    done = push(studio, project, [sentence(n) for n in (1, 2, 3, 4)])
    assert (done.sent, done.known, done.twins) == (1, 3, 3)
    assert sorted(keys(studio, project)) == sorted(sentence(n).key for n in (1, 2, 3, 4))
    assert second in [task["id"] for task in studio.tasks(project["id"])]
    studio.call(
        "POST", f"/api/projects/{project['id']}/import", json=twice
    )  # a batch taken after its sender died
    late = push(studio, project, [sentence(1)])
    assert (late.sent, late.twins) == (0, 3)
    assert sorted(keys(studio, project)) == sorted(sentence(n).key for n in (1, 2, 3, 4))


def test_other_words_in_the_same_place_are_not_sent(studio: Studio, project: dict, tmp_path, capsys) -> None:
    push(studio, project, [sentence(1)])
    queue = tmp_path / "queue.jsonl"
    text = sentence(1).text.replace("门户", "部门")
    write_queue(queue, [replace(sentence(1), text=text), sentence(2)])
    assert push_command.main([str(queue), "--title", project["title"]]) == 1
    assert sentence(1).key in capsys.readouterr().out
    write_queue(queue, [replace(sentence(1, model="never-seen"), text=text)])
    assert push_command.main([str(queue), "--title", project["title"]]) == 1
    assert [task["data"]["text"] for task in studio.tasks(project["id"])] == [
        sentence(1).text,
        sentence(2).text,
    ]


def test_a_bad_sentence_stops_its_batch_before_anything_of_it_is_sent(studio: Studio, project: dict) -> None:
    bad = replace(sentence(3), proposal=(Region(replace(sentence(3).proposal[0].mark, end=999)),))
    with pytest.raises(StudioError) as caught:
        push(studio, project, [sentence(1), sentence(2), bad], batch=2)
    assert caught.value.code == "studio.bad_sentence"
    assert keys(studio, project) == [sentence(1).key, sentence(2).key]


def test_a_project_deleted_under_way(studio: Studio, project: dict, tmp_path, capsys) -> None:
    def items():
        yield sentence(1)
        studio.call("DELETE", f"/api/projects/{project['id']}/")
        yield sentence(2)

    with pytest.raises(StudioError, match=r"annotations\.setup") as caught:
        push(studio, project, items(), batch=1)
    assert caught.value.code == "studio.gone"
    with pytest.raises(StudioError) as caught:
        fetch(studio, project)
    assert caught.value.code == "studio.gone"
    assert pull_command.main(["--project", str(project["id"]), "--out", str(tmp_path)]) == 2
    assert "[studio.gone]" in capsys.readouterr().err


def test_pulled_with_who_when_how_long_and_what_was_proposed(studio: Studio, project: dict, tmp_path) -> None:
    items = [sentence(n) for n in (1, 2, 3, 4)]
    push(studio, project, items)
    made = {p["task"]: p["result"] for p in predictions(studio, project)}
    one, two, three, four = sorted(made)
    other = Access(studio.access.url, sign_up(studio, "second@example.com"))
    annotate(studio, one, made[one][:2], lead_time=7.5)  # the rate deleted
    annotate(studio, two, made[two], was_cancelled=True)
    annotate(studio, three, [])
    annotate(studio, four, made[four])
    truth = annotate(studio, four, made[four][:2])
    studio.call("PATCH", f"/api/annotations/{truth['id']}/", json={"ground_truth": True})
    annotate(studio, four, made[four])  # later, but no ground truth
    with Studio(other) as second:
        annotate(second, one, made[one], lead_time=60)
    assert pull_command.main(["--title", project["title"], "--out", str(tmp_path)]) == 0
    found = {(r.annotator, r.key): r for r in load_reviewed(tmp_path)}
    me = studio.me()["email"]
    assert found.keys() == {(me, items[0].key), (me, items[2].key), (me, items[3].key),
                            ("second@example.com", items[0].key)}  # fmt: skip
    first = found[me, items[0].key]
    assert first.regions == (Region(items[0].proposal[0].mark, 1),)
    assert first.proposed == items[0].proposal
    assert (first.seconds, first.model, first.created[:2]) == (7.5, items[0].model, "20")
    assert found["second@example.com", items[0].key].seconds == 60
    assert found[me, items[2].key].regions == ()
    assert found[me, items[3].key].ground_truth
    assert found[me, items[3].key].regions == (Region(items[3].proposal[0].mark, 4),)


def test_every_bad_annotation_is_refused_and_kept(studio: Studio, project: dict, tmp_path, capsys) -> None:
    push(studio, project, [sentence(n) for n in range(1, 7)])
    made = {p["task"]: p["result"] for p in predictions(studio, project)}
    gone, overlap, edited, nonsense, bare, fine = sorted(made)
    label = made[gone][0]["value"] | {"labels": ["disclosure.gone"]}
    annotate(studio, gone, [made[gone][0] | {"value": label}])
    wide = made[overlap][0] | {"id": "wide", "value": made[overlap][0]["value"] | {"start": 0}}
    annotate(studio, overlap, [*made[overlap], wide])
    annotate(studio, edited, made[edited])
    data = next(t["data"] for t in studio.tasks(project["id"]) if t["id"] == edited)
    studio.call(
        "PATCH", f"/api/tasks/{edited}/", json={"data": data | {"text": data["text"].replace("公开", "发布")}}
    )
    annotate(studio, nonsense, [{"foo": 1}])
    annotate(studio, bare, made[bare][1:2])
    annotate(studio, fine, made[fine])
    studio.call(
        "POST",
        f"/api/projects/{project['id']}/import",
        json=[{"data": {"text": "公开1条", "before": "", "after": "", "origin": ""}}],
    )
    stranger = max(task["id"] for task in studio.tasks(project["id"]))
    annotate(studio, stranger, [])
    assert pull_command.main(["--title", project["title"], "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    for task, why in ((gone, "'disclosure.gone', which does not exist"), (overlap, "overlap"), (edited, "edited"),
                      (nonsense, "no region"), (bare, "no label"), (stranger, "not pushed by us")):  # fmt: skip
        (line,) = [line for line in said.splitlines() if line.startswith(f"  task {task},")]
        assert why in line
    assert [r.task for r in load_reviewed(tmp_path)] == [fine]
    assert len((tmp_path / "refused.jsonl").read_bytes().splitlines()) == 6


def test_a_strangers_broken_prediction_costs_no_annotation(studio: Studio, project: dict) -> None:
    push(studio, project, [replace(sentence(1), model="", proposal=())])
    (task,) = studio.tasks(project["id"])
    broken = {"task": task["id"], "model_version": "other", "result": [{"foo": 1}]}
    studio.call("POST", "/api/predictions/", json=broken)
    studio.call("PATCH", f"/api/projects/{project['id']}/", json={"model_version": "other"})
    annotate(studio, task["id"], [])
    fetched = fetch(studio, project)
    assert fetched.refused == []
    (one,) = fetched.reviewed
    assert (one.regions, one.proposed, one.model) == ((), None, "other")


def test_nothing_annotated_yet(studio: Studio, project: dict, tmp_path, capsys) -> None:
    assert pull_command.main(["--title", project["title"], "--out", str(tmp_path / "out")]) == 0
    push(studio, project, [sentence(1)])
    assert pull_command.main(["--title", project["title"], "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.count("no annotations yet") == 2
    assert not (tmp_path / "out").exists()


def test_the_server_is_down(monkeypatch, capsys, tmp_path) -> None:
    monkeypatch.setenv(URL, "http://127.0.0.1:1")
    monkeypatch.setenv(KEY, "a" * 40)
    write_queue(tmp_path / "queue.jsonl", [sentence(1)])
    for main, words in ((push_command.main, [str(tmp_path / "queue.jsonl")]), (pull_command.main, [])):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert "make studio" in said and "[studio.unreachable]" in said


def test_killed_in_the_middle_nothing_is_lost_or_doubled(access: Access, project: dict, tmp_path) -> None:
    """The bench with 1,500 sentences: ``python -m tests.bench_studio`` does it with 10,000."""
    result = measure(access, 1500, tmp_path)
    assert result["faults"] == []
    assert "status -9" in result["push killed"]
    assert "1500 sentences sent" not in result["push again"]
