"""A short answer that is one of several named together: "its officer" of "its officer, its caterer and its colours"."""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_WORDS = 8  # of one that is named
MAX_CHARACTERS = 60

_SPLIT = re.compile(r",? (?:and|or|as well as|&) |[,;] (?:and |or )?")
_ENDS = re.compile(
    r"[.!?:–—()]|, (?:who|which|that|but|where|when|while|because)\b| (?:but|because|while|which|who|that|where|when) "
)
_VERBAL = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|did|does|do|said|says|it|he|she|they|we|you|"
    r"I|It|He|She|They|We|You|there|also|then|therefore|so|not)\b"
)
_AND = re.compile(r"\b(?:and|or|as well as)\b|&")
_NAME = re.compile(r"[A-Z][\w’'.-]*(?: (?:(?:of|de|da|del|la|van|von|der|den|al|the|bin) )*[A-Z][\w’'.-]*)*")
# Where what is named last ends, and the sentence goes on.
_GOES_ON = re.compile(
    r" (?:in|on|at|to|from|for|by|with|since|during|after|before|until|as|into|over|under|per|if|[a-z]+(?:ed|ing))\b"
)

Stretch = tuple[int, int]


def whole_coordination(text: str, start: int, end: int) -> Stretch:
    """Returns where all of those begin and end that `text[start:end]` is named together with, itself alone if it is with none.

    They are alike: all are names, or none is; and "and", "or" or a colon in front of them shows that they are a list, as commas
    alone do not.
    """
    first, last = _bounds(text, start, end)
    pieces = _pieces(text, first, last)
    place = next((n for n, (left, right) in enumerate(pieces) if left <= start < right), -1)
    if len(pieces) < 2 or place < 0:
        return start, end
    headed = text[:first].rstrip().endswith(":")
    kind = _kind(text[start : pieces[place][1]])
    is_last = 0 < place == len(pieces) - 1
    if not kind or (text[end : pieces[place][1]].strip() and not is_last):
        return start, end
    high = place
    while high + 1 < len(pieces) and _kind(text[slice(*pieces[high + 1])]) == kind:
        high += 1
    begins = _beginning(text, pieces[: place + 1], kind, headed) if place and pieces[place][0] == start else start
    stops = max(end, _end(text, pieces[high], kind))
    if (
        begins < 0
        or (begins == start and high == place)
        or not (headed or _AND.search(text, begins, stops) or ";" in text[begins:stops])
    ):
        return start, end
    return begins, stops


def _beginning(text: str, pieces: Sequence[Stretch], kind: str, headed: bool) -> int:
    """Returns where a list begins whose later piece is at hand, -1 where that cannot be told."""
    middle = all(_kind(text[slice(*piece)]) == kind for piece in pieces[1:])
    left, right = pieces[0]
    if not middle:
        return -1
    if headed:
        return left if _kind(text[left:right]) else -1
    # A name that begins the sentence, or stands behind its verb.
    found = [match for match in _NAME.finditer(text, left, right) if match.end() == right] if kind == "name" else []
    return found[0].start() if found else -1


def _end(text: str, piece: Stretch, kind: str) -> int:
    """Returns where what is named last ends."""
    left, right = piece
    if kind == "name":
        found = _NAME.match(text, left, right)
        return found.end() if found else right
    goes_on = _GOES_ON.search(text, left, right)
    return goes_on.start() if goes_on else right


def _bounds(text: str, start: int, end: int) -> Stretch:
    """Returns the stretch around a span in which others can be named with it."""
    before = [match.end() for match in _ENDS.finditer(text, 0, start)]
    after = _ENDS.search(text, end)
    first = before[-1] if before else 0
    last = after.start() if after else len(text)
    return first + len(text[first:last]) - len(text[first:last].lstrip()), last


def _pieces(text: str, first: int, last: int) -> list[Stretch]:
    pieces, at = [], first
    for found in _SPLIT.finditer(text, first, last):
        pieces.append((at, found.start()))
        at = found.end()
    return [*pieces, (at, last)]


def _kind(piece: str) -> str:
    """Returns "name" or "thing", "" for what is neither: a clause, or too long."""
    piece = piece.strip()
    if not piece or len(piece) > MAX_CHARACTERS or len(piece.split()) > MAX_WORDS or _VERBAL.search(piece):
        return ""
    return "name" if piece[0].isupper() else "thing"
