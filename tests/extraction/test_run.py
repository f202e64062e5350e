"""The command line, as a user meets it: exit status, messages, bad input, stopping and going on."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from extraction import run
from extraction.corpus import Settings

ROOT = Path(__file__).parents[2]
REPORT = """青溪县人民政府2021年政府信息公开工作年度报告

一、总体情况
本年度共受理政府信息公开申请{n}件。

四、政府信息公开行政复议、行政诉讼情况
行政复议\t行政诉讼
结果维持\t结果纠正\t其他结果\t尚未审结\t总计
{n}\t0\t0\t0\t{n}\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0
"""


def nianbao(*arguments: object, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "extraction.run", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **more,
    )


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def reports(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}.txt").write_text(REPORT.format(n=number), encoding="utf-8")
    return folder


def test_a_good_run(tmp_path):
    folder = reports(tmp_path / "in", 2)
    done = nianbao(folder, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    first, second, *rest, written = done.stdout.splitlines()
    (totals,) = (line for line in rest if " inputs in " in line)
    (cells,) = (line for line in rest if line.startswith("cells: "))
    assert first.startswith("青溪县人民政府  2021  form 2021")
    assert " of " in second
    assert totals.startswith("2 inputs in ")
    assert "findings: " in cells
    assert {"reports.jsonl", "reports.parquet", "nianbao.duckdb"} <= {Path(f).name for f in written.split()}
    assert (tmp_path / "out/errors.jsonl").read_bytes() == b""
    assert [record["source"]["path"] for record in lines(tmp_path / "out/reports.jsonl")] == [
        str(folder / "0000.txt"),
        str(folder / "0001.txt"),
    ]


def test_bad_input_each_to_its_error_and_the_others_done(tmp_path):
    folder = reports(tmp_path / "in", 3)
    (folder / "empty.txt").touch()
    (folder / "binary.txt").write_bytes(random.Random(1).randbytes(20_000))
    (folder / "cut.txt").write_bytes(REPORT.encode()[:200])
    (folder / "pipes.txt").write_text("|" * 1_000_000)
    (folder / "large.txt").write_bytes(b"7" * (3 * 2**20))
    (folder / "fifo.txt").touch()
    (folder / "fifo.txt").unlink()
    os.mkfifo(folder / "fifo.txt")
    long = "很" * 200
    deep = folder / ("深" * 80) / ("名" * 80) / ("字" * 40 + ".txt")
    deep.parent.mkdir(parents=True)
    deep.write_text(REPORT.format(n=5), encoding="utf-8")
    done = nianbao(
        *[folder, tmp_path / "nowhere", f"{long}.txt", "--out", tmp_path / "out"],
        *["--format", "jsonl", "--max-size", 2, "--timeout", 20],
    )
    assert done.returncode == 1, done.stderr
    errors = {Path(record["path"]).name: record for record in lines(tmp_path / "out/errors.jsonl")}
    read = {Path(record["source"]["path"]).name for record in lines(tmp_path / "out/reports.jsonl")}
    assert read >= {"0000.txt", "0001.txt", "0002.txt", deep.name}
    assert read | errors.keys() == {path.name for path in folder.rglob("*") if not path.is_dir()} | {
        "nowhere",
        f"{long}.txt",
    }
    assert not read & errors.keys()
    assert errors["nowhere"]["step"] == "find"
    assert errors["large.txt"]["code"] == "input.too_large"
    assert errors["fifo.txt"]["code"] == "input.not_a_file"
    assert errors[f"{long}.txt"]["code"] == "input.name_too_long"
    assert {"empty.txt", "binary.txt"} <= errors.keys()
    assert all(record["message"].endswith((".", "。")) for record in errors.values())
    assert "internal.error" not in {record["code"] for record in errors.values()}


def test_fifty_megabytes_of_digits_end_within_the_limits(tmp_path):
    path = tmp_path / "digits.txt"
    path.write_bytes(b"1234567890" * (5 * 2**20))
    done = nianbao(path, "--out", tmp_path / "out", "--format", "jsonl", "--timeout", 15)
    assert done.returncode in (0, 1), done.stderr
    written = lines(tmp_path / "out/errors.jsonl") + lines(tmp_path / "out/reports.jsonl")
    assert len(written) == 1
    assert written[0].get("code") != "internal.error"


def test_an_output_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    done = nianbao(reports(tmp_path / "in", 1), "--out", tmp_path / "file" / "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["in"], "--out"),
        (["--out", "o"], "INPUT"),
        (["in", "--out", "o", "--format", "pdf"], "no format 'pdf'"),
        (["--out", "o", "--format", "csv", "in"], "INPUT goes before"),
        (["in", "--out", "o", "--workers", "0"], "above zero"),
        (["in", "--out", "o", "--timeout", "nan"], "above zero"),
        (["in", "--out", "o", "--timeout", "soon"], "above zero"),
        (["in", "--out", "o", "--memory", "-3"], "above zero"),
        (["in", "--out", "o", "--tim", "3"], "unrecognized"),
    ],
)
def test_a_wrong_command_line(arguments, says, capsys):
    with pytest.raises(SystemExit) as stopped:
        run.main(arguments)
    assert stopped.value.code == 2
    assert says in capsys.readouterr().err


def test_defaults_are_said_once(capsys):
    assert Settings().formats == run.DEFAULT_FORMATS
    with pytest.raises(SystemExit) as stopped:
        run.main(["--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert all(f"--{name}" in text for name in ("out", "format", "with-text", "workers", "timeout", "memory"))
    assert all(f"--{name}" in text for name in ("max-size", "fresh", "quiet", "version"))


def test_formats_with_commas_or_spaces_and_no_jsonl(tmp_path):
    folder = reports(tmp_path / "in", 1)
    out = tmp_path / "out"
    assert nianbao(folder, "--out", out, "--format", "jsonl").returncode == 0
    assert (out / "reports.jsonl").exists()
    assert nianbao(folder, "--out", out, "--format", "csv,parquet").returncode == 0
    assert (out / "cells.parquet").exists()
    assert list(out.glob("*.csv"))
    assert not (out / "reports.jsonl").exists()  # not asked for
    assert not (out / "nianbao.duckdb").exists()


def test_a_list_on_standard_input(tmp_path):
    folder = reports(tmp_path / "in", 3)
    chosen = f"{folder}/0002.txt\n{folder}/0000.txt\n{folder}/none.txt\n"
    done = nianbao("-", "--out", tmp_path / "out", "--format", "jsonl", "--quiet", input=chosen)
    assert (done.returncode, done.stdout) == (1, "")
    paths = [record["source"]["path"] for record in lines(tmp_path / "out/reports.jsonl")]
    assert paths == [f"{folder}/0000.txt", f"{folder}/0002.txt"]
    assert [record["path"] for record in lines(tmp_path / "out/errors.jsonl")] == [f"{folder}/none.txt"]


def test_with_text(tmp_path):
    folder = reports(tmp_path / "in", 1)
    for options, has_text in ([], False), (["--with-text"], True):
        assert nianbao(folder, "--out", tmp_path / "out", "--format", "jsonl", *options).returncode == 0
        (record,) = lines(tmp_path / "out/reports.jsonl")
        assert ("text" in record) is has_text
    assert record["text"] == REPORT.format(n=0)


def test_grids_only_leaves_the_prose_unread_and_says_so(tmp_path):
    (tmp_path / "in.txt").write_text("青山县2021年政府信息公开工作年度报告\n全年公开信息356条。\n", "utf-8")
    for options, has_figures in ([], True), (["--grids-only"], False):
        out = tmp_path / "out"  # the same: other options read everything anew
        assert nianbao(tmp_path / "in.txt", "--out", out, "--format", "jsonl", *options).returncode == 0
        (record,) = lines(out / "reports.jsonl")
        assert bool(record["figures"]) is has_figures
        assert ("narrative.left_out" in {f["check"] for f in record["findings"]}) is not has_figures


def test_a_narrow_locale_does_not_end_the_run(tmp_path):
    folder = reports(tmp_path / "in", 1)
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = nianbao(folder, "--out", tmp_path / "out", "--format", "jsonl", env=environment)
    assert done.returncode == 0, done.stderr
    assert r"\u9752" in done.stdout


def start(*arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "extraction.run", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def wait_for_journal(process: subprocess.Popen[bytes], out: Path, size: int) -> None:
    """Wait until the journal holds ``size`` bytes, or the run is over."""
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        if sum(part.stat().st_size for part in out.glob(".nianbao/part-*")) >= size:
            return
        time.sleep(0.005)


@pytest.mark.slow
def test_killed_at_any_moment_and_resumed_is_as_if_never_killed(tmp_path):
    folder = reports(tmp_path / "in", 60)
    (folder / "0017.txt").write_bytes(b"")
    plain = ["--format", "jsonl", "--workers", 2]
    assert nianbao(folder, "--out", tmp_path / "fresh", *plain).returncode == 1
    whole = sum(part.stat().st_size for part in (tmp_path / "fresh").glob(".nianbao/part-*"))
    chance = random.Random(7)
    for attempt in range(4):
        out = tmp_path / f"out{attempt}"
        for _ in range(2):  # killed twice
            process = start(folder, "--out", out, *plain)
            wait_for_journal(process, out, chance.randrange(whole))
            process.send_signal(signal.SIGKILL)
            process.communicate()
        assert nianbao(folder, "--out", out, *plain).returncode == 1
        for name in ("reports.jsonl", "errors.jsonl"):
            assert (out / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()
        shutil.rmtree(out)


def descendants(pid: int) -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(status.parent.name)
            found |= {child} | descendants(child)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_a_stopped_run_leaves_no_process_and_no_half_file(tmp_path, number, status):
    folder = reports(tmp_path / "in", 6000)
    process = start(folder, "--out", tmp_path / "out", "--format", "jsonl", "--workers", 2)
    wait_for_journal(process, tmp_path / "out", 5000)
    children = descendants(process.pid)
    assert children
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == status
    assert b"Traceback" not in said
    until = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".nianbao"]


def test_a_closed_pipe_is_no_traceback(tmp_path):
    folder = reports(tmp_path / "in", 1)
    command = f"{sys.executable} -m extraction.run {folder} --out {tmp_path}/out --format jsonl | true"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_the_library_offers_the_same_record(tmp_path):
    from extraction import extract

    folder = reports(tmp_path / "in", 1)
    nianbao(folder, "--out", tmp_path / "out", "--format", "jsonl")
    record = json.loads(json.dumps(extract(folder / "0000.txt").to_dict()))
    assert [record] == lines(tmp_path / "out/reports.jsonl")


def test_the_package_says_what_it_offers():
    import extraction

    assert set(extraction.__all__) == set(dir(extraction))
    assert all(getattr(extraction, name) is not None for name in extraction.__all__)
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = extraction.nothing_of_the_kind
