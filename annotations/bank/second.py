"""The second reading: what another annotator marked without seeing the first one's marks, and how they agree.

A file of ``second_reading/`` has one line a passage: ``unit#passage``, then ``label|span`` (``label!prior|span``)
separated by tabs, in the order of the text; ``span@k`` is the k-th occurrence of a span in its passage. It holds
what the second reader wrote; the bank holds what the two settled on by the guidelines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotations.bank.load import BankFile
from annotations.bank.markup import Mark, MarkupError

READINGS = Path(__file__).parent / "second_reading"
_COUNTED_SPAN = re.compile(r"(.*)@(\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Difference:
    """One span that the two readings mark differently; None: not marked."""

    where: str
    context: str
    first: str | None
    second: str | None


@dataclass(slots=True)
class Agreement:
    """Counts of marks: of the first reading, of the second, in both (span, label and period)."""

    first: int = 0
    second: int = 0
    both: int = 0
    spans: int = 0
    by_label: dict[str, Counter[str]] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    passages: int = 0

    def f1(self, both: int) -> float:
        """F1 of one reading against the other; symmetrical."""
        return 2 * both / (self.first + self.second) if self.first + self.second else 1.0


def read_second(path: Path, bank: dict[str, BankFile]) -> Iterator[tuple[str, str, tuple[Mark, ...]]]:
    """(unit#passage, text, marks) of every line. Raises MarkupError for a span that its passage lacks."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        key, *fields = line.split("\t")
        name, _, passage = key.strip().partition("#")
        if name not in bank:
            raise MarkupError(f"{path.name}:{number}: no unit {name}")
        text = bank[name].unit.passages[int(passage)].text
        yield (
            key.strip(),
            text,
            tuple(_marks(text, [f for f in fields if f.strip()], f"{path.name}:{number}")),
        )


def _marks(text: str, fields: Sequence[str], where: str) -> Iterator[Mark]:
    at = 0
    for entry in fields:
        label, _, span = entry.partition("|")
        span = span.replace("\\n", "\n")
        counted = _COUNTED_SPAN.fullmatch(span)
        if counted:
            span, start = counted[1], -1
            for _ in range(int(counted[2])):
                start = text.find(span, start + 1)
        else:
            start = text.find(span, at)
        if start < 0:
            raise MarkupError(f"{where}: “{span}” does not stand in its passage")
        at = start + len(span)
        yield Mark(label.removesuffix("!prior"), start, at, label.endswith("!prior"))


def compare(bank: Sequence[BankFile], folder: Path = READINGS) -> Agreement:
    """The agreement of the two readings over every unit that was read twice."""
    by_name = {file.name: file for file in bank}
    out = Agreement()
    read: dict[str, tuple[Mark, ...]] = {}
    for path in sorted(folder.glob("*.marks")):
        for key, _, marks in read_second(path, by_name):
            read[key] = marks
    for name in sorted({key.partition("#")[0] for key in read}):
        for number, passage in enumerate(by_name[name].unit.passages):
            _count(out, f"{name}#{number}", passage.text, passage.marks, read.get(f"{name}#{number}", ()))
    return out


def _count(out: Agreement, where: str, text: str, first: tuple[Mark, ...], second: tuple[Mark, ...]) -> None:
    one, two = set(first), set(second)
    out.passages += 1
    out.first += len(one)
    out.second += len(two)
    out.both += len(one & two)
    spans = {(m.start, m.end): _name(m) for m in one}
    others = {(m.start, m.end): _name(m) for m in two}
    out.spans += len(spans.keys() & others.keys())
    for kind, marks in (("first", one), ("second", two), ("both", one & two)):
        for mark in marks:
            out.by_label.setdefault(mark.label, Counter())[kind] += 1
    for start, end in sorted(spans.keys() | others.keys()):
        a, b = spans.get((start, end)), others.get((start, end))
        if a != b:
            context = f"{text[max(0, start - 20) : start]}【{text[start:end]}】{text[end : end + 10]}"
            out.differences.append(Difference(where, context, a, b))


def _name(mark: Mark) -> str:
    return mark.label + ("!prior" if mark.prior else "")


def describe_agreement(agreement: Agreement, *, most: int = 40) -> str:
    """The agreement as text for a person, the worst labels first."""
    lines = [
        f"{agreement.passages} passages read twice; {agreement.first} and {agreement.second} marks",
        f"span and label {agreement.f1(agreement.both):.4f}, span alone {agreement.f1(agreement.spans):.4f} (F1)",
    ]
    scores = {label: 2 * c["both"] / (c["first"] + c["second"]) for label, c in agreement.by_label.items()}
    for label in sorted(scores, key=scores.__getitem__)[:12]:
        c = agreement.by_label[label]
        lines.append(f"  {label:34}{c['first']:6}{c['second']:6}  {scores[label]:.3f}")
    lines.append(f"{len(agreement.differences)} spans differ:")
    lines += [f"  {d.where} {d.context!r} {d.first} | {d.second}" for d in agreement.differences[:most]]
    return "\n".join(lines)
