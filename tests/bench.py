"""``make bench``: reports a second, peak memory, start-up time; each the median of several runs.

Inputs are copies of examples/*.txt, and of ../shared/corpus/seeds/*.txt where they are at hand. Reported
apart: one process that only extracts; the command with one worker and with one a core (finding, journal and
reports.jsonl included); the engine alone, on work that does nothing.
"""

# ruff: noqa: T201 - it prints what it measures
import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from extraction.engines.local import LocalEngine, available_cores
from extraction.engines.protocol import Outcome, Task

ROOT = Path(__file__).parent.parent
SEEDS = ROOT.parent / "shared" / "corpus" / "seeds"


def do_nothing(task: Task, options: object) -> Outcome:
    """The engine's own cost is what remains."""
    return Outcome(task.number, "record", b"x" * 3000, "0" * 64, b"{}")


def make_inputs(folder: Path, count: int) -> None:
    """Fill ``folder`` with ``count`` files, the originals in turn."""
    originals = sorted((ROOT / "examples").glob("*.txt")) + sorted(SEEDS.glob("*.txt"))
    if not originals:
        sys.exit("bench: neither examples/*.txt nor ../shared/corpus/seeds/*.txt: nothing to measure with")
    size = sum(path.stat().st_size for path in originals) / len(originals)
    for number in range(count):
        original = originals[number % len(originals)]
        shutil.copyfile(original, folder / f"{number:05}-{original.name}")
    print(f"{count} inputs, copies of {len(originals)} reports of {size / 1024:.1f} KB on average")


def one_process(folder: str) -> None:
    """Extract every file here; print seconds and peak KB. Run in a process of its own."""
    from extraction.corpus.work import serialise
    from extraction.pipeline import extract_bytes

    files = [(path.read_bytes(), str(path)) for path in sorted(Path(folder).iterdir())]
    serialise(extract_bytes(*files[0]))  # what is loaded once is not a report's cost
    began = time.perf_counter()
    for data, path in files:
        serialise(extract_bytes(data, path))
    print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def measure_one_process(folder: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "tests.bench", "--one-process", str(folder)]
    seconds, peak = subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    return float(seconds), float(peak) / 1024


def measure_command(folder: Path, out: Path, workers: int) -> tuple[float, float, float]:
    """Wall seconds of the whole command; peak MB of its parent and of its largest child."""
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "extraction.run", str(folder), "--out", str(out)]
    options = ["--workers", str(workers), "--format", "jsonl", "--quiet"]
    began = time.perf_counter()
    process = subprocess.Popen([*command, *options], cwd=ROOT)
    peaks: dict[int, int] = {}
    while process.poll() is None:
        for pid in [process.pid, *descendants(process.pid)]:
            peaks[pid] = max(peaks.get(pid, 0), peak_kb(pid))
        time.sleep(0.02)
    if process.returncode not in (0, 1):
        sys.exit(f"bench: the command ended with status {process.returncode}")
    seconds = time.perf_counter() - began
    parent = peaks.pop(process.pid) / 1024
    return seconds, parent, max(peaks.values(), default=0) / 1024


def descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid for child in children for pid in (int(child), *descendants(int(child)))]


def peak_kb(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def measure_help() -> tuple[float]:
    began = time.perf_counter()
    command = [sys.executable, "-m", "extraction.run", "--help"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return (time.perf_counter() - began,)


def measure_engine(workers: int, count: int) -> tuple[float]:
    engine = LocalEngine(do_nothing, workers=workers)
    began = time.perf_counter()
    done = sum(1 for _ in engine.run((Task(n, f"/reports/{n}.txt") for n in range(count)), options=None))
    assert done == count
    return (time.perf_counter() - began,)


def medians(runs: int, measure: Callable[[], tuple[float, ...]]) -> list[float]:
    return [statistics.median(values) for values in zip(*(measure() for _ in range(runs)), strict=True)]


def report(folder: Path, out: Path, count: int, runs: int) -> None:
    cores = available_cores()
    seconds, peak = medians(runs, lambda: measure_one_process(folder))
    print(f"one process, extraction alone   {count / seconds:8.1f} reports/s   peak {peak:5.0f} MB")
    for workers in sorted({1, cores}):
        seconds, parent, child = medians(runs, lambda n=workers: measure_command(folder, out, n))
        print(
            f"the command, {workers:2} worker(s)        {count / seconds:8.1f} reports/s   "
            f"peak {parent:5.0f} MB parent, {child:.0f} MB largest worker"
        )
    (seconds,) = medians(runs, lambda: measure_engine(1, 20_000))
    print(f"the engine alone, 1 worker      {seconds / 20_000 * 1e6:8.1f} µs a document")
    (seconds,) = medians(runs, measure_help)
    print(f"--help                          {seconds:8.3f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one-process", metavar="FOLDER", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one_process:
        one_process(arguments.one_process)
        return
    load = os.getloadavg()[0]
    print(
        f"Python {platform.python_version()}, {available_cores()} cores, load {load:.1f} before; "
        f"medians of {arguments.runs} runs"
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "in"
        folder.mkdir()
        make_inputs(folder, arguments.inputs)
        report(folder, Path(temporary) / "out", arguments.inputs, arguments.runs)


if __name__ == "__main__":
    main()
