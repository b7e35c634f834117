"""Two questions about one passage -> a follow-up: the first as history, the second with a pronoun for what they share.

Conversations are rare in the question sets, and in a chat "What did he do next?" is the rule.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from training.data import Example

_CAPITALISED = r"(?:the )?[A-Z][\w-]*(?: [A-Z][\w-]*)*\b"
_AFTER_IT = r"[’']s?\b|[’'] |\W*$|,| (?:in|on|at|to|for|from|by|with|after|before|during|as|and|of|since|until)\b"
_SUBJECT = "|".join(rf"(?<=\b{word} )" for word in ("did", "does", "was", "were", "has", "had", "can", "is", "are"))
_NAME = re.compile(rf"(?:{_SUBJECT}){_CAPITALISED}|(?<=[a-z,] ){_CAPITALISED}(?={_AFTER_IT})")
_PRONOUNS = {"he": "his", "she": "her", "they": "their", "it": "its"}
_OBJECTS = {"he": "him", "she": "her", "they": "them", "it": "it"}
_AFTER_PREPOSITION = re.compile(r"\b(?:of|to|by|for|with|from|about|in|on|at|against|than|like)$", re.I)


def follow_up(example: Example, others: Sequence[Example], rng: random.Random) -> Example | None:
    """Returns the example as a follow-up to one of the other questions about its passage, or None if none fits.

    A name that both questions hold becomes a pronoun; the pronoun is the one that the passage itself uses most. One in
    five keeps its name: a user may go on without one, and must be understood as well.

    Args:
        example: a question without history.
        others: further questions about the same passage, with answers.
        rng: source of chance.
    """
    names = list(_NAME.finditer(example.question))
    before = [o for o in others if o.question != example.question and o.answers and not o.history]
    if example.history or not names or not before:
        return None
    name = rng.choice(names)
    core = name.group().removeprefix("the ")
    before = [o for o in before if core in o.question or core in o.answers[0][1]]
    if not before:
        return None
    first = rng.choice(before)
    history = ((first.question, first.answers[0][1]),)
    question = example.question
    if rng.random() < 0.8:
        question = _with_pronoun(question, name, _pronoun(example.context))
    return replace(example, id=f"{example.id}#follow", question=question, history=history)


def _pronoun(passage: str) -> str:
    counts = Counter(word for word in re.findall(r"\w+", passage.lower()) if word in _PRONOUNS)
    return counts.most_common(1)[0][0] if counts else "it"


def _with_pronoun(question: str, name: re.Match[str], pronoun: str) -> str:
    before, after = question[: name.start()], question[name.end() :]
    possessive = re.match(r"[’']s?\b|[’'](?= )", after)
    if possessive:
        return before + _PRONOUNS[pronoun] + after[possessive.end() :]
    ends = not after.strip(" ?.")
    word = before.rstrip().rsplit(None, 1)[-1] if before.strip() else ""
    is_object = ends or bool(_AFTER_PREPOSITION.search(word))
    return before + (_OBJECTS[pronoun] if is_object else pronoun) + after
