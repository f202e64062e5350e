"""Bring back the model that was in use before, byte for byte.

python -m training.rollback [MODEL]    MODEL: the beginning of an id in models/registry.json
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from extraction.errors import NianbaoError
from training.registry import opened


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0, or 2 with a message."""
    parser = argparse.ArgumentParser(
        prog="python -m training.rollback",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", nargs="?", help="the beginning of a promoted model's id (the one before)")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    chosen = parser.parse_args(arguments)
    try:
        with opened(chosen.models) as registry:
            done = registry.settle()
            entry = registry.roll_back(chosen.model)
    except NianbaoError as error:
        print(f"rollback: {error.message} [{error.code}]", file=sys.stderr)  # noqa: T201
        return 2
    lines = [done] if done else []
    print("\n".join([*lines, f"model {entry['name']} is in use again, every byte as recorded"]))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
