"""Whoever a question names is not the person it asks for: "Who will follow Farrow?" is not answered by "Benedek"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.english.names import may_be_person, names
from assistant.question.answer_type import answer_type

# These ask for another name of the one they name.
_FOR_A_NAME = re.compile(
    r"\b(?:first|given|full|christian|middle|last|family)[ -]?names?\b|\bsurname|\bcalled\b"
    r"|^\W*who (?:is|was|are|were|'s) [^\s,]+(?: [^\s,]+)?\W*$",
    re.IGNORECASE,
)
_OF_SOMEBODY = re.compile(r"\bnames? of\b", re.IGNORECASE)


def is_asked_person(question: str, answer: str, texts: Iterable[str]) -> bool:
    """Returns whether the answer is another part of the name of somebody whom the question names.

    Args:
        question: a question that stands alone.
        answer: the words of a short answer.
        texts: what tells the full names. Where two people share the name in the question, it may be the other one.

    `is_asked_person("Who will follow Farrow?", "Benedek", ["Benedek Farrow winds the clocks."]) is True`
    """
    wants_person = answer_type(question) == "person" or _OF_SOMEBODY.search(question)
    if not wants_person or _FOR_A_NAME.search(question.replace("’", "'")) or not answer[:1].isupper():
        return False
    own = set(answer.split())
    full = {name for text in texts for name in names(text) if " " in name and may_be_person(name)}
    for named in (set(name.split()) for name in names(question)):
        bearers = [set(name.split()) for name in full if named <= set(name.split())]
        if len(bearers) == 1 and own <= bearers[0] - named:
            return True
    return False
