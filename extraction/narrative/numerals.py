"""The characters that Chinese numbers are written in, in one place for all who look for them."""

from __future__ import annotations

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
DIGITS |= {c: i for i, c in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}  # of cheques and ledgers
SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
NUMERALS = "".join((*DIGITS, *SMALL, *LARGE))  # for a character class
VAGUE = "半几数"  # a half, some, several: they stand for numerals without telling a value
