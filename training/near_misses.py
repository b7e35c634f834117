"""Answerable questions -> near misses: one word changed, so that the passage no longer answers.

People who write unanswerable questions for SQuAD 2.0 negate, swap an entity, a number or an antonym, or ask for what
is not said (Source: Rajpurkar et al. 2018, table 2). The same is done here by rule, with the replacement taken from
the same article where it can be, so that a near miss is not betrayed by its vocabulary.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from training.contrasts import CONTRASTS
from training.data import Example

_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_AUXILIARIES = {
    "did": "didn't", "does": "doesn't", "do": "don't", "is": "isn't", "are": "aren't", "was": "wasn't",
    "were": "weren't", "can": "can't", "could": "couldn't", "will": "won't", "would": "wouldn't", "has": "hasn't",
    "have": "haven't", "had": "hadn't", "should": "shouldn't",
}  # fmt: skip
_STOP = set(
    "what which who whom whose when where why how many much long often does did is are was were the and for with from "
    "that this these those have has had been being into about their there they them than then some such also only "
    "will would could should can may might must not name type kind other during after before between while because "
    "according besides person people thing things one two your you his her its our".split()
)
NAME = re.compile(r"\b[A-Z][\w’'.-]*(?:\s+(?:(?:of|the|de|von|van|al|for)\s+)?[A-Z0-9][\w’'-]*)*")
NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b|\b\d+(?=(?:st|nd|rd|th|s)\b)")
_WORD = re.compile(r"[A-Za-z][a-z]{3,}")
_TIME = re.compile(rf"\d|\b(?:{'|'.join(_MONTHS + _DAYS)}|century|today|yesterday|year|week|day|morning|night)", re.I)
_CAUSE = re.compile(
    r"\b(?:because|since|due|for|to|as|so|thus|reason|cause[sd]?|therefore|result\w*|led|by|if|in order)\b", re.I
)
_COUNT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|several|few|many|both|half|couple"
    r"|single|a|an|each|every|all|first|second|third|once|twice|million|billion)\b", re.I
)  # fmt: skip
_WH = re.compile(
    r"^(?:(?:when|where|why|how many \w+)\s+(did|was|is|does|do|were|are)|(?:what|who)\s+(did|does|do))\b", re.I
)

Similar = Callable[[str, Sequence[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Words:
    """What an article offers as replacements.

    Attributes:
        names: capitalised names with the word in front of each, in lower case.
        numbers: numbers and years as written.
        words: content words in lower case.
    """

    names: tuple[tuple[str, str], ...]
    numbers: tuple[str, ...]
    words: tuple[str, ...]


def words_of(text: str) -> Words:
    """Returns the names, numbers and content words of a text, each once."""
    names = {}
    for found in NAME.finditer(text):
        before = text[: found.start()].rstrip()
        opens = not before or before[-1] in ".!?\n\"“'"
        if opens and " " not in found.group():  # a sentence's first word is not known to be a name
            continue
        lead = before.rsplit(None, 1)[-1].lower() if before else ""
        name = re.sub(r"^(?:The|A|An|In|On|At)\s+", "", found.group()).rstrip(".'’-")
        if len(name) > 2 and name.lower() not in _STOP:
            names[name] = lead
    numbers = dict.fromkeys(found.group() for found in NUMBER.finditer(text))
    words = dict.fromkeys(w.lower() for w in _WORD.findall(text) if w.lower() not in _STOP)
    return Words(tuple(names.items()), tuple(numbers), tuple(words))


class NearMisses:
    """Makes near misses of answerable questions.

    Args:
        similar: (word, candidates) -> those of the candidates that are of the same kind, best first.
    """

    def __init__(self, similar: Similar) -> None:
        self._similar = similar

    def make(self, example: Example, sentence: str, article: Words, rng: random.Random) -> Example | None:
        """Returns a near miss, or None if the question offers nothing to change.

        Args:
            example: an answerable question.
            sentence: the sentence or sentences of the passage that hold the answer.
            article: replacements, of the passage's whole article.
            rng: source of chance.
        """
        makers = [
            self._name,
            self._name,
            self._number,
            self._contrast,
            self._contrast,
            self._word,
            self._word,
            self._word,
        ]
        rng.shuffle(makers)
        makers.insert(0 if rng.random() < 0.06 else len(makers), self._negate)
        makers.insert(0 if rng.random() < 0.12 else len(makers), self._ask_else)
        known = (sentence + " " + " ".join(example.golds)).lower()
        for maker in makers:
            change = maker(example, known, article, rng)
            if change is None:
                continue
            start, end, new = change
            question = example.question[:start] + new + example.question[end:]
            return replace(
                example,
                id=f"{example.id}#near",
                question=question,
                answers=(),
                accepted=(),
                answerable=False,
                support=None,
                mismatch=((start, start + len(new)),),
                kind="",
            )
        return None

    def contradicted(self, example: Example, sentence: str, article: Words, rng: random.Random) -> Example | None:
        """Returns a question that wants yes as one that wants no, None if it names neither number nor what has an opposite.

        Args:
            example: made from a statement.
            sentence: the statement.
            article: numbers to put in the place of its own.
            rng: source of chance.
        """
        makers = [self._number, self._contrast]
        rng.shuffle(makers)
        for maker in makers:
            change = maker(example, sentence.lower(), article, rng)
            if change is not None:
                start, end, new = change
                question = example.question[:start] + new + example.question[end:]
                return replace(example, id=f"{example.id}#no", question=question, mismatch=None, kind="no")
        return None

    def _name(self, example: Example, known: str, article: Words, rng: random.Random) -> tuple[int, int, str] | None:
        question = example.question
        found = [m for m in NAME.finditer(question) if m.group().lower() not in _STOP and m.start() > 0]
        if not found:
            return None
        old = rng.choice(found)
        before = question[: old.start()].split()
        lead = before[-1].lower() if before else ""
        taken = {w for w in re.findall(r"\w+", question.lower()) if w not in _STOP}
        pool = [
            (name, name_lead)
            for name, name_lead in article.names
            if name.lower() not in known
            and not taken & set(re.findall(r"\w+", name.lower()))
            and bool(re.search(r"\d", name)) == bool(re.search(r"\d", old.group()))
        ]
        same_lead = [name for name, name_lead in pool if name_lead == lead]
        same_length = [name for name, _ in pool if name.count(" ") == old.group().count(" ")]
        choices = [c for c in (same_lead, same_length, same_length) if c] or [[name for name, _ in pool]]
        choice = rng.choice(choices)
        return (old.start(), old.end(), rng.choice(choice)) if choice else None

    def _number(self, example: Example, known: str, article: Words, rng: random.Random) -> tuple[int, int, str] | None:
        found = list(NUMBER.finditer(example.question))
        months = list(re.finditer(rf"\b(?:{'|'.join(_MONTHS)}|{'|'.join(_DAYS)})\b", example.question))
        if months and (not found or rng.random() < 0.4):
            old = rng.choice(months)
            others = [
                m for m in (_MONTHS if old.group() in _MONTHS else _DAYS) if m.lower() not in known and m != old.group()
            ]
            return (old.start(), old.end(), rng.choice(others)) if others else None
        if not found:
            return None
        old = rng.choice(found)
        digits = old.group()
        pool = [n for n in article.numbers if len(n) == len(digits) and n != digits and n.lower() not in known]
        if not pool or rng.random() < 0.5:
            step = rng.choice([-20, -10, -7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7, 10, 20])
            if not digits.isdigit() or int(digits) + step < 1:
                return None
            pool = [str(int(digits) + step)]
        new = rng.choice(pool)
        return None if re.search(rf"\b{re.escape(new)}\b", known) else (old.start(), old.end(), new)

    def _contrast(self, example: Example, known: str, _: Words, rng: random.Random) -> tuple[int, int, str] | None:
        found = [m for m in re.finditer(r"[A-Za-z]+", example.question) if m.group().lower() in CONTRASTS]
        if not found:
            return None
        old = rng.choice(found)
        new = rng.choice(CONTRASTS[old.group().lower()])
        return None if re.search(rf"\b{new}\b", known) else (old.start(), old.end(), new)

    def _word(self, example: Example, known: str, article: Words, rng: random.Random) -> tuple[int, int, str] | None:
        found = [m for m in _WORD.finditer(example.question) if m.group().lower() not in _STOP]
        found = [m for m in found if m.group().islower()]
        if not found:
            return None
        old = rng.choice(found)
        taken = known + " " + example.question.lower()
        pool = [word for word in article.words if word[:5] not in taken and word[:4] != old.group()[:4]]
        similar = self._similar(old.group(), pool)
        if not similar:
            return None
        new = similar[min(int(rng.random() ** 2 * len(similar)), 5, len(similar) - 1)]
        return old.start(), old.end(), new

    def _negate(self, example: Example, known: str, _: Words, rng: random.Random) -> tuple[int, int, str] | None:
        found = [m for m in re.finditer(r"[a-z]+", example.question) if m.group() in _AUXILIARIES]
        if not found or re.search(r"\b(?:not|never|no)\b|n't", known):
            return None
        old = found[0]
        if old.group() in ("is", "was", "are", "were") and rng.random() < 0.3:
            return old.start(), old.end(), f"{old.group()} never"
        return old.start(), old.end(), _AUXILIARIES[old.group()]

    def _ask_else(self, example: Example, known: str, _: Words, rng: random.Random) -> tuple[int, int, str] | None:
        found = _WH.match(example.question)
        if not found:
            return None
        answer_side = known
        options = []
        first = example.question.split()[0].lower()
        if first != "when" and not _TIME.search(answer_side):
            options.append("When")
        if first != "why" and not _CAUSE.search(answer_side):
            options.append("Why")
        if not example.question.lower().startswith("how many") and not _COUNT.search(answer_side):
            options.extend(["How often", "How much"])
        if not options:
            return None
        return 0, found.start(found.lastindex or 0) - 1, rng.choice(options)
