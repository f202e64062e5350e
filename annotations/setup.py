"""The project in Label Studio: made, or brought up to date. Twice is once.

python -m annotations.setup [--title TITLE | --project NUMBER] [--annotators N] [--rename OLD=NEW ...]

The server is the one that make studio started, or LABEL_STUDIO_URL with LABEL_STUDIO_API_KEY.
"""

from __future__ import annotations

import argparse
import sys

from annotations.studio.access import find_access
from annotations.studio.client import Studio
from annotations.studio.home import DEFAULT_HOME
from annotations.studio.project import TITLE, Outcome, set_up
from extraction.errors import NianbaoError


def project_options(parser: argparse.ArgumentParser) -> None:
    """Which project: the same two options for every command."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--title", default=TITLE, help=f"the project's title ({TITLE})")
    which.add_argument(
        "--project", type=int, metavar="NUMBER", help="the project's number, where titles clash"
    )


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (old and equals and new):
        raise argparse.ArgumentTypeError(f"{text!r} is not OLD=NEW")
    return old, new


def _people(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of people")
    return int(text)


def describe(outcome: Outcome, url: str) -> str:
    """What was done, in one line a fact."""
    lines = [f"project {outcome.project} {outcome.done}: {url}/projects/{outcome.project}/data"]
    if outcome.done == "updated":
        lines += [f"new label: {label}" for label in outcome.added]
        lines += [f"label gone: {label}" for label in outcome.removed]
    if outcome.rewritten:
        lines.append(f"{outcome.rewritten} annotations and predictions carry their new labels")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0, or 2 with a message."""
    parser = argparse.ArgumentParser(
        prog="python -m annotations.setup",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    project_options(parser)
    parser.add_argument("--annotators", type=_people, metavar="N", help="people a sentence (1)")
    parser.add_argument(
        "--rename", type=_pair, action="append", default=[], metavar="OLD=NEW", help="a label's successor"
    )
    chosen = parser.parse_args(arguments)
    try:
        with Studio(find_access()) as studio:
            outcome = set_up(
                studio,
                title=chosen.title,
                number=chosen.project,
                annotators=chosen.annotators,
                renamed=dict(chosen.rename),
                backups=DEFAULT_HOME / "backups",
            )
            print(describe(outcome, studio.access.url))
    except NianbaoError as error:
        print(f"setup: {error.message} [{error.code}]", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
