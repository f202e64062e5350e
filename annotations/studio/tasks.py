"""Sentences as Label Studio's tasks, checked before they are sent: the server would take anything."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from annotations.bank.markup import MarkupError
from annotations.studio.errors import StudioError
from annotations.studio.queue import QueueItem
from annotations.studio.regions import regions_of, results_of

Task = dict[str, Any]


def task_of(item: QueueItem) -> Task:
    """One task: the sentence as data, the proposal as a prediction if a model made one (it may be empty)."""
    where = " ".join(str(part) for part in (item.unit, item.year or "") if part)
    data = {
        "text": item.text,
        "before": item.before,
        "after": item.after,
        "origin": " · ".join(part for part in (where, item.source, item.reason) if part) or item.key,
        "key": item.key,
        "digest": text_digest(item.text),
        "report_id": item.report_id,
        "start": item.start,
        "end": item.end,
        "source": item.source,
        "unit": item.unit,
        "province": item.province,
        "county": item.county,
        "level": item.level,
        "year": item.year,
        "reason": item.reason,
    }
    return {"data": data} | ({"predictions": [prediction_of(item)]} if item.model else {})


def prediction_of(item: QueueItem) -> dict[str, Any]:
    """The proposal; its score is that of its least certain region."""
    scores = [region.score for region in item.proposal if region.score is not None]
    score = {"score": min(scores)} if scores else {}
    results = results_of(item.text, item.proposal, item.key)
    return {"model_version": item.model, "result": results} | score


def text_digest(text: str) -> str:
    """What tells whether somebody altered a task's text on the server."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def check_task(task: Task, labels: Collection[str]) -> None:
    """Refuse a task that Label Studio would take and mangle. Raises StudioError naming sentence and fault."""
    data = task["data"]
    text, key = data["text"], data["key"]
    fault = _text_fault(data)
    if not fault and (not text or data["end"] - data["start"] != len(text)):
        fault = f"its text has {len(text)} characters, its place {data['end'] - data['start']}"
    for prediction in task.get("predictions", ()) if not fault else ():
        score = prediction.get("score", 0.0)
        if not 0 <= score <= 1:
            fault = f"its score is {score}"
        try:
            regions_of(text, prediction["result"], labels)
        except MarkupError as error:
            fault = str(error)
        for result in prediction["result"]:
            value = result["value"]
            if not fault and text[value["start"] : value["end"]] != value["text"]:
                fault = f"region {result['id']} is not {value['text']!r}"
    if fault:
        raise StudioError(
            "studio.bad_sentence",
            f"The sentence {key} cannot be sent: {fault}. Nothing of its batch was sent. Read the reports again "
            "(nianbao --fresh) or make the queue again.",
        )


def _text_fault(data: dict[str, Any]) -> str:
    for name, value in data.items():
        if isinstance(value, str):
            if "\x00" in value:
                return f"its {name} holds a NUL"
            try:
                value.encode("utf-8")
            except UnicodeEncodeError:
                return f"its {name} holds half a character (a lone surrogate)"
    return ""
