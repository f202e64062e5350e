"""What to annotate next: a queue for annotations.push, chosen from the sentences of reports that were read.

python -m annotations.sample out/ --budget 200 --out queue.jsonl

A sentence is worth a look where the model is unsure, where keyword rules or the report's own grids contradict it,
and where it holds a label with few examples; the queue spreads over counties and holds no near-duplicates, neither
of one another nor of what is annotated. Every sentence carries the reason why it was chosen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from annotations.bank.load import load_bank, sentences
from annotations.bank.markup import Mark
from annotations.sampling.choosing import Choice, Known, choose
from annotations.sampling.signals import Candidate, disagreement, doubt, spans_note
from annotations.studio.queue import QueueItem, read_queue, write_queue
from annotations.studio.reviewed import REVIEWED, load_reviewed
from annotations.studio.sentences import Record, items_of, read_reports
from extraction.errors import NianbaoError
from extraction.narrative.sentences import CONTEXT
from extraction.narrative.shipped import shipped_model
from training.baselines import Rules
from training.reader import Reader

_BANK = Path(__file__).parent / "bank"


def candidates_of(record: Record, reader: Reader | None) -> Iterator[tuple[QueueItem, Candidate]]:
    """Every sentence of a report that may hold a figure, with its signals; no doubt without a ``reader``."""
    items = items_of(record)
    against = _contradicted(record)
    contexts = [item.before[-CONTEXT:] for item in items]
    texts = [(before + item.text, item.year) for before, item in zip(contexts, items, strict=True)]
    read = reader.read(texts) if reader else None
    rules = Rules()
    for number, item in enumerate(items):
        own = tuple(region.mark for region in item.proposal)
        theirs = tuple(Mark(s.label, s.start, s.end) for s in rules.tag(item.text, year=item.year))
        share, apart = disagreement(own, theirs)
        checks = sorted({check for at, check in against if item.start <= at < item.end})
        notes = {"rules": spans_note(item.text, apart), "grids": ", ".join(checks)}
        yield (
            item,
            Candidate(
                key=item.key,
                county=f"{item.province}/{item.county}",
                text=item.text,
                uncertainty=doubt(read[number][len(contexts[number]) :]) if read else 0.0,
                rules=share,
                grids=float(bool(checks)),
                labels=frozenset(mark.label for mark in (*own, *theirs)),
                notes=notes,
            ),
        )


def _contradicted(record: Record) -> list[tuple[int, str]]:
    """Where figures stand that the grids contradict, and what the check says it is."""
    figures = record["figures"]
    return [
        (figures[number]["start"], finding["check"].removeprefix("agreement."))
        for finding in record["findings"]
        if finding["check"].startswith("agreement.")
        for number in finding["figures"]
    ]


def known_of(bank: Path, reviewed: Path, queued: Sequence[QueueItem] = ()) -> tuple[Known, set[str]]:
    """What is annotated or waits to be, and the keys of those that are sentences of reports."""
    known = Known()
    for sentence in sentences(load_bank(bank / "units")):
        known.add(sentence.text, sentence.county, (m.label for m in sentence.marks))
    done = load_reviewed(reviewed)
    for one in done:
        known.add(one.text, f"{one.province}/{one.county}", (r.mark.label for r in one.regions))
    for item in queued:
        known.add(item.text, f"{item.province}/{item.county}", (r.mark.label for r in item.proposal))
    return known, {one.key for one in done} | {item.key for item in queued}


def sample(
    records: Iterable[Record],
    budget: int,
    *,
    known: Known,
    keys: set[str],
    reader: Reader | None,
    seed: int = 7,
) -> tuple[list[QueueItem], int]:
    """The queue, and how many sentences it was chosen from; ``known`` is changed."""
    items: dict[str, QueueItem] = {}
    pool: list[Candidate] = []
    for record in records:
        for item, candidate in candidates_of(record, reader):
            if item.key not in keys and item.key not in items:
                items[item.key] = item
                pool.append(candidate)
    chosen: list[Choice] = choose(pool, budget, known=known, seed=seed)
    return [replace(items[one.candidate.key], reason=one.reason) for one in chosen], len(pool)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of sentences")
    return int(text)


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0, or 2 with a message."""
    parser = argparse.ArgumentParser(
        prog="python -m annotations.sample",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", type=Path, help="the output folder of nianbao")
    parser.add_argument("--budget", type=_count, default=200, metavar="N", help="sentences to annotate (200)")
    parser.add_argument("--out", type=Path, default=Path("queue.jsonl"), help="the queue (queue.jsonl)")
    parser.add_argument("--bank", type=Path, default=_BANK, help="the bank, whose sentences are annotated")
    parser.add_argument("--reviewed", type=Path, default=REVIEWED, help="what annotations.pull wrote")
    parser.add_argument(
        "--queued", type=Path, nargs="*", default=[], metavar="QUEUE", help="queues already pushed: left out"
    )
    parser.add_argument("--seed", type=int, default=7, help="decides among equals")
    chosen = parser.parse_args(arguments)
    model = shipped_model()
    try:
        waiting = [item for path in chosen.queued for item in read_queue(path)]
        known, keys = known_of(chosen.bank, chosen.reviewed, waiting)
        queue, pool = sample(
            read_reports(chosen.source), chosen.budget, known=known, keys=keys,
            reader=Reader.load(model.folder) if model else None, seed=chosen.seed,
        )  # fmt: skip
        write_queue(chosen.out, queue)
    except NianbaoError as error:
        print(f"sample: {error.message} [{error.code}]", file=sys.stderr)
        return 2
    places = len({(item.province, item.county) for item in queue})
    print(f"{len(queue)} of {pool} sentences, from {places} counties, into {chosen.out}")
    if model is None:
        print(
            "No model is installed: chosen without its doubts, by rules, grids, rarity and diversity alone."
        )
    print(f"Next: python -m annotations.push {chosen.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
