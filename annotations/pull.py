"""Annotations out of Label Studio into annotations/reviewed/, in the bank's own form, one file an annotator.

python -m annotations.pull [--out annotations/reviewed]

What cannot be understood goes to refused.jsonl, what the project no longer holds to withdrawn.jsonl: nothing is
dropped. The server is the one that make studio started, or LABEL_STUDIO_URL with LABEL_STUDIO_API_KEY.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import orjson

from annotations.setup import project_options
from annotations.studio.access import find_access
from annotations.studio.client import Studio
from annotations.studio.fetching import Fetched, fetch
from annotations.studio.project import need_project
from annotations.studio.reviewed import REVIEWED, Stored, store
from extraction.errors import NianbaoError
from extraction.sinks.atomic import atomic


def pull(fetched: Fetched, out: Path) -> Stored | None:
    """Keep what was fetched under ``out``; None where the project holds no annotation: nothing is touched then."""
    if not fetched.reviewed and not fetched.refused:
        return None
    unread = {record["annotation"] for record in fetched.refused}
    stored = store(out, fetched.project, fetched.reviewed, unread=unread)
    _keep_refused(out / "refused.jsonl", fetched)
    return stored


def _keep_refused(path: Path, fetched: Fetched) -> None:
    """The refused of this project take the place of its former ones."""
    lines = path.read_bytes().splitlines() if path.exists() else []
    kept = [line for line in lines if orjson.loads(line)["project"] != fetched.project]
    kept += [orjson.dumps(record) for record in fetched.refused]
    if kept:
        with atomic(path) as partial:
            partial.write_bytes(b"".join(line + b"\n" for line in kept))
    else:
        path.unlink(missing_ok=True)


def describe(fetched: Fetched, stored: Stored | None, out: Path) -> str:
    """What was done, in one line a fact."""
    if stored is None:
        return (
            f"The project holds no annotations yet ({fetched.skipped} skipped). Annotate some sentences, then pull "
            f"again. What was pulled into {out} before stays as it is."
        )
    people = sorted({one.annotator for one in fetched.reviewed})
    lines = [
        f"{len(fetched.reviewed)} annotations by {len(people)} annotators into {out}: {stored.new} new, "
        f"{stored.changed} changed, {stored.same} as before",
        f"{fetched.skipped} skipped tasks left out",
    ]
    if stored.withdrawn:
        lines.append(f"{stored.withdrawn} no longer in the project: moved to {out / 'withdrawn.jsonl'}")
    if fetched.refused:
        lines.append(
            f"{len(fetched.refused)} refused, kept in {out / 'refused.jsonl'}: correct them in Label Studio and pull "
            "again"
        )
        lines += [f"  task {r['task']}, {r['annotator']}: {r['why']}" for r in fetched.refused[:20]]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0, 1 where annotations were refused, or 2 with a message."""
    parser = argparse.ArgumentParser(
        prog="python -m annotations.pull",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    project_options(parser)
    parser.add_argument("--out", type=Path, default=REVIEWED, help="folder of the reviewed sentences")
    chosen = parser.parse_args(arguments)
    try:
        with Studio(find_access()) as studio:
            fetched = fetch(studio, need_project(studio, chosen.title, chosen.project))
        print(describe(fetched, pull(fetched, chosen.out), chosen.out))
    except NianbaoError as error:
        print(f"pull: {error.message} [{error.code}]", file=sys.stderr)
        return 2
    return 1 if fetched.refused else 0


if __name__ == "__main__":
    sys.exit(main())
