"""The cutting and its filter on the whole bank: no figure is cut in two, next to none is filtered away."""

from pathlib import Path

import pytest

from annotations.bank.markup import parse_unit
from extraction.narrative.sentences import cut, may_hold_figure, split_sentences

UNITS = Path(__file__).parents[2] / "annotations" / "bank" / "units"


@pytest.fixture(scope="module")
def texts():
    """Every unit's text, and where its figures stand."""
    found = []
    for path in sorted(UNITS.glob("*.md")):
        unit = parse_unit(path.read_text("utf-8"))
        marks, at = [], 0
        for passage in unit.passages:
            marks += [(m.start + at, m.end + at) for m in passage.marks]
            at += len(passage.text) + 1
        found.append(("\n".join(p.text for p in unit.passages), marks))
    assert sum(len(marks) for _, marks in found) > 5000
    return found


def test_the_filter_loses_less_than_one_figure_in_a_thousand(texts):
    lost = total = 0
    for text, marks in texts:
        tagged = [(s.start, s.end) for s in cut(text)]
        total += len(marks)
        lost += sum(not any(a <= start < b for a, b in tagged) for start, _ in marks)
    assert lost / total < 0.001


def test_no_stretch_ends_inside_a_figure(texts):
    halved = sum(
        s.start < end and start < s.end < end
        for text, marks in texts
        for s in cut(text)
        for start, end in marks
    )
    assert halved == 0


def test_the_filter_spares_work(texts):
    dropped = sum(
        end - start
        for text, _ in texts
        for start, end in split_sentences(text)
        if not may_hold_figure(text[start:end])
    )
    assert dropped / sum(len(text) for text, _ in texts) > 0.1
