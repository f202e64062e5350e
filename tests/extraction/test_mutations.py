"""A thousand damaged files, each through the worker's sandbox: a record or an error record, and no silent lie."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extraction.corpus.work import WorkOptions, read_report
from extraction.engines.local import LocalEngine
from extraction.engines.protocol import Limits, Outcome, Task, unpack
from tests.rendering.mutations import MAKERS, Mutant, mutant

LIMITS = Limits(timeout=30, memory_mb=1024)


def read(task: Task, options: WorkOptions) -> Outcome:
    """The worker's own work; seven of eight without the tagger, which costs more than all the rest."""
    from extraction import pipeline

    with pytest.MonkeyPatch.context() as patch:
        if task.number % 8:
            patch.setattr(pipeline, "shipped_tagger", lambda: None)
        return read_report(task, options)


def unsaid(made: Mutant, record: dict[str, Any]) -> list[tuple[str, object, object]]:
    """Values that are not the report's, in tables of which no warning or error speaks."""
    said = [
        f for f in record["findings"] if f["severity"] != "note" and not f["check"].startswith("agreement.")
    ]
    tables = {key.split("/")[0] for f in said for key in f["cells"]}
    out = []
    for cell in record["cells"]:
        key = f"{cell['table']}/{cell['row']}/{cell['column']}"
        true = made.sheet.cells.get(key, "no such cell")
        if cell["value"] is None or cell["value"] == true or cell["table"] in tables:
            continue
        grids = (f"Grid {cell['table']} ", f"Grid {cell['table'].split('.')[0]} ")
        if not any(f["message"].startswith(grids) for f in said):
            out.append((key, true, cell["value"]))
    return out


@pytest.mark.slow
@pytest.mark.parametrize("kind", MAKERS)
def test_damaged_files_end_in_a_record_or_an_error(kind: str, tmp_path: Path):
    made: dict[int, Mutant] = {}

    def tasks() -> Iterator[Task]:
        for number in range(MAKERS[kind][2]):
            made[number] = mutant(kind, number)
            path = tmp_path / f"{number}{made[number].suffix}"
            path.write_bytes(made[number].data)
            yield Task(number, str(path))

    engine = LocalEngine(read, workers=2, limits=LIMITS, preload=("extraction.pipeline",))
    codes: Counter[str] = Counter()
    cells = right = 0
    for outcome in engine.run(tasks(), options=WorkOptions()):
        result = json.loads(unpack(outcome.payload))
        mutation = made[outcome.number]
        codes[result.get("code", "record")] += 1
        if outcome.kind == "error":
            assert result["message"], mutation.name
        elif mutation.judged:
            assert unsaid(mutation, result) == [], mutation.name
            cells += len(mutation.sheet.cells)
            right += sum(
                cell["value"]
                == mutation.sheet.cells.get(f"{cell['table']}/{cell['row']}/{cell['column']}", "")
                for cell in result["cells"]
            )
    assert codes.total() == MAKERS[kind][2]
    assert not {"internal.error", "worker.died", "worker.timeout", "worker.memory"} & codes.keys()
    assert codes["record"] >= 0.2 * codes.total()
    assert right >= 0.9 * cells  # a damage costs what it touches


def test_there_are_a_thousand():
    assert sum(share for _, _, share in MAKERS.values()) == 1000
