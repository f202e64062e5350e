"""What the bank holds and what is wrong with it: ``python -m annotations.bank check``."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotations.bank.load import BankFile, BankSentence, sentences
from annotations.bank.spans import construction, span_faults, uncovered_numbers
from extraction.forms import load_labels

_RUN = 24  # Chinese characters of a real report that may not stand in the bank
_SHINGLE = 5
_NEAR = 0.8  # Jaccard similarity from which two sentences count as near-duplicates
_SHORTEST = 14  # shorter sentences are stock phrases
_HEADING = re.compile(
    r"^[(（]?[一二三四五六七八九十\d]+[)）、.．](?:.{0,40}(?<![。；，])|[^。；，\d]{2,24}。)$"
)


@dataclass(slots=True)
class BankReport:
    """Counts, and faults that fail the check."""

    units: int = 0
    counties: int = 0
    sentences: int = 0
    different: int = 0
    figures: int = 0
    prior: int = 0
    zeros: int = 0
    unmarked_number: int = 0
    by_label: Counter[str] = field(default_factory=Counter)
    constructions: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    uncovered: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    near_duplicates: list[tuple[str, str, float]] = field(default_factory=list)


def check_bank(bank: Sequence[BankFile], real_reports: Path | None) -> BankReport:
    """Check every unit; ``real_reports`` is the folder of real texts none of whose runs may occur."""
    out = BankReport(units=len(bank), counties=len({file.county for file in bank}))
    every = list(sentences(list(bank)))
    for file in bank:
        for passage in file.unit.passages:
            for mark in passage.marks:
                out.faults += [f"{file.name}: {fault}" for fault in span_faults(passage.text, mark)]
                out.by_label[mark.label] += 1
                out.constructions[mark.label].add(construction(passage.text, mark))
                out.prior += mark.prior
                out.zeros += not re.search(
                    r"[\d一二两三四五六七八九十百千万半]", passage.text[mark.start : mark.end]
                )
            out.uncovered.update(uncovered_numbers(passage.text, passage.marks))
    out.faults += _namesakes(bank)
    out.sentences = len(every)
    out.different = len({s.text.strip() for s in every})
    out.figures = sum(out.by_label.values())
    out.unmarked_number = sum(_has_unmarked_number(s) for s in every)
    out.near_duplicates = near_duplicates(every)
    if real_reports and real_reports.is_dir():
        out.faults += _copied(bank, real_reports)
    return out


def _namesakes(bank: Sequence[BankFile]) -> list[str]:
    """Counties of one name in two provinces: they would be drawn as one where counties are drawn."""
    provinces: dict[str, set[str]] = defaultdict(set)
    for file in bank:
        provinces[file.unit.county].add(file.unit.province)
    return [
        f"{county} stands in {len(found)} provinces ({', '.join(sorted(found))}): give one of them another name"
        for county, found in sorted(provinces.items())
        if len(found) > 1
    ]


def _has_unmarked_number(sentence: BankSentence) -> bool:
    body = list(sentence.text)
    for mark in sentence.marks:
        body[mark.start : mark.end] = " " * (mark.end - mark.start)
    return bool(re.search(r"\d", "".join(body)))


def near_duplicates(every: Sequence[BankSentence]) -> list[tuple[str, str, float]]:
    """Pairs of sentences of different counties that are nearly the same, numbers folded."""
    shingles: list[tuple[BankSentence, set[str]]] = []
    index: dict[str, list[int]] = defaultdict(list)
    found: list[tuple[str, str, float]] = []
    for sentence in every:
        folded = re.sub(r"\d+", "0", re.sub(r"\s", "", sentence.text))
        if len(folded) < _SHORTEST or _HEADING.match(folded):
            continue
        own = {folded[i : i + _SHINGLE] for i in range(len(folded) - _SHINGLE + 1)}
        shared = Counter(j for s in own for j in index[s])
        for j, common in shared.most_common(3):
            other, theirs = shingles[j]
            score = common / (len(own) + len(theirs) - common)
            if score >= _NEAR and other.county != sentence.county:
                found.append((f"{other.file}: {other.text}", f"{sentence.file}: {sentence.text}", score))
                break
        for s in own:
            index[s].append(len(shingles))
        shingles.append((sentence, own))
    return found


def _copied(bank: Sequence[BankFile], folder: Path) -> list[str]:
    """Runs of real reports in the bank; a run that several real reports share is a stock phrase."""
    runs: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.txt")):
        han = _han(path.read_text(encoding="utf-8"))
        runs.update({han[i : i + _RUN] for i in range(len(han) - _RUN + 1)})
    out = []
    for file in bank:
        han = _han("".join(p.text for p in file.unit.passages))
        for i in range(len(han) - _RUN + 1):
            if runs.get(han[i : i + _RUN]) == 1:
                out.append(f"{file.name}: a real report's words “{han[i : i + _RUN]}”")
                break
    return out


def _han(text: str) -> str:
    return re.sub(r"[^一-鿿]", "", re.sub(r"《[^》]*》", "", text))


def describe(report: BankReport) -> str:
    """The report as text for a person."""
    labels = load_labels()
    lines = [
        f"{report.units} units in {report.counties} counties; "
        f"{report.sentences} sentences, {report.different} different; "
        f"{report.figures} figures ({report.prior} of another year, {report.zeros} zeros in words); "
        f"{report.unmarked_number} sentences with an unmarked number",
        "",
        f"{'label':34}{'figures':>8}{'constructions':>15}",
    ]
    for key in labels:
        lines.append(f"{key:34}{report.by_label[key]:8}{len(report.constructions[key]):15}")
    lines.append("")
    lines.append(
        "numbers left unmarked most often: "
        + ", ".join(f"{n}×{c}" for n, c in report.uncovered.most_common(12))
    )
    lines.append(f"near-duplicates across counties: {len(report.near_duplicates)}")
    lines += [f"  {score:.2f}  {a[:60]} ~ {b[:60]}" for a, b, score in report.near_duplicates[:10]]
    lines.append(f"faults: {len(report.faults)}")
    lines += [f"  {fault}" for fault in report.faults[:40]]
    return "\n".join(lines)
