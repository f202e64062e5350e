"""One normal form for comparing Chinese text, character by character, so that offsets stay true.

``normalise(text)`` has exactly the length of ``text``: each character is replaced by one character or kept.
Folded: full-width to half-width, compatibility ideographs, Kangxi and CJK-supplement radicals (PDF text of
browsers: ⼀ ⺠ ⻓), traditional characters (OpenCC's table), every white space to a blank (tabs and line
breaks kept), every dash to ``-``. What is compared is normalised; what is reported is the source.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

# Radicals of the CJK Radicals Supplement (U+2E80–2EFF) that NFKC leaves alone, with the character each stands
# for in the text layer of PDFs (Unicode's EquivalentUnifiedIdeograph.txt, version 15.1).
_SUPPLEMENT = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺"
    "⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罒⺲罒⺳罒⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹"
    "⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阝⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食"
    "⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻭齿⻮齿⻯龙⻰龙⻱龟⻲龟⻳龟"
)
_DASHES = "‐‑‒–—―−－﹣ー─━"
_SPACES = (
    "\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u180e\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff\xad"
)


def _pairs(pairs: str) -> dict[int, str]:
    return {ord(a): b for a, b in zip(pairs[::2], pairs[1::2], strict=True) if a != b}


@cache
def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    ranges = [(0x2F00, 0x2FD6), (0x3300, 0x3400), (0xF900, 0xFB00), (0xFE30, 0xFE70), (0xFF00, 0xFFF0)]
    for low, high in ranges:
        for code in range(low, high):
            folded = unicodedata.normalize("NFKC", chr(code))
            if len(folded) == 1 and folded != chr(code):
                table[code] = folded
    for code in range(0x2000, 0x200B):
        table[code] = " "
    table.update(_pairs(_SUPPLEMENT))
    for line in files("extraction").joinpath("data/traditional.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            table.update(_pairs(line.replace(" ", "")))
    table.update((ord(c), "-") for c in _DASHES)
    table.update((ord(c), " ") for c in _SPACES)
    table.update({ord("【"): "[", ord("】"): "]", ord("〔"): "[", ord("〕"): "]", ord("\r"): "\n"})
    return table


@cache
def _lookup() -> NDArray[np.uint32]:
    lookup = np.arange(0x10000, dtype=np.uint32)
    for code, char in _table().items():
        lookup[code] = ord(char)
    return lookup


def normalise(text: str) -> str:
    """Fold ``text`` for comparison; same length, offset by offset. Tabs and line breaks stay."""
    # An array lookup is some fifteen times as fast as str.translate on Chinese text.
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    folded = _lookup()[np.minimum(codes, 0xFFFF)]
    astral = codes > 0xFFFF
    if astral.any():
        folded[astral] = codes[astral]
    return folded.tobytes().decode("utf-32-le", "surrogatepass")
