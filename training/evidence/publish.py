"""Where an evaluation goes: the record as JSON, the page made of it, and the model's card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from training.evidence.full import Evidence
from training.evidence.report import render_card, render_page

RECORD, PAGE, CARD = "evaluation.json", "index.html", "MODEL_CARD.md"
REPORT = Path("docs/evaluation")


def publish(evidence: Evidence, report: Path, model: Path, private: Path) -> None:
    """Write record, page and card; sentences of real reports only to ``private``, which git ignores."""
    report.mkdir(parents=True, exist_ok=True)
    _write(report / RECORD, json.dumps(evidence.record, ensure_ascii=False, indent=1) + "\n")
    republish(report, model)
    if evidence.private:
        private.mkdir(parents=True, exist_ok=True)
        rows = [m.as_json(with_sentence=True) for m in evidence.private]
        _write(private / "real_mistakes.json", json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def republish(report: Path, model: Path) -> None:
    """Make the page and the card anew from the record in ``report``."""
    record: dict[str, Any] = json.loads((report / RECORD).read_text("utf-8"))
    _write(report / PAGE, render_page(record))
    _write(model / CARD, render_card(record))


def _write(path: Path, text: str) -> None:
    """All or nothing."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8")
    part.replace(path)
