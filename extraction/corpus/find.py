"""From the command line's words to a sorted list of inputs: files, folders, globs, lists of paths.

Nothing named is lost: what does not exist becomes an error record. Inside folders only known suffixes are
taken; the others are counted by suffix.
"""

from __future__ import annotations

import glob
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from extraction.engines.protocol import Outcome, Task, failure
from extraction.engines.worker import describe_os_error

SUFFIXES = frozenset({".txt", ".html", ".htm", ".shtml", ".pdf", ".docx", ".md"})


@dataclass(slots=True)
class Found:
    """Inputs sorted by path, each once; those that cannot be tried, and what folders held besides."""

    paths: list[str] = field(default_factory=list)
    refused: dict[str, Outcome] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)


def find_inputs(words: Iterable[str], *, listed: bytes = b"", avoid: str | None = None) -> Found:
    """Find every input that ``words`` name.

    A word is a file, a folder (searched to the bottom), a glob, or ``-``: the paths in ``listed``, one a
    line or separated by NUL. ``avoid`` is the output folder: results of an earlier run are no inputs.
    """
    search = _Search(os.path.abspath(avoid) if avoid else None)  # noqa: PTH100 - PurePath cannot
    for word in words:
        if word == "-":
            for path in split_list(listed):
                search.named(path, may_be_glob=False)
        else:
            search.named(word, may_be_glob=True)
    return search.result()


def split_list(listed: bytes) -> list[str]:
    """The paths of a list: separated by NUL where there is one, else one a line; empty ones dropped."""
    parts = listed.split(b"\0") if b"\0" in listed else [line.rstrip(b"\r") for line in listed.split(b"\n")]
    return [os.fsdecode(part) for part in parts if part]


class _Search:
    def __init__(self, avoid: str | None) -> None:
        self._avoid = avoid
        self._spellings: dict[str, str] = {}  # absolute path → as given
        self._found = Found()

    def named(self, path: str, *, may_be_glob: bool) -> None:
        """A path somebody wrote: always an input, whatever its suffix."""
        try:
            is_folder = stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 - Path("") is the folder "."
        except OSError as error:
            if may_be_glob and glob.has_magic(path):
                self._glob(path)
            else:
                self._refuse(path, error)
            return
        except ValueError:  # a NUL inside the name
            self._refuse(path, FileNotFoundError(2, os.strerror(2)))
            return
        if is_folder:
            self._folder(path)
        else:
            self._take(path)

    def _glob(self, pattern: str) -> None:
        matches = glob.glob(pattern, recursive=True)  # noqa: PTH207 - must keep the user's spelling
        for match in matches:
            self.named(match, may_be_glob=False)
        if not matches:
            self._found.refused[pattern] = failure(
                Task(-1, pattern),
                step="find",
                code="input.no_match",
                error="FileNotFoundError",
                message="No file matches the pattern. Check its spelling, and that it is quoted.",
            )

    def _folder(self, top: str) -> None:
        for folder, folders, names in os.walk(top, onerror=self._unlisted):
            folders[:] = sorted(self._entered(folder, folders))
            scans = {name for name in names if name.lower().endswith(".pdf")}
            for name in names:
                suffix = PurePath(name).suffix.lower()
                if name.startswith((".", "~$")):  # of the system, or Word's mark on an open file
                    self._found.skipped["(hidden)"] += 1
                elif PurePath(name).stem.lower() == "readme":  # says what the folder holds; no report
                    self._found.skipped["(readme)"] += 1
                elif name[: name.lower().rfind(".pdf.") + 4] in scans:  # x.pdf.txt: what OCR read in x.pdf
                    self._found.skipped["(text of a scan)"] += 1
                elif suffix in SUFFIXES:
                    self._take(os.path.join(folder, name))  # noqa: PTH118 - keeps the user's spelling
                else:
                    self._found.skipped[suffix or "(none)"] += 1

    def _entered(self, folder: str, names: list[str]) -> Iterator[str]:
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118
            if os.path.islink(path):  # noqa: PTH114 - may lead round in a circle
                self._found.skipped["(linked folder)"] += 1
            elif name.startswith("."):
                self._found.skipped["(hidden folder)"] += 1
            elif os.path.abspath(path) != self._avoid:  # noqa: PTH100
                yield name

    def _unlisted(self, error: OSError) -> None:
        self._refuse(error.filename, error)

    def _take(self, path: str) -> None:
        absolute = os.path.abspath(path)  # noqa: PTH100 - without following links
        self._spellings[absolute] = min(self._spellings.get(absolute, path), path)

    def _refuse(self, path: str, error: OSError) -> None:
        code, message = describe_os_error(error)
        self._found.refused[path] = failure(
            Task(-1, path), step="find", code=code, error=type(error).__name__, message=message
        )

    def result(self) -> Found:
        """What was found, in order."""
        self._found.paths = sorted(set(self._spellings.values()) - self._found.refused.keys())
        return self._found
