"""Annotations counted towards a training in the background: pull, then ``make retrain``, one at a time."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from annotations.studio.reviewed import REVIEWED
from extraction.sinks.atomic import atomic

log = logging.getLogger("nianbao.backend")
_ROOT = Path(__file__).parents[2]
_SOME_REFUSED = 1  # exit status of annotations.pull: what could be understood was pulled
_LAST_WORDS = 20.0  # seconds a training has to end when the server ends

Started = Literal["off", "running", "started"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """After how many annotations to retrain (None: never), and with which arguments."""

    after: int | None = None
    arguments: str = ""  # of training.retrain, as make's ARGUMENTS
    reviewed: Path = REVIEWED
    state: Path = field(default=_ROOT / ".studio" / "backend-count.json")

    @property
    def log(self) -> Path:
        """What pull and training say."""
        return self.state.with_name("retrain.log")

    def commands(self, projects: Sequence[int]) -> list[list[str]]:
        """What is run, in this order."""
        pull = [sys.executable, "-m", "annotations.pull", "--out", str(self.reviewed), "--project"]
        make = ["make", "retrain", *([f"ARGUMENTS={self.arguments}"] if self.arguments else [])]
        return [*([*pull, str(number)] for number in projects), make]


class Retraining:
    """Counts annotations, each once; what was counted survives the server, until a training has ended with it."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._counted = _read_state(plan.state) if plan.after else set()

    @property
    def counted(self) -> int:
        """Annotations since the last training."""
        return len(self._counted)

    def annotated(self, project: int, annotation: int) -> None:
        """Count an annotation; begin a training if it completes the number. Returns at once."""
        if not self._plan.after:
            return
        with self._lock:
            if (project, annotation) in self._counted:
                return
            self._counted.add((project, annotation))
            _write_state(self._plan.state, self._counted)
            if len(self._counted) >= self._plan.after:
                self._start({project})

    def start(self, project: int) -> Started:
        """Begin a training now, if trainings are wanted at all and none is under way."""
        if not self._plan.after:
            return "off"
        with self._lock:
            return self._start({project})

    def close(self) -> None:
        """End a training that is under way; the registry is safe from that, and the count stays."""
        with self._lock:
            self._closed = True
            process, worker = self._process, self._worker
        if process and process.poll() is None:
            with suppress(ProcessLookupError):  # it ended by itself just now
                os.killpg(process.pid, signal.SIGTERM)
        if worker:
            worker.join(_LAST_WORDS)

    def _start(self, projects: set[int]) -> Started:
        if self._worker or self._closed:
            return "running"
        taken = frozenset(self._counted)
        numbers = sorted(projects | {project for project, _ in taken})
        self._worker = threading.Thread(target=self._work, args=(numbers, taken), daemon=True)
        self._worker.start()
        return "started"

    def _work(self, projects: list[int], taken: frozenset[tuple[int, int]]) -> None:
        log.warning("retraining with %d new annotations; its words go to %s", len(taken), self._plan.log)
        ended = self._run(self._plan.commands(projects))
        with self._lock:
            self._worker = None
            if self._closed:
                return
            self._counted -= taken  # failed or not: else every further annotation would begin it again
            _write_state(self._plan.state, self._counted)
            if self._plan.after and len(self._counted) >= self._plan.after:
                self._start(set())
        if ended:
            log.warning("retraining failed; the model in use stays. Why: %s", self._plan.log)
        else:
            log.warning("retraining ended; promoted or refused, says %s", self._plan.log)

    def _run(self, commands: list[list[str]]) -> int:
        """Run the commands in turn at low priority; the exit status of the one that failed, else 0."""
        self._plan.log.parent.mkdir(parents=True, exist_ok=True)
        for words in commands:
            with self._plan.log.open("ab") as out, self._lock:
                if self._closed:
                    return 1
                self._process = subprocess.Popen(
                    ["nice", "-n", "10", *words],
                    cwd=_ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            status = self._process.wait()
            if status and not (status == _SOME_REFUSED and "annotations.pull" in words):
                return status
        return 0


def _read_state(path: Path) -> set[tuple[int, int]]:
    try:
        return {
            (int(project), int(annotation)) for project, annotation in json.loads(path.read_text("utf-8"))
        }
    except FileNotFoundError:
        return set()
    except (ValueError, TypeError):
        log.warning("%s cannot be read: counting begins anew", path)
        return set()


def _write_state(path: Path, counted: set[tuple[int, int]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic(path) as partial:
        partial.write_text(json.dumps(sorted(counted)), "utf-8")
