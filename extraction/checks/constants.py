"""The constants of a family of checks, as the YAML beside them states them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def constants(name: str) -> dict[str, Any]:
    """The mapping in ``checks/<name>``, read once per process."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load(files(__package__).joinpath(name).read_bytes(), Loader=loader)
    return data
