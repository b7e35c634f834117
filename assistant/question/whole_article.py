"""How questions on an article as a whole are worded, politeness taken away and "it" put for the article."""

from __future__ import annotations

import re
from typing import Literal

TEXTS = r"(?:articles?|texts?|stor(?:y|ies)|pieces?|documents?|reports?|posts?|papers?|books?|emails?|files?)"
EACH = r"(?:each|every|all|both)(?: (?:one )?of)?(?: (?:the|these|those|my|our))?|(?:these|those|my|our)(?: (?:two|three|four|five|\d{1,3}))?"
# "The reports" may be some that an article tells of.
_SEVERAL = re.compile(
    rf"\b(?:(?:{EACH}) {TEXTS}|the (?:(?:two|three|four|five|\d{{1,3}}) )?(?:articles|texts|documents)|"
    r"each (?:one|of (?:them|these|those))|all of (?:them|these|those))\b"
)
_PLURAL = re.compile(r"\b(?:are it|do it)\b")
WholeKind = Literal["who_said_what", "mentioned", "point", "ending", "about"]

_TOPIC = r"(?:topics?|subjects?|gist|ideas?|points?|message|themes?|takeaways?|thesis|summary|facts|content)"
_WEIGHT = r"(?:main|key|central|general|overall|principal|most important|core)"
_THINGS = r"(?:people|persons?|names?|figures|actors|characters|players|countries|places|organi[sz]ations?)"
_SUMMARY = r"(?:summar(?:y|ise|ize|isation|ization)|sum up|sum it up|outline|overview|recap|tl;?dr|abstract|gist)"
_FOUND = r"(?:findings?|results?|outcomes?|conclusions?|verdict|bottom line|upshot|moral|lessons?|recommendations?|proposals?|suggestions?|demands?|arguments?|claims?)"
_WRITES = r"(?:it|(?:its|the|this) (?:author|writer|columnist|editor|reviewer|letter|report|review|study|paper|researchers|editorial|column|speech|essay))"
WHOLE: tuple[tuple[WholeKind, re.Pattern[str]], ...] = (
    (
        "who_said_what",
        re.compile(
            r"who (?:said|says|stated|claims|claimed|told) (?:what|anything|something)(?: in it)?|"
            r"what (?:did|do|does) (?:everyone|everybody|each|each person|each one|people|they all) (?:say|claim|state)|"
            rf"(?:who|which {_THINGS}) (?:is|are|was|were) (?:quoted|speaking)(?: in it| there)?|who (?:speaks|spoke)(?: in it)?|"
            r"(?:what|which) (?:statements|quotes|quotations|opinions|views) (?:are|were) (?:there|made|given|expressed|quoted)(?: in it)?|"
            r"(?:all )?(?:the )?(?:quotes|quotations|statements)(?: (?:in|from|of) it)?"
        ),
    ),
    (
        "mentioned",
        re.compile(
            rf"(?:who|(?:which|what) {_THINGS})(?: else)? (?:is|are|was|were|gets?|does|do) (?:it )?(?:being |all )?"
            r"(?:mention(?:ed)?|named?|in|involved|quoted?|cited?|discussed|appear)(?: in)?(?: it| here)?|"
            rf"(?:all )?(?:the )?{_THINGS}(?: (?:who|that|which))?(?: (?:is|are|were))?(?: (?:mentioned|named|quoted|in))+(?: in)?(?: it| here)?|"
            rf"(?:who (?:are|is) )?(?:the )?{_WEIGHT} {_THINGS}(?: (?:of|in) it)?"
        ),
    ),
    (
        "ending",
        re.compile(
            r"(?:what|how) does it (?:conclude|end)(?: with)?|what is (?:the|its) (?:conclusion|ending)(?: of it)?|"
            r"what (?:conclusions?) (?:does|is|are) (?:it )?(?:drawn?|reached?|come to)(?: in it)?|(?:the )?conclusions?(?: of it)?"
        ),
    ),
    (
        "point",
        re.compile(
            rf"(?:what(?:'s| is| are| was| were) )?(?:the |its |(?:the |its )?(?:author|writer)'s )?(?:{_WEIGHT} )?{_FOUND}(?: (?:of|in) (?:it|the (?:study|report|paper|review)))?|"
            rf"what (?:does|do|did) {_WRITES} (?:propose|suggest|recommend|argue|conclude|find|show|demand|want|call for|ask for|advise|claim)(?: in it)?|"
            r"what(?:'s| is| was) (?:new|the news)(?: (?:here|in it|about it))?|what (?:has )?changed|why (?:does|should) (?:it|this) matter"
        ),
    ),
    (
        "about",
        re.compile(
            rf"(?:and )?what(?:'s| is| was) (?:it|this|that|all this) (?:all )?(?:about|on)|(?:what )?(?:it|this) is about what|"
            rf"what(?:'s| is| are) (?:the |its |it's )?(?:{_WEIGHT} )?{_TOPIC}(?: (?:of|in) it| here)?|(?:the )?(?:{_WEIGHT} )?{_TOPIC}(?: (?:of|in) it)?|"
            r"what does it (?:say|discuss|cover|deal with|talk about|tell us|tell|report|describe|argue)|what happen(?:s|ed) in it|"
            r"(?:what|which) (?:topics?|subjects?|issues?) (?:does it|are|is) (?:cover|covered|discuss|discussed|treat|treated)(?: in it)?|"
            rf"(?:(?:an?|the) )?(?:(?:short|brief|quick) )*{_SUMMARY}(?: of)?(?: (?:it|this|that|everything))?(?: (?:in|with|using|as) .{{1,24}})?|"
            r"(?:describe|explain|introduce) (?:it|this)|about (?:it|this)|"
            rf"(?:(?:an?|the) )?(?:(?:short|brief|quick) )*{_SUMMARY}(?: of)? (?:the|this|that|its) [a-z]+(?: [a-z]+)?|"
            r"(?:in )?(?:a|one|two|three|four|five|\d+) (?:short )?(?:sentences?|bullet points|bullets|points)|(?:as )?bullet points|"
            r"(?:what should (?:i|we|one) (?:know|remember|take away)|what is (?:there )?to (?:know|remember))(?: (?:from|about) (?:it|this))?"
        ),
    ),
)


def as_of_one(question: str) -> str:
    """Returns a question in lower case on several articles, "each of these texts", as one on "it".

    >>> as_of_one("what are the articles about"), as_of_one("summarise all my reports"), as_of_one("what do bees eat")
    ('what is it about', 'summarise it', 'what do bees eat')
    """
    shorter = _SEVERAL.sub("it", question)
    return _PLURAL.sub(lambda found: {"are it": "is it", "do it": "does it"}[found[0]], shorter)
