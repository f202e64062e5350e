"""Characters that a DOCX names by a font and a place in it (``w:sym``)."""

from __future__ import annotations

_UNKNOWN = "\ufffd"  # something stands there: neither nothing nor a guess
# Where the fonts keep their glyphs: the private area from U+F000, or the plain code.
_SYMBOL = {0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "∗", 0x2D: "−"}
_SYMBOL |= {0xA3: "≤", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xD7: "⋅", 0xA5: "∞"}
_WINGDINGS = {0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x74: "◆", 0x75: "◆", 0x77: "◆"}
_WINGDINGS |= {0x9F: "•", 0xA7: "▪", 0xA8: "□", 0xD8: "➢", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"}
_WINGDINGS |= {0x80 + n: "⓪①②③④⑤⑥⑦⑧⑨⑩"[n] for n in range(11)}
_WINGDINGS_2 = {0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x96: "•", 0xA3: "□"}


def symbol(font: str | None, char: str | None) -> str:
    """The character of a ``w:sym``; U+FFFD where the font's glyph has none that is known."""
    try:
        code = int(char or "", 16)
    except ValueError:
        return _UNKNOWN
    place = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    name = (font or "").lower()
    if name == "symbol":
        plain = chr(place) if 0x20 <= place < 0x40 else _UNKNOWN
        return _SYMBOL.get(place, plain)
    if name == "wingdings":
        return _WINGDINGS.get(place, _UNKNOWN)
    if name == "wingdings 2":
        return _WINGDINGS_2.get(place, _UNKNOWN)
    if name in ("wingdings 3", "webdings") or not 0x20 <= place <= 0x10FFFF or 0xD800 <= place <= 0xF8FF:
        return _UNKNOWN
    return chr(place)
