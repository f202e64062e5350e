"""A marker of figures against marked texts: strict span and label, and label and value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from annotations.bank.markup import Mark
from extraction.forms import load_labels
from extraction.narrative.quantities import parse_quantity
from extraction.narrative.tagger import Span
from training.examples import Labelled
from training.metrics import Score, Tally


class Marker(Protocol):
    """Whatever marks figures: the tagger, a model under training, a baseline."""

    def tag(self, text: str, *, year: int | None = None) -> list[Span]:
        """The figures of ``text``."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One disagreement: what was wanted, what was found (either may be missing), and the words around."""

    source: str
    wanted: str
    found: str
    around: str


@dataclass(frozen=True, slots=True)
class Result:
    """Strict scores by label, the same by label and value, the period's, and every mistake."""

    strict: Tally
    valued: Tally
    period: Score
    mistakes: tuple[Mistake, ...]

    @property
    def all(self) -> Score:
        return self.strict.total()

    @property
    def core(self) -> Score:
        """The three families that the product is for."""
        return self.strict.total(key for key, label in load_labels().items() if label.core)


def value_of(text: str, start: int, end: int, label: str) -> object:
    """The value of a span as the product reads it."""
    before, after = text[max(0, start - 12) : start], text[end : end + 6]
    return parse_quantity(text[start:end], label, before=before, after=after).value


def score_tagger(marker: Marker, texts: Sequence[Labelled]) -> Result:
    """Mark every text and compare."""
    strict, valued = Tally(), Tally()
    period = Score()
    mistakes: list[Mistake] = []
    for text in texts:
        found = [s for s in marker.tag(text.text, year=text.year) if s.start >= text.first]
        strict.add(
            [(m.label, (m.start, m.end)) for m in text.marks], [(s.label, (s.start, s.end)) for s in found]
        )
        valued.add(
            [(m.label, value_of(text.text, m.start, m.end, m.label)) for m in text.marks],
            [(s.label, value_of(text.text, s.start, s.end, s.label)) for s in found],
        )
        period += _period(text, found)
        mistakes += _mistakes(text, found)
    return Result(strict, valued, period, tuple(mistakes))


def _period(text: Labelled, found: list[Span]) -> Score:
    """Figures of another year, among those whose span and label are right."""
    prior = {(s.start, s.end, s.label): s.prior for s in found}
    pairs = [(m.prior, prior[key]) for m in text.marks if (key := (m.start, m.end, m.label)) in prior]
    return Score(
        sum(want and have for want, have in pairs),
        sum(have and not want for want, have in pairs),
        sum(want and not have for want, have in pairs),
    )


def _mistakes(text: Labelled, found: list[Span]) -> list[Mistake]:
    have = {(s.start, s.end): s.label for s in found}
    want = {(m.start, m.end): m.label for m in text.marks}
    out = []
    for place in sorted(have.keys() | want.keys()):
        if have.get(place) != want.get(place):
            start, end = place
            around = f"{text.text[max(0, start - 40) : start]}【{text.text[start:end]}】{text.text[end : end + 15]}"
            out.append(
                Mistake(text.source, want.get(place, "-"), have.get(place, "-"), around.replace("\n", "⏎"))
            )
    return out


def marks_of(spans: Sequence[Span]) -> tuple[Mark, ...]:
    """Spans as marks of the bank."""
    return tuple(Mark(s.label, s.start, s.end, s.prior) for s in spans)
