"""Question -> what it wants to know: what a good sentence should hold, and which words cannot be the answer.

Source of the idea: expected answer types (Li and Roth, Learning Question Classifiers, COLING 2002). Two strengths are
needed. Search takes a hint from any wording; an answer is only ruled out where its type shows in its words, so fewer
questions count there. Of 60,000 answered training questions 17,600 have a type; 69 of their right answers are ruled out
(`benchmarks/ruled_out.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.english.words import words

AnswerType = Literal["time", "duration", "price", "count", "person", "place", "reason"]

# Nothing new is said by words that are all in the question; unless it gives the answers to choose from, or wants yes or no.
_ASKS = re.compile(r"\b(?:who|whom|whose|what|which|where|when|why|how)\b", re.IGNORECASE)
CHOICE = re.compile(r"\bor\b", re.IGNORECASE)
_ARTICLES = frozenset(("a", "an", "the"))

_PERIOD = r"(?:years?|months?|dates?|days?|decades?|centur(?:y|ies)|weekdays?|time of (?:the )?(?:day|year))"
_LEAD = r"^(?:and |but |so )?(?:(?:in|on|at|by|from|since|during|until|around|about|for|to|with|of) )?"
_TIME_QUESTION = re.compile(
    rf"{_LEAD}(?:when (?!do |does |.*\b(?:what|which|who|whom|where|why|how)\b)|what time\b"
    rf"|(?:what|which)(?: \w+)? {_PERIOD}(?=\W*$| (?:was|were|did|is|are|does|do|has|had|will|would|can|could|of|in)\b))|^how long ago\b"
)
_COUNT_QUESTION = re.compile(
    r"\bhow (?:many|old|tall|wide|deep)\b|\bwhat (?:percentage|percent|proportion|fraction|population)\b"
    r"|\bwhat(?: is| was|'s) the (?:population|number of(?! (?:the|this|that|his|her|its|their|an?)\b))\b"
)
_DURATION_QUESTION = re.compile(
    rf"{_LEAD}how long (?:did|does|do|has|have|had|was|were|is|are|will|would|can|could|must|should)\b(?!.* in \w+\W*$)"
)
_HOW_MUCH = re.compile(
    r"\bhow much (?:money )?(?:do|does|did|will|would|is|are|was|were|must|should|can|could|has|have|had)\b"
)
_IS_PAID = re.compile(r"\b(?:costs?|pay|paid|charged?|worth|earn|spend|spent)\b")
_WHAT_DOES = re.compile(r"\bwhat (?:do|does|did|will|would)\b")
_COST = re.compile(r"\bcost(?=\W*$| per\b| an?\b| in\b)")
_THE_PRICE = re.compile(r"\bwhat(?: is| was| are| were|'s) the (?:price|cost|fee|fare)\b")
_OTHER_QUESTIONS: tuple[tuple[AnswerType, re.Pattern[str]], ...] = (
    ("person", re.compile(rf"{_LEAD}(?:who|whom|whose)\b(?! many)")),
    (
        "place",
        re.compile(rf"{_LEAD}where\b(?!.*\b(?:rank\w*|c[ao]me|list|draft|finish\w*|(?<!take )(?<!taken )place)\b)"),
    ),
    ("reason", re.compile(rf"{_LEAD}why\b|^how come\b")),
)

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_TIME_WORDS = re.compile(
    rf"\d|\b(?:{_MONTHS}|{_DAYS}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|centur(?:y|ies)|decades?|years?|months?|weeks?|days?"
    r"|hours?|minutes?|seconds?|moments?|today|yesterday|tomorrow|tonight|now|nowadays|currently|recently|ago|then|once|always|never"
    r"|before|after|during|while|when(?:ever)?|until|till|since|upon|as soon|at|last|next|later|earlier|early|late|every|each|morning|noon"
    r"|midnight|afternoon|evening|night|dawn|dusk|sunset|sunrise|spring|summer|autumn|fall|winter|christmas|easter|war|wars|era|age"
    r"|period|season|time|times|shortly|prior|holidays?|birth|death|thanksgiving|revolution|life|grade|ready|childhood|end|beginning|start|middle|ancient|medieval|modern|renaissance|dynasty|reign"
    r"|antiquity|holiday|weekends?|immediately|soon|presently|daily|weekly|monthly|yearly|annually|first|second|third|in|on|by|if|tb[ad])\b"
)
_COUNT_WORDS = re.compile(
    r"(?<!\w)[$£€]?\d[\d,.]*(?!\d*(?:st|nd|rd|th|s)\b)|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?"
    r"|billions?|trillions?|dozens?|scores?|half|halves|quarters?|thirds?|fourths?|fifths?|couple|pair|both|several|few|many|most|all|none|no"
    r"|single|only|twice|double|triple|some|numerous|every|each|majority|minority|multiple|various|vast|countless|more|less|little|much"
    r"|any|never|often|always|daily|weekly|monthly|yearly|old|young|enough|infinite(?:ly)?|another|very|quite|not|once|frequently|times?|tall(?:er|est)?|maximum|minimum|ages?)\b"
    r"|\b[ivxlc]+\b|^\W*(?:(?:about|around|approximately|nearly|almost|roughly|over|under|at|just|than|up|to|of|by|in|the) )*an?\b"
)
_BARE_NUMBER = re.compile(r"^\W*+(?:[a-z]++\W++){0,2}\d[\dkm.,-]{0,40}(?:\W++[a-z]++){0,2}\W*+$")  # "about 5 a litre"
_PRICE_WORDS = re.compile(
    r"[$£€¥₹]|\b(?:hundreds?|thousands?|millions?|billions?|trillions?|dollars?|pounds?|euros?|cents?|pence|penny|pennies|yen|yuan|rupees?|roubles?|rubles?"
    r"|francs?|marks?|lira|crowns?|shillings?|guineas?|pesos?|ducats?|gold|silver|free|nothing|half|quarter|third|double|twice|triple|times|percent|per cent"
    r"|more|less|most|same|much|little|lot|cheap\w*|expensive|costly|extra|money|bucks?|fortune|price|amount|sum|full|part|all|any|none|no|without cost)\b"
)
_ONLY_A_DATE = re.compile(
    rf"^(?:(?:the|in|on|of|early|late|mid|{_MONTHS}|{_DAYS})\b|\d{{1,2}}(?:st|nd|rd|th)?\b|[12]\d{{3}}s?\b|[\W])*[12]\d{{3}}s?\W*$"
)
_ONLY_A_NUMBER = re.compile(r"^\W*\d[\d.,]*+\W*$")
_ONLY_TIME_OR_COUNT = re.compile(
    rf"^(?:(?:the|a|an|in|on|at|by|of|about|around|from|to|since|early|late|mid|last|and|{_MONTHS}|years?|months?|days?|centur(?:y|ies)|percent|century|million"
    r"|billion|thousand|hundred)\b|\W|\d++(?:(?:st|nd|rd|th|s)\b)?)+$"
)


_WANTED = (
    ("number", re.compile(r"\bhow (?:mani|much|old|long|far|tall|larg|big|high|often|fast)\b")),
    ("time", re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|time|centuri|decad)\b")),
    ("person", re.compile(r"^(?:\w+ )?who[ms]?\b|\bwhose\b")),
    ("place", re.compile(r"^(?:\w+ )?where\b|\b(?:what|which) (?:citi|countri|place|state|town|region)\b")),
    ("reason", re.compile(r"^(?:\w+ )?whi\b|\bhow come\b")),
)
_NUMBER_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?|half"
_HOLDS = {
    "number": re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE),
    "time": re.compile(
        r"\b\d{3,4}s?\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December|"
        r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|yesterday|today|tomorrow|century|decade|year|month|"
        r"week|day|recent(?:ly)?|ago|since|until|when|after|before|during)\b",
        re.IGNORECASE,
    ),
    "person": re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w’'-]+"),
    "place": re.compile(r"\b(?:in|at|near|from|to|on)\s+(?:the\s+)?[A-Z]"),
    "reason": re.compile(
        r"\b(?:because|since|due|for|so that|to|as|therefore|thus|reason|cause[sd]?|result)\b", re.IGNORECASE
    ),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What the words of an answer must be.

    Attributes:
        type: what is asked for, None if that does not show in the words of an answer.
        asked: stems of the question, whose words alone are no answer; empty if they may be.
    """

    type: AnswerType | None
    asked: frozenset[str]

    def allows(self, text: str) -> bool:
        """Returns False if the words cannot be the answer, True if they can or nobody can tell."""
        return may_answer(self.type, text) and not self.repeats(text)

    def repeats(self, text: str) -> bool:
        """Returns whether the words are all the question's own, articles aside."""
        return bool(self.asked) and self.asked.issuperset(word for word in words(text) if word not in _ARTICLES)


def expected_of(question: str) -> Expected:
    """Returns what the words of an answer to the question must be."""
    telling = _ASKS.search(question) and not CHOICE.search(question)
    return Expected(answer_type(question), frozenset(words(question)) if telling else frozenset())


def wanted_of(question: str) -> str:
    """Returns what a good sentence should hold: "number", "time", "person", "place", "reason" or ""."""
    head = " ".join(words(question)[:6])
    for wanted, pattern in _WANTED:
        if pattern.search(head):
            return wanted
    return ""


def holds(wanted: str, text: str) -> float:
    """Returns 1 if a sentence holds what is wanted, -1 if not, 0 if nothing special is."""
    pattern = _HOLDS.get(wanted)
    if pattern is None:
        return 0.0
    return 1.0 if pattern.search(text) else -1.0


def answer_type(question: str) -> AnswerType | None:
    """Returns what the question asks for, None if that does not show in the words of an answer."""
    asked = " ".join(question.lower().replace("’", "'").split())
    if follows(_HOW_MUCH, _IS_PAID, asked) or follows(_WHAT_DOES, _COST, asked) or _THE_PRICE.search(asked):
        return "price"
    if _COUNT_QUESTION.search(asked):
        return "count"
    if _TIME_QUESTION.search(asked):
        return "time"
    if _DURATION_QUESTION.search(asked):
        return "duration"
    return next((expected for expected, pattern in _OTHER_QUESTIONS if pattern.search(asked)), None)


def follows(first: re.Pattern[str], then: re.Pattern[str], text: str) -> bool:
    """Returns whether one pattern is found behind another; as one pattern with `.*` it would take quadratic time."""
    found = first.search(text)
    return found is not None and then.search(text, found.end()) is not None


def may_answer(expected: AnswerType | None, text: str) -> bool:
    """Returns False if the words cannot be an answer of the type expected, True if they can or nobody can tell."""
    lowered = text.lower().replace("’", "'")
    if expected == "time":
        return _TIME_WORDS.search(lowered) is not None
    if expected == "price":
        return _PRICE_WORDS.search(lowered) is not None or _BARE_NUMBER.match(lowered) is not None
    if expected == "count":
        return _COUNT_WORDS.search(lowered) is not None
    if expected == "duration":
        return _ONLY_A_DATE.match(lowered) is None and _ONLY_A_NUMBER.match(lowered) is None
    if expected in ("person", "place", "reason"):
        return _ONLY_TIME_OR_COUNT.match(lowered) is None
    return True
