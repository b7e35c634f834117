"""What a question on the article as a whole is after: its point, and in how many sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answering.signs import MAX_CITATIONS

MAX_SENTENCES = 8


@dataclass(frozen=True, slots=True)
class Focus:
    """What is looked for in an article.

    Attributes:
        asked: tells by the question whether it is this.
        cues: words that sentences with it often have.
        late: how much later sentences count, added to a centrality of 0 to 1 at the end of the article.
        n: how many sentences are given.
    """

    asked: re.Pattern[str]
    cues: re.Pattern[str]
    late: float
    n: int


def _focus(asked: str, cues: str, late: float, n: int) -> Focus:
    return Focus(re.compile(rf"\b(?:{asked})", re.IGNORECASE), re.compile(rf"\b(?:{cues})\b", re.IGNORECASE), late, n)


FOCUSES = (
    _focus(
        "argu|claim|reason",
        r"because|since|argu\w+|reasons?|should|must|needs?|first|firstly|second|secondly|third|thirdly|moreover|besides|"
        r"cheaper|safer|better|worse|costs?|risks?|benefits?|problems?",
        0.0,
        MAX_CITATIONS,
    ),
    _focus(
        "propos|suggest|recommend|demand|want|call|ask|advis",
        r"propos\w+|suggest\w*|recommend\w*|should|must|ought|calls? for|called for|urg\w+|demand\w*|asks? for|asked for|wants?|"
        r"would like|let us|plans?|instead",
        0.15,
        3,
    ),
    _focus(
        "new|chang",
        r"new|now|first|today|yesterday|this (?:week|month|year)|announc\w+|launch\w+|from (?:next|now)|no longer|instead|"
        r"chang\w+|replac\w+",
        0.0,
        2,
    ),
    _focus("matter", r"because|matters?|important|means?|risks?|could|without|depend\w*|affect\w*", 0.0, 2),
    _focus(
        "conclu|find|found|result|outcome|verdict|bottom|upshot|moral|lesson|show",
        r"conclu\w+|therefore|thus|overall|in short|in the end|finally|shows?|showed|suggests?|suggested|found|finding|findings|"
        r"results?|means|proves?|proved|verdict|worth|best|all in all|clear",
        0.25,
        2,
    ),
)
_NUMBERS = {word: n for n, word in enumerate("one two three four five".split(), 1)} | {"a": 1}
_COUNTED = re.compile(
    r"\b(?:in|as)? ?(?P<n>a|one|two|three|four|five|\d+) (?:short )?(?:sentences?|bullet points|bullets|points|lines?)\b",
    re.IGNORECASE,
)


def focus_of(question: str) -> Focus | None:
    """Returns what a question is after, None if it names nothing of the kind."""
    return next((focus for focus in FOCUSES if focus.asked.search(question)), None)


def wanted_number(question: str) -> int | None:
    """Returns how many sentences a question wants, None if it does not say.

    >>> wanted_number("Sum it up in one sentence"), wanted_number("Three bullet points, please"), wanted_number("tl;dr")
    (1, 3, None)
    """
    found = _COUNTED.search(question)
    if found is None:
        return None
    name = found["n"].lower()
    return min(MAX_SENTENCES, max(1, int(name) if name.isdigit() else _NUMBERS[name]))
