"""The project in Label Studio: made, found again, and brought up to date without losing an annotation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from annotations.studio.client import Studio
from annotations.studio.errors import StudioError
from annotations.studio.labelling import FORM, LABEL, form_of, labelling_config, labels_in
from extraction.sinks.atomic import atomic

TITLE = "年报叙述数字 Nianbao"
_INSTRUCTIONS = Path(__file__).with_name("instructions.html")

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What ``set_up`` did: ``made``, ``updated`` or ``unchanged``; labels that came, went and were renamed."""

    project: int
    done: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    rewritten: int = 0


def find_project(studio: Studio, title: str = TITLE, number: int | None = None) -> Record | None:
    """The project with this number, else the one with this title; None where there is none of that title.

    Raises StudioError where two have the title, or the project is not one of ours.
    """
    if number is not None:
        found = [studio.call("GET", f"/api/projects/{number}/")]
    else:
        found = [p for p in studio.projects() if p["title"] == title]
    if len(found) > 1:
        numbers = ", ".join(str(p["id"]) for p in found)
        raise StudioError(
            "studio.two_projects",
            f"Projects {numbers} are all called “{title}”. Say which with --project NUMBER.",
        )
    if found and form_of(found[0].get("label_config") or "") is None:
        raise StudioError(
            "studio.foreign_project",
            f"Project {found[0]['id']} (“{found[0]['title']}”) has a labelling configuration that is not ours. Choose "
            "another with --project or --title.",
        )
    return found[0] if found else None


def need_project(studio: Studio, title: str = TITLE, number: int | None = None) -> Record:
    """The project, as ``find_project`` finds it. Raises StudioError where there is none, or its form is not ours."""
    project = find_project(studio, title, number)
    if project is None:
        raise StudioError(
            "studio.no_project",
            f"There is no project “{title}” on {studio.access.url}. Make it: python -m annotations.setup",
        )
    if form_of(project["label_config"]) != FORM:
        raise StudioError(
            "studio.other_form",
            f"Project {project['id']} was made by another version of this program. Run python -m annotations.setup.",
        )
    return project


def set_up(
    studio: Studio,
    *,
    title: str = TITLE,
    number: int | None = None,
    annotators: int | None = None,
    config: str | None = None,
    renamed: Mapping[str, str] | None = None,
    backups: Path | None = None,
) -> Outcome:
    """Make the project, or bring its configuration and instructions up to date; twice is once.

    ``renamed`` maps old labels to new ones: regions with an old label get the new one (annotations and
    predictions; every annotation is first copied to ``backups``). ``annotators`` a sentence: one, unless the
    project says otherwise already. Raises StudioError where a label would go that
    annotations still use, and changes nothing then.
    """
    wanted = config or labelling_config()
    known = find_project(studio, title, number)
    settings = _settings(wanted, annotators or (known or {}).get("maximum_annotations", 1))
    if known is None:
        made = studio.call("POST", "/api/projects/", json={"title": title} | settings)
        return Outcome(made["id"], "made", added=labels_in(wanted))
    if all(known.get(name) == value for name, value in settings.items()):
        return Outcome(known["id"], "unchanged")
    rewritten = 0
    before, after = labels_in(known["label_config"]), labels_in(wanted)
    removed = tuple(sorted(set(before) - set(after)))
    if known["label_config"] != wanted:
        _refuse_other_form(known)
        rewritten = _migrate(studio, known["id"], removed, after, renamed=renamed or {}, backups=backups)
    studio.call("PATCH", f"/api/projects/{known['id']}/", json=settings)
    added = tuple(label for label in after if label not in before)
    return Outcome(known["id"], "updated", added, removed, rewritten)


def _settings(config: str, annotators: int) -> Record:
    return {
        "label_config": config,
        "expert_instruction": _INSTRUCTIONS.read_text("utf-8"),
        "show_instruction": True,
        "show_skip_button": True,
        "enable_empty_annotation": True,  # a sentence without a figure is an answer
        "show_collab_predictions": True,
        "maximum_annotations": annotators,
        "sampling": "Sequential sampling",  # the queue's own order
    }


def _refuse_other_form(project: Record) -> None:
    if (form_of(project["label_config"]) or 0) > FORM:
        raise StudioError(
            "studio.newer_form",
            f"Project {project['id']} was made by a newer version of this program. Update the program.",
        )


def _migrate(
    studio: Studio,
    project: int,
    removed: tuple[str, ...],
    labels: tuple[str, ...],
    *,
    renamed: Mapping[str, str],
    backups: Path | None,
) -> int:
    """Rename labels in what the project holds; how many annotations and predictions changed."""
    if unknown := sorted(set(renamed.values()) - set(labels)):
        raise StudioError("studio.bad_rename", f"There is no label {unknown[0]!r} to rename to.")
    if not removed:
        return 0
    tasks = studio.export(project)
    used = _used(tasks, removed) + _drafts(studio, project, removed)
    if lost := {label: count for label, count in used.items() if label not in renamed}:
        said = ", ".join(f"{label} ({count} regions)" for label, count in sorted(lost.items()))
        raise StudioError(
            "studio.labels_in_use",
            f"The labels no longer hold {said}, which annotations of project {project} still use. Nothing was changed. "
            "Give each a successor (--rename OLD=NEW), keep the label, or start another project (--title).",
        )
    if not renamed:
        return 0
    if backups:
        _back_up(backups / f"project-{project}.json", tasks)
    count = 0
    for annotation in (a for task in tasks for a in task["annotations"]):
        count += _rename(studio, f"/api/annotations/{annotation['id']}/", annotation["result"], renamed)
    for prediction in studio.call("GET", "/api/predictions/", params={"project": project}):
        count += _rename(studio, f"/api/predictions/{prediction['id']}/", prediction["result"], renamed)
    return count


def _used(tasks: list[Record], labels: tuple[str, ...]) -> Counter[str]:
    found = Counter(
        label
        for task in tasks
        for annotation in task["annotations"]
        for result in annotation["result"]
        if isinstance(result, dict) and isinstance(result.get("value"), dict)
        for label in result["value"].get("labels") or ()
    )
    return Counter({label: found[label] for label in labels if found[label]})


def _drafts(studio: Studio, project: int, labels: tuple[str, ...]) -> Counter[str]:
    """Labels of drafts (begun, not submitted), which an export leaves out."""
    summary = studio.call("GET", f"/api/projects/{project}/summary/")
    counted = (summary.get("created_labels_drafts") or {}).get(LABEL) or {}
    return Counter({label: counted[label] for label in labels if counted.get(label)})


def _rename(studio: Studio, path: str, results: list[Record], renamed: Mapping[str, str]) -> int:
    changed = False
    for result in results:
        labels = result.get("value", {}).get("labels")
        if labels and any(label in renamed for label in labels):
            result["value"]["labels"] = [renamed.get(label, label) for label in labels]
            changed = True
    if changed:
        studio.call("PATCH", path, json={"result": results})
    return int(changed)


def _back_up(path: Path, tasks: list[Record]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while (kept := path.with_stem(f"{path.stem}-{number}")).exists():
        number += 1
    with atomic(kept) as partial:
        partial.write_bytes(orjson.dumps(tasks))
