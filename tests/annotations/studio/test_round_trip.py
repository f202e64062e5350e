"""Push, annotate without an edit, pull: exactly what was pushed, on a real server."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.bank.markup import Mark
from annotations.pull import pull
from annotations.studio.fetching import fetch
from annotations.studio.queue import QueueItem
from annotations.studio.regions import Region
from annotations.studio.reviewed import load_reviewed
from annotations.studio.sending import push
from tests.annotations.studio.made import accept_all, items

pytestmark = pytest.mark.slow


def unscored(regions: tuple[Region, ...]) -> tuple[Region, ...]:
    return tuple(Region(r.mark, r.value) for r in regions)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(items(), min_size=1, max_size=12, unique_by=lambda item: item.key))
def test_what_is_pushed_comes_back(studio, project, tmp_path_factory, many: list[QueueItem]) -> None:
    out = tmp_path_factory.mktemp("reviewed")
    studio.call("DELETE", f"/api/projects/{project['id']}/tasks/")
    assert push(studio, project, many).sent == len(many)
    assert accept_all(studio, project["id"]) == len(many)
    fetched = fetch(studio, project)
    assert fetched.refused == []
    pull(fetched, out)
    found = {one.key: one for one in load_reviewed(out)}
    assert found.keys() == {item.key for item in many}
    for item in many:
        one = found[item.key]
        assert (one.text, one.before, one.year) == (item.text, item.before, item.year)
        assert one.regions == unscored(item.proposal)
        assert one.proposed == item.proposal
        assert (one.model, one.seconds) == (item.model, 4.5)
        assert (one.province, one.county) == (item.province, item.county)


def test_offsets_are_code_points_on_the_server_too(studio, project) -> None:
    """The server keeps astral characters and line breaks, and gives back the offsets it was given."""
    text = "𠮷县\r\n公开😀12条\n\n其中3件。"
    start = text.index("12")
    item = QueueItem(
        report_id="a" * 64, start=5, end=5 + len(text), text=text, model="m-1",
        proposal=(Region(Mark("disclosure.total", start, start + 3), 12, 0.5),),
    )  # fmt: skip
    push(studio, project, [item])
    (task,) = studio.tasks(project["id"], include="id,data,predictions")
    assert task["data"]["text"] == text
    (prediction,) = studio.call("GET", "/api/predictions/", params={"project": project["id"]})
    value = prediction["result"][0]["value"]
    assert text[value["start"] : value["end"]] == value["text"] == "12条"
