"""The span rule of the guidelines, as far as a machine can check it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from annotations.bank.markup import Mark
from extraction.forms import load_labels
from extraction.narrative.edges import whole_figure
from extraction.narrative.quantities import parse_quantity
from extraction.normalise import normalise

MEASURES = "条件个份篇期次场人起宗处家项例名位批册张部本则幅封通轮版块集段榜遍组回元户堂种所%％"  # one character each
_LONGEST_ZERO = 10  # characters of a noun that names what there was none of
_NUMERAL = re.compile(r"[0-9０-９一二两三四五六七八九十百千万亿〇零半]")


def span_faults(text: str, mark: Mark) -> list[str]:
    """What is wrong with one mark: unknown label, white space at its ends, a torn number, a noun too long, edges
    that the tagger would move by the span rule (两个人 for 两个, 30人次 for 约30人次).
    """
    span = text[mark.start : mark.end]
    faults = []
    if mark.label not in load_labels():
        faults.append(f"unknown label {mark.label}")
    if span != span.strip():
        faults.append(f"white space at the ends of “{span}”")
    after = text[mark.end : mark.end + 1]
    before = text[max(0, mark.start - 1) : mark.start]
    if span[-1:].isdigit() and (after.isdigit() or (after and after in MEASURES)):
        faults.append(f"“{span}” leaves out “{after}” behind it")
    if span[:1].isdigit() and before.isdigit():
        faults.append(f"“{span}” begins inside a number")
    if not faults and (whole := whole_figure(normalise(text), mark.start, mark.end)) != (
        mark.start,
        mark.end,
    ):
        faults.append(f"“{span}” is “{text[whole[0] : whole[1]]}” by the span rule")
    quantity = parse_quantity(span, mark.label)
    if quantity.zero and len(span) > _LONGEST_ZERO:
        faults.append(f"“{span}” has no numeral and is too long for a noun")
    if quantity.value is None:
        faults.append(f"the value of “{span}” cannot be told")
    return faults


def uncovered_places(text: str, marks: Iterable[Mark]) -> list[tuple[int, int]]:
    """Where numbers with a measure word stand that no mark covers."""
    body = list(text)
    for mark in marks:
        body[mark.start : mark.end] = "\x00" * (mark.end - mark.start)
    return [m.span() for m in re.finditer(rf"\d[\d,.]*\s*[余多]?[{MEASURES}]", "".join(body))]


def uncovered_numbers(text: str, marks: tuple[Mark, ...]) -> list[str]:
    """Numbers with a measure word that no mark covers: mostly right (other things are counted), worth a look."""
    return [text[start:end] for start, end in uncovered_places(text, marks)]


def construction(text: str, mark: Mark, *, width: int = 6) -> str:
    """What surrounds a figure, numbers folded: two figures in the same words are one construction."""
    before = text[max(0, mark.start - width) : mark.start]
    after = text[mark.end : mark.end + width // 2]
    return re.sub(r"\d+", "0", f"{before}<{_NUMERAL.sub('0', text[mark.start : mark.end])}>{after}")
