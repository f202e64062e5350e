"""Work for the corpus's tests: a record of any file, fast, with the outcomes a real one has."""

import json
import time
from hashlib import sha256
from pathlib import Path

from extraction.corpus.work import WorkOptions, read_bytes
from extraction.engines.protocol import Outcome, Task, failure, pack, printable_path


def note_size(task: Task, options: WorkOptions) -> Outcome:
    """A record with the file's size; ``bad`` is refused, ``slow`` takes a while, ``bug`` fails."""
    data = read_bytes(task.path, options.max_bytes)
    digest = sha256(data).hexdigest()
    if digest == task.known:
        return Outcome(task.number, "unchanged", sha256=digest)
    if data.startswith(b"bug"):
        raise RuntimeError("a bug")
    if data.startswith(b"slow"):
        time.sleep(0.02)
    if data.startswith(b"bad"):
        refusal = failure(task, step="read", code="text.bad", error="UnreadableInput", message="bad")
        return Outcome(task.number, "error", refusal.payload, digest)
    path = printable_path(task.path)
    line = json.dumps({"path": path, "bytes": len(data), "with_text": options.with_text}).encode() + b"\n"
    headline = {
        "path": path,
        "unit": None,
        "year": 2019,
        "form": "2019",
        "cells": [3, 4],
        "figures": 0,
        "findings": {"note": 2},
    }
    marks = Path(task.path).parent.parent / "marks"
    if marks.is_dir():
        (marks / Path(task.path).name).write_bytes(b"done")
    return Outcome(task.number, "record", pack(line), digest, json.dumps(headline).encode())
