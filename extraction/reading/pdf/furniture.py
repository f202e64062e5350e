"""Page numbers and running heads and feet: what stands in the margins and comes again on other pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extraction.normalise import normalise
from extraction.reading.pdf.shapes import Line

_MARGIN = 0.085  # of the page's height, above and below
_MARKED = re.compile(
    r"[-·.~]+\s*\d{1,3}\s*[-·.~]+|第\s*\d{1,3}\s*页(?:\s*[,/(]?\s*共\s*\d{1,3}\s*页\s*\)?)?|\d{1,3}\s*/\s*\d{1,3}|"
    r"page\s*\d{1,3}(?:\s*of\s*\d{1,3})?|[-—]\s*\d{1,3}|第\s*[一二三四五六七八九十]{1,3}\s*页",
    re.IGNORECASE,
)
_BARE = re.compile(r"\d{1,3}")
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[A-Za-z一-鿿]")


def without_furniture(pages: Sequence[tuple[list[Line], float]]) -> list[list[Line]]:
    """The lines of each page (given with the page's height) but for its furniture."""
    margins = [[_side(line, height) for line in lines] for lines, height in pages]
    texts = [[_bare(line) for line in lines] for lines, _ in pages]
    repeated = _repeated(margins, texts)
    numbers = _page_numbers(margins, texts, pages)
    out = []
    for index, (lines, _) in enumerate(pages):
        kept = []
        for line, side, text in zip(lines, margins[index], texts[index], strict=True):
            if side and (_MARKED.fullmatch(text) or _shape(side, text) in repeated):
                continue
            if side and _BARE.fullmatch(text) and int(text) - index in numbers:
                continue
            kept.append(line)
        out.append(kept)
    return out


def _side(line: Line, height: float) -> int:
    middle = (line.box[1] + line.box[3]) / 2
    if middle < _MARGIN * height:
        return 1
    return 2 if middle > (1 - _MARGIN) * height else 0


def _bare(line: Line) -> str:
    return normalise(line.text).strip()


def _shape(side: int, text: str) -> tuple[int, str]:
    return side, _DIGITS.sub("#", text)


def _repeated(margins: list[list[int]], texts: list[list[str]]) -> set[tuple[int, str]]:
    """What stands in the same margin of most pages, numbers apart; it must hold words."""
    seen: Counter[tuple[int, str]] = Counter()
    for sides, page in zip(margins, texts, strict=True):
        seen.update({_shape(s, t) for s, t in zip(sides, page, strict=True) if s and _WORDS.search(t)})
    least = max(2, (len(texts) + 1) // 2)
    return {shape for shape, count in seen.items() if count >= least}


def _page_numbers(
    margins: list[list[int]], texts: list[list[str]], pages: Sequence[tuple[list[Line], float]]
) -> set[int]:
    """Differences between a bare number in a margin and the page's place, if several pages agree on one.

    On a single page only a lonely 1 at the very end is its number: anything else may be a table's cell.
    """
    seen: Counter[int] = Counter()
    for index, (sides, page) in enumerate(zip(margins, texts, strict=True)):
        seen.update({int(t) - index for s, t in zip(sides, page, strict=True) if s and _BARE.fullmatch(t)})
    if len(pages) > 1:
        return {difference for difference, count in seen.items() if count > 1}
    return {1} if texts and texts[0] and texts[0][-1] == "1" else set()
