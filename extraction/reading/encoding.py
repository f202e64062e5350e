"""Bytes to text: byte-order mark, declaration, UTF-8, GB18030, UTF-16 without a mark, Big5, damaged files.

GB18030 stands for GB2312 and GBK too, whose superset it is: official pages declare one and use another.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from extraction.document import Notice
from extraction.errors import UnreadableInput
from extraction.normalise import normalise

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_GB = frozenset({"gb2312", "gbk", "gb18030", "hz", "gb_2312-80", "x-gbk", "cp936", "euc-cn", "gb2312-80"})
# The commonest characters of modern Chinese and of these reports. Bytes read with the wrong code give rare
# characters, of which next to none stand here: more than a third of real Chinese text does.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法"
    "所民得经十三之进等部度家电力如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些前天政四日那社"
    "义事平形相全表间样与关各重新线内数正心反明看原又利比或但质气第向道命变条只没结解问意建月公系很情者最立代想已通并提直题"
    "程展五果料象员革位入常文总次品式活设及管特件长求老基资边路级少图统接知较将组见计别角期根论运农指九区强放决西被干做必战先"
    "回则任取据处府信息申请县市局乡镇街办规章案复议诉讼收项省况报告存改需保障"
)
_MIN_COMMON = 0.2  # of the Chinese characters
_MAX_BROKEN = 0.05  # of all characters
_MAX_SUSPECT = 0.02
_SAMPLE = 20_000
# What a text with its bytes read wrongly is full of: C1 controls, private use.
_SUSPECT = dict.fromkeys([*range(0x80, 0xA0), *range(0xE000, 0xF900)], None)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text without byte-order mark, the encoding it was read with, and what was broken in it."""

    text: str
    encoding: str
    notice: Notice | None = None


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of ``data``; ``declared`` is what the page or its server says, believed where it fits.

    Raises UnreadableInput ``encoding.unknown`` where no encoding gives readable text.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _marked(data, mark, name)
    if data.isascii():
        return Decoded(data.decode("ascii"), "utf-8")
    for name in _candidates(data, declared):
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if name == "utf-8" or _plausible(text):
            # UTF-8 has check bits: Chinese text in another code is no valid UTF-8 but for a word or two.
            return Decoded(text, name)
    return _damaged(data)


def _marked(data: bytes, mark: bytes, name: str) -> Decoded:
    # UTF-16 and UTF-32 need their mark to tell the order of bytes, and drop it themselves.
    text = (data if name.startswith("utf-") and name != "utf-8" else data[len(mark) :]).decode(
        name, "replace"
    )
    return Decoded(text, name, _notice(name, text.count("�")) if "�" in text else None)


def _candidates(data: bytes, declared: str | None) -> Iterator[str]:
    name = _canonical(declared)
    zeros = data[:4096].count(0)
    if zeros > 0.01 * len(
        data[:4096]
    ):  # UTF-16: little-endian has them on odd places, big-endian on even ones
        yield "utf-16-be" if data[:4096:2].count(0) > zeros / 2 else "utf-16-le"
        return
    if name:
        yield name
    yield from ("utf-8", "gb18030", "big5hkscs")


def _canonical(declared: str | None) -> str | None:
    if not declared:
        return None
    name = declared.strip().strip("\"'").lower().replace("_", "-")
    if name in _GB or name.startswith(("gb", "cp936")):
        return "gb18030"
    if name.startswith("big5"):
        return "big5hkscs"
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return None
    # A Western code declared on a Chinese page is a server's default, and would decode anything.
    return None if found in ("ascii", "latin-1", "iso8859-1", "cp1252") else found


def _plausible(text: str) -> bool:
    """Whether the Chinese characters of ``text`` are the common ones."""
    sample = text[:_SAMPLE]
    chinese = [c for c in normalise(sample) if "㐀" <= c <= "鿿"]
    if not chinese:
        return False
    suspect = len(sample) - len(sample.translate(_SUSPECT))
    return suspect <= _MAX_SUSPECT * len(sample) and sum(c in _COMMON for c in chinese) >= _MIN_COMMON * len(
        chinese
    )


def _damaged(data: bytes) -> Decoded:
    """A file cut within a character, or with a few bytes spoilt: the reading with the fewest losses."""
    best: tuple[int, str, str] | None = None
    for name in ("utf-8", "gb18030"):
        text = data.decode(name, "replace")
        broken = text.count("�")
        if (
            broken <= max(3, _MAX_BROKEN * len(text))
            and _plausible(text)
            and (best is None or broken < best[0])
        ):
            best = (broken, name, text)
    if best is None:
        raise UnreadableInput(
            "encoding.unknown",
            "The bytes are no readable text in UTF-8, GB18030, UTF-16 or Big5. Save the file as UTF-8.",
        )
    broken, name, text = best
    return Decoded(text, name, _notice(name, broken))


def _notice(name: str, broken: int) -> Notice:
    places = "1 place" if broken == 1 else f"{broken} places"
    return Notice(
        "encoding.damaged",
        f"{places} in the file cannot be read as {name} and stand as �: the file is cut or spoilt.",
    )
