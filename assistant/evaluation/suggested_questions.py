"""An article -> questions of different kinds that it may answer, each with what tells that the answer is the one meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.articles.article import Article
from assistant.articles.sentences import Sentence
from assistant.english.names import find_names, names

MAX_OF_A_KIND = 3
MAX_SENTENCES_READ = 400
MAX_CHARACTERS = 300
"""A longer sentence makes no question that reads well."""

Kind = Literal["said", "who", "when", "how many", "why", "happened", "about", "matter"]

_YEAR = re.compile(r"\b(?:1[5-9]\d\d|20\d\d)\b")
_SUBJECT = r"(?P<subject>(?:The |A |An )?[\w’'-]+(?: [\w’'-]+){0,5})"
_WHY = re.compile(
    rf"^{_SUBJECT} (?P<verb>is|are|was|were|has|have|had|can|could|will|would) (?P<rest>[\w’' -]{{4,70}}) because\b"
)
_WHEN = re.compile(
    rf"^{_SUBJECT} (?P<verb>was|were) (?P<rest>[a-z]{{2,}}(?:ed|en|wn|lt|ght|pt|ut))(?: [a-z]+){{0,2}} (?:in|on) "
    r"(?P<answer>(?:\d{1,2} )?(?:[A-Z][a-z]+ )?(?:\d{1,2},? )?(?:1[5-9]|20)\d\d)\b"
)
_WHO = re.compile(
    r"(?<![\w’'-])(?P<answer>[A-Z][\w’'-]{1,30}(?: [A-Z][\w’'-]{1,30}){1,3}), (?:the|a|an) (?P<role>[a-z][a-z-]+(?: [a-z-]+){0,2}(?: (?:of|at|for) (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+){0,3})?),"
)
_HOW_MANY = re.compile(
    r"\b(?P<answer>\d[\d,]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?P<noun>(?:[a-z-]{3,} )?[a-z]{3,}s)\b(?! (?:and|or) \d)"
)
_PRONOUNS = frozenset(
    "i he she it we you they this that these those there who which what one some many most all both here".split()
)
_MEASURES = frozenset(
    "years months weeks days hours minutes seconds times percent pounds dollars euros cents pence metres meters kilometres "
    "kilometers miles feet inches acres hectares litres liters tonnes tons grams kilos degrees points others".split()
)
_NO_NOUN = frozenset("is was has does its this his as us yes plus versus across less towards always sometimes".split())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that an article may answer.

    Attributes:
        kind: what it asks for.
        question: as it is asked.
        answer: words that the short answer must hold, "" where any answer will do.
        position: the sentence that must be cited, None where any may be.
        whole: the answer as it stands in that sentence, "" where it is no few words.
        about: the speaker, year or name that is asked for, where it is one.
    """

    kind: Kind
    question: str
    answer: str = ""
    position: int | None = None
    whole: str = ""
    about: str = ""


def candidates(article: Article) -> list[Candidate]:
    """Returns questions that the article may answer: one of each kind in turn, those of a kind in the order of the text."""
    sentences = article.sentences[:MAX_SENTENCES_READ]
    own = [s for s in sentences if not s.speaker and len(s.text) <= MAX_CHARACTERS]
    text = "\n".join(sentence.text for sentence in sentences)
    kinds = [list(_said(sentences, text)), list(_matched("why", own, _WHY)), list(_matched("when", own, _WHEN))]
    kinds += [list(_who(own)), list(_how_many(own)), list(_happened(text))]
    kinds += [[Candidate("about", "What is this article about?")], list(_matters(text, sentences))]
    longest = max(map(len, kinds))
    turns = [kind[n] for n in range(min(longest, MAX_OF_A_KIND)) for kind in kinds if n < len(kind)]
    return list({candidate.question: candidate for candidate in turns}.values())


def _said(sentences: Sequence[Sentence], text: str) -> Iterator[Candidate]:
    """Yields what to ask of who speaks most; one who is not called by a name is asked for in lower case."""
    named = {name for found in names(text) for name in (found, *found.split())}
    for speaker, _ in Counter(s.speaker for s in sentences if s.speaker).most_common(MAX_OF_A_KIND):
        first = speaker.split()[0]
        is_name = first in named or not first[:1].isupper() or first.isupper()
        asked = speaker if is_name else speaker[:1].lower() + speaker[1:]
        article = "the " if is_name and f"the {speaker}" in text else ""
        yield Candidate("said", f"What did {article}{asked} say?", about=speaker)


def _matched(kind: Kind, sentences: Sequence[Sentence], pattern: re.Pattern[str]) -> Iterator[Candidate]:
    """Yields questions that turn a sentence's subject and verb round: "Why was the bridge closed?"."""
    for sentence in sentences:
        found = pattern.match(sentence.text)
        if found and found["subject"].split()[0].lower() not in _PRONOUNS:
            values = found.groupdict()
            question = f"{kind.capitalize()} {found['verb']} {_inside(found['subject'])} {found['rest']}?"
            answer = values.get("answer") or ""
            yield Candidate(kind, question, answer, sentence.position, answer)


def _who(sentences: Sequence[Sentence]) -> Iterator[Candidate]:
    for sentence in sentences:
        if (found := _WHO.search(sentence.text)) and found["role"].split()[0] not in ("one", "man", "woman", "name"):
            whole = found["answer"]
            yield Candidate("who", f"Who is the {found['role']}?", whole.split()[-1], sentence.position, whole)


def _how_many(sentences: Sequence[Sentence]) -> Iterator[Candidate]:
    for sentence in sentences:
        for found in _HOW_MANY.finditer(sentence.text):
            words = found["noun"].split()
            if not set(words) & (_MEASURES | _NO_NOUN | _PRONOUNS):
                n = found["answer"]
                yield Candidate("how many", f"How many {found['noun']} are there?", n, sentence.position, n)
                break


def _happened(text: str) -> Iterator[Candidate]:
    for year, _ in Counter(_YEAR.findall(text)).most_common(2):
        yield Candidate("happened", f"What happened in {year}?", about=year)


def _matters(text: str, sentences: Sequence[Sentence]) -> Iterator[Candidate]:
    """Yields what to ask about names; a single word may be anything: a day, an adjective, the short form of a speaker."""
    speakers = {s.speaker for s in sentences}
    named = Counter(name.text for name in find_names(text) if " " in name.text and name.text not in speakers)
    for name, n in named.most_common(MAX_OF_A_KIND):
        if n > 1:
            yield Candidate("matter", f"What is said about {name}?", about=name)


def _inside(subject: str) -> str:
    """Returns a sentence's subject as it stands inside one: "The bridge" -> "the bridge", "Ann Lee" as it is.

    >>> _inside("The bridge"), _inside("Ann Lee"), _inside("Mill Bridge")
    ('the bridge', 'Ann Lee', 'Mill Bridge')
    """
    first = subject.split()[0]
    return subject[:1].lower() + subject[1:] if first in ("The", "A", "An") or not names(f"x {subject}") else subject
