"""The five real reports of ../shared: every cell as a careful person read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extraction import extract

SHARED = Path(__file__).parents[4] / "shared" / "corpus"
SEEDS = ["beileng-2019", "luoning-2020", "lushan-2019", "xincai-2020", "yiyuan-2019"]

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"needs the real reports in {SHARED}")


@pytest.mark.parametrize("name", SEEDS)
def test_every_cell_as_in_gold(name: str) -> None:
    gold = json.loads((SHARED / "gold" / f"{name}.json").read_text())
    report = extract(SHARED / "seeds" / f"{name}.txt")
    got = {cell.key: cell for cell in report.cells}
    assert len(gold["cells"]) == 198
    for key, value in gold["cells"].items():
        kind = "ambiguous" if value == "ambiguous" else "number"
        assert got[key].kind == kind, key
        assert got[key].value == (None if kind == "ambiguous" else value), key
    assert (report.unit.name, report.year, report.form) == (gold["unit"], gold["year"], gold["form"])


def test_the_review_grid_with_thirteen_numbers_says_how_many_placings() -> None:
    report = extract(SHARED / "seeds" / "yiyuan-2019.txt")
    said = [f for f in report.findings if f.check == "grid.ambiguous"]
    assert len(said) == 1
    assert "13 numbers" in said[0].message
    assert "32 ways" in said[0].message
    assert (said[0].expected, said[0].actual) == (15, 13)
