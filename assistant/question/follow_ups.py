"""History + follow-up -> a question that stands alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.english.bodies import ASKED
from assistant.english.names import TITLES, may_be_person, names
from assistant.english.noun_phrases import head
from assistant.english.words import content_words
from assistant.question.intent import WHOLE_ARTICLE, intent_of, speaker_span

History = Sequence[tuple[str, str]]

MAX_TURNS = 3
MAX_ANSWER_WORDS = 12
NO_ANSWER = "The article does not say."

_PERSON = re.compile(r"\b(he|she|him|her|hers|his|himself|herself)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|hers?|herself)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\b(his|hers|her(?= \w))\b", re.IGNORECASE)
_THING = re.compile(
    r"\b(it|its|they|them|their|theirs|this|these|those|there|then|that(?! \w+ (?:is|was|are|were|has|had)\b)|"
    r"the (?:same|other|former|latter)|the (?:first|second)(?: ones?)?(?=\W*$| (?:is|was|are|were|did|does|do|has|have|say|says)\b)|"
    r"(?:any|some)(?:one|body)? else|(?:what|who|where|when|why|how) else)\b",
    re.IGNORECASE,
)
# "How many people lose their jobs?", "When did the company publish its report?": whose, the question itself says.
_OWN = re.compile(
    r"\b(?:how many|which|what|the|all|some)\s+(?:\w+\s+){0,2}?(?:(?P<many>\w+s|people|men|women|children|police)|(?P<one>\w+))"
    r"\s+(?!(?:of|for|to|in|on|at|by|with|from|about|behind|and)\b)(?:\w+\s+){1,4}?(?:(?P<their>their)|(?P<its>its))\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"^\W*(?:(?:and|but|so)\W+)?(?:(?:to|from|by|with) )?who(?:m|se)?\b", re.IGNORECASE)
_WHERE = re.compile(
    r"^\W*(?:(?:and|but|so)\W+)?(?:(?:to|from|in|at) )?(?:where|(?:which|what) (?:city|town|country|place|state|village))\b",
    re.I,
)
_CONTINUES = re.compile(
    r"^(?:and|but|so|or|also|what about|how about|what of|then|or rather|i mean|no,|ok,)\b\W*", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^(?:(?:and|but|so|or)\W++)?(?:what about|how about|what of|and|or)\W++(?P<topic>.*\w)\W*$", re.IGNORECASE
)
# "How did Moscow respond?": to what, only the question before can tell.
_LACKS_OBJECT = re.compile(
    r"^(?:(?:and|but|so)\W+)?(?:how|why|when|who|did|do|does|has|have|will|would)\b.*\b"
    r"(?:respond(?:s|ed)?|react(?:s|ed)?|replied|answered|objected|commented|(?:dis)?agreed?)\W*$",
    re.IGNORECASE,
)
_NOUN_PHRASE = re.compile(r"(?:the|an?|his|her|its|their|our)\s+\w[\w'’-]*(?:\s+\w[\w'’-]*){0,4}", re.IGNORECASE)
_MATTER = re.compile(r"(?<!\s)\s++(?:about|on|regarding|concerning)\s.*$", re.IGNORECASE)
_BARE = re.compile(
    r"^(?:(?:and|but|so|or)\W+)?(?:why|when|where|who|how|how (?:so|many|much|long|old)|which(?: one)?|what|since when|by whom|"
    r"to whom|with whom|where to|what else|who else|really|go on|more|tell me more|and then|why not|"
    r"in (?:what|which) \w+|(?:what|which) \w+)\W*$",
    re.IGNORECASE,
)


# Who may be meant by "And the government?" after "What did the minister say?"; of anything else it is the matter.
_SPEAKERS = (
    TITLES
    | ASKED
    | frozenset(
        """
    analysts boss buyer children congress critics daughter defendant doctors driver expert experts family fans farmer
    founder guest husband keeper landlord lawyers leader neighbor neighbors neighbour neighbours officials opponents
    opposition organiser organizer other others owner parents pilot player players prosecutor referee researchers
    residents scientists seller side son student students supporters teacher teachers tenant victim widow wife witness
    worker workers
    """.split()
    )
)


class _Dialogue:
    """What was asked so far, in words that stand alone, and who of those talked about is a man or a woman."""

    def __init__(self) -> None:
        self.turns: list[tuple[str, str]] = []
        self._gender: dict[str, str] = {}

    def in_own_words(self, question: str) -> str:
        """Returns the question with the words that it takes from earlier turns put in, as far as words do."""
        if not self.turns or _BARE.match(question):
            return question
        return _swap(question, self.turns[-1][0]) or self._with_person(question)

    def _with_person(self, question: str) -> str:
        """Returns the question with "he", "she", "his" replaced by the person talked about last, if one is known."""
        if not _PERSON.search(question) or any(may_be_person(name) for name in names(question)):
            return question
        pronoun = "she" if _SHE.search(question) else "he"
        for person in self._people():
            if self._gender.setdefault(person, pronoun) == pronoun:
                return _PERSON.sub(person, _POSSESSIVE.sub(f"{person}'s", question))
        return question

    def _people(self) -> Iterator[str]:
        """Yields who was talked about, the last first: by name, or as the question called them, "the manager".

        Who answers "Who?" comes before who is named in it; the answer to "Where?" is no person, and whom somebody spoke of is
        less likely meant than who spoke.
        """
        for asked, answered in reversed(self.turns):
            people = [name for name in names(asked) if may_be_person(name)]
            span = speaker_span(asked)
            spoke = intent_of(asked).kind == "said"
            if spoke and span is not None and not people and not _PERSON.search(asked):
                people = [asked[slice(*span)]]
            found = [name for name in names(answered) if may_be_person(name)]
            if _WHO.match(asked):
                people = found + people
            elif not _WHERE.match(asked) and not (spoke and people):
                people += found
            yield from people


@dataclass(frozen=True, slots=True)
class StandAlone:
    """A question that can be understood without what went before it.

    Attributes:
        text: the question, in words of its own as far as words do.
        added: the turn before that it points back to, with its answer where that is short; "" if it needs none.
        shown: both, as they are searched for and shown: what is added in brackets.
    """

    text: str
    added: str = ""
    shown: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", f"{self.text} ({self.added})" if self.added else self.text)


def stand_alone(question: str, history: History = ()) -> StandAlone:
    """Returns the question with what it takes from earlier turns put in; the question itself if it takes nothing.

    Names take the place of "he", "she", "his"; "And Kopyrkin?" takes the place of the name in the question before, "And the
    council?" of who was asked to have spoken, "And the base?" that of what they spoke of; where a word such as "it" or "then"
    points back, or too little is said, the question before is added with its answer.

    Args:
        question: the follow-up.
        history: (question, answer) turns, oldest first; the last three are looked at.
    """
    question = " ".join(question.split())
    turns = [(" ".join(q.split()), " ".join(a.split())) for q, a in history][-MAX_TURNS:]
    if not turns or not question or intent_of(question).kind in WHOLE_ARTICLE:
        return StandAlone(question)
    dialogue = _Dialogue()
    for asked, answered in turns:
        dialogue.turns.append((dialogue.in_own_words(asked), answered))
    resolved = dialogue.in_own_words(question)
    if _BARE.match(question):
        return StandAlone(question, _turn_before(dialogue.turns[-1]))
    if _ABOUT.match(question) and resolved != question:
        return StandAlone(resolved)
    pointing = _THING.search(resolved) and not _points_inside(resolved)
    points_back = pointing and not names(_CONTINUES.sub("", resolved))
    too_little = _CONTINUES.match(resolved) and len(content_words(resolved)) < 3
    lacks = points_back or too_little or _LACKS_OBJECT.match(resolved)
    return StandAlone(resolved, _turn_before(dialogue.turns[-1]) if lacks else "")


def _points_inside(question: str) -> bool:
    """Returns whether the question's only pronoun is a "their" or "its" of its own subject."""
    found = _OWN.search(question)
    if not found or len(_THING.findall(question)) > 1:
        return False
    return bool((found["many"] and found["their"]) or (found["one"] and found["its"]))


def _swap(question: str, previous: str) -> str:
    """Returns the question before with its speaker, matter, one name or year replaced by the follow-up's; "" if none is."""
    match = _ABOUT.match(question)
    if not match:
        return ""
    said = _swap_in_saying(match["topic"], previous)
    if said:
        return said
    topic = re.sub(r"^(?:in|for|with|on|by|at|from|of)\s+", "", match["topic"])
    for find in (names, _years):
        new, old = find(topic), find(previous)
        if len(new) == 1 and len(old) == 1 and len(topic.split()) <= len(new[0].split()) + 2:
            return previous.replace(old[0], new[0])
    return ""


def _swap_in_saying(topic: str, previous: str) -> str:
    """Returns "What did X say about the base?" with another X, or another matter; "" if the question before is none such."""
    span = speaker_span(previous)
    if span is None or intent_of(previous).kind != "said":
        return ""
    about = re.match(r"about\s+(?P<matter>.+)", topic, re.IGNORECASE)
    if not about and not _NOUN_PHRASE.fullmatch(topic):
        return ""
    noun = topic.split()[head(topic.split())].lower()
    named = names(topic)
    if not about and (noun in _SPEAKERS or (named and topic.endswith(named[-1]))):
        return previous[: span[0]] + topic + previous[span[1] :]
    before = _MATTER.sub("", previous.rstrip(" ?.!"))
    return f"{before} about {about['matter'] if about else topic}?"


def _years(text: str) -> list[str]:
    return re.findall(r"\b(?:1\d|20)\d\d\b", text)


def _turn_before(turn: tuple[str, str]) -> str:
    """Returns a question with its answer, where that is short."""
    asked, answered = turn
    words = answered.split()
    known = "" if len(words) > MAX_ANSWER_WORDS or answered == NO_ANSWER else answered
    return f"{asked} {known}".strip()
