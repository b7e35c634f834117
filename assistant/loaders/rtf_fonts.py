"""The fonts of an RTF file: their code pages tell what its bytes mean."""

from __future__ import annotations

import codecs

CHARACTERS = {
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ",
    "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "softline": "\n", "lbr": "\n",
}  # fmt: skip
"""Words that stand for a character."""

_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850",
}  # fmt: skip
_OF_FILE = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}
_SYMBOL = 2
_BULLETS = frozenset(b"\xb7\xa7\xd8\x76\xfc\xa8\x6e\x75")  # as Symbol and Wingdings have them
_GREEK = dict(
    zip(
        "abgdezhqiklmnxoprstufcywABGDEZHQIKLMNXOPRSTUFCYW",
        "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
        strict=True,
    )
)


class Fonts:
    """The fonts by number, filled from the table of a file and asked while its text is read."""

    def __init__(self) -> None:
        """Starts with none; text is in the code page of Western Windows."""
        self.default = 0
        self._file = "cp1252"
        self._encodings: dict[int, str] = {}
        self._symbols: dict[int, str] = {}
        self._name = ""

    def begin(self, number: int) -> None:
        """A font of this number is told of."""
        self._name = ""
        self._encodings.pop(number, None)

    def name(self, text: str) -> None:
        """Takes in a part of a font's name."""
        self._name += text

    def end_name(self, number: int) -> None:
        """The font has been told of."""
        if number in self._symbols:
            self._symbols[number] = self._name.strip(" ;")
        self._name = ""

    def word(self, word: str, number: int, font: int) -> None:
        """Takes in what is told of the file's code page, or of a font's."""
        if word == "ansicpg" and (found := _known(f"cp{number}")):
            self._file = found
        elif word in _OF_FILE:
            self._file = _OF_FILE[word]
        elif word == "deff":
            self.default = number
        elif word == "cpg" and (found := _known(f"cp{number}")):
            self._encodings[font] = found
        elif word == "fcharset":
            if number == _SYMBOL:
                self._symbols[font] = ""
            elif number in _CHARSETS and (number or self._file == "cp1252"):
                self._encodings.setdefault(font, _CHARSETS[number])

    def decoded(self, data: bytes, font: int | None) -> str:
        """Returns the characters of bytes in a font, None for what is written in none."""
        if font is None:
            return data.decode(self._file, "replace")
        if font in self._symbols:
            return "".join(self.symbol(byte, font) for byte in data)
        return data.decode(self._encodings.get(font, self._file), "replace")

    def symbol(self, byte: int, font: int) -> str:
        """Returns the character of a symbol font, "" where it is only a picture."""
        if byte in _BULLETS and byte > 127:
            return "•"
        if self._symbols.get(font, "Symbol").startswith("Symbol"):
            return _GREEK.get(chr(byte), chr(byte) if byte < 128 else "")
        return " " if byte == 32 else ""


def _known(encoding: str) -> str:
    try:
        return codecs.lookup({"cp65001": "utf-8", "cp10000": "mac_roman"}.get(encoding, encoding)).name
    except LookupError:
        return ""
