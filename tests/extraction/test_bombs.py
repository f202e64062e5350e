"""Files made to harm, through the command line: refused or read within the limits, the others done."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.extraction.reading.ooxml import archive, zeros
from tests.extraction.reading.pages import page, table

ROOT = Path(__file__).parents[2]
MEMORY_MB = 1024


@dataclass(frozen=True)
class Run:
    """A finished run of the command line; peaks in MB, of the parent and of the largest of its workers."""

    status: int
    said: str
    seconds: float
    parent: int
    worker: int
    records: dict[str, dict]
    errors: dict[str, dict]


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(line.split()[1]) // 1024


def _descendants(pid: int) -> list[int]:
    out = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in map(int, children.read_text().split()):
                out += [child, *_descendants(child)]
        except OSError:
            continue
    return out


def nianbao(folder: Path, out: Path, *, timeout: int = 60) -> Run:
    command = [sys.executable, "-m", "extraction.run", str(folder), "--out", str(out), "--format", "jsonl"]
    command += ["--workers", "2", "--timeout", str(timeout), "--memory", str(MEMORY_MB), "--with-text"]
    began = time.monotonic()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    parent = worker = 0
    while process.poll() is None:
        parent = max(parent, _peak(process.pid))
        worker = max([worker, *map(_peak, _descendants(process.pid))])
        time.sleep(0.02)
        assert time.monotonic() - began < 300, "hangs"
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    seconds = time.monotonic() - began
    records = _lines(out / "reports.jsonl")
    return Run(
        process.returncode,
        said,
        seconds,
        parent,
        worker,
        {Path(record["source"]["path"]).name: record for record in records},
        {Path(error["path"]).name: error for error in _lines(out / "errors.jsonl")},
    )


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def swelling_pdf(size: int) -> bytes:
    """One page whose drawing inflates to ``size`` blanks."""
    packer = zlib.compressobj(9)
    block = b" " * 2**20
    packed = b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()
    stream = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        stream,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n" + table + end


def wide_page() -> bytes:
    """A report whose tables have a title over a million columns: browsers show it, so it is read."""
    title = "<tr><td colspan=1000000>第二十条第（一）项</td></tr>"
    return page().replace("<tbody>", f"<tbody>{title}", 1).encode()


def many_wide_cells() -> bytes:
    row = "<tr>" + "<td colspan=1000000 rowspan=70000>1</td>" * 3000 + "</tr>"
    return page(f"<table>{row * 30}</table>").encode()


def nested_tags(tag: str) -> bytes:
    return page(f"<{tag}>" * 100_000 + table([["规章", "1", "2", "3"]]) + f"</{tag}>" * 100_000).encode()


@pytest.fixture(scope="module")
def bombs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of bombs with good reports among them."""
    folder = tmp_path_factory.mktemp("bombs")
    files = {
        "00-good.html": page().encode(),
        "10-swelling.pdf": swelling_pdf(400 * 2**20),
        "20-wide.html": wide_page(),
        "21-wide-cells.html": many_wide_cells(),
        "30-zeros.docx": archive("word/document.xml", zeros(10 * 2**30), 10 * 2**30),
        "31-lying-zeros.docx": archive("word/document.xml", zeros(10 * 2**30), 4_000_000),
        "40-divs.html": nested_tags("div"),
        "41-tables.html": nested_tags("table"),
        "42-spans.html": nested_tags("span"),
        "50-digits.txt": b"1234567890" * (5 * 2**20),
        "51-digits.html": b"<p>" + b"1234567890" * (5 * 2**20),
        "52-digits.docx": b"PK\x03\x04" + b"1234567890" * (5 * 2**20),
        "53-digits.pdf": b"%PDF-1.7\n" + b"1234567890" * (5 * 2**20),
        "60-pipes.txt": b"|" * 1_000_000,
        "61-pipes.html": page("<p>" + "|" * 1_000_000).encode(),
        "99-good.html": page().encode(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def run(bombs: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return nianbao(bombs, tmp_path_factory.mktemp("out"))


def test_every_file_is_accounted_for_and_the_good_ones_are_done(run: Run, bombs: Path):
    assert run.status == 1, run.said
    assert "Traceback" not in run.said
    assert run.records.keys() | run.errors.keys() == {path.name for path in bombs.iterdir()}
    assert not run.records.keys() & run.errors.keys()
    good = [run.records[name] for name in ("00-good.html", "99-good.html")]
    assert all(sum(cell["kind"] == "number" for cell in record["cells"]) > 180 for record in good)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("10-swelling.pdf", {"pdf.too_large"}),
        ("21-wide-cells.html", {"html.too_many_cells"}),
        ("30-zeros.docx", {"docx.too_large", "docx.unsafe"}),
        ("31-lying-zeros.docx", {"docx.too_large", "docx.unsafe", "docx.damaged"}),
        ("40-divs.html", {"html.too_deep"}),
        ("41-tables.html", {"html.too_deep"}),
        ("42-spans.html", {"html.too_deep"}),
    ],
)
def test_a_bomb_is_refused_for_what_it_is(run: Run, name: str, codes: set[str]):
    assert run.errors[name]["code"] in codes
    assert len(run.errors[name]["message"]) > 40


def test_nothing_is_refused_by_accident(run: Run):
    codes = {error["code"] for error in run.errors.values()}
    assert not codes & {"internal.error", "worker.died", "worker.timeout", "worker.memory"}


def test_a_colspan_of_a_million_costs_nothing(run: Run):
    wide, good = run.records["20-wide.html"], run.records["00-good.html"]
    assert [c["value"] for c in wide["cells"]] == [c["value"] for c in good["cells"]]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
def test_the_bombs_cost_little(run: Run):
    assert run.seconds < 60
    assert 0 < run.parent < 200
    assert 0 < run.worker < 700
