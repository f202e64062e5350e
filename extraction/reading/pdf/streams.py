"""Compressed streams measured before a PDF library sees them: a 400 KB file can inflate to 400 MB.

pdfium inflates whatever a page names, up to a gigabyte (``spec/anchors.md`` section 3). Streams stand in the
file in the clear, each behind its dictionary, so they can be inflated here with a cap, piece by piece and
without keeping anything. Pictures are left out: only rendering would decode them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from extraction.reading.pdf.limits import MAX_INFLATED, too_large

_STREAM = re.compile(rb"stream\r?\n")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
_CHUNK = 1 << 20
_DICTIONARY = 4096  # bytes looked back for a stream's dictionary
_MAX_STAGES = 4  # Flate within Flate; no writer does it twice
_MAX_RATIO = 1032  # of deflate: a stream that cannot reach the cap need not be inflated


def check_streams(data: bytes, path: str) -> None:
    """Measure every Flate stream of a PDF.

    Raises LimitExceeded ``pdf.too_large`` where they inflate to more than ``MAX_INFLATED`` bytes together.
    """
    found = list(_flate_streams(data))
    if sum(end - start for start, end, stages in found) * _MAX_RATIO <= MAX_INFLATED and all(
        stages == 1 for _, _, stages in found
    ):
        return
    left = MAX_INFLATED
    for start, end, stages in found:
        left -= _inflated(data[start:end], min(stages, _MAX_STAGES), left)
        if left < 0:
            raise too_large(path, f"inflates to more than {MAX_INFLATED:,} bytes", MAX_INFLATED)


def _flate_streams(data: bytes) -> Iterator[tuple[int, int, int]]:
    at = 0
    while found := _STREAM.search(data, at):
        start = found.end()
        at = start
        head = data[max(0, found.start() - _DICTIONARY) : found.start()]
        head = head[max(head.rfind(b" obj"), head.rfind(b"endstream"), 0) :]
        if not head.rstrip().endswith(b">>"):  # "endstream", or the word within a stream
            continue
        stages = len(_FLATE.findall(head))
        if not stages or _IMAGE.search(head):
            continue
        end = data.find(b"endstream", start)
        end = len(data) if end < 0 else end
        at = end
        yield start, end, stages


def _inflated(data: bytes, stages: int, limit: int) -> int:
    """Bytes that ``data`` inflates to through all its stages; stops soon after ``limit``."""
    total = 0
    for piece in _inflate(iter((data,)), limit, stages):
        total += len(piece)
        if total > limit:
            break
    return total


def _inflate(pieces: Iterator[bytes], limit: int, stages: int) -> Iterator[bytes]:
    source = _inflate(pieces, limit, stages - 1) if stages > 1 else pieces
    engine = zlib.decompressobj()
    done = 0
    for piece in source:
        rest = piece
        while rest and done <= limit and not engine.eof:
            try:
                out = engine.decompress(rest, _CHUNK)
            except zlib.error:  # damaged or encrypted: pdfium sees no more of it than we do
                return
            rest = engine.unconsumed_tail
            done += len(out)
            yield out
