"""Two hundred damaged PDFs end in a document or in an error of ours; none ends the process."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from random import Random

from extraction.document import Document
from extraction.errors import NianbaoError
from extraction.reading.pdf import read_pdf
from tests.extraction.reading.pdf_drawing import Paper, Table, plain

COUNT = 200


def report() -> bytes:
    paper = Paper()
    paper.canvas.setPageCompression(0)
    paper.line("一、总体情况")
    paper.paragraph("全年收到政府信息公开申请十七件，均在法定期限内答复。" * 3)
    paper.table(Table(plain([["规章", "1", "2", "3"], ["行政规范性文件", "4", "5", "6"]]), [160, 60, 60, 60]))
    return paper.data()


def damaged(data: bytes, random: Random) -> bytes:
    """Bytes changed, lost, doubled or swapped; digits are preferred, as they are lengths and references."""
    out = bytearray(data)
    digits = [i for i, b in enumerate(data) if 48 <= b <= 57]
    for _ in range(random.randint(1, 8)):
        at = random.choice(digits) if random.random() < 0.5 else random.randrange(len(out))
        at = min(at, len(out) - 1)
        match random.randrange(5):
            case 0:
                out[at] = random.randrange(256)
            case 1:
                out[at] = 48 + random.randrange(10)
            case 2:
                del out[at : at + random.randint(1, 40)]
            case 3:
                out[at:at] = out[at : at + random.randint(1, 200)]
            case _:
                out[at : at + 4] = random.randbytes(4)
        if len(out) < 20:
            break
    return bytes(out if random.random() < 0.9 else out[: random.randrange(20, len(out) + 1)])


def work(pipe: Connection) -> None:
    data, counts = report(), {"document": 0, "refused": 0}
    for seed in range(COUNT):
        try:
            outcome = read_pdf(damaged(data, Random(seed)), "x.pdf")
        except NianbaoError:
            counts["refused"] += 1
        else:
            assert isinstance(outcome, Document)
            counts["document"] += 1
    pipe.send(counts)


def test_damaged_files_end_in_a_document_or_an_error_of_ours():
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=work, args=(there,))
    process.start()
    there.close()
    try:
        assert here.poll(120), "hangs"
        counts = here.recv()
    finally:
        process.join(5)
        process.kill()
    assert counts["document"] + counts["refused"] == COUNT
    assert counts["document"] > 20 and counts["refused"] > 2
