"""The protocol over HTTP: who may ask, how much, what is answered, and what a model costs."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

import httpx
import pytest

from annotations.serving import proposing
from annotations.studio.labelling import labelling_config
from annotations.studio.regions import regions_of
from extraction.forms import load_labels
from extraction.narrative.shipped import model_digest
from extraction.narrative.tagger import Tagger
from tests.annotations.serving.conftest import SECRET, TAGGER

CONFIG = labelling_config()
TEXT = "全年通过“𠮷岚发布”微信公众号推送信息512条，\n收到依申请公开36件，未发生行政复议。"


def task(text: str = TEXT, **more: object) -> dict:
    data = {"text": text, "before": "（一）主动公开情况。", "after": "全部办结。", "year": 2023}
    return {"id": 1, "data": data | {"report_id": "f" * 64, "start": 100} | more}


def ask(client: httpx.Client, *tasks: dict, config: str = CONFIG) -> httpx.Response:
    return client.post("/predict", json={"tasks": list(tasks), "label_config": config})


def test_health_setup_versions_and_predict_speak_the_protocol(server) -> None:
    client = server.client
    version = f"tagger-{model_digest(TAGGER)[:12]}"
    assert client.get("/health").json() == {"status": "UP", "model_class": "Nianbao"}
    setup = client.post("/setup", json={"project": "7.1", "schema": CONFIG, "access_token": "x"})
    assert setup.json() == {"model_version": version}
    assert client.get("/versions").json() == {"versions": [version]}
    one, two = ask(client, task(), task("我局高度重视。")).json()["results"]
    assert one["model_version"] == two["model_version"] == version
    found = {
        TEXT[r.mark.start : r.mark.end]: (r.mark.label, r.value) for r in regions_of(TEXT, one["result"])
    }
    assert found["512条"] == ("disclosure.wechat", 512)
    assert found["36件"] == ("applications.received", 36)
    assert 0 < one["score"] <= 1
    assert two["result"] == []


def test_a_label_that_the_project_lacks_is_not_proposed(server) -> None:
    labels = {key: label for key, label in load_labels().items() if key != "disclosure.wechat"}
    (one,) = ask(server.client, task(), config=labelling_config(labels)).json()["results"]
    assert {r.mark.label for r in regions_of(TEXT, one["result"])} >= {"applications.received"}
    assert "disclosure.wechat" not in json.dumps(one)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Token wrong"},
        {"Authorization": f"Digest {SECRET}"},
        {"Authorization": "Basic %%%"},
        {"Authorization": httpx.BasicAuth("label-studio", SECRET + "x")._auth_header},
    ],
)
@pytest.mark.parametrize("path", ["/health", "/setup", "/predict", "/webhook", "/versions", "/nothing"])
def test_a_wrong_secret_opens_nothing(server, path, headers) -> None:
    answer = httpx.post(server.url + path, headers=headers, json={}, trust_env=False, timeout=60)
    assert answer.status_code == 401
    assert "secret" in answer.json()["error"]


def test_basic_authentication_as_label_studio_does_it(server) -> None:
    answer = httpx.get(server.url + "/health", auth=("label-studio", SECRET), trust_env=False, timeout=60)
    assert answer.status_code == 200


def test_a_hundred_megabytes_are_refused_and_not_kept(server) -> None:
    chunk = b" " * (1 << 20)
    before = _resident()
    large = {"Content-Length": str(100 << 20)}
    announced = server.client.post("/webhook", content=(chunk for _ in range(100)), headers=large)
    assert announced.status_code == 413
    assert "1048576 bytes" in announced.json()["error"]
    unannounced = server.client.post("/webhook", content=(chunk for _ in range(100)))
    assert unannounced.status_code == 413
    stranger = httpx.post(
        server.url + "/predict", content=(chunk for _ in range(100)), trust_env=False, timeout=60
    )
    assert stranger.status_code == 401
    assert server.client.get("/health").status_code == 200
    assert _resident() - before < 60 << 20  # no request was held whole


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"[" * 100_000, b'{"tasks": 3}', b'"\xff"'])
@pytest.mark.parametrize("path", ["/setup", "/predict"])
def test_nonsense_is_refused_with_a_reason(server, path, content) -> None:
    answer = server.client.post(path, content=content)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_foreign_project_is_refused(server) -> None:
    for config in ("<View/>", None, CONFIG.replace("labelling 1", "labelling 99"), CONFIG + "<"):
        answer = server.client.post("/setup", json={"schema": config})
        assert answer.status_code == 400, config
        assert "annotations.setup" in answer.text or "cannot be read" in answer.text


def test_a_task_without_a_sentence_costs_the_others_nothing(server) -> None:
    bad = [{"id": 1}, {"data": {"text": 3}}, {"data": {"text": ""}}, task("条" * 30_000), 7]
    results = ask(server.client, *bad, task()).json()["results"]
    assert len(results) == len(bad) + 1
    assert all("result" not in one for one in results[:-1])
    assert results[-1]["result"]


def test_the_key_that_setup_brings_is_never_logged(server, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    client = server.client
    for schema in (CONFIG, "<View/>"):
        client.post("/setup", json={"schema": schema, "access_token": "0123456789abcdef"})
    assert "0123456789abcdef" not in caplog.text


def test_the_model_is_loaded_once_and_again_only_when_replaced(serve, model, monkeypatch) -> None:
    loads = []
    load = Tagger.load.__func__
    monkeypatch.setattr(
        proposing.Tagger, "load", classmethod(lambda cls, folder: loads.append(folder) or load(cls, folder))
    )
    server = serve()
    first = server.proposer.version
    for _ in range(20):
        assert ask(server.client, task(), task()).json()["results"][0]["model_version"] == first
    assert len(loads) == 1
    calibration = json.loads((model / "calibration.json").read_text())
    moved = model.with_name("old")
    model.rename(moved)
    assert (
        ask(server.client, task()).json()["results"][0]["model_version"] == first
    )  # being replaced: the old one
    moved.rename(model)
    (model / "calibration.json").write_text(json.dumps(calibration, indent=3))
    second = ask(server.client, task()).json()["results"][0]["model_version"]
    assert second == f"tagger-{model_digest(model)[:12]}" != first
    assert len(loads) == 2
