"""Paragraphs of columns and pages -> one text, its blocks, and the place of each word.

A paragraph that a column or a page ends in the middle of is joined with the rest; what stands between, as footnotes and
figures' captions, comes after it. A hyphen at a line's end goes where it only marks the break.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from assistant.articles.blocks import Block, Cell, Kind
from assistant.articles.boxes import Box, PlacedWord
from assistant.loaders.loaded import Mark
from assistant.loaders.pdf_addresses import breaks_address
from assistant.loaders.pdf_hyphens import at_hyphen
from assistant.loaders.pdf_lines import has_leaders, is_leader
from assistant.loaders.pdf_paragraphs import Paragraph, ends_sentence
from assistant.loaders.pdf_words import Word

_MAX_BETWEEN = 15  # paragraphs that a float may have
_HEADING_LEADING = 1.5  # of the font's size
_SAME_SIZE = 0.06
_LETTERS = re.compile(r"[^\W\d_]+")
_LEVELS = 6
_WIDE = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF), (0x3000, 0x303F), (0x20000, 0x3FFFF))


def joined(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Returns the paragraphs in reading order, those that were broken by a column's or a page's end made whole."""
    made: list[Paragraph] = []
    open_one: Paragraph | None = None
    between = 0
    for paragraph in paragraphs:
        if open_one and paragraph.role in ("text", "item") and _goes_on(open_one, paragraph):
            open_one.lines += paragraph.lines
            open_one.pages += paragraph.pages
            open_one.full, open_one.last = paragraph.full, paragraph.last
            open_one, between = (open_one if paragraph.last else None), 0
            continue
        if made and _is_one_heading(made[-1], paragraph):
            made[-1].lines += paragraph.lines
            made[-1].pages += paragraph.pages
            continue
        made.append(paragraph)
        aside = paragraph.role in ("note", "row", "aside") or (open_one and paragraph.size < open_one.size * 0.95)
        if open_one and aside and between < _MAX_BETWEEN:
            between += 1
        else:
            open_one, between = (paragraph if _is_open(paragraph) else None), 0
    return made


def _is_one_heading(one: Paragraph, other: Paragraph) -> bool:
    """Returns whether a heading's second line came apart from it: it is short, and so stands in a column."""
    if one.role != other.role or one.role != "heading" or one.page != other.page or one.bold != other.bold:
        return False
    gap = other.lines[0].base - one.lines[-1].base
    return abs(one.size - other.size) < _SAME_SIZE * one.size and 0 < gap < _HEADING_LEADING * one.size


def _is_open(paragraph: Paragraph) -> bool:
    """Returns whether a paragraph may go on in the next column."""
    ends = paragraph.lines[-1].words[-1]
    return paragraph.last and paragraph.role in ("text", "item") and (ends.hyphen or not ends_sentence(paragraph.text))


def _goes_on(one: Paragraph, other: Paragraph) -> bool:
    """Returns whether a paragraph is the rest of the open one."""
    if abs(one.size - other.size) > _SAME_SIZE * one.size or one.bold != other.bold:
        return False
    first = other.lines[0].text
    if first[:1].islower():
        return True
    return one.full and other.role == "text" and not other.indented


class Flow:
    """Puts a text together.

    Attributes:
        words, marks, blocks: of the text so far.
    """

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        """Writes the paragraphs, in order."""
        self._parts: list[str] = []
        self._length = 0
        self._line = 0
        self.words: list[PlacedWord] = []
        self.marks: list[Mark] = []
        self.blocks: list[Block] = []
        self._known = _vocabulary(paragraphs)
        levels = _levels(paragraphs)
        last = ""
        for paragraph in paragraphs:
            if self._length:
                self._write("\n" if last == paragraph.role and last in ("item", "row") else "\n\n")
            start = self._length
            cells = self._row(paragraph) if paragraph.role == "row" else self._lines(paragraph)
            level = levels[_style(paragraph)] if paragraph.role == "heading" else 0
            kind: Kind = "item" if paragraph.role == "item" else "row" if paragraph.role == "row" else "text"
            self.blocks.append(Block(start, self._length, level, kind, cells=tuple(cells)))
            last = paragraph.role

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _lines(self, paragraph: Paragraph) -> list[Cell]:
        before: Word | None = None
        for line, page in zip(paragraph.lines, paragraph.pages, strict=True):
            self._line += 1
            words = line.words
            if has_leaders(line) and not all(map(is_leader, words)):
                words = [word for word in words if not is_leader(word)]
            for at, word in enumerate(words):
                self._place(before, word, page, broken=at == 0)
                before = word
        return []

    def _row(self, paragraph: Paragraph) -> list[Cell]:
        """Writes a row as `Year: 2020; Passengers: 12,000.`, and returns where its cells stand."""
        numbers: dict[int, int] = {}
        for line in paragraph.lines:
            self._line += 1
            numbers.update({id(word): self._line for word in line.words})
        cells: list[Cell] = []
        for name, words in paragraph.cells:
            if cells:
                self._write("; ")
            if name:
                self._write(f"{name}: ")
            start, before = self._length, None
            for word in words:
                broken = before is not None and numbers[id(word)] != numbers[id(before)]
                self._place(before, word, paragraph.page, broken, numbers[id(word)])
                before = word
            cells.append(Cell(name, start, self._length))
        if len(cells) > 1 and self._parts[-1][-1:] not in ".!?:":
            self._write(".")
        return cells

    def _place(self, before: Word | None, word: Word, page: int, broken: bool, line: int | None = None) -> None:
        """Writes a word, with what parts it from the word before, and notes where it stands."""
        if before is not None:
            glue = _glue(before, word, broken, self._known)
            if glue is None:
                self._unwrite_hyphen()
            else:
                self._write(glue)
        if not self.marks or self.marks[-1].page != page:
            self.marks.append(Mark(self._length, page=page))
        start = self._length
        self._write(word.text)
        self.words.append(PlacedWord(start, self._length, line or self._line, Box(page, *word.box)))

    def _unwrite_hyphen(self) -> None:
        self._parts[-1] = self._parts[-1][:-1]
        self._length -= 1
        last = self.words[-1]
        self.words[-1] = PlacedWord(last.start, last.end - 1, last.line, last.box)


def _glue(before: Word, word: Word, broken: bool, known: frozenset[str]) -> str | None:
    """Returns what stands between two words: a blank, or nothing; None where the hyphen before goes."""
    if not broken:
        return " "
    if before.hyphen and len(before.text) > 1:
        return at_hyphen(before.text, word.text, known)
    if _is_wide(before.text[-1]) and _is_wide(word.text[0]):
        return ""
    return "" if breaks_address(before.text, word.text) else " "


def _vocabulary(paragraphs: Sequence[Paragraph]) -> frozenset[str]:
    """Returns the words and the compounds with a hyphen that stand whole in a line, in lower case."""
    known: set[str] = set()
    for paragraph in paragraphs:
        after_hyphen = False
        for line in paragraph.lines:
            for word in line.words:
                if not after_hyphen and not (word.hyphen and word is line.words[-1]):
                    parts = _LETTERS.findall(word.text.lower())
                    known.update(parts if "-" not in word.text else ())
                    known.update(f"{a}-{b}" for a, b in itertools.pairwise(parts) if "-" in word.text)
                after_hyphen = False
            after_hyphen = line.words[-1].hyphen
    return frozenset(known)


def _is_wide(character: str) -> bool:
    """Returns whether a character is of a script that is written without blanks."""
    return any(first <= ord(character) <= last for first, last in _WIDE)


def _style(paragraph: Paragraph) -> float:
    return round(paragraph.size * 2) / 2


def _levels(paragraphs: Sequence[Paragraph]) -> dict[float, int]:
    """Returns the level of headings by their size: the largest is 1."""
    sizes = sorted({_style(p) for p in paragraphs if p.role == "heading"}, reverse=True)
    return {size: min(at + 1, _LEVELS) for at, size in enumerate(sizes)}
