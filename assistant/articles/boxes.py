"""Where words stand on a page: what a cited sentence is marked by in a PDF."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in shares of the page's width and height, from its upper left corner.

    Attributes:
        page: from 1.
        left, top, right, bottom: 0 to 1.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """Where the characters `text[start:end]` stand; `line` tells lines of a page apart, so that a box covers one."""

    start: int
    end: int
    line: int
    box: Box


def boxes_between(words: Sequence[PlacedWord], start: int, end: int) -> tuple[Box, ...]:
    """Returns the boxes of `text[start:end]`, one for each line of each page, in the order of the text.

    `words` are in the order of the text and do not overlap.
    """
    boxes: list[Box] = []
    last = (-1, -1)
    for at in range(bisect_left(words, start + 1, key=lambda word: word.end), len(words)):
        word = words[at]
        if word.start >= end:
            break
        line = (word.box.page, word.line)
        if line == last:
            boxes[-1] = _around(boxes[-1], word.box)
        else:
            boxes.append(word.box)
        last = line
    return tuple(boxes)


def _around(one: Box, other: Box) -> Box:
    return Box(
        one.page,
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )
