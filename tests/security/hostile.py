"""Strings that make a bad pattern slow: marks, letters and blanks repeated, and what a pattern itself begins with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

UNITS = (
    *(" ", "\n", "a", "A", "1", ".", "!", "?", ",", ":", "-", "*", "#", "|", "_", "(", ")", "[", "]", '"', "'", "“", "”", "’"),
    *("a ", "A ", "1 ", ". ", "! ", ", ", "- ", "' ", '" ', "\n ", " \n", "a\n", "\n\n", "Ab ", "ab ", "A. ", "A.", "a.", "1."),
    *("a, ", "Ab, ", "(a", "a)", "[1]", "[1] ", ".\x01 ", "\x01", "\x01 ", "said ", "said Ab ", "the ", "the a ", "and ", "of ", "。"),
)  # fmt: skip
_TAILS = ("", "\x00", "b1")
_ENDLESS = 1000  # times: what may be repeated so often may be repeated without end


def hostile(pattern: re.Pattern[str], size: int) -> Iterator[str]:
    """Yields texts of about `size` characters, those made from the pattern's own parts among them."""
    items = parser.parse(pattern.pattern, pattern.flags)
    endless = list(dict.fromkeys(_endless(items, "")))
    parts = dict.fromkeys(text for ahead, body in endless for text in (ahead, ahead + body))
    for unit in dict.fromkeys([*UNITS, *_beginnings(items), *filter(None, parts)]):
        for tail in _TAILS:
            yield unit * (size // len(unit)) + tail
    bodies = dict.fromkeys([" ", "a ", *(body for _, body in endless)])
    # What stands between two such parts, again and again behind the first: "what did" said said said.
    between = [(a, b[len(a) :]) for a, _ in endless for b, _ in endless if b.startswith(a) and b != a]
    for start, unit in dict.fromkeys([*(("b", unit) for unit in bodies), *endless, *between]):
        for tail in _TAILS:
            yield start + unit * (size // len(unit)) + tail


def _beginnings(items: Any) -> list[str]:
    """Returns an example of what the pattern matches, and its beginnings."""
    built, found = "", []
    for item in items:
        built += _example(item)
        found += [built, f"{built} "]
    return [text for text in found if text.strip()]


def _endless(items: Any, ahead: str) -> Iterator[tuple[str, str]]:
    """Yields for each part that repeats without end an example of what stands ahead of it, and of what is repeated."""
    for code, value in items:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            body = "".join(map(_example, value[2]))
            if value[1] > _ENDLESS and body:
                yield ahead, body
            yield from _endless(value[2], ahead)
        elif code is codes.SUBPATTERN:
            yield from _endless(value[3], ahead)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from _endless(branch, ahead)
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _endless(value[1], ahead)
        elif code is codes.ATOMIC_GROUP:
            yield from _endless(value, ahead)
        ahead += _example((code, value))


def _example(item: Any) -> str:
    """Returns a short text that a part of a pattern matches; "" where it matches none or only looks."""
    code, value = item
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.NOT_LITERAL:
        return "x"
    if code is codes.ANY:
        return " "
    if code is codes.IN:
        return _member(value)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return "".join(map(_example, value[2])) * max(value[0], 1)
    if code is codes.SUBPATTERN:
        return "".join(map(_example, value[3]))
    if code is codes.ATOMIC_GROUP:
        return "".join(map(_example, value))
    if code is codes.BRANCH:
        return "".join(map(_example, value[1][0]))
    return ""


def _member(items: Any) -> str:
    """Returns a character of a set."""
    if items[0][0] is codes.NEGATE:
        return next(c for c in "a A.1@;é\n" if not _holds(items[1:], c))
    code, value = items[0]
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.RANGE:
        return chr(value[0])
    return {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a"}.get(value, ".")


def _holds(items: Any, character: str) -> bool:
    for code, value in items:
        if code is codes.LITERAL and chr(value) == character:
            return True
        if code is codes.RANGE and value[0] <= ord(character) <= value[1]:
            return True
        if code is codes.CATEGORY:
            kinds = {
                codes.CATEGORY_DIGIT: character.isdigit(),
                codes.CATEGORY_SPACE: character.isspace(),
                codes.CATEGORY_WORD: character.isalnum() or character == "_",
                codes.CATEGORY_NOT_DIGIT: not character.isdigit(),
                codes.CATEGORY_NOT_SPACE: not character.isspace(),
                codes.CATEGORY_NOT_WORD: not (character.isalnum() or character == "_"),
            }
            if kinds[value]:
                return True
    return False
