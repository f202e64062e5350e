"""How good the models' proposals were, version by version: kept, moved, relabelled, revalued, deleted, added.

python -m annotations.proposals

Shares are of the regions that a version proposed; added, of the regions that were there in the end. Seconds are
those that Label Studio counted a sentence open.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from annotations.quality.proposals import describe, outcomes_of
from annotations.studio.reviewed import REVIEWED, load_reviewed
from extraction.errors import NianbaoError


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0, or 2 with a message."""
    parser = argparse.ArgumentParser(
        prog="python -m annotations.proposals",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--reviewed", type=Path, default=REVIEWED, help="what annotations.pull wrote")
    chosen = parser.parse_args(arguments)
    try:
        print(describe(outcomes_of(load_reviewed(chosen.reviewed))))
    except NianbaoError as error:
        print(f"proposals: {error.message} [{error.code}]", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
