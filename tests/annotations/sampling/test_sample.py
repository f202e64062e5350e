"""The command: reports that nianbao read into a queue that push reads, what is annotated left out."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("pycrfsuite", reason="needs the extra “train”")

from annotations import sample
from annotations.studio.queue import read_queue
from annotations.studio.reviewed import Reviewed, store
from extraction.narrative.sentences import split_sentences
from extraction.narrative.shipped import shipped_model
from extraction.run import main as nianbao
from training.reader import Reader

ROOT = Path(__file__).parents[3]
REPORT = next((ROOT / "examples").glob("云岫县*2019*.txt"))  # its text contradicts its grid


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    nianbao([str(REPORT), "--out", str(folder), "--format", "jsonl"])
    return folder


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bank")
    (folder / "units").mkdir()
    for path in sorted((ROOT / "annotations" / "bank" / "units").glob("wa-0*.md")):
        shutil.copyfile(path, folder / "units" / path.name)
    return folder


def run(out, bank, tmp_path, *more):
    queue = tmp_path / "queue.jsonl"
    folders = ["--bank", str(bank), "--reviewed", str(tmp_path / "reviewed"), "--out", str(queue)]
    assert sample.main([str(out), *folders, *more]) == 0
    return list(read_queue(queue))


def test_a_queue_as_long_as_its_budget_with_reasons_twice_the_same(out, bank, tmp_path):
    queue = run(out, bank, tmp_path, "--budget", "8")
    assert len(queue) == 8
    assert all(item.reason and item.text and item.county == "云岫县" for item in queue)
    assert run(out, bank, tmp_path, "--budget", "8") == queue
    assert any("against grid" in item.reason for item in run(out, bank, tmp_path, "--budget", "60"))


def test_what_is_annotated_or_queued_is_left_out(out, bank, tmp_path):
    queue = run(out, bank, tmp_path, "--budget", "6")
    first, second = queue[0], queue[1]
    one = Reviewed(
        key=first.key, report_id=first.report_id, start=first.start, end=first.end, text=first.text, regions=(),
        annotator="a@x", created="2026-01-01T00:00:00Z", updated="2026-01-01T00:00:00Z", project="h/1@2026",
    )  # fmt: skip
    store(tmp_path / "reviewed", "h/1@2026", [one])
    sent = tmp_path / "sent.jsonl"
    sample.write_queue(sent, [second])
    again = run(out, bank, tmp_path, "--budget", "6", "--queued", str(sent))
    assert not {first.key, second.key} & {item.key for item in again}


def test_no_reports_is_a_message(tmp_path, capsys):
    assert sample.main([str(tmp_path)]) == 2
    assert "studio.no_reports" in capsys.readouterr().err


def test_a_reader_reads_what_the_tagger_reads():
    """The spans that decode from its scores are the tagger's, before calibration."""
    from extraction.narrative.calibration import Calibration
    from extraction.narrative.decoding import decode
    from extraction.narrative.tagger import Tagger

    model = shipped_model()
    assert model, "the shipped model is part of the repository"
    text = "2020年，全县公开信息1.2万条，其中微信35条。收到申请12件，答复11件。\n没有行政复议。"
    reader, tagger = Reader.load(model.folder), Tagger.load(model.folder)
    tagger._calibration = Calibration()
    (scores,) = reader.read([(text, 2020)])
    assert len(scores) == len(text)
    found = {(t.start, t.end, reader.labels[t.label]) for t in decode(scores)}
    spans = {(s.start, s.end, s.label) for s in tagger.tag(text, year=2020)}
    assert found == spans and len(found) >= 4
    alone = reader.read([(text[a:b], 2020) for a, b in split_sentences(text)])
    assert [len(one) for one in alone] == [b - a for a, b in split_sentences(text)]
