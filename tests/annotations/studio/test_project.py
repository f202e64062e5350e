"""The project on a real server: made once, brought up to date, never at the price of an annotation."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from annotations import setup
from annotations.studio.client import Studio
from annotations.studio.errors import StudioError
from annotations.studio.labelling import labelling_config, labels_in
from annotations.studio.project import find_project, need_project, set_up
from annotations.studio.sending import push
from extraction.forms import NarrativeLabel, load_labels
from tests.annotations.studio.made import accept_all, annotate, sentence

pytestmark = pytest.mark.slow


def without(*keys: str, **more: NarrativeLabel) -> str:
    kept = {key: label for key, label in load_labels().items() if key not in keys}
    return labelling_config(kept | {label.key: label for label in more.values()})


def test_twice_is_once(studio: Studio, project: dict, capsys) -> None:
    assert set_up(studio, title=project["title"]).done == "unchanged"
    assert setup.main(["--title", project["title"]]) == 0
    assert f"project {project['id']} unchanged" in capsys.readouterr().out
    assert "<h3>" in project["expert_instruction"] and project["show_instruction"]
    assert need_project(studio, project["title"])["label_config"] == labelling_config()


def test_what_the_owner_chose_stays(studio: Studio, project: dict) -> None:
    assert set_up(studio, title=project["title"], annotators=2).done == "updated"
    assert set_up(studio, title=project["title"]).done == "unchanged"
    assert need_project(studio, project["title"])["maximum_annotations"] == 2


def test_new_labels_and_unused_old_ones_come_and_go(studio: Studio, project: dict) -> None:
    push(studio, project, [sentence(7)])
    accept_all(studio, project["id"])
    label = NarrativeLabel("platform.robots", "机器人数", False, "robots")
    outcome = set_up(studio, title=project["title"], config=without("review.lawsuits", new=label))
    assert (outcome.done, outcome.added, outcome.removed) == (
        "updated",
        ("platform.robots",),
        ("review.lawsuits",),
    )
    assert "platform.robots" in labels_in(need_project(studio, project["title"])["label_config"])


def test_a_label_in_use_does_not_go(studio: Studio, project: dict, capsys) -> None:
    push(studio, project, [sentence(7), sentence(8)])
    accept_all(studio, project["id"])
    before = studio.export(project["id"])
    with pytest.raises(StudioError, match=r"rate\.change \(2 regions\)") as caught:
        set_up(studio, title=project["title"], config=without("rate.change"))
    assert caught.value.code == "studio.labels_in_use"
    assert "--rename" in caught.value.message
    assert need_project(studio, project["title"])["label_config"] == labelling_config()
    assert studio.export(project["id"]) == before


def test_a_label_in_a_draft_does_not_go(studio: Studio, project: dict) -> None:
    push(studio, project, [sentence(7)])
    (prediction,) = studio.call("GET", "/api/predictions/", params={"project": project["id"]})
    body = {"result": prediction["result"], "lead_time": 1}
    studio.call("POST", f"/api/tasks/{prediction['task']}/drafts", json=body)
    with pytest.raises(StudioError, match=r"rate\.change"):
        set_up(studio, title=project["title"], config=without("rate.change"))


def test_a_renamed_label_takes_its_regions_along(studio: Studio, project: dict, tmp_path) -> None:
    push(studio, project, [sentence(7), sentence(8)])
    accept_all(studio, project["id"])
    before = studio.export(project["id"])
    label = replace(load_labels()["rate.change"], key="rate.growth")
    config = without("rate.change", new=label)
    with pytest.raises(StudioError, match=r"no label 'rate\.nothing'"):
        set_up(studio, title=project["title"], config=config, renamed={"rate.change": "rate.nothing"})
    outcome = set_up(
        studio,
        title=project["title"],
        config=config,
        renamed={"rate.change": "rate.growth"},
        backups=tmp_path,
    )
    assert outcome.rewritten == 4  # two annotations, two predictions
    after = studio.export(project["id"])
    for old, new in zip(before, after, strict=True):
        was = orjson.dumps(old["annotations"][0]["result"]).replace(b"rate.change", b"rate.growth")
        assert orjson.loads(was) == new["annotations"][0]["result"]
    (kept,) = tmp_path.glob("project-*.json")
    assert orjson.loads(kept.read_bytes()) == before


def test_a_foreign_project_is_left_alone(studio: Studio) -> None:
    made = studio.call(
        "POST", "/api/projects/", json={"title": "somebody's own", "label_config": "<View></View>"}
    )
    with pytest.raises(StudioError) as caught:
        set_up(studio, title="somebody's own")
    assert caught.value.code == "studio.foreign_project"
    with pytest.raises(StudioError):
        find_project(studio, number=made["id"])


def test_two_of_a_title_and_none(studio: Studio, project: dict, monkeypatch) -> None:
    twin = studio.call(
        "POST", "/api/projects/", json={"title": project["title"], "label_config": labelling_config()}
    )
    with pytest.raises(StudioError, match=f"{project['id']}.*--project|--project") as caught:
        need_project(studio, project["title"])
    assert caught.value.code == "studio.two_projects"
    assert need_project(studio, number=twin["id"])["id"] == twin["id"]
    with pytest.raises(StudioError, match=r"annotations\.setup") as caught:
        need_project(studio, "no such title")
    assert caught.value.code == "studio.no_project"
    studio.call("DELETE", f"/api/projects/{twin['id']}/")


def test_a_project_of_a_newer_program_is_not_set_back(studio: Studio, project: dict) -> None:
    newer = labelling_config().replace("nianbao labelling 1", "nianbao labelling 2")
    studio.call("PATCH", f"/api/projects/{project['id']}/", json={"label_config": newer})
    with pytest.raises(StudioError) as caught:
        set_up(studio, title=project["title"])
    assert caught.value.code == "studio.newer_form"
    with pytest.raises(StudioError) as caught:
        need_project(studio, project["title"])
    assert caught.value.code == "studio.other_form"


def test_an_annotation_that_is_nonsense_does_not_stop_a_migration(studio: Studio, project: dict) -> None:
    push(studio, project, [sentence(7)])
    (task,) = studio.tasks(project["id"])
    annotate(studio, task["id"], [{"foo": 1}])
    assert set_up(studio, title=project["title"], config=without("rate.change")).done == "updated"
