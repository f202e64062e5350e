"""The parent's handle on one worker process: what it was given, since when it is at it, how it ended."""

from __future__ import annotations

import contextlib
import pickle
import signal
import time
from collections import deque
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from extraction.engines.protocol import Limits, Outcome, Task, failure
from extraction.engines.worker import READY

_FAREWELL = 5.0  # seconds a dismissed worker may take to end


class Hand:
    """One worker. It answers tasks in the order given, so the first unanswered one is the one at work."""

    def __init__(self, process: BaseProcess, connection: Connection) -> None:
        self.process = process
        self.connection = connection
        self.queue: deque[Task] = deque()
        self.ready = False
        self.leaving = False
        self.given = 0
        self._since = time.monotonic()  # when the task at work began; before ``ready``, the process

    def give(self, batch: Sequence[Task]) -> None:
        """Send tasks. A worker that is already dead takes them too: they come back at its burial."""
        if self.ready and not self.queue:
            self._since = time.monotonic()
        self.queue.extend(batch)
        self.given += len(batch)
        with contextlib.suppress(OSError):
            self.connection.send(list(batch))

    def receive(self) -> Outcome | None:
        """The next answer; None for the greeting. Raises EOFError or OSError where the worker is gone."""
        message = self.connection.recv_bytes()
        self._since = time.monotonic()
        if message == READY:
            self.ready = True
            return None
        outcome: Outcome
        outcome, self.leaving = pickle.loads(message)
        self.queue.popleft()
        return outcome

    def dismiss(self) -> None:
        """Tell an idle worker to go home."""
        self.leaving = True
        self._since = time.monotonic()
        with contextlib.suppress(OSError):
            self.connection.send(None)

    def overdue(self, now: float, limits: Limits) -> bool:
        """Whether the task at work, or the start, takes longer than it may."""
        if not self.ready:
            return now - self._since > limits.start_timeout
        if self.leaving:
            return now - self._since > _FAREWELL
        return bool(self.queue) and now - self._since > limits.timeout

    def end(self, *, patience: float = 0.0) -> int | None:
        """See the process to its end, by force after ``patience`` seconds; its exit code."""
        self.process.join(patience)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        code = self.process.exitcode
        self.connection.close()
        self.process.close()
        return code


def timed_out(task: Task, limits: Limits) -> Outcome:
    """The error record of a document that took longer than it may."""
    message = (
        f"The document was not finished after {limits.timeout:g} s and was given up. Raise --timeout, or "
        "look at what is unusual about the file."
    )
    return failure(task, step="worker", code="worker.timeout", error="TimeoutError", message=message)


def died(task: Task, code: int | None, limits: Limits) -> Outcome:
    """The error record of a document whose worker ended under it."""
    if code == -signal.SIGXCPU:
        return timed_out(task, limits)
    message = (
        f"The worker process {_manner(code)} on this document. Try again; if it happens again, the file "
        "breaks a library: please report it, with the file if it is public."
    )
    return failure(task, step="worker", code="worker.died", error="WorkerDied", message=message)


def _manner(code: int | None) -> str:
    if code == -signal.SIGKILL:
        return "was killed by the system (often for want of memory: try fewer --workers)"
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with status {code}"
