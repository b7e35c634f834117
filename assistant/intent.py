"""What kind of question is asked: by its wording alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.names import names
from assistant.words import words

Kind = Literal["fact", "said", "yes_no", "about", "mentioned", "who_said_what", "greeting", "nothing"]
WHOLE_ARTICLE: frozenset[Kind] = frozenset({"about", "mentioned", "who_said_what"})

_SAY = (
    r"(?:say|says|said|saying|state[sd]?|tell|tells|told|claim(?:s|ed)?|argue[sd]?|announce[sd]?|emphasi[sz]e[sd]?|"
    r"remark(?:s|ed)?|comment(?:s|ed)?|mention(?:s|ed)?|think|thinks|thought|believe[sd]?|suggest(?:s|ed)?|"
    r"explain(?:s|ed)?|note[sd]?|add(?:s|ed)?|declare[sd]?|stress(?:es|ed)?|warn(?:s|ed)?|express(?:es|ed)?|"
    r"opinions?|views?|statements?|words|quoted?|position|stance|according)"
)
_SAID = re.compile(rf"\b{_SAY}\b", re.IGNORECASE)
_TEXT = r"(?:this|the|that|it|your|our)?\s*(?:whole|entire|full|news|given|present)?\s*(?:article|text|story|piece|document|page|report|passage|post)"
_ABOUT = re.compile(
    rf"^(?:(?:so|please|can you|could you|would you|give me|give|tell me|write|i want|i need)\W+)*(?:"
    rf"what(?:'s| is| was| does)? (?:{_TEXT}|this|it|that|all this) (?:all )?(?:about|on|discuss|cover|say in short)\b|"
    rf"what(?:'s| is| are) (?:the |its )?(?:main |key |central |general |overall |principal )?(?:topics?|subjects?|gist|idea|point|points|"
    rf"message|theme|themes|takeaways?|thesis|summary)(?: (?:of|in) {_TEXT}| here)?\W*$|"
    rf"what does {_TEXT} (?:say|discuss|cover|deal with|talk about|tell us|report|describe)\W*$|"
    rf"(?:what|which) (?:topics?|subjects?|issues?) (?:does|is|are) .{{0,30}}\b(?:cover|covered|discuss|discussed|treated)\W*$|"
    rf"what (?:happens|happened) in {_TEXT}\W*$|"
    rf"(?:an? |the )?(?:short |brief |quick )*(?:summar(?:y|ies|i[sz]e|i[sz]ation)|sum(?: it| this)? up|outline|overview|recap|tl;?dr|abstract|gist)"
    rf"(?: me)?(?: (?:of )?(?:{_TEXT}|it|this|that|everything))?(?: (?:in|for|with|to) .{{1,30}})?\W*$|"
    rf"(?:describe|explain|introduce) (?:{_TEXT}|this|it)\W*$|"
    rf"(?:tell me )?about (?:{_TEXT}|this)\W*$)",
    re.IGNORECASE,
)
_MENTIONED = re.compile(
    rf"^(?:(?:please|can you|could you|tell me|give me|list|name)\W+)*(?:"
    rf"(?:who|which (?:people|persons?|names?|countries|places|organi[sz]ations?)|what (?:people|names?|countries|places|organi[sz]ations?)) "
    rf"(?:else )?(?:is|are|was|were|does|do|gets?)\s*(?:being |all )?(?:mentioned|named|in|involved|quoted|cited|discussed|{_TEXT} (?:mention|name|quote|cite))"
    rf"(?: in)?(?:\s*(?:{_TEXT}|it|this|here))?\W*$|"
    rf"(?:all |the )*(?:people|persons|names|countries|places|organi[sz]ations)(?: (?:who|that|which)(?: (?:is|are|were))?)?"
    rf"(?: (?:mentioned|named|quoted|in))+(?: in)?\s*(?:{_TEXT}|it|this|here)?\W*$|"
    rf"(?:who (?:are|is) )?(?:the )?(?:main |key |central )(?:people|persons|figures|actors|characters|players)(?: (?:of|in) {_TEXT})?\W*$)",
    re.IGNORECASE,
)
_WHO_SAID_WHAT = re.compile(
    rf"^(?:tell me |list )?(?:who (?:said|says|stated|claims|claimed|told) (?:what|anything|something)|what (?:did|do|does) (?:everyone|everybody|each"
    rf"(?: person| one| of them)?|people|they all) (?:say|claim|state)|(?:what|which) (?:are|were|statements|quotes|quotations)?\s*(?:the |all )*"
    rf"(?:quotes|quotations|statements|opinions|views)?\s*(?:are |were )?(?:made|quoted|expressed|given)|who (?:is|are|was|were) (?:quoted|speaking)|who (?:speaks|spoke)|"
    rf"(?:list|give|show)?\s*(?:me )?(?:all )?(?:the )?(?:quotes|quotations|statements))\b"
    rf"(?:\s*(?:in|by|of|from))?\s*(?:{_TEXT}|it|this|here)?\W*$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|hallo|good (?:morning|afternoon|evening|day)|greetings|thanks?(?: you)?(?: very much| a lot)?|"
    r"thank you|bye|goodbye|ok(?:ay)?|cool|great|nice|test|help|how are you(?: doing)?|who are you|what can you do|"
    r"what can i ask(?: you)?|there|everyone|assistant)\W*)+$",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"^(?:and |but |so |then )?(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must|"
    r"isn'?t|aren'?t|wasn'?t|weren'?t|don'?t|doesn'?t|didn'?t|hasn'?t|haven'?t|hadn'?t|can'?t|couldn'?t|won'?t|wouldn'?t)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\bor\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Intent:
    """How a question is to be answered.

    Attributes:
        kind: "fact" unless the wording shows another.
        names: names of people, places and organisations in the question.
        speakers: the names whose statements are asked for; empty unless kind is "said".
    """

    kind: Kind
    names: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()


def intent_of(question: str) -> Intent:
    """Returns what kind of question `question` is."""
    text = " ".join(question.replace("’", "'").split())
    if not any(character.isalnum() for character in text):
        return Intent("nothing")
    found = tuple(names(text))
    if _GREETING.match(text):
        return Intent("greeting")
    for kind, pattern in _PATTERNS:
        if pattern.match(text):
            return Intent(kind, found)
    if _SAID.search(text) and not _YES_NO.match(text):
        return Intent("said", found, _speakers(text, found))
    if _YES_NO.match(text) and not _CHOICE.search(text):
        return Intent("yes_no", found)
    return Intent("fact", found)


_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("who_said_what", _WHO_SAID_WHAT),
    ("mentioned", _MENTIONED),
    ("about", _ABOUT),
)


def _speakers(text: str, found: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the names that stand where a speaker stands: before a verb of saying, or after "according to"."""
    speakers = []
    for name in found:
        escaped = re.escape(name)
        before = re.search(rf"\b{escaped}(?:'s)?\b[^?]{{0,40}}?\b{_SAY}\b", text, re.IGNORECASE)
        after = re.search(
            rf"\b(?:according to|words of|statements? (?:of|by|from)|said by|opinion of|position of|view of)\s+(?:\w+ ){{0,4}}?{escaped}\b",
            text,
            re.IGNORECASE,
        )
        if before or after:
            speakers.append(name)
    return tuple(speakers)


def asks_for(question: str) -> str:
    """Returns what a good sentence should hold: "number", "time", "person", "place", "reason" or ""."""
    head = " ".join(words(question)[:6])
    for wanted, pattern in _WANTED:
        if pattern.search(head):
            return wanted
    return ""


_WANTED = (
    ("number", re.compile(r"\bhow (?:mani|much|old|long|far|tall|larg|big|high|often|fast)\b")),
    ("time", re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|time|centuri|decad)\b")),
    ("person", re.compile(r"^(?:\w+ )?who[ms]?\b|\bwhose\b")),
    ("place", re.compile(r"^(?:\w+ )?where\b|\b(?:what|which) (?:citi|countri|place|state|town|region)\b")),
    ("reason", re.compile(r"^(?:\w+ )?whi\b|\bhow come\b")),
)
