"""Names and numbers of a question that a sentence puts others in the place of: "the 101st base", where it is the 102nd.

People who write unanswerable questions swap names and numbers most (Rajpurkar et al. 2018, table 2), and embeddings
hardly notice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from assistant.english.names import COMMON
from assistant.english.words import FUNCTION_WORDS, stem

_TOKEN = re.compile(r"[^\W_](?:[^\W_]|[.,](?=\d)|-(?=[^\W_]))*|[’']s\b|[^\w\s]")
_NO_DIGIT = re.compile(r"\D")
_YEAR = re.compile(r"[12]\d{3}(?!\d|[.,]\d)")
_LINKS = frozenset("of to for in from by with at on between against under".split())
_JOINS = frozenset([",", "and", "or", "the"])
_NO_NAMES = COMMON | FUNCTION_WORDS
_SHARED_LETTERS = 4  # of "Armenia" and "Armenian"

# Beside which word a name or number stands: (stem, "") for the word after it, (stem, link) for "ambassador to X".
Place = tuple[str, str]


def swaps(question: str, sentence: str) -> bool:
    """Returns whether the sentence has another name or number in a place where the question has one.

    One that stands elsewhere in the sentence is no replaced one, unless two have changed places. How seldom that is so of
    sentences that answer, and how often of others, `benchmarks/ruled_out.py` measures.

    `swaps("Who is the Russian minister?", "The Armenian Minister Ararat Mirzoyan spoke.") is True`
    """
    sentence = _folded(sentence)
    said, asked = _by_place(sentence, any_case=True), _by_place(_folded(question), any_case=False)
    there = [token for token in _TOKEN.findall(sentence) if token[0].isalnum()]
    elsewhere: list[str] = []  # one of each place
    for place, specifics in asked.items():
        others = [o for o in said.get(place, []) if any(_same_kind(s, o) for s in specifics)]
        if others and not any(_alike(s, o) for s in specifics for o in others):  # of "in 1994 or 1995", one will do
            if not any(_alike(s, token) for s in specifics for token in there):
                return True
            elsewhere.append(specifics[0])
    return len(set(elsewhere)) > 1


def _by_place(text: str, any_case: bool) -> dict[Place, list[str]]:
    """Returns the names and numbers that stand in each place."""
    found: dict[Place, list[str]] = {}
    for specific, place in _placed(text, any_case):
        found.setdefault(place, []).append(specific)
    return found


def _placed(text: str, any_case: bool) -> Iterator[tuple[str, Place]]:
    """Yields each name or number with each place it has; the word beside it is in lower case, unless any case will do."""
    tokens = _TOKEN.findall(text)
    before: Place | None = None  # what the names of an enumeration share: "bordered by Turkey, Iran and Georgia"
    for i, token in enumerate(tokens):
        if not _is_specific(token, first=i == 0):
            if token.lower() not in _JOINS:
                before = None
            continue
        after = i + 2 if tokens[i + 1 : i + 2] and tokens[i + 1][1:] == "s" else i + 1
        if after < len(tokens) and _is_subject(tokens[after], any_case):
            yield token, (stem(tokens[after].lower()), "")
        link = i - 2 if i > 1 and tokens[i - 1].lower() == "the" else i - 1
        if link > 0 and tokens[link].lower() in _LINKS and _is_subject(tokens[link - 1], any_case):
            before = (stem(tokens[link - 1].lower()), tokens[link].lower())
        if before:
            yield token, before


def _is_specific(token: str, first: bool) -> bool:
    return token[0].isdigit() or (token[0].isupper() and not first and token.lower() not in _NO_NAMES)


def _is_subject(token: str, any_case: bool) -> bool:
    word = token.lower()
    return token[0].isalpha() and (any_case or token == word) and word not in FUNCTION_WORDS and word not in _LINKS


def _same_kind(one: str, other: str) -> bool:
    """Returns whether one can stand for the other: a name for a name, a year for a year, a count for a count."""
    if one[0].isdigit() and other[0].isdigit():
        return bool(_YEAR.match(one)) == bool(_YEAR.match(other))
    return one[0].isdigit() == other[0].isdigit()


def _alike(one: str, other: str) -> bool:
    if one[0].isdigit():
        digits, others = _NO_DIGIT.sub("", one), _NO_DIGIT.sub("", other)
        return bool(others) and (digits in others or others in digits)
    return one[:_SHARED_LETTERS].lower() == other[:_SHARED_LETTERS].lower()


def _folded(text: str) -> str:
    """Returns a text without diacritics, which many leave out: "Godel" for "Gödel"."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
