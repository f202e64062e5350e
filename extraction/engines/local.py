"""Local processes: every document in a child process that may hang, swell or die without harm to others.

Not a pool: a pool loses a batch, or waits for ever, when a worker is killed. Here each worker has a pipe
of its own and answers in order, so the parent always knows which document is at work and since when. Small
documents travel in batches of about 50 ms of work; what a dead worker had not begun goes to another.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import selectors
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from multiprocessing.context import BaseContext

from extraction.engines.hand import Hand, died, timed_out
from extraction.engines.protocol import Limits, Outcome, Task, Work
from extraction.engines.worker import serve
from extraction.errors import NianbaoError

_BATCH_SECONDS = 0.05
_BATCH_MOST = 64
_TICK = 0.2  # seconds between two looks at the clock
_FALSE_STARTS = 3
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class EngineError(NianbaoError):
    """The workers themselves cannot run; no document is to blame."""


def available_cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class LocalEngine:
    """Runs ``work`` on many tasks in ``workers`` child processes under ``limits``.

    ``work`` must be a module's function (children import it); ``preload`` names modules that are loaded
    once and shared by all workers, where the system can fork from a clean server process.
    """

    def __init__(
        self,
        work: Work,
        *,
        workers: int = 1,
        limits: Limits = Limits(),
        preload: Sequence[str] = (),
        start_method: str | None = None,
    ) -> None:
        self._work = work
        self._workers = workers
        self._limits = limits
        self._context = _context(start_method, preload)

    def run(self, tasks: Iterable[Task], *, options: object) -> Iterator[Outcome]:
        """Yield one outcome a task, in the order of completion. Raises EngineError."""
        crew = _Crew(self._work, options, self._limits, self._context, iter(tasks))
        try:
            while crew.occupy(self._workers):
                yield from crew.collect()
        finally:
            crew.disband()


def _context(method: str | None, preload: Sequence[str]) -> BaseContext:
    if method is None:
        methods = multiprocessing.get_all_start_methods()
        method = "forkserver" if "forkserver" in methods else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([__name__, *preload])
    return context


@contextlib.contextmanager
def _single_threaded() -> Iterator[None]:
    """Children start with one thread a library: there is already one process a core."""
    added = [name for name in _THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(added, "1"))
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


class _Crew:
    """The workers of one run and the tasks still to be handed out."""

    def __init__(
        self, work: Work, options: object, limits: Limits, context: BaseContext, tasks: Iterator[Task]
    ) -> None:
        self._arguments = (work, options, limits)
        self._limits = limits
        self._context = context
        self._tasks = tasks
        self._returned: deque[Task] = deque()
        self._hands: list[Hand] = []
        self._selector = selectors.DefaultSelector()
        self._false_starts = 0
        self._pace = _BATCH_SECONDS  # seconds a document, smoothed
        self._last_answer = time.monotonic()
        self._next_look = 0.0

    def occupy(self, workers: int) -> bool:
        """Give every worker enough to do, hiring up to ``workers``; False when all is done."""
        depth = max(1, min(_BATCH_MOST, int(_BATCH_SECONDS / self._pace)))
        for hand in list(self._hands):
            if not hand.leaving and len(hand.queue) <= depth // 2:
                self._feed(hand, depth)
        staying = sum(not hand.leaving for hand in self._hands)
        while staying < workers and (batch := self._take(1)):
            self._hire().give(batch)
            staying += 1
        return bool(self._hands)

    def _feed(self, hand: Hand, depth: int) -> None:
        left = self._limits.recycle_after - hand.given
        batch = self._take(min(depth - len(hand.queue), left))
        if batch:
            hand.give(batch)
        elif not hand.queue:  # nothing to do, or at the end of its life
            hand.dismiss()

    def _take(self, count: int) -> list[Task]:
        batch = [self._returned.popleft() for _ in range(min(count, len(self._returned)))]
        batch.extend(islice(self._tasks, max(0, count - len(batch))))
        return batch

    def _hire(self) -> Hand:
        here, there = self._context.Pipe()
        process = self._context.Process(  # type: ignore[attr-defined]
            target=serve, args=(there, *self._arguments), daemon=True
        )
        with _single_threaded():
            process.start()
        there.close()  # so that the worker's death is an end of file here
        hand = Hand(process, here)
        self._hands.append(hand)
        self._selector.register(here, selectors.EVENT_READ, hand)
        self._selector.register(process.sentinel, selectors.EVENT_READ, hand)
        return hand

    def collect(self) -> Iterator[Outcome]:
        """Wait a moment; the outcomes that arrived, and those of workers that died or took too long."""
        for key, _ in self._selector.select(_TICK):
            hand: Hand = key.data
            if hand not in self._hands:
                continue  # buried a moment ago
            if key.fileobj is hand.connection:
                yield from self._answer(hand)
            elif not hand.connection.poll():  # ended, and every answer is read
                yield from self._bury(hand)
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + _TICK
            for hand in [hand for hand in self._hands if hand.overdue(now, self._limits)]:
                if not hand.connection.poll():  # an answer that waits to be read is in time
                    yield from self._give_up(hand)

    def _answer(self, hand: Hand) -> Iterator[Outcome]:
        try:
            outcome = hand.receive()
        except (EOFError, OSError):
            yield from self._bury(hand)
            return
        now = time.monotonic()
        if outcome is not None:
            took = (now - self._last_answer) * len(self._hands)
            self._pace += 0.1 * (took - self._pace)
            self._false_starts = 0
            yield outcome
        self._last_answer = now

    def _bury(self, hand: Hand) -> Iterator[Outcome]:
        """A worker ended: its task at work is lost, unless it left of its own accord; the rest goes on."""
        self._leave(hand)
        code = hand.end(patience=5.0)
        if not hand.ready:
            self._count_false_start(f"ended with status {code}")
        elif hand.queue and not hand.leaving:
            yield died(hand.queue.popleft(), code, self._limits)
        self._returned.extendleft(reversed(hand.queue))

    def _give_up(self, hand: Hand) -> Iterator[Outcome]:
        self._leave(hand)
        hand.end()
        if hand.ready and not hand.leaving:
            yield timed_out(hand.queue.popleft(), self._limits)
        elif not hand.ready:
            self._count_false_start(f"was not ready after {self._limits.start_timeout:g} s")
        self._returned.extendleft(reversed(hand.queue))

    def _count_false_start(self, manner: str) -> None:
        self._false_starts += 1
        if self._false_starts >= _FALSE_STARTS:
            raise EngineError(
                "engine.no_workers",
                f"Worker processes do not start: the last one {manner}. The lines above say why; "
                "check the installation, free memory and --memory.",
                step="worker",
            )

    def _leave(self, hand: Hand) -> None:
        self._hands.remove(hand)
        self._selector.unregister(hand.connection)
        self._selector.unregister(hand.process.sentinel)

    def disband(self) -> None:
        """Stop whoever is still at work."""
        for hand in list(self._hands):
            self._leave(hand)
            hand.end()
        self._selector.close()
