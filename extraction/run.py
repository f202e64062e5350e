"""The command line: ``python -m extraction.run INPUT... --out DIR``, also installed as ``nianbao``.

Parses, calls ``extraction.corpus``, shows progress, prints the summary. Only the standard library is loaded
until there is work to do: ``--help`` is quick.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from extraction.corpus import Settings

DEFAULT_FORMATS = ("jsonl", "parquet", "duckdb")
_EPILOG = """\
INPUT is a file, a folder (searched to the bottom for .txt .html .htm .shtml .pdf .docx .md), a quoted glob,
or - for a list of paths on standard input, one a line or separated by NUL.

DIR receives reports.jsonl, errors.jsonl, summary.json and the formats asked for. A run that was stopped goes
on where it stopped when the same command is given again; inputs that changed are read again.

exit status: 0 every input became a record; 1 some went to errors.jsonl; 2 the command line was wrong or DIR
cannot be written.
"""


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    from extraction.sinks import FORMATS

    it = argparse.ArgumentParser(
        prog="nianbao",
        description="Read annual reports on government information disclosure "
        "(政府信息公开工作年度报告) into tables: every cell "
        "of the prescribed grids, with its place in the report, checked.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    it.add_argument("inputs", nargs="*", metavar="INPUT", help="files, folders, globs, or - (see below)")
    it.add_argument("--out", required=True, metavar="DIR", help="the output folder, made if need be")
    it.add_argument(
        "--format",
        nargs="+",
        action="extend",
        dest="formats",
        metavar="FORMAT",
        help=f"any of: {' '.join(FORMATS)} (default: {' '.join(DEFAULT_FORMATS)})",
    )
    it.add_argument("--with-text", action="store_true", help="put each report's text into its record")
    it.add_argument(
        "--grids-only", action="store_true", help="leave the prose unread: no figures, many times as fast"
    )
    it.add_argument("--workers", type=_whole, metavar="N", help="worker processes (default: one a core)")
    it.add_argument(
        "--timeout", type=_seconds, default=60.0, metavar="S", help="seconds one document may take (60)"
    )
    it.add_argument(
        "--memory", type=_whole, default=2048, metavar="MB", help="memory one document may take (2048)"
    )
    it.add_argument("--max-size", type=_whole, default=64, metavar="MB", help="largest input read (64)")
    it.add_argument("--fresh", action="store_true", help="start over: forget what an earlier run did")
    it.add_argument("--quiet", action="store_true", help="no progress bar and no summary")
    it.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    return it


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"nianbao {version('nianbao')}")
        except PackageNotFoundError:
            print("nianbao, from a source tree that was never installed")
        parser.exit()


def _whole(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above zero")
    return value


def _formats(given: Sequence[str] | None, it: argparse.ArgumentParser) -> tuple[str, ...]:
    from extraction.sinks import FORMATS

    names = [name for word in given or DEFAULT_FORMATS for name in word.split(",") if name]
    for name in names:
        if name not in FORMATS:
            it.error(
                f"argument --format: there is no format {name!r}; choose among {' '.join(FORMATS)}. "
                "An INPUT goes before --format."
            )
    return tuple(name for name in FORMATS if name in names)


def _settings(arguments: argparse.Namespace, formats: tuple[str, ...]) -> Settings:
    from extraction.corpus import Settings
    from extraction.corpus.work import WorkOptions
    from extraction.engines.protocol import Limits

    return Settings(
        formats=formats,
        workers=arguments.workers,
        work=WorkOptions(
            with_text=arguments.with_text,
            figures=not arguments.grids_only,
            max_bytes=arguments.max_size * 2**20,
        ),
        limits=Limits(timeout=arguments.timeout, memory_mb=arguments.memory),
        fresh=arguments.fresh,
    )


class _Bar:
    """A progress bar on standard error, made when the total is first known."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=total, unit=" reports", file=sys.stderr, smoothing=0.1)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _no_progress(done: int, total: int) -> None:
    """Say nothing: not a terminal, or --quiet."""


def _printable(line: str) -> str:
    """Foreign text on a terminal: control characters could move the cursor or hide lines."""
    return "".join(character if character.isprintable() else "�" for character in line)


def _stop(number: int, frame: object) -> NoReturn:
    raise SystemExit(128 + number)  # leave through every ``finally``: workers end, the journal is closed


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit status (0, 1 or 2; 130 where the user stopped it)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a narrow locale must not end the run
    it = parser()
    arguments = it.parse_args(argv)
    formats = _formats(arguments.formats, it)
    if not arguments.inputs:
        it.error("at least one INPUT is required: a file, a folder, a quoted glob, or -")
    listed = sys.stdin.buffer.read() if "-" in arguments.inputs else b""
    bar = _Bar() if sys.stderr.isatty() and not arguments.quiet else None
    previous = signal.signal(signal.SIGTERM, _stop)
    try:
        return _run(arguments, _settings(arguments, formats), listed=listed, progress=bar or _no_progress)
    except KeyboardInterrupt:
        print("nianbao: stopped. The same command goes on from here.", file=sys.stderr)
        return 130
    finally:
        signal.signal(signal.SIGTERM, previous)
        if bar is not None:
            bar.close()


def _run(
    arguments: argparse.Namespace,
    settings: Settings,
    *,
    listed: bytes,
    progress: Callable[[int, int], None],
) -> int:
    from extraction.corpus import extract_corpus
    from extraction.errors import NianbaoError

    try:
        summary = extract_corpus(arguments.inputs, arguments.out, settings, listed=listed, progress=progress)
    except NianbaoError as error:
        print(f"nianbao: {_printable(error.message)} [{error.code}]", file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"nianbao: the output in {arguments.out} could not be finished: {error}. What is done is kept; "
            "the same command goes on from here.",
            file=sys.stderr,
        )
        return 2
    if not arguments.quiet:
        _print_summary(list(summary.lines()))
    return 1 if summary.errors else 0


def _print_summary(lines: Sequence[str]) -> None:
    try:
        for line in lines:
            print(_printable(line))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
