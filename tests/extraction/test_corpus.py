"""Many documents: what is found, what is kept, what is written, and what a second run does."""

import json
import os
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extraction.corpus import Settings, extract_corpus
from extraction.corpus.files import OutputError, locked_folder, written_whole
from extraction.corpus.find import find_inputs, split_list
from extraction.corpus.journal import Journal
from extraction.corpus.work import WorkOptions, read_bytes, read_report, serialise
from extraction.engines.local import LocalEngine
from extraction.engines.protocol import Limits, Outcome, Task, pack, unpack
from extraction.engines.worker import attempt
from extraction.errors import LimitExceeded, UnreadableInput
from extraction.records import Cell, Finding, Report, Software, Source, Unit
from tests.extraction.corpus_work import note_size


@contextmanager
def as_nobody():
    """Permissions bind only an ordinary user: be one for a moment where the tests run as root."""
    if os.geteuid() == 0:
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)
    else:
        yield


@pytest.fixture
def open_tmp(tmp_path):
    """A temporary folder whose parents any user may pass."""
    for folder in [tmp_path, *tmp_path.parents[:3]]:
        if folder.stat().st_uid == os.getuid() and folder != Path(folder.anchor):
            folder.chmod(0o755)
    return tmp_path


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def code(outcome: Outcome) -> str:
    return json.loads(unpack(outcome.payload))["code"]


# --- find ---------------------------------------------------------------------------------------------


def test_folders_are_searched_to_the_bottom_and_the_rest_is_counted(tmp_path):
    names = [
        "b.txt",
        "a/深/层.TXT",
        "a/x.pdf",
        "a/y.jpg",
        "z.docx",
        "n",
        "p.shtml",
        "q.md",
        "r.htm",
        "s.html",
    ]
    for name in [*names, ".hidden.txt", "~$z.docx", "a/w.JPG", ".git/c.txt"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = find_inputs([str(tmp_path)])
    taken = [os.path.relpath(path, tmp_path) for path in found.paths]
    assert taken == sorted(set(names) - {"a/y.jpg", "n"})
    assert found.skipped == {".jpg": 2, "(none)": 1, "(hidden)": 2, "(hidden folder)": 1}
    assert not found.refused


def test_named_files_are_always_tried_and_each_input_is_taken_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ["r.odd", "d/a.txt", "d/b.txt", "[1].txt"]:
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).touch()
    found = find_inputs(["r.odd", "./r.odd", "d", "d/a.txt", str(tmp_path / "d/b.txt"), "[1].txt", "d/*.txt"])
    assert len(found.paths) == 4
    assert found.paths == sorted(found.paths)
    assert {str(Path(path).absolute()) for path in found.paths} == {
        str(tmp_path / name) for name in ["r.odd", "d/a.txt", "d/b.txt", "[1].txt"]
    }


def test_globs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ["a1.txt", "a2.txt", "b.txt", "d/a3.txt"]:
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).touch()
    assert find_inputs(["a*.txt"]).paths == ["a1.txt", "a2.txt"]
    assert find_inputs(["**/a*.txt"]).paths == ["a1.txt", "a2.txt", "d/a3.txt"]
    found = find_inputs(["c*.txt"])
    assert (found.paths, code(found.refused["c*.txt"])) == ([], "input.no_match")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("no/such/folder", "input.missing"),
        ("", "input.missing"),
        ("名" * 200 + ".txt", "input.name_too_long"),
    ],
)
def test_what_does_not_exist_is_an_error_and_no_crash(name, expected):
    found = find_inputs([name])
    assert found.paths == []
    assert code(found.refused[name]) == expected


def test_a_path_of_200_chinese_characters(tmp_path):
    path = tmp_path / ("政" * 80) / ("务" * 80) / ("公" * 40 + ".txt")
    path.parent.mkdir(parents=True)
    path.touch()
    assert find_inputs([str(tmp_path)]).paths == [str(path)]


def test_a_name_that_is_not_utf8(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xb9\xab\xbf\xaa.txt"  # 公开 in GBK
    with open(path, "wb") as stream:  # noqa: PTH123 - a name in bytes
        stream.write(b"abc")
    (found,) = find_inputs([str(tmp_path)]).paths
    assert os.fsencode(found) == path
    outcome = note_size(Task(0, found), WorkOptions())
    assert json.loads(unpack(outcome.payload))["path"].endswith(r"\xb9\xab\xbf\xaa.txt")


def test_the_output_folder_of_an_earlier_run_is_no_input(tmp_path):
    for name in ["a.txt", "out/report.html"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert find_inputs([str(tmp_path)], avoid=str(tmp_path / "out")).paths == [str(tmp_path / "a.txt")]


def test_linked_folders_are_counted_and_not_followed_in_circles(tmp_path):
    (tmp_path / "a.txt").touch()
    (tmp_path / "round").symlink_to(tmp_path)
    found = find_inputs([str(tmp_path)])
    assert (len(found.paths), found.skipped) == (1, {"(linked folder)": 1})


def test_a_folder_without_permission_is_an_error(open_tmp):
    for name in ["shut/a.txt", "open/b.txt"]:
        (open_tmp / name).parent.mkdir(mode=0o755)
        (open_tmp / name).touch()
    (open_tmp / "shut").chmod(0)
    try:
        with as_nobody():
            found = find_inputs([str(open_tmp)])
    finally:
        (open_tmp / "shut").chmod(0o755)
    assert found.paths == [str(open_tmp / "open/b.txt")]
    assert code(found.refused[str(open_tmp / "shut")]) == "input.no_permission"


@given(st.lists(st.binary(min_size=1, max_size=20).filter(lambda b: not set(b) & {0, 10, 13}), min_size=1))
def test_lists_on_standard_input(names):
    expected = [os.fsdecode(name) for name in names]
    assert split_list(b"\n".join(names)) == expected
    assert split_list(b"\r\n".join(names) + b"\r\n") == expected
    assert split_list(b"\0".join(names) + b"\0") == expected


def test_a_list_with_nul_may_hold_line_ends():
    assert split_list(b"a\nb\0c\0") == ["a\nb", "c"]


# --- work ---------------------------------------------------------------------------------------------


def test_a_large_input_is_refused_unread(tmp_path):
    path = tmp_path / "hole.txt"
    with path.open("wb") as stream:
        stream.truncate(10**12)  # sparse: reading it would not end
    with pytest.raises(LimitExceeded, match=r"1,000,000,000,000 bytes.*--max-size") as caught:
        read_bytes(str(path), 1000)
    assert caught.value.code == "input.too_large"
    path.write_bytes(b"x" * 1000)
    assert len(read_bytes(str(path), 1000)) == 1000


def test_a_file_that_lies_about_its_size_is_refused_too():
    with pytest.raises(LimitExceeded):
        read_bytes("/proc/self/maps", 100)  # says 0 bytes


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: None])
def test_pipes_and_devices_are_no_files(tmp_path, make):
    path = tmp_path / "pipe"
    make(path)
    with pytest.raises(UnreadableInput) as caught:
        read_bytes(str(path) if path.exists() else "/dev/zero", 1000)
    assert caught.value.code == "input.not_a_file"


def test_a_file_without_permission_is_an_error_record(open_tmp):
    path = open_tmp / "secret.txt"
    path.touch(mode=0)
    with as_nobody():
        outcome, leaving = attempt(note_size, Task(0, str(path)), WorkOptions())
    assert (code(outcome), outcome.sha256, leaving) == ("input.no_permission", None, False)


def report(**changes) -> Report:
    cell = Cell("applications", "new", "total", "number", 4, "4", None, 10, 11)
    facts = {
        "report_id": "0" * 64,
        "source": Source("a.txt", "text/plain", "utf-8", 12),
        "unit": Unit("青川县", "county"),
        "year": 2019,
        "published": None,
        "form": "2019",
        "sections": (),
        "cells": (cell,),
        "figures": (),
        "findings": (Finding("a.b", "note", "So.", 1, 2, ("applications/new/total",)),),
        "software": Software("1"),
    }
    return Report(**{**facts, **changes})


@pytest.mark.parametrize("text", [None, "第一\n第二"])
def test_the_line_is_the_record(text):
    line = serialise(report(text=text))
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    assert json.loads(line) == json.loads(json.dumps(report(text=text).to_dict()))


def test_numbers_beyond_64_bits_are_written_as_they_are():
    cell = Cell("applications", "new", "total", "number", 10**30, str(10**30))
    line = serialise(report(cells=(cell,)))
    assert json.loads(line)["cells"][0]["value"] == 10**30


# --- journal ------------------------------------------------------------------------------------------


def record(word: bytes, sha256: str | None = "1" * 64) -> Outcome:
    return Outcome(0, "record", pack(word + b"\n"), sha256, b'{"n": 1}')


def test_the_journal_remembers(tmp_path):
    with Journal(tmp_path, key="k") as journal:
        journal.add("a", record(b"first"))
        journal.add("\udcff\n b", record(b"odd name"))
        journal.add("c", record(b"again", None))
    with Journal(tmp_path, key="k") as journal:
        assert journal.known("a") == "1" * 64
        assert journal.known("c") is None
        assert journal.known("d") is None
        journal.add("a", record(b"second", "2" * 64))
        entries = list(journal.entries(["c", "a", "\udcff\n b"]))
        assert [entry.line for entry in entries] == [b"again\n", b"second\n", b"odd name\n"]
        assert entries[0].headline == {"n": 1}
    with Journal(tmp_path, key="k") as journal:
        assert journal.known("a") == "2" * 64


@pytest.mark.parametrize("again", [{"key": "other"}, {"key": "k", "fresh": True}])
def test_the_journal_starts_over(tmp_path, again):
    with Journal(tmp_path, key="k") as journal:
        journal.add("a", record(b"x"))
    with Journal(tmp_path, **again) as journal:
        assert journal.known("a") is None
        journal.add("b", record(b"y"))
        assert [entry.line for entry in journal.entries(["b"])] == [b"y\n"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0, 1), flip=st.booleans())
def test_a_torn_or_damaged_journal_forgets_and_never_lies(tmp_path, cut, flip):
    for part in tmp_path.glob("part-*"):
        part.unlink()
    words = [f"word {number}".encode() * 5 for number in range(10)]
    with Journal(tmp_path, key="k") as journal:
        for number, word in enumerate(words):
            journal.add(str(number), record(word))
    part = next(tmp_path.glob("part-*"))
    data = bytearray(part.read_bytes())
    at = int(cut * (len(data) - 1))
    if flip:
        data[at] ^= 0x01
    else:
        del data[at:]
    part.write_bytes(data)
    with Journal(tmp_path, key="k") as journal:
        kept = [number for number in range(10) if journal.known(str(number))]
        assert len(kept) >= int(cut * 10) - 1
        assert [entry.line for entry in journal.entries([str(number) for number in kept])] == [
            words[number] + b"\n" for number in kept
        ]
        journal.add("new", record(b"new"))  # and goes on
        assert next(journal.entries(["new"])).line == b"new\n"


# --- files --------------------------------------------------------------------------------------------


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), written_whole(path) as stream:
        stream.write(b"half")
        raise RuntimeError
    assert (path.read_bytes(), names(tmp_path)) == (b"old", ["f"])
    with written_whole(path) as stream:
        stream.write(b"new")
        assert path.read_bytes() == b"old"
    assert (path.read_bytes(), names(tmp_path)) == (b"new", ["f"])


def test_an_output_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(OutputError, match="cannot be written") as caught,
        locked_folder(tmp_path / "file/out"),
    ):
        pass
    assert caught.value.code == "output.not_writable"


def test_an_output_folder_without_permission(open_tmp):
    (open_tmp / "out/.nianbao").mkdir(parents=True)
    (open_tmp / "out/.nianbao").chmod(0o777)
    (open_tmp / "out").chmod(0o555)
    with as_nobody(), pytest.raises(OutputError, match="Permission denied"), locked_folder(open_tmp / "out"):
        pass


def test_two_runs_do_not_share_a_folder(tmp_path):
    with locked_folder(tmp_path), pytest.raises(OutputError) as caught, locked_folder(tmp_path):
        pass
    assert caught.value.code == "output.in_use"
    with locked_folder(tmp_path):
        pass


# --- the whole ----------------------------------------------------------------------------------------


def run(folder: Path, out: Path, **changes):
    engine = LocalEngine(note_size, workers=2, limits=Limits(timeout=20))
    return extract_corpus([str(folder)], out, Settings(formats=("jsonl",), **changes), engine=engine)


@pytest.fixture
def folder(tmp_path):
    inputs = tmp_path / "in"
    inputs.mkdir()
    for number in range(30):
        (inputs / f"{number:02}.txt").write_bytes(b"x" * number)
    (inputs / "07.txt").write_bytes(b"bad one")
    (inputs / "11.txt").write_bytes(b"bug here")
    return inputs


def test_inputs_are_reports_and_errors_in_the_order_of_their_paths(folder, tmp_path):
    summary = run(folder, tmp_path / "out")
    reports, errors = lines(tmp_path / "out/reports.jsonl"), lines(tmp_path / "out/errors.jsonl")
    assert (summary.inputs, len(reports), len(errors)) == (30, 28, 2)
    assert [record["path"] for record in reports] == sorted(record["path"] for record in reports)
    assert [record["code"] for record in errors] == ["text.bad", "internal.error"]
    numbers = json.loads((tmp_path / "out/summary.json").read_text())
    assert (numbers["inputs"], numbers["reports"], numbers["errors"]) == (30, 28, 2)
    assert numbers["errors_by_code"] == {"internal.error": 1, "text.bad": 1}
    assert numbers["cells"] == {"found": 84, "due": 112}
    assert numbers["findings"] == {"error": 0, "warning": 0, "note": 56}
    assert numbers["documents_per_second"] > 0


def test_a_second_run_does_only_what_changed(folder, tmp_path):
    out = tmp_path / "out"
    run(folder, out)
    first = (out / "reports.jsonl").read_bytes()
    (tmp_path / "marks").mkdir()  # from now on every record made leaves a mark
    assert run(folder, out).unchanged == 29  # all but the bug, which is tried again
    assert (out / "reports.jsonl").read_bytes() == first
    assert names(tmp_path / "marks") == []
    stamp = (folder / "05.txt").stat()
    (folder / "05.txt").write_bytes(b"y" * 5)
    os.utime(folder / "05.txt", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # same size, same time
    (folder / "30.txt").write_bytes(b"new")
    (folder / "29.txt").unlink()
    (folder / "11.txt").write_bytes(b"mended")
    assert run(folder, out).unchanged == 27
    assert names(tmp_path / "marks") == ["05.txt", "11.txt", "30.txt"]
    assert run(folder, out, fresh=True).unchanged == 0
    resumed = (out / "reports.jsonl").read_bytes()
    run(folder, tmp_path / "other")
    assert resumed == (tmp_path / "other/reports.jsonl").read_bytes()


def test_other_options_are_other_records(folder, tmp_path):
    run(folder, tmp_path / "out")
    assert run(folder, tmp_path / "out", work=WorkOptions(with_text=True)).unchanged == 0
    assert all(record["with_text"] for record in lines(tmp_path / "out/reports.jsonl"))


def test_a_run_that_fails_midway_keeps_what_is_done(folder, tmp_path):
    def stop(done: int, total: int) -> None:
        if done == 15:
            raise KeyboardInterrupt

    engine = LocalEngine(note_size, workers=2)
    with pytest.raises(KeyboardInterrupt):
        extract_corpus([str(folder)], tmp_path / "out", engine=engine, progress=stop)
    assert not (tmp_path / "out/reports.jsonl").exists()
    assert run(folder, tmp_path / "out").unchanged >= 13
    run(folder, tmp_path / "fresh")
    for name in ("reports.jsonl", "errors.jsonl"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()


def test_progress_reaches_the_total(folder, tmp_path):
    seen = []
    engine = LocalEngine(note_size)
    extract_corpus(
        [str(folder), str(tmp_path / "missing")],
        tmp_path / "out",
        Settings(formats=("jsonl",)),
        engine=engine,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (31, 31)


def test_the_work_refuses_what_the_pipeline_refuses_and_remembers_it(tmp_path):
    (tmp_path / "empty.txt").touch()
    outcome = read_report(Task(0, str(tmp_path / "empty.txt")), WorkOptions())
    assert outcome.kind == "error"
    again = read_report(Task(0, str(tmp_path / "empty.txt"), outcome.sha256), WorkOptions())
    assert again.kind == "unchanged"


def test_the_text_of_a_scan_is_no_report_of_its_own(tmp_path: Path) -> None:
    for name in ("x.pdf", "x.pdf.txt", "x.pdf.hocr.html", "y.pdf.txt", "z.txt"):
        (tmp_path / name).write_bytes(b"1")
    found = find_inputs([str(tmp_path)])
    assert [Path(path).name for path in found.paths] == ["x.pdf", "y.pdf.txt", "z.txt"]
    assert found.skipped["(text of a scan)"] == 2
