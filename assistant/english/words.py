"""Text -> the word stems that lexical search and word overlap count in."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

# Words that carry no subject matter: they are not searched for and do not count as overlap.
FUNCTION_WORDS = frozenset(
    """a about above after again against all also am an and any are as at be because been before being below between
    both but by can could did do does doing down during each few for from further had has have having he her here hers
    him himself his how i if in into is it its itself just let me more most my no nor not now of off on once only or
    other our out over own per s same shall she should so some such t than that the their them then there these they
    this those through to too under until up upon us very was we were what when where which while who whom whose why
    will with would you your d ll m re ve don doesn didn isn wasn aren weren won many much article text passage tell
    please according""".split()
)

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f\u1000-\u109f\u1780-\u17ff]+"
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_POSSESSIVE = re.compile(r"(?<=\w)'s\b", re.IGNORECASE)


class _Stemmers(threading.local):
    """A stemmer for each thread: one keeps the word at hand in itself, and would mix those of two threads up."""

    def __init__(self) -> None:
        self.english = Stemmer.Stemmer("english", 0)


_stemmers = _Stemmers()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Returns the stem of one lower-case word (Snowball's English; numbers and other scripts stay as they are)."""
    return word if word.isdigit() or not word.isascii() else str(_stemmers.english.stemWord(word))


def words(text: str) -> list[str]:
    """Returns the stems of `text` in order, lower case, without diacritics; scripts without spaces by pairs."""
    folded = text.replace("’", "'")
    folded = (_POSSESSIVE.sub("", folded) if "'" in folded else folded).casefold()
    if not folded.isascii():
        folded = _BEYOND_ASCII.sub(_without_marks, unicodedata.normalize("NFKD", folded))
    if folded.isascii():  # nearly every sentence, and a question looks at some hundreds
        return list(map(stem, _WORD.findall(folded)))
    stems: list[str] = []
    for word in _WORD.findall(folded):
        if not word.isascii() and _UNSPACED.search(word):
            stems.extend(_pairs(word))
        else:
            stems.append(stem(word))
    return stems


def content_words(text: str) -> list[str]:
    """Returns the stems of `text` that carry subject matter, each once, in order."""
    return list(dict.fromkeys(word for word in words(text) if word not in _FUNCTION_STEMS))


def _without_marks(match: re.Match[str]) -> str:
    return "".join(character for character in match.group() if not unicodedata.combining(character))


def _pairs(word: str) -> list[str]:
    return [word[i : i + 2] for i in range(len(word) - 1)] or [word]


_FUNCTION_STEMS = FUNCTION_WORDS | {stem(word) for word in FUNCTION_WORDS}
