"""Blocks, one after the other -> the text of an article, with the offsets of all that was put in."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date

from assistant.articles.article import clean, normalise
from assistant.articles.blocks import Block, Cell, Kind
from assistant.loaders.loaded import Loaded, Mark

_RUNS = ("item", "row", "code")  # one line each, next to one another
_NO_FULL_STOP = ".!?…:;。！？؟।"


class TextBuilder:
    """Puts a text together, block by block; `loaded` gives it, normalised, each visible character in one block."""

    def __init__(self) -> None:
        """Starts with nothing."""
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._marks: list[Mark] = []
        self._title = ""
        self._apart = False

    def add(self, text: str, *, level: int = 0, kind: Kind = "text", depth: int = 0) -> None:
        """Appends a block: white space made single, its line breaks kept but for blank lines; nothing if blank.

        Args:
            text: of the block, with its dash or number if it is an item.
            level: 1 to 6 for a heading, which the next blocks stand under.
            kind: as a `Block` has it.
            depth: of an item, how many lists it is in, less one.
        """
        text = "\n".join(filter(None, (" ".join(line.split()) for line in _plain(text).splitlines())))
        if not text:
            return
        start = self._append(text, kind)
        self._blocks.append(Block(start, self._length, level, kind, depth))
        if level:
            section = " ".join(text.split())
            self._title = self._title or section
            last = self._marks[-1] if self._marks else Mark(0)
            self._put(Mark(start, section, last.page, last.place))

    def add_code(self, text: str) -> None:
        """Appends lines of code, a block each; blank lines and indentation stay."""
        lines = [line.rstrip() for line in _plain(text).splitlines()]
        while lines and not lines[0]:
            lines.pop(0)
        self._apart = True
        for n, line in enumerate(lines):
            if not line:
                continue
            if not self._length:
                line = line.lstrip()  # a text begins with no blank space
            elif n and not lines[n - 1]:
                self._apart = True
            start = self._append(line, "code")
            self._blocks.append(Block(start, self._length, kind="code"))
        self._apart = True

    def add_row(self, cells: Sequence[tuple[str, str]]) -> None:
        """Appends a table's row as one line: `Step: Database (Before: 2 h 50 min; After: 40 min).`

        Args:
            cells: (name of its column or "", its text) of each cell; empty ones are left out.
        """
        line, places = row_line(cells)
        if not places:
            return
        start = self._append(line, "row")
        found = tuple(Cell(column, start + first, start + last) for column, first, last in places)
        self._blocks.append(Block(start, self._length, kind="row", cells=found))

    def end_run(self) -> None:
        """Sets what comes next apart by a blank line: another table, list or block of code begins."""
        self._apart = True

    def mark(self, page: int | None = None, place: str = "", section: str | None = None) -> None:
        """What comes next stands on this page, at this place; under the last heading, unless a section is named."""
        self._apart = True
        if section is None:
            section = self._marks[-1].section if self._marks else ""
        self._put(Mark(self._length + 2 * bool(self._length), section, page, place))

    def loaded(
        self,
        title: str = "",
        author: str = "",
        day: date | None = None,
        tags: tuple[str, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> Loaded:
        """Returns what was put together; without a title, the first heading is it.

        Raises:
            ArticleError: if it is empty.
        """
        text = normalise("".join(self._parts))  # moves nothing: every part is normalised
        marks = tuple(mark for mark in self._marks if mark.start < len(text))
        return Loaded(text, title or self._title, marks, author, day, tags, notes, tuple(self._blocks))

    def texts(self) -> list[str]:
        """Returns the text of each block so far."""
        text = "".join(self._parts)
        return [text[block.start : block.end] for block in self._blocks]

    def _append(self, text: str, kind: Kind) -> int:
        """Appends a block's text behind what parts it from the last one, and returns where it starts."""
        if self._blocks:
            last = self._blocks[-1]
            runs_on = kind in _RUNS and last.kind == kind and not self._apart
            separator = "\n" if runs_on else "\n\n"
            self._parts.append(separator)
            self._length += len(separator)
        self._apart = False
        self._parts.append(text)
        start = self._length
        self._length += len(text)
        return start

    def _put(self, mark: Mark) -> None:
        if self._marks and self._marks[-1].start == mark.start:
            self._marks.pop()
        self._marks.append(mark)


def row_line(cells: Sequence[tuple[str, str]]) -> tuple[str, list[tuple[str, int, int]]]:
    """Returns a row as a line, and (column, start, end) of its cells' own words in it.

    Its first cell tells what the row is about, and the others stand behind it in parentheses. Of 50 questions after a
    cell of ten small tables, the assistant gave 41 cells of this form and cited the row first for 49; of "Step: Database;
    Before: 2 h 50 min; After: 40 min." it gave 35 and 39, with " | " and no names 15 and 36.
    """
    parts: list[str] = []
    places: list[tuple[str, int, int]] = []
    length = 0
    about_first = len(cells) > 1 and all(cells[0]) and any(column for column, _ in cells[1:])
    for column, text in cells:
        column, text = (" ".join(_plain(value).split()) for value in (column, text))
        if not text:
            continue
        label = "" if not parts else " (" if about_first and len(places) == 1 else "; "
        if column:
            label += column + (" " if column[-1] in ":?" else ": ")
        parts += [label, text]
        start = length + len(label)
        length = start + len(text)
        places.append((column.removesuffix(":"), start, length))
    if about_first and len(places) > 1:
        parts.append(")")
    line = "".join(parts)
    return line + "." * bool(line and line[-1] not in _NO_FULL_STOP), places


def _plain(text: str) -> str:
    """Returns a text in NFC, without what is no text and what nobody sees."""
    if text.isascii() and "\x00" not in text:
        return text
    return unicodedata.normalize("NFC", clean(text).replace("\ufeff", ""))
