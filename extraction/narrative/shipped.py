"""Where the shipped model lies, and what it is: found in the source tree or in the installed package."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extraction.narrative.tagger import Tagger

NAME = "tagger"
_VARIABLE = "NIANBAO_MODEL"  # a folder to use instead of the shipped one
_FILES = ("model.onnx", "alphabet.json", "labels.json", "calibration.json")


@dataclass(frozen=True, slots=True)
class ShippedModel:
    """A model folder and the digest of everything in it that decides what it says."""

    name: str
    folder: Path
    sha256: str


@cache
def shipped_model() -> ShippedModel | None:
    """The model in use: ``$NIANBAO_MODEL``, else the one that came with the program; None where there is none."""
    source_tree = Path(__file__).parents[2] / "models" / NAME
    installed = Path(__file__).parents[1] / "_models" / NAME
    chosen = os.environ.get(_VARIABLE)
    for folder in [Path(chosen)] if chosen else [source_tree, installed]:
        if all((folder / name).is_file() for name in _FILES):
            return ShippedModel(folder.name, folder, model_digest(folder))
    return None


@cache
def shipped_tagger() -> Tagger | None:
    """The tagger of the model in use, loaded once per process; None where there is no model."""
    model = shipped_model()
    return Tagger.load(model.folder) if model else None


def model_digest(folder: Path) -> str:
    """SHA-256 over the files of a model folder that decide what the model says: its name in the registry."""
    total = hashlib.sha256()
    for name in _FILES:
        total.update(name.encode() + b"\0" + hashlib.sha256((folder / name).read_bytes()).digest())
    return total.hexdigest()
