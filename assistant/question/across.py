"""How questions over several articles are worded: what each says about a matter, which ones do, how two compare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.question.whole_article import EACH, TEXTS

Form = Literal["each", "which", "compare"]
MAX_SPLITS = 12  # ways to read "A and B on X" where there are several "and" and "on"


@dataclass(frozen=True, slots=True)
class Sides:
    """One way to read a comparison: two sides and the matter, as the question words them; the matter may be ""."""

    names: tuple[str, str]
    matter: str


@dataclass(frozen=True, slots=True)
class Across:
    """What is asked over several articles.

    Attributes:
        form: "each" what an article says about the matter, "which" articles say anything about it, "compare" two sides.
        matter: as the question words it; "" for a comparison, whose readings have one each.
        readings: the ways to read a comparison, the likeliest first; empty for other forms.
        says_they: whether the articles are called "they", which may be others where something was asked before.
        is_of_speakers: whether what two say is compared: "What does A say about X, and what B?"
        wants_one: whether one article is asked for: "Which article is about bees?"
        may_be_things: whether the sides may be two things that articles speak of: what their difference is, an article may say.
    """

    form: Form
    matter: str = ""
    readings: tuple[Sides, ...] = ()
    says_they: bool = False
    is_of_speakers: bool = False
    may_be_things: bool = False
    wants_one: bool = False


def across_of(question: str) -> Across | None:
    """Returns what a question asks over several articles, None if it is not worded so.

    >>> across_of("What do the articles say about prices?")
    Across(form='each', matter='prices', readings=(), says_they=False, is_of_speakers=False, may_be_things=False, wants_one=False)
    >>> across_of("Which of these reports mention a strike?").matter
    'a strike'
    >>> across_of("Compare the ferry and the bus on price.").readings
    (Sides(names=('the ferry', 'the bus'), matter='price'),)
    >>> across_of("When does the ferry sail?")
    """
    asked = " ".join(question.split()).strip(" .?!")
    asked = _POLITE.sub("", asked)
    for pattern in (_EACH_SAYS, _IN_EACH):
        if found := pattern.fullmatch(asked):
            return Across("each", found["matter"], says_they=bool(found.groupdict().get("they")))
    if found := _WHICH.fullmatch(asked):
        return Across("which", found["matter"], wants_one=bool(found["one"]))
    if found := _SAY_BOTH.fullmatch(asked):
        return Across(
            "compare",
            readings=(Sides((found["a"], found["b"]), found["matter"]),),
            is_of_speakers=True,
            may_be_things=True,
        )
    if found := _DIFFER.fullmatch(asked):
        return _comparison([(found["sides"] or found["between"], found["matter"] or "")], bool(found["sides"]))
    if found := _COMPARE.fullmatch(asked):
        rest = found["rest"]
        ends = [on for on in _ON.finditer(rest) if on.start() and not _ONLY_TEXT.fullmatch(rest[: on.start()])]
        return _comparison([*((rest[: on.start()], rest[on.end() :]) for on in reversed(ends)), (rest, "")], True)
    return None


def _comparison(parts: list[tuple[str, str]], may_be_things: bool) -> Across | None:
    """Returns a comparison of (sides, matter) by every "and" that the sides may stand on either side of."""
    readings = [
        Sides((sides[: joint.start()], sides[joint.end() :]), matter)
        for sides, matter in parts
        for joint in _AND.finditer(sides)
        if joint.start() and not _ONLY_TEXT.fullmatch(sides[: joint.start()])
    ]
    return Across("compare", readings=tuple(readings[:MAX_SPLITS]), may_be_things=may_be_things) if readings else None


_MATTER = r"(?P<matter>\S(?:.*\S)?)"
_ABOUT = r"(?:about|on|of|regarding|concerning)"
_ONE = r"(?:article|text|story|piece|document|report|post|paper|book|email|file)"
_N = r"(?:(?:two|three|four|five|\d{1,3}) )?"
# "The reports" may be some that an article tells of.
_SOME = (
    rf"(?:(?:{EACH}) {_N}{TEXTS}|(?:the|all|both) {_N}(?:articles|texts|documents)|"
    rf"each (?:{_ONE}|one|(?:one )?of (?:them|these|those))|all of (?:them|these|those)|(?P<they>they(?: all| each)?))"
)
_SAYS = r"(?:say|says|said|tell|tells|tell us|report|reports|write|writes|mention)"
_POLITE = re.compile(r"^(?:(?:and|so|but|please|can you|could you|would you|tell me|show me)\b\W*){1,4}", re.IGNORECASE)
_EACH_SAYS = re.compile(rf"what (?:do|does|did|is|are) {_SOME} (?:have to )?{_SAYS} {_ABOUT} {_MATTER}", re.IGNORECASE)
_IN_EACH = re.compile(
    rf"what is (?:said|told|written|reported) {_ABOUT} {_MATTER} (?:in|by|across) (?:(?:{EACH}) {TEXTS}|each {_ONE})",
    re.IGNORECASE,
)
_MENTIONS = (
    r"(?:(?P<one>is|was) (?:about|on)|(?:are|were) (?:about|on)|mentions?|discuss(?:es)?|covers?|describes?|contains?|(?:talks?|speaks?|writes?|tells?) "
    r"(?:about|of)|(?:says?|tells?) (?:something|anything) (?:about|on)|deals? with|refers? to|reports? (?:on|about)|"
    r"(?:has|have) (?:something|anything) (?:about|on))"
)
_WHICH = re.compile(
    rf"(?:which|what)(?: (?:of (?:the|these|those|my|our)(?: (?:two|three|four|five|\d{{1,3}}))?))? {TEXTS} {_MENTIONS} {_MATTER}",
    re.IGNORECASE,
)
_SAY_BOTH = re.compile(
    rf"what (?:does|did|do) (?P<a>\S.{{0,120}}?) (?:say|tell us|report|write) {_ABOUT} {_MATTER}, and what (?:(?:does|did|do) )?"
    r"(?P<b>\S.{0,120}?)(?: (?:say|tell us|report|write)(?: about it)?)?",
    re.IGNORECASE,
)
_COMPARE = re.compile(r"compare (?P<rest>.+)", re.IGNORECASE)
_PREPOSITION = r"(?:on|in|about|regarding|concerning|as to|in terms of|with respect to|when it comes to|over)"
_DIFFER = re.compile(
    r"(?:how (?:do|does|did|are) (?P<sides>.+?) (?:differ|compare|different)|"
    rf"what(?:'s|’s| is| are) the differences? between (?P<between>.+?))(?: {_PREPOSITION} (?P<matter>.+))?",
    re.IGNORECASE,
)
_AND = re.compile(r"(?<!\s)\s++(?:and|with|to|vs\.?|versus|against)\s++", re.IGNORECASE)
_ON = re.compile(rf"(?<!\s)\s++{_PREPOSITION}\s++", re.IGNORECASE)
_ONLY_TEXT = re.compile(
    rf"(?:.* )?(?:and|with|to|versus|against|vs\.?) (?:the |this |that )?{_ONE}|(?:the |this |that )?{_ONE}",
    re.IGNORECASE,
)
