"""Texts with what should be found in them and what a marker found."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotations.bank.load import load_bank
from extraction.narrative.tagger import Span
from training.calibration import is_right
from training.evaluation import Marker, value_of
from training.evidence.matching import Item
from training.examples import Labelled
from training.real import ValuedReport


@dataclass(frozen=True, slots=True)
class Marking:
    """One text, the cluster it is drawn with (``province/county``, or the report), and the spans found.

    ``right`` says of every span whether its label and value are.
    """

    text: Labelled
    cluster: str
    spans: tuple[Span, ...]
    right: tuple[bool, ...]

    @property
    def wanted(self) -> list[Item]:
        """What should be found."""
        text = self.text.text
        return [
            Item(m.start, m.end, m.label, value_of(text, m.start, m.end, m.label)) for m in self.text.marks
        ]

    @property
    def found(self) -> list[Item]:
        """What was found."""
        text = self.text.text
        return [Item(s.start, s.end, s.label, value_of(text, s.start, s.end, s.label)) for s in self.spans]


@dataclass(frozen=True, slots=True)
class Marked:
    """All texts of one set as one marker marked them, and how long it took."""

    markings: tuple[Marking, ...]
    seconds: float

    @property
    def characters_per_second(self) -> int:
        return round(sum(len(m.text.text) for m in self.markings) / max(self.seconds, 1e-9))


def mark_all(marker: Marker, texts: Sequence[Labelled], clusters: Mapping[str, str]) -> Marked:
    """Mark every text; ``clusters`` maps its source to its cluster (the source itself where it has none)."""
    begun = time.perf_counter()
    spans = [tuple(marker.tag(t.text, year=t.year)) for t in texts]
    seconds = time.perf_counter() - begun
    return Marked(
        tuple(
            Marking(t, clusters.get(t.source, t.source), s, tuple(is_right(t, span) for span in s))
            for t, s in zip(texts, spans, strict=True)
        ),
        seconds,
    )


def mark_valued(marker: Marker, reports: Sequence[ValuedReport]) -> list[tuple[ValuedReport, Marking]]:
    """Reports whose gold has no offsets: a span is right while its (label, value) is still to be found.

    Among spans that say the same, those with the highest scores are judged right first.
    """
    out = []
    for report in reports:
        spans = tuple(marker.tag(report.text, year=report.year))
        left = list(report.pairs)
        right = [False] * len(spans)
        for i in sorted(range(len(spans)), key=lambda i: (-spans[i].score, spans[i].start)):
            pair = (spans[i].label, value_of(report.text, spans[i].start, spans[i].end, spans[i].label))
            if pair in left:
                left.remove(pair)
                right[i] = True
        text = Labelled(report.text, (), report.year, (), report.source, "test")
        out.append((report, Marking(text, report.source, spans, tuple(right))))
    return out


def counties_of(data: Path) -> dict[str, str]:
    """``province/county`` of every file of the bank in ``data``."""
    return {f"{file.name}.md": file.county for file in load_bank(data / "units")}
