"""Proposals for single sentences, by the model in use, which is loaded once and again only when it was replaced."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotations.bank.markup import Mark
from annotations.studio.queue import QueueItem
from annotations.studio.regions import Region
from annotations.studio.tasks import prediction_of
from extraction.document import Document
from extraction.narrative.figures import read_figures
from extraction.narrative.shipped import model_digest
from extraction.narrative.tagger import Tagger
from extraction.normalise import normalise
from extraction.recognise import Identity
from extraction.records import Unit

LONGEST = 20_000  # characters of a sentence with its context: far more than any sentence has
_NOWHERE = Unit()
_SHORT = 12  # characters of a digest in a model's name, as in records and the registry

Signature = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Loaded:
    tagger: Tagger
    version: str
    signature: Signature


class Proposer:
    """Marks the figures of a task's text. Safe to use from several threads, one of which reads at a time."""

    def __init__(self, folder: Path) -> None:
        """Load the model of ``folder``. Raises OSError where a file of it is missing."""
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded = _load(folder)

    @property
    def version(self) -> str:
        """The name of the model in use, as proposals and records carry it."""
        with self._lock:
            return self._current().version

    def propose(self, data: Mapping[str, Any], labels: Collection[str]) -> dict[str, Any]:
        """The prediction for the data of a task that ``annotations.push`` made; regions with other labels are left out.

        Raises ValueError where the data hold no sentence.
        """
        text, before, after = (_words(data, name) for name in ("text", "before", "after"))
        if not text or len(before) + len(text) + len(after) > LONGEST:
            raise ValueError(f"a text of 1 to {LONGEST} characters is needed")
        year = data.get("year")
        with self._lock:
            loaded = self._current()
            regions = _regions(loaded.tagger, before, text, after, year if type(year) is int else None)
        start = data.get("start")
        item = QueueItem(
            report_id=str(data.get("report_id", "")),
            start=start if type(start) is int else 0,
            end=(start if type(start) is int else 0) + len(text),
            text=text,
            model=loaded.version,
            proposal=tuple(region for region in regions if region.mark.label in labels),
        )
        return prediction_of(item)

    def _current(self) -> _Loaded:
        """The model in use: the one in memory, unless its folder holds another by now."""
        loaded = self._loaded
        try:
            if _signature(self._folder) != loaded.signature:
                self._loaded = loaded = _load(self._folder)
        except (OSError, ValueError):
            return loaded  # it is being replaced at this moment
        return loaded


def _words(data: Mapping[str, Any], name: str) -> str:
    words = data.get(name) or ""
    if not isinstance(words, str):
        raise ValueError(f"its {name} is no text")
    return words


def _load(folder: Path) -> _Loaded:
    while True:
        signature = _signature(folder)
        loaded = _Loaded(Tagger.load(folder), f"{folder.name}-{model_digest(folder)[:_SHORT]}", signature)
        if _signature(folder) == signature:
            return loaded


def _signature(folder: Path) -> Signature:
    """What changes when a file of the model does. Raises OSError where one is missing."""
    names = ("model.onnx", "alphabet.json", "labels.json", "calibration.json")
    found = [(name, (folder / name).stat()) for name in names]
    return tuple((name, of.st_ino, of.st_size, of.st_mtime_ns) for name, of in found)


def _regions(tagger: Tagger, before: str, text: str, after: str, year: int | None) -> list[Region]:
    """The figures of ``text``, read in its context exactly as a report is read."""
    whole, first, last = before + text + after, len(before), len(before) + len(text)
    document = Document(whole, "text/plain", None)
    identity = Identity(_NOWHERE, year, None, (), (), normalise(whole))
    return [
        Region(
            Mark(f.label, f.start - first, f.end - first, f.period == "prior"),
            f.value,
            round(f.score, 4),
        )
        for f in read_figures(document, identity, (), tagger)
        if first <= f.start and f.end <= last
    ]
