"""Ten thousand sentences into Label Studio and out again, killed in the middle of both; time, memory, losses.

python -m tests.bench_studio [--sentences N]

Starts a server of its own on a new database, pushes, kills the push with SIGKILL half-way, pushes again, turns
every proposal into an annotation on the server, pulls, kills the pull, pulls again, and compares what came out
with what went in. Exit status 1 where anything was lost, doubled or altered.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from annotations.studio.access import KEY, URL, Access
from annotations.studio.client import Studio
from annotations.studio.home import Home
from annotations.studio.install import install
from annotations.studio.project import need_project, set_up
from annotations.studio.queue import QueueItem, write_queue
from annotations.studio.regions import Region
from annotations.studio.reviewed import load_reviewed
from annotations.studio.server import start, stop
from tests.annotations.studio.made import sentence

_ROOT = Path(__file__).parents[1]
_PADDING = "各单位按照要求对公开目录逐项核对，𠮷祥街道等单位的材料一并归档备查；"  # with one astral character


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of a command: seconds, peak memory in MB, exit status (negative: killed), what it printed."""

    seconds: float
    peak: float
    status: int
    said: str


def run(words: Sequence[str], access: Access, *, kill_when: object = None) -> Ran:
    """Run a module of annotations against ``access``; kill it as soon as ``kill_when()`` is true."""
    environment = os.environ | {URL: access.url, KEY: access.key}
    began, peak = time.perf_counter(), 0.0
    process = subprocess.Popen(
        [sys.executable, "-m", *words], cwd=_ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        if callable(kill_when) and kill_when():
            process.send_signal(signal.SIGKILL)
        time.sleep(0.05)
    said, _ = process.communicate()
    return Ran(time.perf_counter() - began, peak, process.returncode, said.strip())


def _resident(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), default=0.0)


def sentences(count: int) -> list[QueueItem]:
    """Sentences of some 300 characters with two figures each."""
    out = []
    for number in range(1, count + 1):
        item = sentence(number, report=f"{number % 97:064x}")
        before = _PADDING * 7
        text = before + item.text
        moved = tuple(
            Region(
                replace(r.mark, start=r.mark.start + len(before), end=r.mark.end + len(before)),
                r.value,
                r.score,
            )
            for r in item.proposal
        )
        begin = number * 1000
        out.append(replace(item, text=text, proposal=moved, start=begin, end=begin + len(text)))
    return out


def count_tasks(studio: Studio, project: int) -> int:
    """How many tasks the project has now."""
    number: int = studio.call(
        "GET", "/api/tasks/", params={"project": project, "page_size": 1, "include": "id"}
    )["total"]
    return number


def measure(access: Access, count: int, folder: Path) -> dict[str, object]:
    """Push, be killed, push, annotate, pull, be killed, pull; the figures and the faults."""
    queue, out = folder / "queue.jsonl", folder / "reviewed"
    given = sentences(count)
    write_queue(queue, given)
    with Studio(access) as studio:
        set_up(studio)
        project = need_project(studio)["id"]
        push = ["annotations.push", str(queue)]
        killed = run(push, access, kill_when=lambda: count_tasks(studio, project) >= count // 2)
        left = count_tasks(studio, project)
        whole = run(push, access)
        again = run(push, access)
        began = time.perf_counter()
        everything = {"selectedItems": {"all": True, "excluded": []}}
        studio.call(
            "POST",
            "/api/dm/actions",
            params={"id": "predictions_to_annotations", "project": project},
            json=everything,
        )
        annotating = time.perf_counter() - began
        pull = ["annotations.pull", "--out", str(out)]
        until = time.monotonic() + max(1.0, whole.seconds / 6)
        stopped = run(pull, access, kill_when=lambda: time.monotonic() > until)
        partly = len(load_reviewed(out))
        pulled = run(pull, access)
        tasks = count_tasks(studio, project)
    return {
        "sentences": count,
        "push killed": f"after {killed.seconds:.1f} s with {left} tasks there (status {killed.status})",
        "push again": _line(whole),
        "push a third time": _line(again),
        "annotations made on the server": f"{annotating:.1f} s",
        "pull killed": f"after {stopped.seconds:.1f} s with {partly} kept (status {stopped.status})",
        "pull again": _line(pulled),
        "tasks": tasks,
        "faults": faults(given, out) + ([f"{tasks} tasks instead of {count}"] if tasks != count else []),
    }


def _line(ran: Ran) -> str:
    return f"{ran.seconds:.1f} s, {ran.peak:.0f} MB, status {ran.status}: {ran.said}"


def faults(given: Sequence[QueueItem], out: Path) -> list[str]:
    """What came out otherwise than it went in."""
    files = [path for path in out.glob("*.jsonl") if path.stem not in ("refused", "withdrawn")]
    lines = [json.loads(line)["key"] for path in files for line in path.read_text("utf-8").splitlines()]
    found = {one.key: one for one in load_reviewed(out)}
    wrong = [f"{len(lines) - len(set(lines))} doubled"] if len(lines) != len(set(lines)) else []
    lost = [item.key for item in given if item.key not in found]
    altered = [
        item.key
        for item in given
        if item.key in found
        and (found[item.key].text, found[item.key].regions)
        != (item.text, tuple(Region(r.mark, r.value) for r in item.proposal))
    ]
    return wrong + [f"lost: {key}" for key in lost[:5]] + [f"altered: {key}" for key in altered[:5]]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_studio", description=__doc__)
    parser.add_argument("--sentences", type=int, default=10_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name) / "home")
        running = start(home, install(), port=0)
        try:
            access = Access(running.url, home.credentials().key)
            result = measure(access, chosen.sentences, Path(name))
            server = _resident(running.pid)
        finally:
            stop(home)
    for what, value in result.items():
        print(f"{what:32} {value}")  # noqa: T201 - the command's output
    print(f"{'server, peak memory':32} {server:.0f} MB")  # noqa: T201
    return 1 if result["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
