"""Words -> the pieces of lines that stand beside one another on a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.loaders.pdf_words import SMALLER, WORD_GAP, Word

_PIECE_GAP = 0.75  # a wider one parts pieces of a line, as columns and cells are
_SAME_BASELINE = 0.2
_MAX_DOTS = 3
_BULLET = re.compile(r"[•◦▪●‣·■□○∙*–—-]")
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{2,4})[.)]|\[\d{1,3}\]|\d{1,2}(?:\.\d{1,2}){1,3}\.?")


@dataclass(slots=True, eq=False)
class Line:
    """Words that stand beside one another: a line, or a piece of one."""

    words: list[Word]
    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    base: float = 0.0
    size: float = 0.0
    bold: bool = False
    text: str = field(default="")

    def __post_init__(self) -> None:
        words = self.words
        self.left, self.right = min(w.left for w in words), max(w.right for w in words)
        self.top, self.bottom = min(w.top for w in words), max(w.bottom for w in words)
        main = max(words, key=lambda w: len(w.text) * w.size)
        self.base = main.base
        self.size = main.size
        self.bold = sum(len(w.text) for w in words if w.bold) * 2 > sum(len(w.text) for w in words)
        self.text = " ".join(w.text for w in words)


def pieces_of(words: Sequence[Word]) -> list[Line]:
    """Returns the pieces of lines that words of one turn make, from above."""
    grown: list[list[Word]] = []
    for word in words:
        if grown and _joins(grown[-1], word):
            grown[-1].append(word)
        else:
            grown.append([word])
    # What is drawn in another order than it is read: pieces that touch on one baseline are one.
    lines = sorted((Line(group) for group in grown), key=lambda line: (line.base, line.left))
    done: list[Line] = []
    for line in lines:
        for at in range(len(done) - 1, max(-1, len(done) - 30), -1):
            other = done[at]
            near = max(line.left - other.right, other.left - line.right)
            if abs(line.base - other.base) <= _SAME_BASELINE * max(line.size, other.size) and (
                near <= _PIECE_GAP * max(line.size, other.size)
            ):
                done[at] = Line(in_order([*other.words, *line.words]))
                break
        else:
            done.append(line)
    return sorted(done, key=lambda line: (line.base, line.left))


def _joins(group: list[Word], word: Word) -> bool:
    """Returns whether a word goes on a piece, on its baseline, or raised or lowered if it is smaller."""
    last = group[-1]
    size = max(last.size, word.size)
    gap = max(word.left - last.right, last.left - word.right)
    shift = abs(word.base - last.base)
    if gap > _PIECE_GAP * size:
        return False
    if shift > _SAME_BASELINE * size and len(group) > 1 and abs(word.base - group[0].base) <= _SAME_BASELINE * size:
        return True
    smaller = min(last.size, word.size) < SMALLER * size
    return shift <= (0.65 if smaller and gap <= WORD_GAP * size * 1.5 else _SAME_BASELINE) * size


def in_order(words: list[Word]) -> list[Word]:
    """Returns the words of a line as they are read: from the right where most of its letters are of such a script."""
    from_right = sum(unicodedata.bidirectional(w.text[0]) in ("R", "AL") for w in words) * 2 > len(words)
    return sorted(words, key=lambda w: -w.right if from_right else w.left)


def is_leader(word: Word) -> bool:
    """Returns whether a word is nothing but dots, as they lead to a page's number in a list of contents."""
    return not word.text.strip(".·…")


def has_leaders(line: Line) -> bool:
    """Returns whether dots lead through a line."""
    return sum(len(word.text) for word in line.words if is_leader(word)) > _MAX_DOTS


def marker_of(line: Line) -> str:
    """Returns "bullet" or "number" if a line begins with the mark of an item, else ""."""
    if len(line.words) < 2:
        return ""
    first = line.words[0].text
    if _BULLET.fullmatch(first):
        return "bullet"
    return "number" if _NUMBER.fullmatch(first) else ""
