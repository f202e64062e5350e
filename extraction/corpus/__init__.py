"""Many documents: find them, share them out, go on where a killed run stopped, and write the results.

inputs → find → engine (workers) → journal → reports.jsonl, errors.jsonl → sinks → summary.json
"""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from extraction.corpus.copies import Copies
from extraction.corpus.crossing import Crossing, cross_line
from extraction.corpus.files import OutputError, locked_folder, written_whole
from extraction.corpus.find import Found, find_inputs
from extraction.corpus.journal import Journal
from extraction.corpus.summary import Summary
from extraction.corpus.work import WorkOptions, read_report
from extraction.engines.protocol import Engine, Limits, Task

DEFAULT_FORMATS = ("jsonl", "parquet", "duckdb")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run may choose. ``workers`` None is one a core."""

    formats: tuple[str, ...] = DEFAULT_FORMATS
    workers: int | None = None
    work: WorkOptions = field(default_factory=WorkOptions)
    limits: Limits = field(default_factory=Limits)
    fresh: bool = False


def extract_corpus(
    inputs: Iterable[str],
    out: str | Path,
    settings: Settings = Settings(),
    *,
    listed: bytes = b"",
    engine: Engine | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Summary:
    """Read every input into the folder ``out`` (``spec/output.md``) and say what was done.

    ``inputs`` are files, folders, globs, or ``-`` for the paths in ``listed``. ``progress`` is called with
    the number of inputs done and their total. Raises OutputError before any work where ``out`` cannot be
    written, OSError where it later cannot, EngineError where workers do not start.
    """
    began = time.monotonic()
    out = Path(out)
    with locked_folder(out) as inner:
        before = _files(out)
        found = find_inputs(inputs, listed=listed, avoid=str(out))
        with Journal(inner, key=_journal_key(settings), fresh=settings.fresh) as journal:
            unchanged = _do_all(found, journal, engine or _local_engine(settings), settings, progress)
            records = (out if "jsonl" in settings.formats else inner) / "reports.jsonl"
            summary, crossing = _gather(found, journal, records, out / "errors.jsonl")
            crossed = records.with_name("cross_findings.jsonl")
            _cross(crossing, journal, crossed, summary)
        summary.skipped = found.skipped
        summary.unchanged = unchanged
        summary.reading_seconds = time.monotonic() - began
        _write_formats(settings.formats, records, crossed, out)
        summary.seconds = time.monotonic() - began
        _write_summary(summary, settings, out)
        summary.files = [str(out / name) for name, _, _ in sorted(_files(out) - before)]
    return summary


def _files(folder: Path) -> set[tuple[str, int, int]]:
    """The visible files of a folder, each with what changes when it is replaced."""
    return {
        (path.name, status.st_ino, status.st_mtime_ns)
        for path in folder.iterdir()
        if not path.name.startswith(".")
        for status in [path.stat()]
    }


def _local_engine(settings: Settings) -> Engine:
    from extraction.engines.local import LocalEngine, available_cores

    workers = settings.workers or available_cores()
    return LocalEngine(
        read_report, workers=workers, limits=settings.limits, preload=("extraction.pipeline", "orjson")
    )


def _journal_key(settings: Settings) -> str:
    """What records depend on besides the input: the program (version, model, sources) and the options.

    The sources count because a version stays the same while a program is being changed.
    """
    from extraction.pipeline import software

    sources = hashlib.sha256()
    package = Path(__file__).parent.parent
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            sources.update(path.relative_to(package).as_posix().encode() + b"\0")
            sources.update(hashlib.sha256(path.read_bytes()).digest())
    key = {
        "software": asdict(software()),
        "sources": sources.hexdigest(),
        "options": {"with_text": settings.work.with_text, "figures": settings.work.figures},
    }
    return json.dumps(key, sort_keys=True)


def _do_all(
    found: Found,
    journal: Journal,
    engine: Engine,
    settings: Settings,
    progress: Callable[[int, int], None],
) -> int:
    """Bring the journal up to date with every input; how many already were."""
    for path, refusal in found.refused.items():
        journal.add(path, refusal)
    done = len(found.refused)
    total = done + len(found.paths)
    unchanged = 0
    outcomes = engine.run(_tasks(found.paths, journal), options=settings.work)
    with ExitStack() as stack:
        if isinstance(outcomes, Generator):  # stop the workers at once if anything here fails
            stack.enter_context(closing(outcomes))
        for outcome in outcomes:
            journal.add(found.paths[outcome.number], outcome)
            unchanged += outcome.kind == "unchanged"
            done += 1
            progress(done, total)
    return unchanged


def _tasks(paths: Sequence[str], journal: Journal) -> Iterator[Task]:
    for number, path in enumerate(paths):
        yield Task(number, path, journal.known(path))


def _gather(found: Found, journal: Journal, records: Path, refusals: Path) -> tuple[Summary, Crossing]:
    """Write records and error records in the order of the paths, one at a time in memory."""
    summary, copies, crossing = Summary(), Copies(), Crossing()
    every = sorted([*found.paths, *found.refused])
    with written_whole(records) as reports, written_whole(refusals) as errors:
        for path, entry in zip(every, journal.entries(every), strict=True):
            if entry.kind == "record":
                copies.add(entry.headline, reports.tell())
                crossing.add(entry.headline, path)
                reports.write(entry.line)
                summary.count_report(entry.headline)
            else:
                errors.write(entry.line)
                summary.count_error(json.loads(entry.line))
    for comparison in copies.compare(records):
        summary.count_comparison(comparison)
    return summary, crossing


def _cross(crossing: Crossing, journal: Journal, path: Path, summary: Summary) -> None:
    """Compare the reports of the run with one another; findings are written as they are found."""
    with written_whole(path) as stream:
        for finding in crossing.findings(journal):
            stream.write(cross_line(finding))
            summary.cross.count(finding)
    summary.cross.counts = crossing.counts


def _write_formats(formats: Sequence[str], records: Path, crossed: Path, out: Path) -> None:
    from extraction import sinks

    try:
        others = [name for name in formats if name != "jsonl"]
        sinks.write(records=records, out=out, formats=others, crossed=crossed)
    finally:
        if "jsonl" not in formats:
            for path in (records, crossed):
                path.unlink(missing_ok=True)
                (out / path.name).unlink(missing_ok=True)  # an earlier run's, no longer true


def _write_summary(summary: Summary, settings: Settings, out: Path) -> None:
    from extraction.pipeline import software

    record: dict[str, Any] = summary.to_dict()
    record["software"] = asdict(software())
    record["python"] = platform.python_version()
    record["options"] = {
        "formats": list(settings.formats),
        "with_text": settings.work.with_text,
        "figures": settings.work.figures,
        "workers": settings.workers,
        "limits": {**asdict(settings.limits), "max_bytes": settings.work.max_bytes},
    }
    with written_whole(out / "summary.json") as stream:
        stream.write(json.dumps(record, ensure_ascii=False, indent=2).encode() + b"\n")


__all__ = ["DEFAULT_FORMATS", "OutputError", "Settings", "extract_corpus"]
