"""Work functions for the engine's tests: small, picklable, and each bad in its own way.

A task's path says what to do: ``ok``, ``sleep 0.5``, ``exit 3``, ``signal 9``, ``allocate 512``, ``raise``...
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from extraction.engines.protocol import Outcome, Task, pack
from extraction.errors import LimitExceeded


def obey(task: Task, options: object) -> Outcome:
    word, _, argument = task.path.partition(" ")
    {
        "ok": lambda: None,
        "sleep": lambda: time.sleep(float(argument)),
        "exit": lambda: os._exit(int(argument)),
        "quit": lambda: sys.exit(int(argument)),
        "signal": lambda: os.kill(os.getpid(), int(argument)),
        "allocate": lambda: bytearray(int(argument) * 2**20),
        "hoard": _hoard,
        "raise": lambda: _raise(ValueError(argument)),
        "recurse": _recurse,
        "refuse": lambda: _raise(LimitExceeded("text.too_odd", argument, step="grids")),
        "open": lambda: Path(argument).read_bytes(),
        "spin": _spin,
        "deaf": _deaf,
        "orphan": _orphan,
        "big": lambda: None,
    }[word]()
    payload = pack(b"x" * 10) if word != "big" else os.urandom(int(argument))
    return Outcome(task.number, "record", payload, "0" * 64, str(os.getpid()).encode())


def _raise(error: Exception) -> None:
    raise error


def _recurse() -> None:
    _recurse()


def _hoard() -> None:
    kept = []
    while True:
        kept.append(bytearray(2**20))


def _spin() -> None:
    while True:
        pass


def _deaf() -> None:
    """Ignore polite signals and hold the interpreter: only SIGKILL helps."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_spin, daemon=True).start()
    _spin()


def _orphan() -> None:
    """Leave a grandchild that keeps the worker's pipe open, then die."""
    if os.fork() == 0:
        time.sleep(3)
        os._exit(0)
    os._exit(7)


def report_limits(task: Task, options: object) -> Outcome:
    """What the worker process looks like from inside."""
    import resource

    facts = {
        "address": resource.getrlimit(resource.RLIMIT_AS)[0],
        "cpu": resource.getrlimit(resource.RLIMIT_CPU)[0],
        "oom": Path("/proc/self/oom_score_adj").read_text().strip(),
        "threads": os.environ.get("OMP_NUM_THREADS"),
        "stdout": str(Path("/proc/self/fd/1").readlink()),
        "options": options,
    }
    return Outcome(task.number, "record", b"", None, repr(facts).encode())
