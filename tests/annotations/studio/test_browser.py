"""A person at work in the browser, on a real server: exactly what they did is what is pulled.

With NIANBAO_SCREENSHOTS=docs/images the two pictures of docs/annotate.md are taken anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs the extra “test”")

from annotations import pull as pull_command
from annotations.bank.markup import Mark
from annotations.studio.client import Studio
from annotations.studio.home import Home
from annotations.studio.project import need_project, set_up
from annotations.studio.queue import QueueItem
from annotations.studio.regions import Region
from annotations.studio.reviewed import load_reviewed
from annotations.studio.sending import push
from extraction.forms import load_labels
from tests.annotations.studio.browser import annotator

pytestmark = pytest.mark.slow

# A character outside the basic plane and a line break stand before most regions: offsets must survive both.
TEXT = "2023年，政府门户网站公开信息1284条，微信公众号“𠮷岚发布”推送512篇，\n收到依申请公开36件，比上年增长12.5%。"
PICTURES = ("annotate-proposed.png", "annotate-corrected.png")


def region(words: str, label: str, value: float | None, score: float | None = None) -> Region:
    start = TEXT.index(words)
    return Region(Mark(label, start, start + len(words)), value, score)


SENTENCE = QueueItem(
    report_id="0" * 64,
    start=120,
    end=120 + len(TEXT),
    text=TEXT,
    before="（一）主动公开情况。我县围绕群众关心的事项，及时、准确公开政府信息。",
    after="全部按时答复。",
    source="青岚县2023年.txt",
    unit="青岚县人民政府",
    province="浙江省",
    county="青岚县",
    level="county",
    year=2023,
    model="tagger-0123456789ab",
    proposal=(
        region("2023年", "disclosure.total", 2023, 0.41),  # a date: no figure
        region("1284条", "disclosure.website", 1284, 0.97),
        region("512篇", "disclosure.weibo", 512, 0.58),  # another channel
        region("12.5%", "rate.change", 12.5, 0.93),
    ),
    reason="uncertain: 0.41",
)


@pytest.fixture
def project(studio: Studio) -> Iterator[dict]:
    """As ``conftest.project``, with a title fit for a picture."""
    title = "年报叙述数字 Nianbao · 青岚县"
    set_up(studio, title=title)
    found = need_project(studio, title)
    yield found
    studio.call("DELETE", f"/api/projects/{found['id']}/")


def test_what_is_done_in_the_browser_is_what_is_pulled(
    studio: Studio, home: Home, project: dict, tmp_path: Path
) -> None:
    pictures = Path(os.environ.get("NIANBAO_SCREENSHOTS", tmp_path))
    push(studio, project, [SENTENCE])
    (task,) = studio.tasks(project["id"])
    labels = load_labels()
    with annotator(studio.access.url) as person:
        person.log_in(home.credentials())
        person.open(project["id"], task["id"], len(SENTENCE.proposal))
        person.picture(pictures / PICTURES[0])

        seen = person.regions()
        assert [(words, start, end) for words, start, end, _ in seen] == [
            (TEXT[r.mark.start : r.mark.end], r.mark.start, r.mark.end) for r in SENTENCE.proposal
        ]
        assert len({colour for *_, colour in seen}) == 4, "every label has its colour"

        person.relabel("512篇", labels["disclosure.wechat"].zh)
        person.delete("2023年")
        person.add("36件", labels["applications.received"].zh, 36)
        person.picture(pictures / PICTURES[1])
        assert person.submit().status == 201

    assert pull_command.main(["--title", project["title"], "--out", str(tmp_path / "reviewed")]) == 0
    (one,) = load_reviewed(tmp_path / "reviewed")
    assert one.text == TEXT
    assert one.regions == (
        region("1284条", "disclosure.website", 1284),
        region("512篇", "disclosure.wechat", 512),
        region("36件", "applications.received", 36),
        region("12.5%", "rate.change", 12.5),
    )
    assert one.proposed == SENTENCE.proposal
    assert (one.annotator, one.model) == (home.credentials().email, SENTENCE.model)
    assert one.seconds and one.seconds > 0
    for name in PICTURES:
        assert (pictures / name).stat().st_size > 20_000
