"""Numbers as an automatic list shows them: 三, 十一, ①, iv (ISO 29500-1, 17.18.59, ST_NumberFormat)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_LEGAL = str.maketrans("〇一二三四五六七八九十百千万", "零壹贰叁肆伍陆柒捌玖拾佰仟萬")
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


def _counting(number: int, *, zero: str = "零", one_ten: str = "十") -> str:
    """Chinese with 十, 百, 千: 一百零三; from ten thousand on the digits alone."""
    if number >= 10_000:
        return _positional(number)
    out = ""
    gap = False
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            out += (zero if gap and out else "") + _DIGITS[digit] + _UNITS[power]
        gap = digit == 0
    return one_ten + out[2:] if out.startswith("一十") else out or "零"


def _short_counting(number: int) -> str:
    """Up to 99 with 十; from 100 on digit by digit, as Word does in ``chineseCounting``."""
    return _counting(number) if number < 100 else _positional(number).replace("〇", "○")


def _japanese(number: int) -> str:
    shown = _counting(number, zero="")
    return shown[1:] if shown.startswith(("一百", "一千")) else shown


def _legal(number: int) -> str:
    return _counting(number, one_ten="一十").translate(_LEGAL)


def _positional(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _letter(number: int) -> str:
    """A to z, aa, bb … as Word repeats them."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)


def _roman(number: int) -> str:
    out = ""
    for worth, sign in _ROMAN:
        out += sign * (number // worth) if number < 10_000 else ""
        number %= worth
    return out


def _circle(number: int) -> str:
    return chr(0x245F + number) if number <= 20 else str(number)


def _between(first: int, most: int) -> Callable[[int], str]:
    def show(number: int) -> str:
        return chr(first + number - 1) if number <= most else str(number)

    return show


def _wide(number: int) -> str:
    return str(number).translate({ord("0") + n: 0xFF10 + n for n in range(10)})


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": _short_counting,
    "taiwaneseCounting": _short_counting,
    "chineseCountingThousand": _counting,
    "taiwaneseCountingThousand": _counting,
    "japaneseCounting": _japanese,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographDigital": _positional,
    "taiwaneseDigital": _positional,
    "japaneseDigitalTenThousand": _positional,
    "ideographTraditional": lambda number: _STEMS[(number - 1) % 10],
    "ideographZodiac": lambda number: _BRANCHES[(number - 1) % 12],
    "ideographEnclosedCircle": _between(0x3280, 10),
    "decimalEnclosedCircle": _circle,
    "decimalEnclosedCircleChinese": _circle,
    "decimalEnclosedParen": _between(0x2474, 20),
    "decimalEnclosedFullstop": _between(0x2488, 20),
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}


def numeral(number: int, style: str) -> str:
    """A list's number in one of Word's styles; decimal where the style is unknown or has no such number."""
    if style == "none":
        return ""
    show = _FORMATS.get(style)
    return str(number) if show is None or number < 1 else show(number)
