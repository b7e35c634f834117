"""Text -> its quotations, with apostrophes, unclosed quotes and quotations over several paragraphs told apart."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from assistant.articles.blocks import split_blocks

MAX_QUOTATION = 4000
_MAX_MARKS = 80
_PAIRS = {"“": "”“", "”": "“”", "‘": "’", "«": "»", "„": "“”", "「": "」", "『": "』", "``": "''", '"': '"', "'": "'"}
_MARKS = re.compile(r"``|''|[\"“”„«»「」『』‘’']")
_STOP = re.compile(r"[.!?…](?=\s|$)")
_ELISION = re.compile(r"[‘’'](?:tis|twas|em|til|cause|n|s|re|ve|ll|d|m|t|\d0s|\d\d)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation: `text[start:end]`, marks included.

    Attributes:
        start, end: character offsets, end exclusive; a quotation over several paragraphs is one for each.
        closed: whether its closing mark is there.
        continues: whether it goes on from the quotation before it, as a new paragraph of the same speech.
    """

    start: int
    end: int
    closed: bool = True
    continues: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    text: str
    opens: bool
    closes: bool


def find_quotations(text: str) -> list[Quotation]:
    """Returns the outermost quotations of `text`, in order and without overlap."""
    return list(each_quotation(text))


def each_quotation(text: str) -> Iterator[Quotation]:
    """Yields what `find_quotations` returns, one by one: a text may have a quotation every few characters."""
    breaks = [block.end for block in split_blocks(text)] or [len(text)]
    coming = _classified(text, breaks)
    marks = deque(islice(coming, _MAX_MARKS))  # the first, and those that may close it
    last: Quotation | None = None
    while marks:
        mark = marks[0]
        behind = mark.end
        if mark.opens:
            limit = breaks[bisect_left(breaks, mark.end)]
            close, goes_on = _closing(text, marks, limit), False
            if close is None:
                close, goes_on = _closing_below(text, marks, breaks)
            if close is None:
                last = _unclosed(text, mark, limit, goes_on, last)
            else:
                continues = last is not None and not last.closed and _adjoins(text, last.end, mark.start)
                last = Quotation(mark.start, close.end, True, continues)
            yield last
            behind = last.end
        marks.popleft()
        while marks and marks[0].start < behind:
            marks.popleft()
            if not marks:
                marks.extend(islice(coming, _MAX_MARKS))
        marks.extend(islice(coming, _MAX_MARKS - len(marks)))


def _adjoins(text: str, end: int, start: int) -> bool:
    """Returns whether only white space lies between two offsets."""
    return start - end < 20 and not text[end:start].strip()


def _classified(text: str, breaks: list[int]) -> Iterator[_Mark]:
    """Yields the quotation marks of `text`, apostrophes left out, each with what it can do where it stands."""
    straight_open = curly_open = False
    paragraph = 0
    for match in _MARKS.finditer(text):
        start, end, sign = match.start(), match.end(), match.group()
        before, after = text[start - 1 : start], text[end : end + 1]
        if start >= breaks[paragraph]:
            straight_open = curly_open = False
            paragraph = bisect_right(breaks, start)
        inside_word = before.isalnum() and after.isalnum()
        if sign in "‘’'" and (inside_word or (_ELISION.match(text, start) and not before.isalnum())):
            continue
        if sign == '"':
            spaced = not before.strip() and not after.strip() and bool(before and after)
            opens = not straight_open if spaced or (before.strip() and after.strip()) else bool(after.strip())
            straight_open = opens
            yield _Mark(start, end, sign, opens, not opens)
        elif sign == "'":
            opens = bool(after.strip()) and (not before.strip() or before in '([—–-"“')
            yield _Mark(start, end, sign, opens, bool(before.strip()) and not opens)
        elif sign in "“”":
            # Where it stands may tell more than its shape: ”It is late,“ he said.
            spaced_before, spaced_after = not before.strip(), not after.strip()
            opens = spaced_before and not spaced_after and not curly_open if sign == "”" else True
            closes_only = sign == "“" and curly_open and spaced_after and not spaced_before
            opens = opens and not closes_only
            yield _Mark(start, end, sign, opens, not opens or sign == "“")
            curly_open = opens
        else:
            yield _Mark(start, end, sign, sign in _PAIRS, sign in "’»」』" or sign == "''")


def _closing(text: str, marks: Iterable[_Mark], limit: int) -> _Mark | None:
    """Returns the mark that closes the first one before `limit`, None if there is none."""
    opening, *following = marks
    closers = _PAIRS[opening.text]
    depth = 0
    possible: _Mark | None = None
    for mark in following:
        if mark.start >= limit or mark.start - opening.start > MAX_QUOTATION:
            break
        if mark.text == opening.text and mark.opens and opening.text not in "\"'":
            depth += 1
        elif mark.closes and mark.text in closers:
            if depth:
                depth -= 1
            elif opening.text in "‘'" and text[mark.start - 1].isalnum():
                if possible is None:
                    possible = mark
                if text[mark.start - 1] != "s":
                    break
            elif opening.text in "‘'" and possible is not None:
                return mark if _plural_possessive(text, possible) else possible
            else:
                return mark
    return possible


def _plural_possessive(text: str, mark: _Mark) -> bool:
    """Returns whether a mark may be the apostrophe of `the lawyers’ view`."""
    return text[mark.start - 1] == "s" and text[mark.end : mark.end + 2].strip().isalpha()


def _closing_below(text: str, marks: Iterable[_Mark], breaks: list[int]) -> tuple[_Mark | None, bool]:
    """Returns the mark that closes a quotation in the next paragraph, and whether it is taken up again there."""
    opening, *following = marks
    line_end = breaks[bisect_left(breaks, opening.end)]
    next_start = line_end + len(text[line_end : line_end + 8]) - len(text[line_end : line_end + 8].lstrip())
    if next_start >= breaks[-1]:
        return None, False
    if text.startswith(opening.text, next_start):
        return None, True
    limit = breaks[bisect_right(breaks, next_start)]
    for mark in following:
        if mark.start >= limit or mark.start - opening.start > MAX_QUOTATION:
            break
        if mark.start < line_end:
            continue
        if mark.text == opening.text and mark.opens:
            break
        if mark.closes and mark.text in _PAIRS[opening.text] and not text[mark.start - 1].isspace():
            return (mark, False) if not text[mark.start - 1].isalnum() else (None, False)
    return None, False


def _unclosed(text: str, mark: _Mark, limit: int, goes_on: bool, last: Quotation | None) -> Quotation:
    """Returns a quotation without its closing mark: to the end of the paragraph if the next takes it up, else short."""
    end = limit
    if not goes_on:
        stop = _STOP.search(text, mark.end, min(limit, mark.end + MAX_QUOTATION))
        end = stop.end() if stop else min(limit, mark.end + 200)
    continues = last is not None and not last.closed and _adjoins(text, last.end, mark.start)
    return Quotation(mark.start, max(end, mark.end), False, continues)
