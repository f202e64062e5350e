"""Annotations out of the project, each checked: what cannot be understood is refused aloud, never dropped."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from annotations.bank.markup import MarkupError
from annotations.studio.client import Studio
from annotations.studio.labelling import labels_in
from annotations.studio.regions import Region, regions_of
from annotations.studio.reviewed import Reviewed
from annotations.studio.tasks import text_digest
from extraction.forms import load_labels

Record = dict[str, Any]


@dataclass(slots=True)
class Fetched:
    """What a project holds: annotations, how many were skipped, and what cannot be understood, and why."""

    project: str = ""
    reviewed: list[Reviewed] = field(default_factory=list)
    skipped: int = 0
    refused: list[Record] = field(default_factory=list)


def project_name(studio: Studio, project: Record) -> str:
    """Which project this is, whatever else is called so: server, number, and when it was made."""
    return f"{urlsplit(studio.access.url).hostname}/{project['id']}@{project['created_at'][:19]}"


def fetch(studio: Studio, project: Record) -> Fetched:
    """Every annotation of the project but the skipped ones. One person's second one of a task replaces the first."""
    out = Fetched(project_name(studio, project))
    labels = set(labels_in(project["label_config"])) & load_labels().keys()
    people = studio.users()
    latest: dict[tuple[str, str], Reviewed] = {}
    for task in studio.export(project["id"]):
        for annotation in task["annotations"]:
            if annotation["was_cancelled"]:
                out.skipped += 1
                continue
            who = _who(annotation, people)
            try:
                one = _reviewed(task, annotation, who, labels=labels, project=out.project)
            except MarkupError as error:
                out.refused.append(_refusal(task, annotation, who, str(error), project=out.project))
                continue
            before = latest.get((one.key, who))
            if before is None or (one.ground_truth, one.updated) > (before.ground_truth, before.updated):
                latest[one.key, who] = one
    out.reviewed = list(latest.values())
    return out


def _who(annotation: Record, people: Mapping[int, str]) -> str:
    by = annotation["completed_by"]
    if isinstance(by, dict):  # some exports give the person
        return str(by.get("email") or by.get("id"))
    return people.get(by, f"user-{by}")


def _reviewed(
    task: Record, annotation: Record, who: str, *, labels: Collection[str], project: str
) -> Reviewed:
    data = task["data"]
    if missing := [
        name for name in ("key", "text", "digest", "report_id", "start", "end") if name not in data
    ]:
        raise MarkupError(f"the task was not pushed by us: its data lack {', '.join(missing)}")
    text = data["text"]
    if text_digest(text) != data["digest"]:
        raise MarkupError("the task's text was edited on the server, so its offsets mean nothing")
    regions = regions_of(text, annotation["result"], labels)
    prediction = annotation.get("prediction") or {}
    names = ("before", "after", "source", "unit", "province", "county", "reason")
    head: Record = {name: data.get(name) or "" for name in names}
    return Reviewed(
        **head,
        key=data["key"],
        report_id=data["report_id"],
        start=data["start"],
        end=data["end"],
        level=data.get("level") or "other",
        year=data.get("year"),
        text=text,
        regions=tuple(Region(region.mark, region.value) for region in regions),
        annotator=who,
        created=annotation["created_at"],
        updated=annotation["updated_at"],
        seconds=annotation.get("lead_time"),
        ground_truth=bool(annotation.get("ground_truth")),
        model=prediction.get("model_version") or "",
        proposed=_proposed(text, prediction),
        project=project,
        task=task["id"],
        annotation=annotation["id"],
    )


def _proposed(text: str, prediction: Record) -> tuple[Region, ...] | None:
    """What the model had proposed; None where nothing was, or something that is no proposal of ours.

    A label that has gone since does not matter, and a stranger's broken prediction must not cost an annotation.
    """
    try:
        return regions_of(text, prediction["result"]) if "result" in prediction else None
    except MarkupError:
        return None


def _refusal(task: Record, annotation: Record, who: str, why: str, *, project: str) -> Record:
    return {
        "why": why,
        "project": project,
        "task": task["id"],
        "annotation": annotation["id"],
        "annotator": who,
        "key": task["data"].get("key"),
        "text": task["data"].get("text"),
        "result": annotation["result"],
    }
