"""Every disagreement with its sentence, and which label is taken for which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from extraction.narrative.sentences import split_sentences
from training.evidence.markings import Marking
from training.evidence.matching import Item, pairs_of

NOTHING = "—"  # no figure on this side


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One disagreement. ``kind``: missed, spurious, label, value (edge and value wrong), edge (value right)."""

    source: str
    cluster: str
    kind: str
    start: int
    wanted: str
    found: str
    wanted_text: str
    found_text: str
    wanted_value: object
    found_value: object
    score: float | None
    accepted: bool
    sentence: str  # with the place in 【 】

    def as_json(self, *, with_sentence: bool) -> dict[str, Any]:
        """For the record; ``with_sentence`` False leaves out every word of the text (real reports)."""
        row = asdict(self)
        if not with_sentence:
            for key in ("sentence", "wanted_text", "found_text"):
                row[key] = None
        return row


def mistakes_of(markings: Sequence[Marking]) -> list[Mistake]:
    """Every disagreement: accepted ones first, then by kind, county and place."""
    found = [mistake for marking in markings for mistake in _mistakes(marking)]
    kinds = ("label", "value", "spurious", "missed", "edge")
    return sorted(found, key=lambda m: (not m.accepted, kinds.index(m.kind), m.cluster, m.source, m.start))


def confusion_of(markings: Sequence[Marking]) -> list[list[Any]]:
    """(wanted, found, figures) where the labels differ, most frequent first."""
    counted = Counter(
        (w.label if w else NOTHING, f.label if f else NOTHING)
        for m in markings
        for w, f in pairs_of(m.wanted, m.found)
    )
    wrong = [(w, f, n) for (w, f), n in counted.items() if w != f]
    return [list(row) for row in sorted(wrong, key=lambda row: (-row[2], row[0], row[1]))]


def _mistakes(marking: Marking) -> list[Mistake]:
    text = marking.text.text
    spans = {(s.start, s.end, s.label): s for s in marking.spans}
    sentences = split_sentences(text)
    out = []
    for wanted, found in pairs_of(marking.wanted, marking.found):
        kind = _kind(wanted, found)
        if kind is None:
            continue
        item = wanted or found
        assert item is not None
        span = spans[found.start, found.end, found.label] if found else None
        out.append(
            Mistake(
                source=marking.text.source, cluster=marking.cluster, kind=kind, start=item.start,
                wanted=wanted.label if wanted else NOTHING, found=found.label if found else NOTHING,
                wanted_text=text[wanted.start : wanted.end] if wanted else "",
                found_text=text[found.start : found.end] if found else "",
                wanted_value=wanted.value if wanted else None, found_value=found.value if found else None,
                score=round(span.score, 4) if span else None, accepted=bool(span and span.accepted),
                sentence=_sentence(text, item, sentences),
            )
        )  # fmt: skip
    return out


def _kind(wanted: Item | None, found: Item | None) -> str | None:
    """None where all is right."""
    if found is None:
        return "missed"
    if wanted is None:
        return "spurious"
    if wanted.label != found.label:
        return "label"
    if (wanted.start, wanted.end) == (found.start, found.end):
        return None
    return "edge" if wanted.value == found.value else "value"


def _sentence(text: str, item: Item, sentences: Sequence[tuple[int, int]]) -> str:
    start, end = next(
        ((a, b) for a, b in sentences if a <= item.start < b), (max(0, item.start - 40), item.end + 20)
    )
    end = max(end, item.end)
    marked = f"{text[start : item.start]}【{text[item.start : item.end]}】{text[item.end : end]}"
    return marked.replace("\n", "⏎")
