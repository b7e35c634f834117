"""Passages with quotations -> "What did X say?" questions, answerable ones and twins that are not."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator

from assistant.articles.sentences import split_sentences
from training.data import Example

_VERBS = (
    "said says stated announced explained added argued claimed told noted wrote declared warned believes "
    "believed suggested replied asked cried answered "
).split()
_SPEAKER = (
    r"(?P<who>(?:[Tt]he [a-z]+(?: [a-z]+)?|(?:(?:[A-Z][\w’'-]+|(?:[A-Z]|Mr|Mrs|Ms|Dr|St)\.) ){0,3}[A-Z][\w’'-]+))"
)
_QUOTE = r"(?:[\"“]|``)(?P<quote>[^\"“”`]{12,400}?)[,.!?]?\s?(?:[\"”]|'')"
_VERB = rf"(?P<verb>{'|'.join(_VERBS)})"
_PATTERNS = [
    re.compile(rf"{_QUOTE},?\s+{_VERB}\s+{_SPEAKER}\b"),
    re.compile(rf"{_QUOTE},?\s+{_SPEAKER}\s+{_VERB}\b"),
    re.compile(rf"\b{_SPEAKER}\s+{_VERB}\s*(?:[,:]|that)?\s+{_QUOTE}"),
    re.compile(rf"\b{_SPEAKER}\s+{_VERB}\s+that\s+(?P<quote>[^.!?;]{{12,240}})"),
    re.compile(
        r"\b[Aa]ccording to (?P<who>(?:(?:[A-Z][\w’'-]+|(?:[A-Z]|Mr|Mrs|Ms|Dr|St)\.) ){0,3}[A-Z][\w’'-]+)\s?,\s(?P<quote>[^.!?;]{12,240})"
    ),
]
_NOT_SPEAKERS = set(
    "he she it they we i you this that there which who however but and when in on at as if the a an the".split()
)
_TEMPLATES = {
    "": ["What did {who} say?", "What does {who} say?", "What was said by {who}?", "What did {who} state?",
         "What is {who}'s view?", "What did {who} tell?", "What were {who}'s words?", "What does {who} think?"],
    "announced": ["What did {who} announce?", "What was announced by {who}?"],
    "explained": ["What did {who} explain?"],
    "argued": ["What did {who} argue?", "What does {who} think?"],
    "claimed": ["What did {who} claim?"],
    "warned": ["What did {who} warn of?"],
    "believed": ["What did {who} believe?", "What did {who} think?"],
    "believes": ["What does {who} believe?", "What does {who} think?"],
    "suggested": ["What did {who} suggest?"],
    "asked": ["What did {who} ask?"],
    "wrote": ["What did {who} write?"],
}  # fmt: skip
_NOT_TOPICS = set(
    (
        "about after again against along already although among another because become before being between "
        "could every their there these those though through until where whether which while whose would "
        "should whenever since never still rather either under other really "
    ).split()
)
_TOPIC = re.compile(r"\b[a-z]{5,}\b")
_PERSON = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z’'-]+){1,2}\b")
_MAX_SPAN = 160  # characters; a longer quotation is cut at its first clause


def speech_questions(contexts: Iterable[tuple[str, str, str]], rng: random.Random) -> Iterator[Example]:
    """Yields questions on what somebody said, about one unanswerable for each answerable.

    Args:
        contexts: (source, article, passage), each passage once.
        rng: source of chance.
    """
    for source, article, context in contexts:
        spoken = [found for pattern in _PATTERNS for found in pattern.finditer(context)]
        spoken = [found for found in spoken if found["who"].split()[-1].lower() not in _NOT_SPEAKERS]
        if not spoken:
            continue
        found = rng.choice(spoken)
        who = found["who"]
        if not who.lower().startswith("the ") and rng.random() < 0.6:
            who = who.split()[-1]
        speeches = [other for other in spoken if _surname(other["who"]) == _surname(who)]
        key = f"{source}:{context[:60]}:{found.start()}"
        yield _answerable(key, source, article, context, who, speeches, rng)
        twin = _unanswerable(key, source, article, context, who, speeches, spoken, rng)
        if twin:
            yield twin


def _topics(text: str) -> list[str]:
    return [word for word in _TOPIC.findall(text) if word not in _NOT_TOPICS]


def _surname(name: str) -> str:
    return name.split()[-1]


def _question(who: str, verb: str, rng: random.Random) -> str:
    templates = _TEMPLATES[""] if rng.random() < 0.6 else _TEMPLATES.get(verb, _TEMPLATES[""])
    return rng.choice(templates).format(who=who)


def _answerable(
    key: str, source: str, article: str, context: str, who: str, speeches: list[re.Match[str]], rng: random.Random
) -> Example:
    first = speeches[0]
    verb = first.groupdict().get("verb") or ""
    support = tuple(
        (s.start, s.end)
        for s in split_sentences(context)
        if any(s.start < other.end() and other.start() < s.end for other in speeches)
    )
    start, quote = first.start("quote"), first["quote"]
    if len(quote) > _MAX_SPAN:
        clause = re.match(r".{40,160}?[,.;:!?](?=\s)", quote, re.S)
        quote = clause.group()[:-1] if clause else quote[:_MAX_SPAN].rsplit(None, 1)[0]
    question = _question(who, verb, rng)
    topics = _topics(first["quote"])
    if topics and rng.random() < 0.25:
        question = question.rstrip("?").removesuffix(" of") + f" about {rng.choice(topics)}?"
    return Example(
        f"{key}#said", source, article, context, question, answers=((start, quote),), support=support, mismatch=()
    )


def _unanswerable(
    key: str,
    source: str,
    article: str,
    context: str,
    who: str,
    speeches: list[re.Match[str]],
    spoken: list[re.Match[str]],
    rng: random.Random,
) -> Example | None:
    speakers = {word for other in spoken for word in other["who"].split()}
    silent = [m.group() for m in _PERSON.finditer(context) if not speakers & set(m.group().split())]
    focus = (speeches[0].start(), speeches[0].end())
    said = " ".join(other.group() for other in speeches).lower()
    topics = [word for word in _topics(context) if word[:5] not in said]
    if silent and (not topics or rng.random() < 0.7):
        name = rng.choice(silent)
        name = name.split()[-1] if rng.random() < 0.6 else name
        question = _question(name, speeches[0].groupdict().get("verb") or "", rng)
        start = question.index(name)
        mismatch = (start, start + len(name))
    elif topics:
        topic = rng.choice(topics)
        question = f"What did {who} say about {topic}?"
        mismatch = (len(question) - 1 - len(topic), len(question) - 1)
    else:
        return None
    return Example(
        f"{key}#silent", source, article, context, question, answerable=False, mismatch=(mismatch,), focus=focus
    )
