r"""The bank's inline markup: ``{label|span}`` and ``{label!prior|span}`` in running text.

One unit is one file: a YAML head between ``---`` lines, then the narrative, one paragraph a line.
Inside a line ``\n`` stands for a line break of the report, and ``\{``, ``\}``, ``\|``, ``\\`` for the
characters themselves. Offsets of marks count code points of the unmarked text, half open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

_MARK = re.compile(r"\{([a-z_]+\.[a-z_]+)(!prior)?\|((?:\\.|[^{}\\|])+)\}")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class MarkupError(ValueError):
    """A line of the bank that does not follow the markup; the message names the place."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked figure: ``text[start:end]`` carries ``label``; ``prior`` if of another year."""

    label: str
    start: int
    end: int
    prior: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph without its markup, and its marks in order of offset."""

    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class BankUnit:
    """One fictional unit's narrative: whose, which year, and its paragraphs."""

    unit: str
    province: str
    county: str
    level: str
    year: int
    passages: tuple[Passage, ...]


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda m: "\n" if m[1] == "n" else m[1], text)


def parse_passage(line: str) -> Passage:
    """Read one marked paragraph. Raises MarkupError where a brace is left over."""
    out: list[str] = []
    marks: list[Mark] = []
    at = length = 0
    for m in _MARK.finditer(line):
        between = line[at : m.start()]
        _refuse_loose_braces(between, line)
        plain, span = _plain(between), _plain(m[3])
        out += [plain, span]
        length += len(plain)
        marks.append(Mark(m[1], length, length + len(span), bool(m[2])))
        length += len(span)
        at = m.end()
    _refuse_loose_braces(line[at:], line)
    out.append(_plain(line[at:]))
    return Passage("".join(out), tuple(marks))


def _refuse_loose_braces(text: str, line: str) -> None:
    loose = re.search(r"[{}]", _ESCAPE.sub("", text))
    if loose:
        raise MarkupError(f"a brace that is no mark near “{text[:40]}” in “{line[:60]}”")


def render_passage(passage: Passage) -> str:
    """Write a passage back as a marked line; the inverse of ``parse_passage``."""
    out: list[str] = []
    at = 0
    for mark in passage.marks:
        out.append(_escape(passage.text[at : mark.start]))
        prior = "!prior" if mark.prior else ""
        out.append(f"{{{mark.label}{prior}|{_escape(passage.text[mark.start : mark.end])}}}")
        at = mark.end
    out.append(_escape(passage.text[at:]))
    return "".join(out)


def _escape(text: str) -> str:
    return re.sub(r"([\\{}|])", r"\\\1", text).replace("\n", "\\n")


def parse_unit(source: str) -> BankUnit:
    """Read one unit's file. Raises MarkupError for a missing head, key or a loose brace."""
    parts = source.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise MarkupError("the file does not begin with a head between two --- lines")
    head = yaml.safe_load(parts[1])
    missing = {"unit", "province", "county", "level", "year"} - set(head or {})
    if missing:
        raise MarkupError(f"the head lacks {', '.join(sorted(missing))}")
    lines = [line for line in parts[2].split("\n") if line.strip()]
    return BankUnit(
        unit=str(head["unit"]),
        province=str(head["province"]),
        county=str(head["county"]),
        level=str(head["level"]),
        year=int(head["year"]),
        passages=tuple(parse_passage(line) for line in lines),
    )
