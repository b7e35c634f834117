"""What becomes of a hyphen at the end of a line: it goes where it only marks that a word was broken."""

from __future__ import annotations

import json
import re
from functools import cache

from assistant.settings import PACKAGE

_LETTERS_AT_END = re.compile(r"[^\W\d_]{1,60}$")
_LETTERS = re.compile(r"[^\W\d_]+")
_SUSPENDED = frozenset(("and", "or", "to", "nor", "und", "oder", "bis", "et", "ou"))
_SUFFIXES = frozenset(("ish", "ness", "ing", "less", "able", "ment", "ful", "ship", "ward", "age", "ant", "ate", "per"))
_COMPOUNDING = frozenset(
    "self well half quasi vice two three four five six seven eight nine twenty thirty forty fifty sixty seventy eighty ninety".split()
)
_MIN_PART = 4  # letters


def at_hyphen(before: str, after: str, known: frozenset[str]) -> str | None:
    """Returns what becomes of a hyphen between two lines: None if it goes, "" if it stays, " " if a blank follows it.

    What stands elsewhere in the document decides, then what is a common word: "exam-ple" is one, "wellknown" is not.

    Args:
        before: the last word of a line, with its hyphen.
        after: the first word of the next one.
        known: words and compounds of the document that stand whole in a line, in lower case.
    """
    head, tail = _LETTERS_AT_END.search(before[:-1][-60:]), _LETTERS.match(after)
    if head is None or tail is None:
        return ""
    one, two = head[0].lower(), tail[0].lower()
    if one + two in known:
        return None
    if f"{one}-{two}" in known:
        return ""
    common = _common_words()
    if after[0].islower() and one + two in common:
        return None
    if two in _SUSPENDED:
        return " "
    in_compound = before[: -1 - len(one)].endswith("-")
    if in_compound or not after[0].islower() or after[len(two) :].startswith("-"):
        return ""
    if two in _SUFFIXES:
        return None
    whole = head[0].islower() and one in common and two in common and min(len(one), len(two)) >= _MIN_PART
    return "" if whole or one in _COMPOUNDING else None


@cache
def _common_words() -> frozenset[str]:
    """Returns the 20,000 words that the embedder's tokenizer does not cut: common ones, in lower case."""
    try:
        vocabulary = json.loads((PACKAGE / "models" / "tokenizer.json").read_bytes())["model"]["vocab"]
    except (OSError, ValueError, KeyError):
        return frozenset()
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) > 2)
