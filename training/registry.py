"""Which model is in use and which were before: ``models/registry.json`` and the models it names.

``models/tagger`` is the champion, the model in use; ``models/archive/<id>`` holds every model that was ever
promoted, byte for byte. The registry is written before the folder is replaced: whatever a kill leaves behind, the
next command puts right by it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extraction.narrative.shipped import NAME, model_digest
from extraction.sinks.atomic import atomic
from training.errors import TrainingError

FILE = "registry.json"
ARCHIVE = "archive"
_SHORT = 12  # characters of an id in names of folders and models, as in records and proposals
_NEEDED = ("model.onnx", "alphabet.json", "labels.json", "calibration.json")

Entry = dict[str, Any]


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a model folder."""
    return {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir()) if p.is_file()
    }


def is_model(folder: Path) -> bool:
    """Whether a folder holds all that a tagger is loaded from."""
    return all((folder / name).is_file() for name in _NEEDED)


class Registry:
    """The models under one folder (``models/``). An entry is a record; its ``id`` the model's digest.

    ``status``: champion, retired (was champion), rolled_back, refused. ``replaces``: the champion before it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.champion: str | None = None
        self.entries: list[Entry] = []
        self.events: list[Entry] = []
        path = root / FILE
        if path.exists():
            try:
                state = json.loads(path.read_text("utf-8"))
                self.champion, self.entries = state["champion"], state["models"]
                self.events = state["events"]
            except (ValueError, KeyError, TypeError) as error:
                raise TrainingError(
                    "training.bad_registry",
                    f"{path} is no registry ({error!r}). Bring back its last good version, or move it away: the "
                    f"model in {root / NAME} then begins a new one.",
                ) from error

    @property
    def in_use(self) -> Path:
        """The folder of the model in use."""
        return self.root / NAME

    def archived(self, model: str) -> Path:
        """Where the bytes of a promoted model lie."""
        return self.root / ARCHIVE / model[:_SHORT]

    def entry(self, model: str) -> Entry:
        """The entry whose id is, or begins with, ``model``. Raises TrainingError for none or several."""
        found = [one for one in self.entries if model and one["id"].startswith(model)]
        if len(found) != 1:
            known = ", ".join(one["id"][:_SHORT] for one in self.entries) or "none"
            raise TrainingError(
                "training.no_such_model", f"{len(found)} models begin with “{model}”; those known: {known}."
            )
        return found[0]

    def settle(self) -> str | None:
        """Make ``models/tagger`` and the registry agree; what was done, None where nothing had to be.

        A model that somebody put there by hand becomes the champion; a change that was cut short is finished.
        """
        if not is_model(self.in_use):
            if self.champion is None:
                return None
            self._install(self.champion)
            return f"{self.in_use} was not whole: model {self.champion[:_SHORT]} brought back"
        there = model_digest(self.in_use)
        if there == self.champion:
            return None
        if self.champion and any(one["id"] == there and one["status"] != "refused" for one in self.entries):
            self._install(self.champion)
            return f"finished what was cut short: model {self.champion[:_SHORT]} is in use"
        self._keep(self.in_use, there)
        self._add(self._new_entry(there, self.in_use, {"origin": "found in use"}))
        self._crown(there, "adopted")
        return f"model {there[:_SHORT]}, found in {self.in_use}, is the champion"

    def promote(self, folder: Path, facts: Entry) -> Entry:
        """Make the model in ``folder`` the champion; the old one stays in the archive."""
        model = model_digest(folder)
        self._keep(folder, model)
        entry = self._new_entry(model, folder, facts)
        self._add(entry)
        self._crown(model, "promoted")
        self._install(model)
        return entry

    def refuse(self, folder: Path, facts: Entry) -> Entry:
        """Record a candidate that is not promoted. One that is, or was, in use keeps its entry."""
        model = model_digest(folder)
        entry = self._new_entry(model, folder, facts) | {"status": "refused"}
        if not any(one["id"] == model and one["status"] != "refused" for one in self.entries):
            self._add(entry)
        self._note("refused", model)
        self._save()
        return entry

    def roll_back(self, model: str | None = None) -> Entry:
        """Bring back the champion before this one, or the promoted ``model``; its bytes are verified first.

        Raises TrainingError where there is none, or its bytes are not what they were.
        """
        if self.champion is None:
            raise TrainingError("training.nothing_to_roll_back", f"{self.root / FILE} names no champion yet.")
        current = self.entry(self.champion)
        wanted = model or current.get("replaces")
        if not wanted:
            raise TrainingError(
                "training.nothing_to_roll_back",
                f"Model {self.champion[:_SHORT]} is the first: there is none before it.",
            )
        entry = self.entry(wanted)
        if entry["id"] == self.champion:
            raise TrainingError("training.already_in_use", f"Model {entry['id'][:_SHORT]} is in use already.")
        if entry["status"] == "refused":
            raise TrainingError(
                "training.never_promoted",
                f"Model {entry['id'][:_SHORT]} was refused, and its bytes were not kept. To judge it again: "
                "python -m training.retrain --candidate FOLDER",
            )
        self._verify(entry)
        current["status"], entry["status"] = "rolled_back", "champion"
        self._note("rolled back to", entry["id"])
        self.champion = entry["id"]
        self._save()
        self._install(entry["id"])
        return entry

    def _new_entry(self, model: str, folder: Path, facts: Entry) -> Entry:
        head = {"id": model, "name": f"{NAME}-{model[:_SHORT]}", "status": "champion", "made": _now()}
        return head | {"replaces": None} | facts | {"files": digests(folder)}

    def _add(self, entry: Entry) -> None:
        self.entries = [one for one in self.entries if one["id"] != entry["id"]] + [entry]

    def _crown(self, model: str, what: str) -> None:
        for one in self.entries:
            if one["id"] == self.champion:
                one["status"] = "retired"
        entry = self.entry(model)
        if self.champion != model:
            entry["replaces"] = self.champion
        entry["status"] = "champion"
        self._note(what, model)
        self.champion = model
        self._save()

    def _note(self, what: str, model: str) -> None:
        self.events.append({"when": _now(), "what": what, "model": model, "champion_before": self.champion})

    def _save(self) -> None:
        state = {"champion": self.champion, "models": self.entries, "events": self.events}
        self.root.mkdir(parents=True, exist_ok=True)
        with atomic(self.root / FILE) as partial:
            partial.write_text(json.dumps(state, ensure_ascii=False, indent=1) + "\n", "utf-8")

    def _keep(self, folder: Path, model: str) -> None:
        """A whole copy in the archive, or none."""
        goal = self.archived(model)
        if goal.is_dir() and digests(goal) == digests(folder):
            return
        _copy(folder, goal)

    def _verify(self, entry: Entry) -> None:
        folder = self.archived(entry["id"])
        if not folder.is_dir() or digests(folder) != entry["files"]:
            raise TrainingError(
                "training.archive_damaged",
                f"{folder} does not hold what the registry says of model {entry['id'][:_SHORT]}. Bring the folder "
                "back from version control or a backup; the model in use was not touched.",
            )

    def _install(self, model: str) -> None:
        self._verify(self.entry(model))
        _copy(self.archived(model), self.in_use)


def _copy(source: Path, goal: Path) -> None:
    """Replace the folder ``goal`` by a copy of ``source``; a kill leaves the old, the new, or nothing there."""
    partial, old = (goal.with_name(f".{goal.name}.{end}") for end in ("partial", "old"))
    for left in (partial, old):
        shutil.rmtree(left, ignore_errors=True)
    partial.parent.mkdir(parents=True, exist_ok=True)
    partial.mkdir()
    for path in sorted(source.iterdir()):
        if path.is_file():
            shutil.copyfile(path, partial / path.name)
    if goal.exists():
        goal.replace(old)
    partial.replace(goal)
    shutil.rmtree(old, ignore_errors=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def opened(root: Path) -> Iterator[Registry]:
    """The registry of ``root`` for one command at a time. Raises TrainingError while another has it."""
    import fcntl

    root.mkdir(parents=True, exist_ok=True)
    with (root / ".registry.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TrainingError(
                "training.busy",
                f"Another training or rollback is at work in {root}. Wait until it has ended.",
            ) from error
        yield Registry(root)
