"""What a model was made of: digests of data and code, versions, settings, and of every file beside it."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, is_dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from training.examples import bank_digest

_CODE = (
    "training/*.py",
    "extraction/narrative/*.py",
    "extraction/normalise.py",
    "annotations/bank/markup.py",
)
_PACKAGES = ("torch", "transformers", "datasets", "numpy", "safetensors", "onnx", "onnxruntime")


def code_digest() -> str:
    """SHA-256 over the source files that decide what a trained model is."""
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for path in sorted(p for pattern in _CODE for p in root.glob(pattern)):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def file_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in ``folder`` but the manifest and the card, which is written after an evaluation."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in ("manifest.json", "MODEL_CARD.md")
    }


def write_manifest(folder: Path, *, data: Path, **facts: Any) -> None:
    """Write ``manifest.json``: the facts given, and what can be known without being told."""
    encoder = Path(str(facts.get("backbone", ""))) / "model.safetensors"
    manifest = {
        **{key: asdict(value) if is_dataclass(value) else value for key, value in facts.items()},  # type: ignore[arg-type]
        "data_sha256": bank_digest(data),
        "code_sha256": code_digest(),
        "backbone_sha256": hashlib.sha256(encoder.read_bytes()).hexdigest() if encoder.is_file() else None,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "files": file_digests(folder),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, default=str)
    (folder / "manifest.json").write_text(text + "\n", "utf-8")
