"""What a span of the narrative says in numbers: value, unit, approximation, sign.

The rules are those of the annotation guidelines: 万 and 亿 are multiplied out, Chinese numerals converted,
thousands separators and white space inside a figure dropped; a span without any numeral is a zero stated in
words; a decline is negative; a value that cannot be told (数百条, 3至5次) is None, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from extraction.narrative.numerals import DIGITS, LARGE, NUMERALS, SMALL
from extraction.normalise import normalise
from extraction.records import Number

Approx = Literal["exact", "at_least", "about", "at_most"]

_ELLIPTIC = "百千万亿佰仟"

_AT_LEAST = (
    "余",
    "多",
    "十几",
    "过半",
    "超过",
    "超",
    "以上",
    "突破",
    "越过",
    "逾",
    "不少于",
    "至少",
    "上百",
    "上千",
    "上万",
    "高达",
)
_AT_MOST = ("将近", "接近", "近", "不足", "不到", "以内", "以下", "不超过", "至多")
_ABOUT = ("大约", "约", "左右", "上下", "大概", "来")
_BEFORE = re.compile(
    r"(?:(?P<at_most>将近|接近|近|不足|不到|不超过|至多)|(?P<about>大约|大概|约)"
    r"|(?P<at_least>超过|突破|越过|不少于|至少|超|逾|高达))\s*(?:占|为|达到|达|有)?\s*$"
)
_AFTER = re.compile(r"^\s*(?:(?P<at_most>以内|以下)|(?P<about>左右|上下)|(?P<at_least>以上|余|多))")

_ARABIC = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MIXED = re.compile(
    rf"(?:\d[\d,]*(?:\.\d+)?|[{NUMERALS}])(?:[余多几来]?(?:\d[\d,]*(?:\.\d+)?|[{NUMERALS}]))*"
)
_FRACTION = re.compile(rf"(百|[{NUMERALS}\d]+)分之([{NUMERALS}\d.]+)")
_POINT = re.compile(rf"([{NUMERALS}]+|\d+)点([零〇一二三四五六七八九]+|\d+)")
_MONEY = re.compile(r"(\d+)元(\d)角(?:(\d)分)?")
_TIMES = re.compile(rf"([{NUMERALS}\d.]+)倍")
_DOUBLED = re.compile(rf"翻了?([{NUMERALS}\d]+)番")
_TENTHS = re.compile(rf"([{NUMERALS}\d.]+)成(半)?")
_VAGUE = re.compile(
    rf"数[十百千万]|(?<!十)几[十百千万]?(?![{NUMERALS}])|若干|^多(?!达)|[{NUMERALS}\d][-~至到、][{NUMERALS}\d]|一两|两三|三四"
)
_DECLINE = re.compile(
    r"(?:减半|下降|减少|降低|下滑|回落|缩减|减|降|负增长|低于|压减|压缩)(?:了|幅度?|率|至|约|近|超过|超|逾|达到?|为)*\s*$"
)
_HALF = re.compile(rf"^[^{NUMERALS}\d]*一?[多大]?半(?:数|以上|多)*")
_OF_BEFORE = re.compile(r"[上去前往]年")  # 不及上年一半: a share of another value, no growth by a half
_GROWTH_RATE = "rate.change"


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a span says: ``value`` None where it cannot be told; ``zero`` for a zero stated in words."""

    value: Number | None
    unit: str
    approx: Approx
    zero: bool = False


def parse_quantity(text: str, label: str | None = None, *, before: str = "", after: str = "") -> Quantity:
    """Read one span. ``before`` and ``after`` are the characters around it (a sign or an approximation may
    stand there); ``label`` decides whether a decline makes the value negative.
    """
    span = _POINT.sub(_pointed, re.sub(r"\s+", "", normalise(text)))
    span = _MONEY.sub(lambda m: f"{m[1]}.{m[2]}{m[3] or ''}元", span)
    before, after = normalise(before)[-12:], normalise(after)[:4]
    approx = _approx(span, before, after)
    special = _special(span)
    if special is not None:
        told, unit = special
        return Quantity(None if told is None else _signed(told, label, span, before), unit, approx)
    if _VAGUE.search(span):
        return Quantity(None, _unit(span), approx)
    match = _MIXED.search(span)
    if match is None:
        return Quantity(0, "", "exact", zero=True)
    value = _read(match[0])
    if value is None:
        return Quantity(None, _unit(span[match.end() :]), approx)
    return Quantity(_signed(value, label, span[: match.start()], before), _unit(span[match.end() :]), approx)


def _pointed(match: re.Match[str]) -> str:
    """九十二点二 as 92.2; as it stands where what is before the point is no number."""
    whole = _read(match[1])
    if whole is None or not isinstance(whole, int):
        return match[0]
    return f"{whole}." + "".join(str(DIGITS.get(c, c)) for c in match[2])


def _special(span: str) -> tuple[Number | None, str] | None:
    """Shares, multiples, halves and tenths: 百分之三十五, 三分之一, 两倍, 翻一番, 过半, 三成."""
    if m := _FRACTION.search(span):
        top, bottom = _read(m[2]), 100 if m[1] == "百" else _read(m[1])
        if top is None or not bottom:
            return None, "%"
        return _plain(Decimal(str(top)) * 100 / Decimal(str(bottom))), "%"
    if _HALF.search(span):
        return (None if _OF_BEFORE.search(span) else 50), "半"
    for pattern, unit in ((_DOUBLED, "番"), (_TIMES, "倍"), (_TENTHS, "成")):
        if (m := pattern.search(span)) and (count := _read(m[1])) is not None:
            return _percent(Decimal(str(count)), unit, half=pattern is _TENTHS and bool(m[2])), unit
    return None


def _percent(count: Decimal, unit: str, *, half: bool) -> Number | None:
    """What so many 番, 倍 or 成 are in per cent: 翻一番 and 两倍 are a growth by 100; 0.5倍 may be either."""
    if unit == "倍" and count < 1:
        return None
    if unit == "成":
        return _plain(count * 10 + (5 if half else 0))
    return _plain((Decimal(2) ** int(count) if unit == "番" else count) * 100 - 100)


def _signed(value: Number, label: str | None, inside: str, before: str) -> Number:
    if label != _GROWTH_RATE:
        return value
    declines = (
        inside.startswith("-") or _DECLINE.search(re.sub(r"\d.*$", "", inside)) or _DECLINE.search(before)
    )
    return -value if declines and value > 0 else value


def _approx(span: str, before: str, after: str) -> Approx:
    for name, words in (("at_most", _AT_MOST), ("about", _ABOUT), ("at_least", _AT_LEAST)):
        if any(word in span for word in words):
            return name  # type: ignore[return-value]
    for match in (_BEFORE.search(before), _AFTER.search(after)):
        if match and match.lastgroup:
            return match.lastgroup  # type: ignore[return-value]
    return "exact"


def _unit(rest: str) -> str:
    """The measure word behind the number, as written."""
    rest = re.sub(r"^[余多几来]+", "", rest)
    rest = re.sub(r"(?:以上|左右|以内|上下|以下)$", "", rest)
    return re.sub(r"^[余多]+", "", rest).strip(")(,.，。、")


def _read(digits: str) -> Number | None:
    """A number in Arabic digits, Chinese numerals, or both (1万2千, 3.5万, 一千二百余 without the 余)."""
    plain = re.sub(r"[余多几来]", "", digits)
    if _ARABIC.fullmatch(plain):
        return _arabic(plain)
    if all(c in DIGITS for c in plain):  # 二〇一九 is a string of digits
        return int("".join(str(DIGITS[c]) for c in plain)) if len(plain) > 1 else DIGITS[plain]
    total, section, number = Decimal(0), Decimal(0), Decimal(-1)
    for token in re.findall(r"\d[\d,]*(?:\.\d+)?|.", plain):
        if token[0].isdigit():
            value = _arabic(token)
            if value is None or number >= 0:
                return None
            number = Decimal(str(value))
        elif token in DIGITS:
            number = Decimal(DIGITS[token])
        elif token in SMALL:
            section += (number if number >= 0 else Decimal(1)) * SMALL[token]
            number = Decimal(-1)
        elif token not in LARGE:
            return None
        else:
            group = section + (number if number >= 0 else Decimal(0))
            if token == "亿":
                total = (total + (group or Decimal(1))) * LARGE[token]
            else:
                total += (group or Decimal(1)) * LARGE[token]
            section, number = Decimal(0), Decimal(-1)
    if number > 0 and len(plain) > 1 and plain[-2] in _ELLIPTIC:
        return None  # 一千二: 1200 in speech, 1002 by the letter
    return _plain(total + section + (number if number >= 0 else Decimal(0)))


def _arabic(digits: str) -> Number | None:
    if not re.fullmatch(r"\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,4}(?:,\d{4})+", digits):
        return None
    return _plain(Decimal(digits.replace(",", "")))


def _plain(value: Decimal) -> Number:
    return int(value) if value == value.to_integral_value() else float(round(value, 6))
