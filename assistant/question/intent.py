"""What kind of question is asked: by its wording alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.english.names import TITLES, may_be_person, names
from assistant.english.noun_phrases import head
from assistant.english.speech_verbs import INSISTING, PROMISING, SAID_BY, SAYING, alike
from assistant.english.words import content_words, words
from assistant.question.answer_type import CHOICE, wanted_of
from assistant.question.whole_article import WHOLE, as_of_one

Kind = Literal[
    "fact",
    "said",
    "speaker",
    "happened",
    "yes_no",
    "about",
    "point",
    "ending",
    "mentioned",
    "who_said_what",
    "greeting",
    "nothing",
]
MAX_NAMES = 30  # of a question are looked at as speakers: a question with more is none
WHOLE_ARTICLE: frozenset[Kind] = frozenset({"about", "point", "ending", "mentioned", "who_said_what"})


@dataclass(frozen=True, slots=True)
class Intent:
    """How a question is to be answered.

    Attributes:
        kind: "fact" unless the wording shows another.
        names: names of people, places and organisations in the question.
        speakers: the names whose statements are asked for; of a "fact" those whom it names as its source, empty for other kinds.
        roles: how those whose statements are asked for are called, "foreign minister"; empty if all by names in capitals.
        times: stems of the numbers, months and days that events are asked for; empty unless kind is "happened".
    """

    kind: Kind
    names: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def intent_of(question: str, added: str = "") -> Intent:
    """Returns what kind of question `question` is; what the turns before add to it counts for its names alone."""
    asked = " ".join(question.replace("’", "'").split())
    if _says_nothing(asked):
        return Intent("nothing")
    found = tuple(names(f"{asked} ({added})" if added else asked))
    plain = _plain(asked)
    if _GREETING.match(plain):
        return Intent("greeting")
    for kind, pattern in WHOLE:
        if pattern.fullmatch(plain):
            return Intent(kind, found)
    times = _times(asked)
    if times:
        return Intent("happened", found, times=times)
    if _WHO_SAID.match(asked):
        return Intent("speaker", found)
    if _YES_NO.match(asked) and not CHOICE.search(asked):
        return Intent("yes_no", found)
    if (_SAID.search(asked) or _PROMISED.search(asked)) and not wanted_of(_CONNECTED.sub("", asked)):
        roles = _roles(asked)
        return Intent("said", found, () if roles else _speakers(asked, found), roles=roles)
    return Intent("fact", found, _sources(asked, found))


def _says_nothing(text: str) -> bool:
    """Returns whether a text has no word to look for: "?", "x", "hm", "1"."""
    found = _WORDS.findall(text.lower())
    return all(
        word.isascii() and (len(word) == 1 or word in _SOUNDS or (word.isdigit() and len(word) < 4)) for word in found
    )


def asks_for_statements(question: str, intent: Intent) -> bool:
    """Returns whether what somebody said is asked for as a whole: on anything, or "about" a matter."""
    if intent.kind != "said":
        return False
    asked = _WHAT_DID.match(question)
    said = _ASKS_WITH.search(question, asked.end() + 1) if asked else None
    about = said is not None and _ABOUT.search(question, said.end()) is not None
    return about or (bool(intent.speakers) and not topic_of(question, intent))


def speaker_span(question: str) -> tuple[int, int] | None:
    """Returns (start, end) of the one who is asked to have spoken, "the foreign minister", None if the question names none."""
    match = _called(question)
    if match is None:
        return None
    group = "speaker" if match["speaker"] else "source"
    article = re.search(rf"\b{_DETERMINER}$", question[: match.start(group)], re.IGNORECASE)
    return (article.start() if article else match.start(group)), match.end(group)


def _called(question: str) -> re.Match[str] | None:
    """Returns where a question names who speaks and with which verb, the earlier one of the two ways to ask."""
    found = [match for match in (_CALLED.search(question), _PROMISED.search(question)) if match]
    return min(found, key=lambda match: match.end(), default=None)


def topic_of(question: str, intent: Intent) -> set[str]:
    """Returns the stems of what somebody is asked to have spoken of: neither the speaker nor the saying."""
    called = _called(question)
    named = (*intent.speakers, called["speaker"] or called["source"]) if called else intent.speakers
    verb = set(words(called["verb"] or "")) if called and called["verb"] else set()
    return set(content_words(_SAID.sub(" ", question))) - {word for name in named for word in words(name)} - verb


def kind_of_speech(question: str) -> frozenset[str]:
    """Returns the forms of the verb that asks for one kind of speech alone, "What did X promise?", none if any will do."""
    called = _called(question)
    verb = called["verb"] if called and called["speaker"] else ""
    return alike(verb) if verb and _ONE_KIND.fullmatch(verb) else frozenset()


def matter_of(question: str, intent: Intent) -> str:
    """Returns the words for what somebody is asked to have spoken of: "earlier agreements", "" if all they said is wanted."""
    if intent.kind != "said" or not topic_of(question, intent):
        return ""
    said, thought = _ASKS_WITH.search(question), _THOUGHT.search(question)
    # Whatever does not follow the first verb of saying follows no later one.
    on = _ON.search(question, said.end()) if said else None
    if said and on and not (thought and thought.start() < said.start()):
        return on["matter"]
    return thought["matter"] if thought else ""


def _times(question: str) -> tuple[str, ...]:
    """Returns the stems of the date in "What happened in May 1990?", none if that is not all that is asked."""
    match = _HAPPENED.fullmatch(question.lower())
    return tuple(words(match["time"])) if match else ()


def _plain(question: str) -> str:
    """Returns a question in lower case without politeness, with "it" for "this article", "each of these texts" and the like."""
    text = question.lower().strip(" .!?:;\"'“”")
    text = as_of_one(_THE_TEXT.sub("it", text))
    while True:
        shorter = _POLITE.sub("", text)
        if shorter == text:
            return text
        text = shorter


def _speakers(text: str, found: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the names that stand where a speaker stands: near before a verb of saying, or after "according to"."""
    speakers = []
    for name in found[:MAX_NAMES]:
        escaped = re.escape(name)
        before = re.search(rf"\b{escaped}(?!'s|\w)(?:\W+(?!to\b)[\w'-]+){{0,4}}?\W+{_ANY_VERB}\b", text, re.IGNORECASE)
        after = re.search(rf"\b{_BEFORE_SPEAKER}\s+(?:[\w'-]+ ){{0,4}}?{escaped}(?!'s|\w)", text, re.IGNORECASE)
        owner = re.search(rf"\b{escaped}'s?\s+(?:[\w-]+ ){{0,2}}?{_STATEMENTS}\b", text, re.IGNORECASE)
        if before or after or owner:
            speakers.append(name)
    return tuple(speakers)


def _sources(text: str, found: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the people on whose word alone the answer is to rest: "How old is it, according to Ann Lee?"."""
    return tuple(
        name
        for name in found[:MAX_NAMES]
        if may_be_person(name)
        and re.search(rf"\baccording to (?:[\w'-]+ ){{0,3}}?{re.escape(name)}\b", text, re.IGNORECASE)
    )


def _roles(question: str) -> tuple[str, ...]:
    """Returns how the question calls those who speak: "foreign minister", "mirzoyan"; none if all by names in capitals."""
    match = _called(question)
    if match is None:
        return ()
    called = _AND.split(_EACH.sub("", match["speaker"] or match["source"]))
    nouns = [phrase[head(phrase)] for phrase in (one.split() for one in called)]
    named = [noun[0].isupper() and noun.lower() not in TITLES for noun in nouns]
    return () if all(named) or any(noun.lower() in _NOBODY for noun in nouns) else tuple(called)


_STATEMENTS = r"(?:opinions?|views?|statements?|words|remarks?|comments?|quotes?|position|stance|argument|claims?)"
_BEFORE_SPEAKER = rf"(?:according to|said by|told by|{_STATEMENTS} (?:of|by|from)|quoted?)"
_SAID = re.compile(rf"\b(?:{SAYING}|{_BEFORE_SPEAKER}|{_STATEMENTS})\b", re.IGNORECASE)
_DETERMINER = r"(?:(?:the|an?|his|her|its|their|this|that)\s+)?"
_NOT_THE = r"(?!(?:the|an?|his|her|its|their|this|that)\b)"
_CALLED = re.compile(
    rf"\b(?:did|does|do|has|have|had|is|was|are|were)\s+{_DETERMINER}(?P<speaker>{_NOT_THE}[\w'-]+(?: [\w'-]+){{0,6}}?)"
    rf"\s+(?:(?:also|then|later|first|just|really|himself|herself|themselves|have|be|been)\s+)?(?P<verb>{SAYING})\b"
    rf"|\baccording to\s+{_DETERMINER}(?P<source>[\w'-]+(?: [\w'-]+){{0,3}})\s*(?:[,?.!]|$)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W_]+")
_SOUNDS = frozenset("ah aha eh er erm ha hm hmm hmmm huh mh mhm mm mmm oh uh um umm".split())
_AND = re.compile(rf"(?<!\s)\s++and\s++{_DETERMINER}(?=\w)", re.IGNORECASE)
_EACH = re.compile(r"(?<!\s)\s++(?:each|both)$", re.IGNORECASE)
_NOBODY = frozenset(
    "he she it they i you we one who what that this there him her them someone somebody anyone anybody everyone everybody nobody "
    "people article text story author passage document".split()
)
_WHAT_DID = re.compile(r"(?:(?:and|but|so) )?what (?:else )?(?:did|does|do|has|have|had)\b", re.IGNORECASE)
_ANY_VERB = rf"(?:{SAYING}|{INSISTING}|{PROMISING})"
_ASKS_WITH = re.compile(rf"\b{_ANY_VERB}\b", re.IGNORECASE)
_ONE_KIND = re.compile(PROMISING, re.IGNORECASE)
# Other verbs of speech ask for statements behind "what did" alone: "What front have they maintained?" does not.
_PROMISED = re.compile(
    rf"\bwhat (?:else )?(?:did|does|do|has|have|had)\s+{_DETERMINER}(?P<speaker>{_NOT_THE}[\w'-]+(?: [\w'-]+){{0,6}}?)"
    rf"\s+(?:(?:also|then|later|first|just|really)\s+)?(?P<verb>{INSISTING}|{PROMISING})\b(?P<source>(?!))?",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:about|regarding|concerning)\b", re.IGNORECASE)
_ON = re.compile(rf"{_ABOUT.pattern}\s++(?P<matter>.*\w)", re.IGNORECASE)
_THOUGHT = re.compile(
    r"\b(?:(?:think|thinks|thought)\s+of|(?:opinions?|views?|stance|position)\s+(?:of|on|about))\s++(?P<matter>.*\w)",
    re.IGNORECASE,
)
_WHO_SAID = re.compile(
    rf"(?:(?:and|but|so) )?who (?:was it (?:that|who) )?(?:\w+ly |also |had |has )?{SAID_BY}\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"(?:and |but |so |then )?(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|"
    r"must|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|hasn't|haven't|hadn't|can't|couldn't|won't|wouldn't)\b",
    re.IGNORECASE,
)
_MONTH = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_HAPPENED = re.compile(
    r"(?:and |but |so |then )?what (?:else |all )?(?:happened|took place|occurred|went on|was going on)(?: there| then)?"
    rf" (?:back )?(?:in|on|during|around) (?:the )?(?:(?:year|month|summer|winter|spring|autumn|early|late|mid)[ -](?:of )?)*"
    rf"(?P<time>(?:(?:{_MONTH}|\d{{1,2}}(?:st|nd|rd|th)?)[ ,]+)*(?:{_MONTH}|\d{{1,2}}(?:st|nd|rd|th)?|\d{{4}}s?))\W*"
)
_CONNECTED = re.compile(r"^(?:and|but|so|then)\s+", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|hallo|good (?:morning|afternoon|evening|day)|greetings|thanks?(?: you)?(?: very much| a lot)?|"
    r"bye|goodbye|ok(?:ay)?|cool|great|nice|test|help|how are you(?: doing)?|who are you|what can you do|"
    r"what can i ask(?: you)?|there|everyone|assistant)\W*)+$"
)

# What `_plain` takes away or puts "it" for, so that the patterns below stay readable.
_THE_TEXT = re.compile(
    r"\b(?:this|the|that|your|our)\s+(?:(?:whole|entire|full|news|given|present)\s+)?"
    r"(?:article|text|story|piece|document|page|report|passage|post)\b"
)
_POLITE = re.compile(
    r"^(?:so|please|can you|could you|would you|i want|i need|tell me|give me|show me|write|list|name|in short|in brief|briefly)\b\W*"
    r"|(?<!\W)\W*+\b(?:please|for me|briefly|in short|in brief|in a nutshell|as (?:a list|bullet points|bullets)|"
    r"in (?:a|one|two|three|four|five|a few|\d+) (?:short )?(?:words?|sentences?|points?|bullet points|bullets|lines?))$"
)
