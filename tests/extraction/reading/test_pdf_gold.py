"""The yardstick: a real report of five pages, its grids split over them, two totals wrong in the source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extraction.document import Document
from extraction.reading.pdf import read_pdf

SHARED = Path(__file__).parents[4] / "shared" / "corpus"
REPORT, GOLD = SHARED / "reports" / "hongze-2023.pdf", SHARED / "gold" / "hongze-2023.json"

pytestmark = pytest.mark.skipif(not GOLD.exists(), reason=f"NOT TESTED: {GOLD} is not here")


@pytest.fixture(scope="module")
def document() -> Document:
    return read_pdf(REPORT.read_bytes(), str(REPORT))


def test_every_cell_as_in_the_gold(document):
    from extraction.grids import read_grids
    from extraction.recognise import recognise

    reading = read_grids(document, recognise(document, str(REPORT)))
    gold = json.loads(GOLD.read_text("utf-8"))["cells"]
    assert {cell.key: cell.value for cell in reading.cells} == gold
    assert len(gold) == 186
    for cell in reading.cells:
        assert document.text[cell.start : cell.end] == cell.raw
        assert cell.page in (2, 3, 4) and cell.bbox is not None


def test_the_grids_are_three_over_their_page_breaks(document):
    assert [(t.rows, t.columns) for t in document.tables] == [(14, 4), (26, 10), (4, 15)]


def test_no_page_number_is_left_and_headings_stand_alone(document):
    lines = document.text.split("\n")
    assert not any(line.strip(" -").isdigit() for line in lines if "\t" not in line)
    assert (
        sum(line.startswith(("一、总", "二、主", "三、收", "四、政", "五、存", "六、其")) for line in lines)
        == 6
    )


def test_places_cover_the_text_once_in_order(document):
    at = 0
    for place in document.places:
        assert at <= place.start <= place.end
        assert not document.text[at : place.start].strip()
        at = place.end
    assert at == len(document.text)
