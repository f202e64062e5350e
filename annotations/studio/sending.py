"""Sentences into the project: each once, whatever was sent before and wherever it was killed.

The server is asked what it holds; nothing about it is remembered here, so nothing can be out of date. A batch
whose sender was killed may still be taken by the server after we looked: twins are found at the end and removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from annotations.studio.client import Studio
from annotations.studio.errors import StudioError
from annotations.studio.labelling import labels_in
from annotations.studio.queue import QueueItem
from annotations.studio.tasks import check_task, prediction_of, task_of, text_digest

BATCH = 500
_HELD = "id,data,total_annotations,cancelled_annotations,draft_exists"

Record = dict[str, Any]
Progress = Callable[[int], None]


@dataclass(slots=True)
class Sent:
    """What a push did: sentences sent, there already, new proposals for those, twins removed, and clashes."""

    sent: int = 0
    known: int = 0
    proposals: int = 0
    twins: int = 0
    clashes: list[str] = field(default_factory=list)  # keys whose words on the server are others


def push(
    studio: Studio,
    project: Record,
    items: Iterable[QueueItem],
    *,
    batch: int = BATCH,
    progress: Progress | None = None,
) -> Sent:
    """Bring every item into the project once, with the proposal of its model. Memory: one batch and the keys.

    A sentence that is there already gets the proposal of a model that has not proposed for it yet. Raises
    StudioError where an item is not fit to be sent or the server fails; given the same items again, it goes on.
    """
    number, labels = project["id"], set(labels_in(project["label_config"]))
    held, doubled = _held(studio, number)
    done, model = Sent(), ""
    again: list[tuple[int, QueueItem]] = []
    walk = iter(_once(items))
    while group := list(islice(walk, batch)):
        fresh: list[QueueItem] = []
        for item in group:
            there = held.get(item.key)
            if there and there[1] != text_digest(item.text):
                done.clashes.append(item.key)
                continue
            model = item.model or model
            if there:
                again.append((there[0], item))
            else:
                fresh.append(item)
        done.sent += _send(studio, number, fresh, labels)
        if progress:
            progress(len(group))
    done.known = len(again)
    done.proposals = _propose(studio, number, again, labels)
    done.twins = _remove_twins(studio, number) if done.sent or doubled else 0
    if model:
        studio.call("PATCH", f"/api/projects/{number}/", json={"model_version": model})
    return done


def _once(items: Iterable[QueueItem]) -> Iterator[QueueItem]:
    """Each sentence the first time it comes."""
    seen: set[str] = set()
    for item in items:
        if item.key not in seen:
            seen.add(item.key)
            yield item


def _held(studio: Studio, project: int) -> tuple[dict[str, tuple[int, str]], bool]:
    """Task and digest of the text by key, of every task of ours in the project; whether a key has two tasks."""
    found: dict[str, tuple[int, str]] = {}
    doubled = False
    for task in studio.tasks(project, include="id,data"):
        if key := task["data"].get("key"):
            doubled |= key in found
            found.setdefault(key, (task["id"], text_digest(task["data"].get("text", ""))))
    return found, doubled


def _send(studio: Studio, project: int, items: Sequence[QueueItem], labels: set[str]) -> int:
    if not items:
        return 0
    tasks = [task_of(item) for item in items]
    for task in tasks:
        check_task(task, labels)
    answer = studio.call("POST", f"/api/projects/{project}/import", json=tasks)
    if answer.get("task_count") != len(tasks):
        raise StudioError(
            "studio.import_short",
            f"Label Studio took {answer.get('task_count')} of {len(tasks)} sentences. Push again: the others are "
            "sent then.",
        )
    return len(tasks)


def _propose(studio: Studio, project: int, again: Sequence[tuple[int, QueueItem]], labels: set[str]) -> int:
    """Proposals of a new model for sentences that are there, in one call: many calls are slow (spec, section 2)."""
    wanted = [(task, item) for task, item in again if item.model]
    if not wanted:
        return 0
    there = _proposed(studio, project)
    fresh = [(task, item) for task, item in wanted if (task, item.model) not in there]
    for _, item in fresh:
        check_task(task_of(item), labels)
    if fresh:
        body = [{"task": task} | prediction_of(item) for task, item in fresh]
        studio.call("POST", f"/api/projects/{project}/import/predictions", json=body)
    return len(fresh)


def _proposed(studio: Studio, project: int) -> set[tuple[int, str]]:
    """Task and model of every proposal; a second one of the same model (a killed push) is removed."""
    found: set[tuple[int, str]] = set()
    for prediction in studio.call("GET", "/api/predictions/", params={"project": project}):
        one = (prediction["task"], prediction["model_version"])
        if one in found:
            studio.call("DELETE", f"/api/predictions/{prediction['id']}/")
        found.add(one)
    return found


def _remove_twins(studio: Studio, project: int) -> int:
    """Delete tasks whose key another has; those that somebody worked on stay, whatever their number."""
    by_key: dict[str, list[tuple[bool, int]]] = {}
    for task in studio.tasks(project, include=_HELD):
        if key := task["data"].get("key"):
            worked = bool(
                task.get("total_annotations") or task.get("cancelled_annotations") or task.get("draft_exists")
            )
            by_key.setdefault(key, []).append((not worked, task["id"]))
    extra: list[int] = []
    for tasks in by_key.values():
        tasks.sort()
        extra += [number for idle, number in tasks[1:] if idle]
    if extra:
        body = {"selectedItems": {"all": False, "included": extra}}
        query = {"id": "delete_tasks", "project": project}
        studio.call("POST", "/api/dm/actions", params=query, json=body)
    return len(extra)
