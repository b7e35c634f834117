"""History + follow-up -> a question that stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.intent import WHOLE_ARTICLE, intent_of
from assistant.names import may_be_person, names
from assistant.words import content_words

History = Sequence[tuple[str, str]]

MAX_TURNS = 3
MAX_ANSWER_WORDS = 12
NO_ANSWER = "The article does not say."

_PERSON = re.compile(r"\b(he|she|him|her|hers|his|himself|herself)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\b(his|hers|her(?= \w))\b", re.IGNORECASE)
_THING = re.compile(
    r"\b(it|its|they|them|their|theirs|this|these|those|there|then|that(?! \w+ (?:is|was|are|were|has|had)\b)|"
    r"the (?:same|other|former|latter|first|second)|(?:any|some)(?:one|body)? else|(?:what|who|where|when|why|how) else)\b",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"^(?:and|but|so|or|also|what about|how about|what of|then|or rather|i mean|no,|ok,)\b\W*", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^(?:(?:and|but|so|or)\W+)?(?:what about|how about|what of|and|or)\W+(?P<topic>.+?)\W*$", re.IGNORECASE
)
# "How did Moscow respond?": to what, only the question before can tell.
_LACKS_OBJECT = re.compile(
    r"^(?:(?:and|but|so)\W+)?(?:how|why|when|who|did|do|does|has|have|will|would)\b.*\b"
    r"(?:respond(?:s|ed)?|react(?:s|ed)?|replied|answered|objected|commented|(?:dis)?agreed?)\W*$",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:(?:and|but|so|or)\W+)?(?:why|when|where|who|how|how (?:so|many|much|long|old)|which(?: one)?|what|since when|by whom|"
    r"to whom|with whom|where to|what else|who else|really|go on|more|tell me more|and then|why not|"
    r"in (?:what|which) \w+|(?:what|which) \w+)\W*$",
    re.IGNORECASE,
)


def stand_alone(question: str, history: History = ()) -> str:
    """Returns the question with what it takes from earlier turns put in; the question itself if it takes nothing.

    Names take the place of "he", "she", "his"; "And Kopyrkin?" takes the place of the name in the question before;
    where a word such as "it" or "then" points back, or too little is said, the question before is added in brackets
    with its answer.

    Args:
        question: the follow-up.
        history: (question, answer) turns, oldest first; the last three are looked at.
    """
    question = " ".join(question.split())
    turns = [(" ".join(q.split()), " ".join(a.split())) for q, a in history][-MAX_TURNS:]
    if not turns or not question or intent_of(question).kind in WHOLE_ARTICLE:
        return question
    previous = turns[-1][0]
    swapped = _swap(question, previous)
    if swapped:
        return swapped
    if _BARE.match(question):
        return _bracketed(question, turns[-1])
    resolved = _with_person(question, turns)
    points_back = _THING.search(resolved) and not names(_CONTINUES.sub("", resolved))
    too_little = _CONTINUES.match(resolved) and len(content_words(resolved)) < 3
    lacks = points_back or too_little or _LACKS_OBJECT.match(resolved)
    return _bracketed(resolved, turns[-1]) if lacks else resolved


def _swap(question: str, previous: str) -> str:
    """Returns the question before with its one name, or year, replaced by the follow-up's; "" if that is not asked."""
    match = _ABOUT.match(question)
    if not match:
        return ""
    topic = re.sub(r"^(?:in|for|with|on|by|at|from|of)\s+", "", match["topic"])
    for find in (names, _years):
        new, old = find(topic), find(previous)
        if len(new) == 1 and len(old) == 1 and len(topic.split()) <= len(new[0].split()) + 2:
            return previous.replace(old[0], new[0])
    return ""


def _years(text: str) -> list[str]:
    return re.findall(r"\b(?:1\d|20)\d\d\b", text)


def _with_person(question: str, turns: Sequence[tuple[str, str]]) -> str:
    """Returns the question with "he", "she", "his" replaced by the person talked about last, if one is known."""
    if not _PERSON.search(question) or any(may_be_person(name) for name in names(question)):
        return question
    for asked, answered in reversed(turns):
        people = [name for text in (asked, answered) for name in names(text) if may_be_person(name)]
        if people:
            possessive = _POSSESSIVE.sub(f"{people[0]}'s", question)
            return _PERSON.sub(people[0], possessive)
    return question


def _bracketed(question: str, turn: tuple[str, str]) -> str:
    """Returns the question with the one before in brackets, and its answer where that is short."""
    asked, answered = turn
    words = answered.split()
    known = "" if len(words) > MAX_ANSWER_WORDS or answered == NO_ANSWER else f" {answered}"
    return f"{question} ({asked}{known})"
