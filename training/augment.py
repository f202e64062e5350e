"""Other ways of writing the same labelled stretch: drawn anew every time a stretch is read.

What must not matter to the tagger is varied: how long a number is and in which numerals, who reports, where
white space and line breaks fall, how wide the punctuation is, how much stands before. Edits are replacements
of parts of the text; marks move along.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from annotations.bank.markup import Mark
from training.examples import Example

_NUMBER = re.compile(r"(?<![\d.〔\[第-])\d+(?:[,，]\d{3})*(?:\.\d+)?(?![\d号年月日时.-])")
_COUNTED = re.compile(
    r"(?<!第)([一二三四五六七八九十两百]{1,5})(?=[余多]?(?:条|件|次|个|份|期|人|篇|处|名|场|项|封|宗|起|家|张))"
)
_PLACE = re.compile(r"[县区市旗州]")
_OUTER = re.compile(r"(?<=[\u4e00-\u9fff])(?=\d)|(?<=\d)(?=[\u4e00-\u9fff%])")
_BLANK = re.compile(r"(?<=\S)[ \u3000\xa0](?=\S)")
_NAME_CHARACTERS = (
    "安宁平昌兴永清泰和长新丰东西南北大上江河山海阳阴川州林原城陵水泉石金玉龙凤云溪桥港湖岭台康德仁义乐富荣华庆嘉祥瑞临高固武文灵潭浦涂沙"
    "坪塘沟店营寨堡关屯镇郊古阜濮沁漳滦涪沅郧鄱珲榆桐柏枣杏梅兰荷蓟茂荔芷蒲莲菏萧蓬藤"
)
_DIGITS = "零一二三四五六七八九"
_FURNITURE = ("\n- {} -\n", "\n—{}—\n", "\n第{}页\n", "\n{}\n", "\n第{}页 共12页\n")


@dataclass(frozen=True, slots=True)
class Rates:
    """How often each change is made (probability a stretch, or a number where it says so)."""

    number: float = 0.5  # a number
    numeral: float = 0.05  # a number
    arabic: float = 0.3  # a number in Chinese numerals
    spaces: float = 0.15
    no_spaces: float = 0.1
    broken: float = 0.03
    split: float = 0.1
    punctuation: float = 0.08
    name: float = 0.5
    place: float = 0.15
    no_context: float = 0.12
    less_context: float = 0.15
    furniture: float = 0.02
    no_year: float = 0.35


NONE = Rates(*([0.0] * 14))
Edit = tuple[int, int, str]


def augment(example: Example, rng: random.Random, rates: Rates = Rates()) -> Example:
    """A variant of ``example`` with its marks in their new places."""
    changes: tuple[tuple[float, Callable[[Example, random.Random], Example]], ...] = (
        (rates.no_context, _without_context),
        (rates.less_context, _less_context),
        (rates.split, _split),
        (rates.name, _rename),
        (rates.place, _another_kind_of_place),
        (1.0, lambda e, r: _renumber(e, r, rates)),
        (rates.no_spaces, _remove_spaces),
        (rates.spaces, _add_spaces),
        (rates.broken, _break_figures),
        (rates.punctuation, _repunctuate),
        (rates.furniture, _add_furniture),
    )
    for rate, change in changes:
        if rate and rng.random() < rate:
            example = change(example, rng)
    if rng.random() < rates.no_year:
        example = replace(example, year=None)
    return example


def apply(example: Example, edits: list[Edit]) -> Example:
    """Replace parts of the text. Edits are in order and apart, and lie wholly inside or outside a mark.

    Text put in at the edge of a mark or of the tagged part stays outside it.
    """
    if not edits:
        return example
    out: list[str] = []
    at = 0
    for start, end, new in edits:
        out += [example.text[at:start], new]
        at = end
    out.append(example.text[at:])

    def moved(place: int, *, is_end: bool) -> int:
        shift = 0
        for start, end, new in edits:
            if end < place or (end == place and (start < end or not is_end)):
                shift += len(new) - (end - start)
        return place + shift

    def move(mark: Mark) -> Mark:
        return replace(mark, start=moved(mark.start, is_end=False), end=moved(mark.end, is_end=True))

    return replace(
        example,
        text="".join(out),
        start=moved(example.start, is_end=False),
        end=moved(example.end, is_end=True),
        marks=tuple(move(m) for m in example.marks),
    )


def chinese(number: int) -> str:
    """``number`` below 10,000 in Chinese numerals as clerks write them: 12 → 十二, 205 → 二百零五."""
    if not number:
        return "零"
    out, pending = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if not digit:
            pending = bool(out)
            continue
        lead = "" if digit == 1 and power == 10 and not out else _DIGITS[digit]
        out += ("零" if pending else "") + lead + unit
        pending = False
    return out


def _inside(example: Example, start: int, end: int) -> Mark | None:
    """The mark that holds the part, None where there is none; part marks don't count."""
    return next((m for m in example.marks if m.start <= start and end <= m.end), None)


def _touches(example: Example, start: int, end: int) -> bool:
    return any(m.start < end and start < m.end for m in example.marks)


def _renumber(example: Example, rng: random.Random, rates: Rates) -> Example:
    edits: list[Edit] = []
    for m in _NUMBER.finditer(example.text):
        if _touches(example, *m.span()) and not _inside(example, *m.span()):
            continue
        after = example.text[m.end() : m.end() + 1]
        if (
            rng.random() < rates.numeral
            and m[0].isdigit()
            and int(m[0]) < 1000
            and after in "条件次个份期人篇处名场项"
        ):
            value = int(m[0])
            new = "两" if value == 2 else chinese(value)
            edits.append((m.start(), m.end(), new))
        elif rng.random() < rates.number:
            edits.append((m.start(), m.end(), _another_number(m[0], rng)))
    for m in _COUNTED.finditer(example.text):
        is_marked = _inside(example, m.start(), m.end()) is not None
        if is_marked and rng.random() < rates.arabic:
            edits.append((m.start(), m.end(), str(rng.choice((rng.randint(1, 9), rng.randint(10, 99))))))
    return apply(example, sorted(edits))


def _another_number(old: str, rng: random.Random) -> str:
    whole, _, decimals = old.replace(",", "").replace("，", "").partition(".")
    length = max(1, min(7, len(whole) + rng.choice((-2, -1, -1, 0, 0, 0, 0, 0, 1, 1, 2))))
    if decimals:
        length = min(length, 3)
        decimals = str(rng.randint(1, 10 ** rng.randint(1, 2) - 1))
    value = rng.randint(10 ** (length - 1), 10**length - 1)
    if decimals:
        return f"{value}.{decimals}"
    if length == 5 and rng.random() < 0.15:
        return f"{value / 10000:.{rng.choice((1, 2))}f}万"
    return f"{value:,}" if length > 3 and rng.random() < 0.25 else str(value)


def _without_context(example: Example, rng: random.Random) -> Example:
    return _cut_left(example, example.start)


def _less_context(example: Example, rng: random.Random) -> Example:
    return _cut_left(example, rng.randint(0, example.start))


def _cut_left(example: Example, by: int) -> Example:
    marks = tuple(replace(m, start=m.start - by, end=m.end - by) for m in example.marks)
    return replace(
        example, text=example.text[by:], start=example.start - by, end=example.end - by, marks=marks
    )


def _split(example: Example, rng: random.Random) -> Example:
    """Another line break inside the tagged part, and only one side of it tagged, as a converter would do."""
    place = rng.randint(example.start, example.end)
    if place <= example.start + 4 or place >= example.end - 4 or _touches(example, place - 1, place + 1):
        return example
    if rng.random() < 0.5:
        marks = tuple(m for m in example.marks if m.end <= place)
        return replace(example, text=example.text[:place], end=place, marks=marks)
    marks = tuple(m for m in example.marks if m.start >= place)
    later = apply(replace(example, marks=marks), [(place, place, "\n")])
    return _cut_left(replace(later, start=place + 1), max(0, place + 1 - 48))


def _rename(example: Example, rng: random.Random) -> Example:
    stems = {name[:-1] for name in example.names if 2 <= len(name) <= 4 and _PLACE.match(name[-1])}
    edits: list[Edit] = []
    for stem in stems:
        new = "".join(rng.choices(_NAME_CHARACTERS, k=rng.choice((1, 2, 2, 2, 3))))
        edits += [
            (m.start(), m.end(), new)
            for m in re.finditer(re.escape(stem), example.text)
            if not _touches(example, *m.span())
        ]
    return apply(example, _apart(sorted(edits)))


def _apart(edits: list[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    return kept


def _another_kind_of_place(example: Example, rng: random.Random) -> Example:
    new = rng.choice("县区市旗州")
    places = re.finditer(r"(?<=[全我本])[县区市](?=[^\u4e00-\u9fff]|[共各政级直公主累])", example.text)
    return apply(example, [(m.start(), m.end(), new) for m in places if not _touches(example, *m.span())])


def _add_spaces(example: Example, rng: random.Random) -> Example:
    rate = rng.choice((0.4, 0.9))
    sides = rng.choice(("both", "both", "before", "after"))
    edits: list[Edit] = []
    for m in _OUTER.finditer(example.text):
        is_before = example.text[m.start() : m.start() + 1].isdigit()
        if sides in ("both", "before" if is_before else "after") and rng.random() < rate:
            edits.append((m.start(), m.start(), " " * rng.choice((1, 1, 1, 2))))
    return apply(example, edits)


def _remove_spaces(example: Example, rng: random.Random) -> Example:
    return apply(example, [(m.start(), m.end(), "") for m in _BLANK.finditer(example.text)])


def _break_figures(example: Example, rng: random.Random) -> Example:
    edits: list[Edit] = []
    for mark in example.marks:
        if mark.end - mark.start > 1 and rng.random() < 0.5:
            place = rng.randint(mark.start + 1, mark.end - 1)
            edits.append((place, place, rng.choice((" ", "\n", "\n", " \n"))))
    return apply(example, edits)


def _repunctuate(example: Example, rng: random.Random) -> Example:
    table = rng.choice(
        (
            {"。": "."},
            {"；": "，"},
            {"、": "，"},
            {"，": "、"},
            {"：": "，"},
            {"“": '"', "”": '"'},
            {"。": "；"},
            {"，": " "},
        )
    )
    edits = [
        (i, i + 1, table[c])
        for i, c in enumerate(example.text)
        if c in table and not _touches(example, i, i + 1)
    ]
    return apply(example, edits)


def _add_furniture(example: Example, rng: random.Random) -> Example:
    place = rng.randint(0, len(example.text))
    if _touches(example, place - 1, place + 1):
        return example
    return apply(example, [(place, place, rng.choice(_FURNITURE).format(rng.randint(1, 20)))])
