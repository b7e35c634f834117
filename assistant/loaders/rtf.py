"""RTF -> the text that its word processor shows, with its blocks; footnotes stand at its end.

striprtf (BSD) was looked at first: it leaves out footnotes, text boxes and the numbers of lists, does not tell headings
from text, and gives the cells of a table with bars between. What it is right about was taken over as tests: bytes of a
picture that look like braces, and characters of several bytes.
"""

from __future__ import annotations

import re
from typing import Any

from assistant.errors import ArticleError
from assistant.loaders.front_matter import written_day
from assistant.loaders.html_blocks import add_html
from assistant.loaders.html_tree import parse_html
from assistant.loaders.loaded import Loaded
from assistant.loaders.properties import sensible_author, sensible_title
from assistant.loaders.rtf_blocks import RtfBlocks
from assistant.loaders.rtf_fonts import CHARACTERS, Fonts
from assistant.loaders.rtf_state import State, destination_of
from assistant.loaders.text_builder import TextBuilder

MAX_GROUPS = 5000
"""Groups that may be open at once: each keeps how its text is written."""

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n\x00]+|([^\\{}\r\n\x00]+)",
    re.DOTALL,
)
_TOGGLES = {"v": "hidden", "deleted": "deleted"}


def load_rtf(data: bytes, name: str) -> Loaded:
    """Returns the text of an RTF file; title, author, date and keywords are those that it states.

    Pictures, fields' codes, headers, footers, comments, hidden and deleted text are left out.

    Raises:
        ArticleError: if it is no RTF, its groups are nested too deep, or it is empty.
    """
    start = data[:200].find(b"{\\rtf")
    if start < 0:
        raise ArticleError(
            f"{name} is no RTF file. Open it in a word processor, save it as .rtf or .docx, and add that."
        )
    reader = _Reader(name)
    reader.read(data[start:].decode("latin-1"))
    builder = TextBuilder()
    add_html(parse_html(reader.blocks.html()), builder)
    told = reader.told
    keywords = re.split("[,;]", told.get("keywords", ""))
    return builder.loaded(
        sensible_title(told.get("title", ""), name),
        sensible_author(told.get("author", "")),
        written_day(told.get("creatim", "")),
        tuple(sorted({" ".join(keyword.lower().split()) for keyword in keywords} - {""})),
    )


class _Reader:
    """Goes through the tokens of a file and keeps how text is written where it is."""

    def __init__(self, name: str) -> None:
        self.blocks = RtfBlocks()
        self.told: dict[str, str] = {}
        self._told_once: set[str] = set()  # some programs state an author twice
        self._name = name
        self._fonts = Fonts()
        self._state = State()
        self._open: list[State] = []
        self._bytes = bytearray()  # characters of a code page that are not yet decoded
        self._skipped = 0  # characters to come that stand for one of Unicode, for old readers
        self._high = 0  # the first half of a character beyond the first 65,536

    def read(self, text: str) -> None:
        """Reads a whole file, a byte a character."""
        at = 0
        while found := _TOKEN.search(text, at):
            at = found.end()
            word, number, code, sign, brace, run = found.groups()
            if code:
                self._take_bytes(bytes((int(code, 16),)))
            elif run:
                self._take_bytes(run.encode("latin-1"))
            elif word:
                if word == "bin":
                    at += max(0, int(number or 0))
                    continue
                self._word(word, int(number) if number else None)
            elif sign:
                self._sign(sign)
            elif brace == "{":
                self._open_group()
            elif brace == "}":
                self._close_group()
        self._flush()
        self.blocks.end()

    def _open_group(self) -> None:
        self._flush()
        if len(self._open) >= MAX_GROUPS:
            raise ArticleError(f"{self._name} is refused: its groups are nested more than {MAX_GROUPS:,} deep.")
        self._open.append(self._state)
        self._state = self._state.inner()
        self._skipped = 0

    def _close_group(self) -> None:
        self._flush()
        self._skipped = 0
        if self._open:
            closed, self._state = self._state, self._open.pop()
            if closed.destination == "note" != self._state.destination:
                self.blocks.end_note()
            elif closed.destination == "font":
                self._fonts.end_name(closed.font)
            elif closed.destination == "box" != self._state.destination:
                self.blocks.end_paragraph()
            elif self._state.destination == "info":
                self._told_once.add(closed.destination)

    def _word(self, word: str, number: int | None) -> None:
        state = self._state
        if word == "u" and number is not None:
            self._unicode(number)
            return
        if self._skipped and word in CHARACTERS:
            self._skipped -= 1
            return
        self._flush()
        if word in CHARACTERS:
            self._say(CHARACTERS[word])
        elif word == "uc":
            state.n_fallback = min(max(0, number or 0), 10)
        elif (destination := destination_of(word, state)) is not None:
            state.destination = destination
            if destination == "note":
                self.blocks.begin_note()
            elif destination == "box":
                self.blocks.end_paragraph()
        elif word in _TOGGLES:
            setattr(state, _TOGGLES[word], number != 0)
        elif word in ("super", "up"):
            state.raised = number != 0
        elif word in ("nosupersub", "sub", "dn", "plain"):
            state.raised = False
            if word == "plain":
                state.hidden = state.deleted = False
                state.font = self._fonts.default
        elif word in ("f", "fcharset", "ansicpg", "deff", "cpg", "pc", "pca", "mac", "ansi"):
            self._font_word(word, number or 0)
        elif state.destination == "style":
            self.blocks.style_word(word, number)
        elif word in ("yr", "mo", "dy") and state.destination == "creatim":
            self.told["creatim"] = self.told.get("creatim", "") + ("" if word == "yr" else "-") + f"{number or 0:02}"
        elif state.destination in ("text", "note", "box"):
            self.blocks.word(word, number)

    def _font_word(self, word: str, number: int) -> None:
        if word == "f":
            self._state.font = number
            if self._state.destination == "font":
                self._fonts.begin(number)
        else:
            self._fonts.word(word, number, self._state.font)

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._state.may_be_unknown = True
        elif self._skipped and sign in "\\{}~_":
            self._skipped -= 1
        elif sign in "\\{}":
            self._take_bytes(sign.encode())
        elif sign in "\r\n":
            self._word("par", None)
        else:
            self._flush()
            self._say({"~": "\xa0", "_": "\u2011"}.get(sign, ""))

    def _take_bytes(self, data: bytes) -> None:
        if self._skipped:
            n = min(self._skipped, len(data))
            self._skipped -= n
            data = data[n:]
        self._bytes += data

    def _unicode(self, number: int) -> None:
        """Takes a character in as Unicode; those beyond the first 65,536 come in two halves."""
        self._flush()
        value = number % 65536
        self._skipped = self._state.n_fallback
        if 0xD800 <= value < 0xDC00:
            self._high = value
            return
        if 0xDC00 <= value < 0xE000:
            value = 0x10000 + ((self._high - 0xD800) << 10) + (value - 0xDC00) if self._high else 0xFFFD
        self._high = 0
        # Some programs put the characters of symbol fonts at F020 to F0FF.
        self._say(self._fonts.symbol(value - 0xF000, self._state.font) if 0xF020 <= value <= 0xF0FF else chr(value))

    def _flush(self) -> None:
        if self._bytes:
            data, self._bytes = bytes(self._bytes), bytearray()
            # The name of a symbol font is written in letters.
            told = self._state.destination not in ("text", "note", "box", "marker")
            self._say(self._fonts.decoded(data, None if told else self._state.font))

    def _say(self, text: str) -> None:
        state: Any = self._state
        where = state.destination
        if not text or state.hidden or state.deleted:
            return
        if where in ("text", "note", "box"):
            self.blocks.text(text, state.raised)
        elif where == "marker":
            self.blocks.marker_text(text)
        elif where == "style":
            self.blocks.style_name(text)
        elif where == "font":
            self._fonts.name(text)
        elif where in ("title", "author", "keywords") and where not in self._told_once:
            self.told[where] = self.told.get(where, "") + text
