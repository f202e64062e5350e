"""Sentences into Label Studio, pre-annotated. Each goes once: given again, the command sends what is missing.

python -m annotations.push out/           every sentence that may hold a figure, of the reports in out/
python -m annotations.push queue.jsonl    the sentences of a queue (annotations.sample)

The server is the one that make studio started, or LABEL_STUDIO_URL with LABEL_STUDIO_API_KEY.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from annotations.setup import project_options
from annotations.studio.access import find_access
from annotations.studio.client import Studio
from annotations.studio.project import need_project
from annotations.studio.queue import QueueItem, read_queue
from annotations.studio.sending import BATCH, Sent, push
from annotations.studio.sentences import items_of, read_reports
from extraction.errors import NianbaoError


def items_in(source: Path) -> Iterator[QueueItem]:
    """The sentences of a queue (a file) or of reports that were read (a folder)."""
    if not source.is_dir():
        yield from read_queue(source)
        return
    for record in read_reports(source):
        yield from items_of(record)


def describe(done: Sent) -> str:
    """What was done, in one line a fact."""
    lines = [f"{done.sent} sentences sent, {done.known} were there already"]
    if done.proposals:
        lines.append(f"{done.proposals} of those got the current model's proposal")
    if done.twins:
        lines.append(f"{done.twins} sent twice by a run that was killed: the second copies were removed")
    if done.clashes:
        lines.append(
            f"{len(done.clashes)} not sent: the project has other words in their place (another version of the "
            f"program read the report, or somebody edited the task), e.g. {done.clashes[0]}. Start another project "
            "for them: python -m annotations.setup --title NAME"
        )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0, 1 where sentences clash with what the project holds, or 2 with a message."""
    parser = argparse.ArgumentParser(
        prog="python -m annotations.push",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", type=Path, help="a queue, or the output folder of nianbao")
    project_options(parser)
    parser.add_argument("--most", type=int, metavar="N", help="no more than the first N sentences")
    parser.add_argument(
        "--batch", type=int, default=BATCH, metavar="N", help=f"sentences a request ({BATCH})"
    )
    chosen = parser.parse_args(arguments)
    try:
        with Studio(find_access()) as studio:
            project = need_project(studio, chosen.title, chosen.project)
            done = _push(studio, project, islice(items_in(chosen.source), chosen.most), batch=chosen.batch)
        print(describe(done))
    except NianbaoError as error:
        print(f"push: {error.message} [{error.code}]", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("push: stopped. The same command goes on from here.", file=sys.stderr)
        return 130
    return 1 if done.clashes else 0


def _push(studio: Studio, project: dict[str, object], items: Iterator[QueueItem], *, batch: int) -> Sent:
    if not sys.stderr.isatty():
        return push(studio, project, items, batch=batch)
    from tqdm import tqdm

    with tqdm(unit=" sentences", file=sys.stderr) as bar:
        return push(studio, project, items, batch=batch, progress=bar.update)


if __name__ == "__main__":
    sys.exit(main())
