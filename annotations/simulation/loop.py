"""The loop: train, choose sentences of counties not yet annotated, take their marks from the bank, train again.

It begins with some counties annotated whole. What is chosen later comes as single sentences in their context, as
annotations.pull brings them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from annotations.bank.markup import Mark
from annotations.quality.label_errors import ReadsScores
from annotations.sampling.choosing import Known, choose
from annotations.sampling.signals import Candidate, disagreement, doubt
from extraction.narrative.decoding import decode
from extraction.narrative.sentences import CONTEXT, may_hold_figure, split_sentences
from training.baselines import Rules
from training.bootstrap import count_by_county
from training.evaluation import Marker
from training.examples import Labelled
from training.metrics import Score

Strategy = Literal["sampled", "random"]
STRATEGIES: tuple[Strategy, ...] = ("sampled", "random")
_BEFORE = 160  # characters of context, as annotations.push sends them


class Trained(Protocol):
    """A model as ``training.fitting`` makes it."""

    @property
    def tagger(self) -> Marker: ...

    @property
    def reader(self) -> ReadsScores: ...


Train = Callable[[list[Labelled], int], Trained]  # what is annotated, and a seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One trained model: after which round, from how many sentences, and its counts in every held-out county."""

    repeat: int
    strategy: Strategy | Literal["full"]
    round: int
    sentences: int
    counts: dict[str, tuple[int, int, int]]  # right, wrong, missed
    chosen: tuple[str, ...] = ()  # what was annotated in this round


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How the loop is run: the share of counties that it begins with, rounds, and sentences a round."""

    start: float = 0.1
    rounds: int = 5
    step: int = 500
    repeats: int = 3
    seed: int = 7


def sentences_of(unit: Labelled) -> dict[str, Labelled]:
    """Every sentence of a unit that may hold a figure, alone with its context, by a key."""
    out = {}
    for start, end in split_sentences(unit.text):
        marks = [m for m in unit.marks if start <= m.start < end]
        if not marks and not may_hold_figure(unit.text[start:end]):
            continue
        stop = max([end, *(m.end for m in marks)])
        begin = max(0, start - _BEFORE)
        moved = tuple(replace(m, start=m.start - begin, end=m.end - begin) for m in marks)
        key = f"{unit.source}:{start}"
        out[key] = replace(unit, text=unit.text[begin:stop], marks=moved, first=start - begin, source=key)
    return out


@dataclass(slots=True)
class _State:
    """How far one strategy has come: whole units of the beginning, and sentences taken since."""

    repeat: int
    strategy: Strategy | Literal["full"]
    begun: Sequence[Labelled]
    taken: list[str] = field(default_factory=list)
    round: int = 0


class Loop:
    """The bank as a world: units to annotate, counties held out, and a way to train."""

    def __init__(self, units: Sequence[Labelled], train: Train, course: Course) -> None:
        self.course = course
        self._train = train
        self._units = [unit for unit in units if unit.part == "train"]
        self._held_out = [unit for unit in units if unit.part == "test"]
        self._pieces = {unit.source: sentences_of(unit) for unit in self._units}
        self._ruled: dict[str, tuple[Mark, ...]] = {}
        self.pool = {key: one for pieces in self._pieces.values() for key, one in pieces.items()}

    def points(self, done: Mapping[tuple[int, str, int], Point]) -> Iterator[Point]:
        """Every point in order; those of ``done`` (by repeat, strategy and round) are taken as they are.

        First the model of the whole bank, then, repeat by repeat, the common beginning and the rounds of both.
        """
        whole = _State(0, "full", self._units)
        yield done.get((0, "full", 0)) or self._point(whole, (), self._fit(whole))
        for repeat in range(self.course.repeats):
            begun = self._begun(repeat)
            model: Trained | None = None
            first = done.get((repeat, "sampled", 0))
            if first is None:
                state = _State(repeat, "sampled", begun)
                model = self._fit(state)
                first = self._point(state, (), model)
            for strategy in STRATEGIES:
                yield done.get((repeat, strategy, 0)) or replace(first, strategy=strategy)
                yield from self._rounds(_State(repeat, strategy, begun), model, done)

    def _rounds(
        self, state: _State, model: Trained | None, done: Mapping[tuple[int, str, int], Point]
    ) -> Iterator[Point]:
        for _ in range(self.course.rounds):
            state.round += 1
            known = done.get((state.repeat, state.strategy, state.round))
            if known:
                state.taken += known.chosen
                model = None
                yield known
                continue
            if state.strategy == "sampled" and model is None:
                model = self._fit(state)  # stopped in between: the model of the round before is made again
            chosen = self._choose(state, model)
            state.taken += chosen
            model = self._fit(state)
            yield self._point(state, chosen, model)

    def _begun(self, repeat: int) -> list[Labelled]:
        """The units of the counties that are annotated at the beginning."""
        counties = sorted({unit.names[1] for unit in self._units})
        random.Random(self.course.seed + repeat).shuffle(counties)
        first = set(counties[: max(1, round(self.course.start * len(counties)))])
        return [unit for unit in self._units if unit.names[1] in first]

    def _fit(self, state: _State) -> Trained:
        return self._train(
            [*state.begun, *(self.pool[one] for one in state.taken)], self.course.seed + state.repeat
        )

    def _point(self, state: _State, chosen: Sequence[str], model: Trained) -> Point:
        counts = {
            county: sum(by_label.values(), Score())
            for county, by_label in count_by_county(model.tagger, self._held_out).items()
        }
        return Point(
            repeat=state.repeat, strategy=state.strategy, round=state.round, chosen=tuple(chosen),
            sentences=sum(len(self._pieces[unit.source]) for unit in state.begun) + len(state.taken),
            counts={county: (s.right, s.wrong, s.missed) for county, s in counts.items()},
        )  # fmt: skip

    def _choose(self, state: _State, model: Trained | None) -> list[str]:
        gone = {key for unit in state.begun for key in self._pieces[unit.source]}.union(state.taken)
        left = [key for key in self.pool if key not in gone]
        if model is None or state.strategy == "random":
            draw = random.Random(f"{self.course.seed}/{state.repeat}/{state.round}")
            return draw.sample(left, min(self.course.step, len(left)))
        known = Known()
        for key in sorted(gone):
            one = self.pool[key]
            known.add(one.text[one.first :], one.names[1], (m.label for m in one.marks))
        pool = self._candidates(left, model.reader)
        chosen = choose(pool, self.course.step, known=known, seed=self.course.seed + state.repeat)
        return [choice.candidate.key for choice in chosen]

    def _candidates(self, keys: Sequence[str], reader: ReadsScores) -> Iterator[Candidate]:
        shown = [self.pool[key] for key in keys]
        begins = [max(0, one.first - CONTEXT) for one in shown]  # what the tagger would read before it
        read = reader.read([(one.text[begin:], one.year) for one, begin in zip(shown, begins, strict=True)])
        for key, one, begin, scores in zip(keys, shown, begins, read, strict=True):
            own, text = scores[one.first - begin :], one.text[one.first :]
            marks = [Mark(reader.labels[t.label], t.start, t.end) for t in decode(own)]
            theirs = self._rules(key)
            yield Candidate(
                key=key, county=one.names[1], text=text, uncertainty=doubt(own),
                rules=disagreement(marks, theirs)[0], labels=frozenset(m.label for m in (*marks, *theirs)),
            )  # fmt: skip

    def _rules(self, key: str) -> tuple[Mark, ...]:
        """What keyword rules mark in a sentence: the same in every round."""
        if key not in self._ruled:
            one = self.pool[key]
            found = Rules().tag(one.text[one.first :], year=one.year)
            self._ruled[key] = tuple(Mark(s.label, s.start, s.end) for s in found)
        return self._ruled[key]
