"""The engine: one outcome for every task, whatever a document does to its worker."""

import ast
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extraction.engines.local import EngineError, LocalEngine
from extraction.engines.protocol import Limits, Outcome, Task, unpack
from tests.extraction.engines.work import obey, report_limits

QUICK = Limits(timeout=0.6, memory_mb=256)
PATIENT = Limits(timeout=30, memory_mb=256)


def outcomes(paths: list[str], *, workers: int = 2, limits: Limits = PATIENT, **more) -> list[Outcome]:
    engine = LocalEngine(obey, workers=workers, limits=limits, **more)
    tasks = (Task(number, path) for number, path in enumerate(paths))
    return sorted(engine.run(tasks, options=None), key=lambda outcome: outcome.number)


def codes(results: list[Outcome]) -> list[str]:
    return ["ok" if r.kind == "record" else json.loads(unpack(r.payload))["code"] for r in results]


def error(result: Outcome) -> dict:
    return json.loads(unpack(result.payload))


@pytest.mark.parametrize(
    ("task", "code", "says"),
    [
        ("sleep 30", "worker.timeout", "after 0.6 s"),
        ("spin", "worker.timeout", "after 0.6 s"),
        ("deaf", "worker.timeout", "after 0.6 s"),
        ("exit 3", "worker.died", "status 3"),
        ("exit 0", "worker.died", "status 0"),
        ("quit 4", "worker.died", "status 4"),
        ("signal 11", "worker.died", "SIGSEGV"),
        ("signal 9", "worker.died", "want of memory"),
        ("signal 24", "worker.timeout", "--timeout"),
        ("allocate 400", "worker.memory", "--memory"),
        ("hoard", "worker.memory", "--memory"),
        ("orphan", "worker.died", "status 7"),
        ("raise 不行", "internal.error", "ValueError: 不行 (work.py:"),
        ("recurse", "internal.error", "RecursionError"),
        ("refuse so it is", "text.too_odd", "so it is"),
        ("open /nowhere/at/all", "input.missing", "no such file"),
        ("open " + "名" * 300, "input.name_too_long", "longer"),
    ],
)
def test_a_bad_document_costs_only_itself(task, code, says):
    limits = QUICK if "0.6" in says else PATIENT
    results = outcomes(["ok", "ok", task, "ok", "ok", "ok"], workers=1, limits=limits)
    assert codes(results) == ["ok", "ok", code, "ok", "ok", "ok"]
    record = error(results[2])
    assert says in record["message"]
    assert record["path"] == task
    assert set(record) == {"path", "step", "code", "error", "message"}


def test_refusals_keep_their_step_and_class():
    record = error(outcomes(["refuse x"])[0])
    assert (record["step"], record["error"]) == ("grids", "LimitExceeded")


def test_memory_below_the_limit_is_granted():
    assert codes(outcomes(["allocate 100"])) == ["ok"]


def test_every_second_document_kills_its_worker():
    results = outcomes(["ok", "exit 1"] * 15)
    assert codes(results) == ["ok", "worker.died"] * 15


def test_a_hanging_document_does_not_hold_up_the_others():
    began = time.monotonic()
    results = outcomes(["sleep 9", *["ok"] * 200], limits=Limits(timeout=1.5))
    assert codes(results) == ["worker.timeout", *["ok"] * 200]
    assert time.monotonic() - began < 5


def test_the_clock_is_each_documents_own():
    """Documents that travel in one batch have a limit each, not one together."""
    paths = ["ok"] * 50 + ["sleep 0.4"] * 6
    assert codes(outcomes(paths, workers=1, limits=Limits(timeout=1.5))) == ["ok"] * 56


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["ok", "exit 1", "raise x", "signal 6", "big 200000"]), max_size=40))
def test_one_outcome_a_task_in_any_mixture(paths):
    expected = {"exit": "worker.died", "raise": "internal.error", "signal": "worker.died"}
    results = outcomes(paths, workers=3)
    assert [result.number for result in results] == list(range(len(paths)))
    assert codes(results) == [expected.get(path.split()[0], "ok") for path in paths]


def test_records_larger_than_a_pipe_arrive_whole():
    results = outcomes(["big 3000000"] * 4)
    assert [len(result.payload) for result in results] == [3_000_000] * 4


def test_workers_are_recycled():
    results = outcomes(["ok"] * 30, workers=1, limits=Limits(recycle_after=10))
    pids = [result.headline for result in results]
    assert [len(set(pids[start : start + 10])) for start in (0, 10, 20)] == [1, 1, 1]
    assert len(set(pids)) == 3


def test_work_is_shared_out():
    results = outcomes(["sleep 0.1"] * 8, workers=4)
    assert len({result.headline for result in results}) == 4


@pytest.mark.skipif(not Path("/proc/self/oom_score_adj").exists(), reason="Linux only")
def test_limits_hold_inside_the_worker():
    engine = LocalEngine(report_limits, limits=Limits(timeout=7, memory_mb=300))
    (result,) = engine.run([Task(0, "x")], options=("any", 1))
    facts = ast.literal_eval(result.headline.decode())
    assert 300 * 2**20 < facts["address"] < 2300 * 2**20
    assert 7 < facts["cpu"] < 20
    assert (facts["oom"], facts["threads"], facts["options"]) == ("1000", "1", ("any", 1))
    assert facts["stdout"] == os.devnull  # a library's chatter must not reach the summary
    assert os.environ.get("OMP_NUM_THREADS") in (None, "1")


def test_spawn_does_the_same():
    assert codes(outcomes(["ok", "exit 1", "ok"], start_method="spawn")) == ["ok", "worker.died", "ok"]


def test_closing_the_iterator_ends_the_workers():
    engine = LocalEngine(obey, workers=2)
    run = engine.run((Task(i, "ok" if i < 4 else "sleep 60") for i in range(20)), options=None)
    pids = {int(next(run).headline) for _ in range(4)}
    run.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_workers_that_cannot_start_end_the_run_with_a_message():
    """The children do not find the work function: no document is to blame, and nobody waits for ever."""
    engine = LocalEngine(_Unloadable(), workers=1)
    with pytest.raises(EngineError, match="do not start"):
        list(engine.run([Task(0, "ok")], options=None))


class _Unloadable:
    """Work that pickles here and fails to unpickle there."""

    def __reduce__(self):
        return _fail, ()

    def __call__(self, task: Task, options: object) -> Outcome:
        raise NotImplementedError


def _fail() -> None:
    raise RuntimeError("unloadable on purpose")


def test_no_tasks_no_workers():
    assert outcomes([]) == []
