"""spaCy's own entity recogniser, trained on the same stretches: a token a character, CNN and transitions."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from extraction.narrative.sentences import cut
from extraction.narrative.tagger import Span
from extraction.normalise import normalise
from training.examples import Example, Labelled, examples_of, label_keys

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.training import Example as SpacyExample

_BATCH = 16  # stretches
_DROPOUT = 0.2


class SpacyNER:
    """spaCy's ``ner`` behind the tagger's interface; it knows nothing of the period."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    @classmethod
    def train(
        cls, units: Sequence[Labelled], *, minutes: float, steps: int | None = None, seed: int = 7
    ) -> SpacyNER:
        """Train for so many minutes, or fewer ``steps`` (batches); the weights are running averages."""
        import spacy
        from spacy.training import Example as Pair
        from thinc.api import fix_random_seed

        fix_random_seed(seed)
        nlp = spacy.blank("zh")
        ner = nlp.add_pipe("ner")
        for label in label_keys():
            ner.add_label(label)  # type: ignore[attr-defined]
        docs = [_marked(nlp, e) for unit in units for e in examples_of(unit)]
        pairs = [Pair(_doc(nlp, doc.text), doc) for doc in docs]
        optimiser = nlp.initialize(lambda: pairs[:200])
        ends = time.monotonic() + 60 * minutes
        for step, batch in enumerate(_batches(pairs, random.Random(seed)), 1):
            nlp.update(batch, drop=_DROPOUT, sgd=optimiser)
            if time.monotonic() >= ends or step == steps:
                break
        with nlp.use_params(optimiser.averages):
            averaged = nlp.to_bytes()
        nlp.from_bytes(averaged)
        return cls(nlp)

    def tag(self, text: str, *, year: int | None = None) -> list[Span]:
        """The figures of ``text``."""
        found: list[Span] = []
        for s in cut(text):
            doc = self._nlp(_doc(self._nlp, normalise(text[s.begin : s.stop])))
            for e in doc.ents:
                start, end = s.begin + e.start, s.begin + e.end
                if s.start <= start < s.end:
                    found.append(Span(start, end, e.label_, False, 1.0, True))
        return found


def _batches(pairs: list[SpacyExample], rng: random.Random) -> Iterator[list[SpacyExample]]:
    while True:
        rng.shuffle(pairs)
        for begin in range(0, len(pairs), _BATCH):
            yield pairs[begin : begin + _BATCH]


def _doc(nlp: Language, text: str) -> Doc:
    from spacy.tokens import Doc

    return Doc(nlp.vocab, words=list(text), spaces=[False] * len(text))


def _marked(nlp: Language, example: Example) -> Doc:
    """The stretch with its figures; what stands before and behind the tagged part is unknown, not empty."""
    from spacy.tokens import Span as Entity

    doc = _doc(nlp, normalise(example.text))
    figures = [Entity(doc, m.start, m.end, label=m.label) for m in example.marks]
    end = max([example.end, *(m.end for m in example.marks)])
    unknown = [Entity(doc, a, b) for a, b in ((0, example.start), (end, len(doc))) if a < b]
    doc.set_ents(figures, missing=unknown, default="outside")
    return doc
