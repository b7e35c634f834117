"""Text -> blocks: runs of lines that belong together, so that a wrapped line is no sentence boundary.

A block is a paragraph, a heading, a list item, a table row or a line of dialogue. Inside a block a newline is only white
space; between blocks there is always a sentence boundary.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal

PLAIN_HEADING_LEVEL = 7
_MAX_HEADING = 80
_MAX_HEADING_WORDS = 10
_MIN_WRAP, _MAX_WRAP = 40, 130
_MIN_NARROW = 15  # a column in a newspaper, a message on a telephone
_NARROW_WORDS = 3
_WRAP_SLACK = 3
_WRAP_SHARE = 0.6
_WRAP_SAMPLE = 50_000  # lines tell how all are wrapped

_CLOSERS = "\"'’”»›)\\]*_」』）》"
_ATX = re.compile(r"\s{0,3}(#{1,6})\s+(?=\S)")
_SETEXT = re.compile(r"\s{0,3}(=+|-{2,})\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•◦▪●‣·]\s+(?=\S)|>|\||#{1,6}\s|\*\*|\[\d|(?:-{3,}|\*{3,}|_{3,}|`{3}|~{3}))")
_NUMBER_ITEM = re.compile(
    r"\s*(?:[–—]\s|§|\(?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[A-Za-z]|[ivxIVX]{2,5})[.):](?:\s+(?=\S)|$))"
)
_TURN = re.compile(r"\s*(?:\[[\d:. ]+\]\s*)?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,2}:\s")
_BY_LINE = re.compile(
    r"\s*(?:(?:[Ww]ritten |[Rr]eported |[Pp]hotos? )?[Bb]y [A-Z][\w.’'-]* [A-Z]|(?:[Pp]ublished|[Uu]pdated|[Pp]osted)\b)"
)
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_STOP = re.compile(rf"[.!?…:;。！？؟।։][{_CLOSERS}\s]*(?:\[\d+\]\s*)*$")
_FULL_STOP = re.compile(rf"[.!?…。！？؟।։,;][{_CLOSERS}\s]*$")
# Cells of a row, and what stands in code alone.
_ROW_OR_CODE = re.compile(r"\S(?: ?\t ?|\s\|\s| {3,})\S|[={}<>\\`]|\w\(|^\s*[#/@]+\w")
_ENDS_INSIDE = re.compile(r"[.!?][\"'’”»›)\]]*(?:\s+[\"'“‘«(]*[^\W\d_a-z]|\s*$)")
# Cells of a row, and what stands in code alone.
_ROW_OR_CODE = re.compile(r"\S(?: ?\t ?|\s\|\s| {3,})\S|[={}<>\\`]|\w\(|^\s*[#/@]+\w")
_LETTER = re.compile(r"[^\W\d_]")
_LINE = re.compile(r"[^\n\r\f\v\u2028\u2029\x85]+")


Kind = Literal["text", "item", "row", "code", "quote"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table's row: its column's name, and where its own words stand in the text."""

    column: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: `text[start:end]`.

    Attributes:
        start, end: character offsets, end exclusive; no blank line inside.
        level: 1 to 6 for a heading of Markdown or HTML, 7 for a plain one, 0 if the block is no heading.
        kind: "item" of a list, "row" of a table, a line of "code", a "quote"; "text" for a paragraph or a heading, and
            wherever only the text tells.
        depth: of an item, how many lists it is in, less one.
        cells: of a row, its cells that are not empty, in order.
    """

    start: int
    end: int
    level: int = 0
    kind: Kind = "text"
    depth: int = 0
    cells: tuple[Cell, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is one sentence, whatever stands in it: a heading, a row, a line of code."""
        return bool(self.level) or self.kind in ("row", "code")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def split_blocks(text: str) -> Iterator[Block]:
    """Yields the blocks of `text` in order; every non-space character is in exactly one of them."""
    width = _wrap_width(text)
    fenced = False
    lines = _lines(text)
    before, line = None, next(lines, None)
    while line is not None:
        first, after = line, next(lines, None)
        while not fenced and after and _goes_on(text, line, after, width):
            before, line, after = line, after, next(lines, None)
        fenced ^= bool(_FENCE.match(first.text))
        if after and line is first and not fenced and _underlines(text, line, after):
            level = 1 if "=" in after.text else 2
            before, line, after = line, after, next(lines, None)
        else:
            level = 0 if fenced or line is not first else _heading_level(text, before, line, after)
        yield Block(first.start, line.end, level)
        before, line = line, after


def _lines(text: str) -> Iterator[_Line]:
    """Yields the lines that are not blank, one at a time: of a large text there may be millions."""
    for match in _LINE.finditer(text):
        if not match.group().isspace():
            yield _Line(match.start(), match.end(), match.group())


def _blank_between(text: str, line: _Line, after: _Line) -> bool:
    """Returns whether a blank line or a page break lies between two neighbouring lines."""
    gap = text[line.end : after.start].replace("\r\n", "\n")
    return "\f" in gap or len(gap) > 1


def _first_word(line: str) -> int:
    """Returns the length of the first word of `line`."""
    return len(line.split(maxsplit=1)[0])


def _wrap_width(text: str) -> int:
    """Returns the width that the text is wrapped at, or 0 if its line breaks are all meant.

    A wrapped line is one that the next line's first word would not have fitted on.
    """
    lengths: Counter[int] = Counter()
    needed: Counter[int] = Counter()  # characters that a line would have with the next one's first word
    lower = n_words = 0
    ends: list[bool] = []  # of paragraphs: whether with a stop
    for line, after in pairwise([*islice(_lines(text), _WRAP_SAMPLE), _Line(0, 0, "")]):
        if not after.text or _blank_between(text, line, after) or _starts_item(line.text, after.text):
            ends.append(bool(_STOP.search(line.text)))
            continue
        n_words += len(line.text.split())
        length = len(line.text.rstrip())
        lengths[length] += 1
        needed[length + 1 + _first_word(after.text)] += 1
        lower += after.text.lstrip()[:1].islower()
    n_pairs = lengths.total()
    width = _at_share(lengths, n_pairs * 19 // 20)
    if not _MIN_NARROW <= width <= _MAX_WRAP:
        return 0
    if width < _MIN_WRAP and (n_words < _NARROW_WORDS * n_pairs or sum(ends) < _WRAP_SHARE * len(ends)):
        return 0  # a list has such lines too
    fitting = sum(n for characters, n in needed.items() if characters + _WRAP_SLACK > width)
    wrapped = fitting >= _WRAP_SHARE * n_pairs and lower * 3 >= n_pairs
    return width if wrapped else 0


def _at_share(counts: Counter[int], place: int) -> int:
    """Returns what stands at a place among the values counted, in order, 0 if there are none."""
    for value in sorted(counts):
        place -= counts[value]
        if place < 0:
            return value
    return 0


def _starts_item(line: str, after: str) -> bool:
    """Returns whether `after` starts a list item, a table row, a heading or a speaker's turn, given the line before."""
    if _ITEM.match(after):
        return True
    if not (_NUMBER_ITEM.match(after) or _TURN.match(after)):
        return False
    return bool(_STOP.search(line) or _NUMBER_ITEM.match(line) or _TURN.match(line) or len(line) < _MIN_WRAP)


def _goes_on(text: str, line: _Line, after: _Line, width: int) -> bool:
    """Returns whether `after` continues the paragraph of `line`."""
    gap = len(text[line.end : after.start].replace("\r\n", "\n").replace("\n", "", 1))
    stops = bool(_STOP.search(line.text))
    starts_lower = after.text.lstrip()[:1].islower()
    if _ATX.match(line.text) or _starts_item(line.text, after.text) or _FENCE.match(line.text):
        return False
    if gap or _blank_between(text, line, after):
        return False
    fits = width and len(line.text.rstrip()) + 1 + _first_word(after.text) + _WRAP_SLACK > width
    if fits and not _SETEXT.match(after.text):
        return True
    if not starts_lower or stops:
        return False
    # A short line goes on where the next one ends a sentence; the items of a list end none.
    is_sentence = len(line.text.split()) >= _NARROW_WORDS and bool(_ENDS_INSIDE.search(after.text))
    return len(line.text) >= _MIN_WRAP or bool(width) or is_sentence


def _underlines(text: str, line: _Line, after: _Line) -> bool:
    """Returns whether the next line is a row of = or - under a heading."""
    if not _SETEXT.match(after.text):
        return False
    near = not _blank_between(text, line, after)
    return near and len(line.text) <= _MAX_HEADING and not _ITEM.match(line.text) and bool(_LETTER.search(line.text))


def _heading_level(text: str, before: _Line | None, alone: _Line, after: _Line | None) -> int:
    """Returns the heading level of a line that stands alone, 0 if it is no heading."""
    line = alone.text
    marker = _ATX.match(line)
    if marker:
        return len(marker.group(1))
    if len(line) > _MAX_HEADING or after is None:
        return 0
    words = line.split()
    if len(words) > _MAX_HEADING_WORDS:
        return 0
    first = words[0].lstrip("\"'“‘«(")[:1]
    if _FULL_STOP.search(line) or line.rstrip().endswith(":") or first.islower() or not _LETTER.search(line):
        return 0
    if _ROW_OR_CODE.search(line) or _is_counted(before, alone, after):
        return 0
    if _ITEM.match(line) or _TURN.match(line) or _BY_LINE.match(line) or line.strip()[0] in "\"'“‘«(":
        return 0
    above = before is None or _blank_between(text, before, alone)
    return PLAIN_HEADING_LEVEL if above and _blank_between(text, alone, after) else 0


def _is_counted(before: _Line | None, alone: _Line, after: _Line) -> bool:
    """Returns whether a line is one of several numbered ones in a row: an item, not a heading."""
    if not _NUMBER_ITEM.match(alone.text):
        return False
    return any(other is not None and _NUMBER_ITEM.match(other.text) for other in (before, after))


def heading_title(text: str) -> str:
    """Returns a heading without its marks: `## What you need ##` -> `What you need`."""
    first = text.strip().splitlines()[0]
    return _ATX.sub("", first).strip().rstrip("#").strip(" *_")
