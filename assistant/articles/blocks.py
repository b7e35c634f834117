"""Text -> blocks: runs of lines that belong together, so that a wrapped line is no sentence boundary.

A block is a paragraph, a heading, a list item, a table row or a line of dialogue. Inside a block a newline is only white
space; between blocks there is always a sentence boundary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

PLAIN_HEADING_LEVEL = 7
_MAX_HEADING = 80
_MAX_HEADING_WORDS = 10
_MIN_WRAP, _MAX_WRAP = 40, 130
_WRAP_SLACK = 3
_WRAP_SHARE = 0.6

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
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: `text[start:end]`.

    Attributes:
        start, end: character offsets, end exclusive; no blank line inside.
        level: 1 to 6 for a Markdown heading, 7 for a plain one, 0 if the block is no heading.
    """

    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def split_blocks(text: str) -> list[Block]:
    """Returns the blocks of `text` in order; every non-space character is in exactly one of them."""
    lines = [
        _Line(match.start(), match.end(), match.group()) for match in re.finditer(r"[^\n\r\f\v\u2028\u2029\x85]+", text)
    ]
    lines = [line for line in lines if line.text.strip()]
    width = _wrap_width(text, lines)
    blocks: list[Block] = []
    fenced = False
    index = 0
    while index < len(lines):
        first = index
        while not fenced and index + 1 < len(lines) and _goes_on(text, lines[index], lines[index + 1], width):
            index += 1
        fenced ^= bool(_FENCE.match(lines[first].text))
        if first == index and not fenced and _underlines(text, lines, index):
            level = 1 if "=" in lines[index + 1].text else 2
            index += 1
        else:
            level = 0 if fenced or first != index else _heading_level(text, lines, index)
        blocks.append(Block(lines[first].start, lines[index].end, level))
        index += 1
    return blocks


def _blank_between(text: str, line: _Line, after: _Line) -> bool:
    """Returns whether a blank line or a page break lies between two neighbouring lines."""
    gap = text[line.end : after.start].replace("\r\n", "\n")
    return "\f" in gap or len(gap) > 1


def _first_word(line: str) -> int:
    """Returns the length of the first word of `line`."""
    return len(line.split(maxsplit=1)[0])


def _wrap_width(text: str, lines: Sequence[_Line]) -> int:
    """Returns the width that the text is wrapped at, or 0 if its line breaks are all meant.

    A wrapped line is one that the next line's first word would not have fitted on.
    """
    pairs = [
        (len(line.text.rstrip()), _first_word(after.text), after.text.lstrip()[:1].islower())
        for line, after in pairwise(lines)
        if not _blank_between(text, line, after) and not _starts_item(line.text, after.text)
    ]
    if not pairs:
        return 0
    lengths = sorted(length for length, _, _ in pairs)
    width = lengths[len(lengths) * 19 // 20]
    if not _MIN_WRAP <= width <= _MAX_WRAP:
        return 0
    fitting = sum(length + 1 + word + _WRAP_SLACK > width for length, word, _ in pairs)
    lower = sum(starts_lower for _, _, starts_lower in pairs)
    wrapped = fitting >= _WRAP_SHARE * len(pairs) and lower * 3 >= len(pairs)
    return width if wrapped else 0


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
    return starts_lower and not stops and (len(line.text) >= _MIN_WRAP or bool(width))


def _underlines(text: str, lines: Sequence[_Line], index: int) -> bool:
    """Returns whether the next line is a row of = or - under a heading."""
    if index + 1 == len(lines) or not _SETEXT.match(lines[index + 1].text):
        return False
    line = lines[index]
    near = not _blank_between(text, line, lines[index + 1])
    return near and len(line.text) <= _MAX_HEADING and not _ITEM.match(line.text) and bool(_LETTER.search(line.text))


def _heading_level(text: str, lines: Sequence[_Line], index: int) -> int:
    """Returns the heading level of a line that stands alone, 0 if it is no heading."""
    line = lines[index].text
    marker = _ATX.match(line)
    if marker:
        return len(marker.group(1))
    words = line.split()
    if len(line) > _MAX_HEADING or len(words) > _MAX_HEADING_WORDS or index + 1 == len(lines):
        return 0
    first = words[0].lstrip("\"'“‘«(")[:1]
    if _FULL_STOP.search(line) or line.rstrip().endswith(":") or first.islower() or not _LETTER.search(line):
        return 0
    if _ITEM.match(line) or _TURN.match(line) or _BY_LINE.match(line) or line.strip()[0] in "\"'“‘«(":
        return 0
    above = index == 0 or _blank_between(text, lines[index - 1], lines[index])
    below = _blank_between(text, lines[index], lines[index + 1])
    return PLAIN_HEADING_LEVEL if above and below else 0


def heading_title(text: str) -> str:
    """Returns a heading without its marks: `## What you need ##` -> `What you need`."""
    first = text.strip().splitlines()[0]
    return _ATX.sub("", first).strip().rstrip("#").strip(" *_")
