"""``make bench``, second part: HTML against pandas.read_html, PDF against pdfplumber and pypdfium2's bare text.

All ways read the same files in one run, in turn, so that a noisy machine is noisy for all. Ours is the whole
way to a record (``extract_bytes``), without figures and with; pandas and pdfplumber stop at raw tables. Peak
memory: each way alone in a process of its own.
"""

# ruff: noqa: T201 - it prints what it measures
import argparse
import io
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from tests.bench import peak_kb

ROOT = Path(__file__).parent.parent
PDFS = [
    *sorted((ROOT / "examples").glob("*.pdf")),
    *sorted((ROOT.parent / "shared/corpus/reports").glob("*.pdf")),
]
PAGES = sorted((ROOT / "examples").glob("*.html"))

Way = Callable[[bytes, str], object]


def ours(data: bytes, path: str) -> object:
    """The grids: what the other ways read, too."""
    from extraction.pipeline import Options, extract_bytes

    return extract_bytes(data, path, Options(figures=False))


def ours_with_figures(data: bytes, path: str) -> object:
    from extraction.pipeline import extract_bytes

    return extract_bytes(data, path)


def pandas_read_html(data: bytes, path: str) -> object:
    import pandas as pd

    return pd.read_html(io.BytesIO(data), flavor="lxml", encoding="utf-8")


def pdfplumber_tables(data: bytes, path: str) -> object:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [page.extract_tables() for page in pdf.pages]


def bare_text(data: bytes, path: str) -> object:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


_ALL: tuple[Way, ...] = (ours, ours_with_figures, pandas_read_html, pdfplumber_tables, bare_text)
WAYS: dict[str, Way] = {way.__name__: way for way in _ALL}


def compare(title: str, files: list[Path], ways: list[Way], rounds: int) -> None:
    if not files:
        print(f"{title}: no files to measure with")
        return
    loaded = [(path.read_bytes(), str(path)) for path in files]
    seconds: dict[str, list[float]] = {way.__name__: [] for way in ways}
    for way in ways:
        way(*loaded[0])
    for _ in range(rounds):
        for way in ways:
            began = time.process_time()
            for data, path in loaded:
                way(data, path)
            seconds[way.__name__].append((time.process_time() - began) / len(loaded))
    base = statistics.median(seconds["ours"])
    print(f"{title}: {len(files)} file(s), {rounds} rounds in turn, CPU time")
    for name, values in seconds.items():
        middle = statistics.median(values)
        peak = _peak(name, files)
        print(
            f"  {name:20} {1 / middle:8.1f} reports/s/core   {middle / base:5.1f} × ours   peak {peak:4.0f} MB"
        )


def _peak(name: str, files: list[Path]) -> float:
    command = [sys.executable, "-m", "tests.bench_formats", "--peak", name, *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peak", metavar="WAY", help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # of the other libraries
    if arguments.peak:
        for file in arguments.files:
            WAYS[arguments.peak](Path(file).read_bytes(), file)
        print(peak_kb(os.getpid()))  # ru_maxrss would carry the parent's over
        return
    compare("HTML", PAGES, [ours, ours_with_figures, pandas_read_html], arguments.rounds)
    compare("PDF", PDFS, [ours, ours_with_figures, pdfplumber_tables, bare_text], arguments.rounds)


if __name__ == "__main__":
    main()
