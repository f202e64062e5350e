"""Realistic one-line damages: no wrong value without a warning on its table, 99% of all cells still right."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from extraction.pipeline import Options, extract_bytes
from extraction.records import Report
from tests.rendering.damage import DAMAGES, Known

ROOT = Path(__file__).parents[3]
SEEDS = sorted((ROOT.parent / "shared" / "corpus" / "seeds").glob("*.txt"))
EXAMPLES = sorted((ROOT / "examples").glob("*.txt"))


def _reports() -> Iterator[Path]:
    yield from EXAMPLES[:3]
    yield from SEEDS


def _known(path: Path) -> Known:
    report = extract_bytes(path.read_bytes(), str(path), Options(with_text=True, figures=False))
    assert report.text is not None
    return Known(report.text, {cell.key: cell for cell in report.cells})


def _warned(report: Report) -> set[str]:
    """Tables that some finding above a note speaks of."""
    keys = [key for f in report.findings if f.severity != "note" for key in f.cells]
    return {key.rsplit("/", 2)[0] for key in keys} | {key for key in keys if "/" not in key}


def test_there_are_at_least_thirty_kinds_of_damage() -> None:
    assert len(DAMAGES) >= 30
    assert EXAMPLES


@pytest.mark.parametrize("path", list(_reports()), ids=lambda p: p.stem)
def test_damages(path: Path) -> None:
    known = _known(path)
    right = total = 0
    silent: list[tuple[str, str, object, object]] = []
    for name, apply in DAMAGES.items():
        for seed in range(2):
            damaged = apply(known, random.Random(f"{path.stem}-{name}-{seed}"))
            if damaged is None:
                continue
            text, expected = damaged
            report = extract_bytes(text.encode(), "damaged.txt", Options(figures=False))
            got = {cell.key: cell for cell in report.cells}
            warned = _warned(report)
            for key, value in expected.items():
                total += 1
                read = got[key].value if key in got else None
                right += read == value
                if read is not None and read != value and key.rsplit("/", 2)[0] not in warned:
                    silent.append((name, key, value, read))
    assert silent == []
    assert total > 30 * len(known.cells) / 2
    assert right >= 0.99 * total, f"{right} of {total}"
