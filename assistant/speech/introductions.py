"""One sentence -> who is said to speak without a verb of speech: "Orr was blunt: …", "…, was Orr's reply".

As in reports.py, quotations are masked before.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from assistant.english.bodies import SPEAKING
from assistant.english.names import TITLES, find_names, may_be_person
from assistant.english.noun_phrases import DETERMINERS, MASK, POSSESSIVES, PREPOSITIONS, Token, noun_after, tokenize
from assistant.speech.reports import Report

# Nouns of speech: "Orr's verdict: …", "the answer of the guard".
_NOUN = re.compile(
    r"\b(?:advice|answer|argument|comment|complaint|conclusion|explanation|joke|message|motto|opinion|prediction|promise|question|"
    r"remark|reply|response|retort|slogan|verdict|view|warning|words)\b"
)
_COLON = re.compile(rf":\s*(?={MASK})")
_CLAUSE_END = re.compile(rf"[.!?;:{MASK}]")
# Who does something with a colon behind it, and may speak: "the nurse", "a builder", "the spokeswoman".
_DOER = re.compile(
    r"(?:[a-z]{2,}(?:er|or|ist|man|woman|person|ian|ant)|nurse|chief|chair|child|boy|girl|wife|husband)s?$"
)
_NO_DOERS = frozenset(
    "paper poster banner sticker letter number answer order chapter offer matter corner computer counter door floor color error "
    "factor mirror rumor other poster newsletter register winter summer river water".split()
)
_THAT_WAS = re.compile(r"\s*(?:That|This|Such|Those|These)\s(?:is|was|are|were)\s")
_MAX_CLAUSE = 300
_MAX_NOUNS, _MAX_REPORTS = 10, 50  # of a sentence are looked at
_REACH = 40


def find_introductions(sentence: str, reports: Sequence[Report]) -> list[Report]:
    """Returns who is said to speak in a sentence whose quotations are masked, without a verb of speech.

    Args:
        sentence: with a quotation; else nobody speaks.
        reports: those found in it, by their verbs: where one leads to the quotation, nothing else does.
    """
    if MASK not in sentence and not _THAT_WAS.match(sentence):
        return []
    found: list[Report] = []
    starts = sorted(report.start for report in reports)
    for match in _COLON.finditer(sentence):
        near = max(0, match.start() - _MAX_CLAUSE)
        start = max((end.end() for end in _CLAUSE_END.finditer(sentence, near, match.start())), default=near)
        before = bisect_left(starts, match.start()) - 1
        if (start or not near) and not (before >= 0 and starts[before] >= start):
            span = _doer(sentence[start : match.start()], start)
            if span:
                found.append(Report(*span, sentence[slice(*span)], span[0], "introduces", False, False))
    nouns = list(_NOUN.finditer(sentence))
    tokens = tokenize(sentence) if nouns else []
    places = {token.start: index for index, token in enumerate(tokens)}
    for match in nouns[:_MAX_NOUNS]:
        report = _noun_of_speech(sentence, tokens, places.get(match.start()), match)
        if report and not any(other.start <= match.start() < other.end for other in reports[:_MAX_REPORTS]):
            found = [one for one in found[-_MAX_NOUNS:] if not report.start <= one.start < report.end]
            found.append(report)
    return found


def _doer(clause: str, offset: int) -> tuple[int, int] | None:
    """Returns the span of the person or body that a clause in front of a colon is about, None if it is about a thing."""
    tokens = tokenize(clause, offset)
    starts = [0, *(i + 1 for i, token in enumerate(tokens) if token.text == ",")]
    for_whom = (
        noun_after(tokens, 1) if tokens and tokens[0].lower == "for" else None
    )  # "For Orr, the answer is simple:"
    for first in starts:
        while first < len(tokens) and not tokens[first].is_word:
            first += 1
        if first >= len(tokens) or tokens[first].lower in PREPOSITIONS or tokens[first].lower.endswith(("ing", "ed")):
            continue
        span = noun_after(tokens, first + (tokens[first].lower in {"and", "but", "then", "so", "when", "while"}))
        if span is None:
            continue
        words = clause[span[0] - offset : span[1] - offset]
        verb = next((token for token in tokens if token.start >= span[1] and token.is_word), None)
        label = clause.strip(" *_\n") == words  # 'Lee Orr: “We won.”'
        return span if (verb is not None or label) and _may_speak(words) else for_whom
    return None


def _may_speak(subject: str) -> bool:
    """Returns whether a subject is somebody: he, a name, a body or a role."""
    words = subject.split()
    if subject.lower() in {"he", "she", "they", "i", "we"}:
        return True
    if words[-1][0].isupper():
        found = find_names(f"- {subject}")
        return bool(found) and ((may_be_person(found[-1].text) and " " in found[-1].text) or bool(found[-1].title))
    head = subject.split(" of ")[0].split()[-1].lower()
    known = head in TITLES or head in SPEAKING or (_DOER.match(head) is not None and head not in _NO_DOERS)
    return known and words[0].lower() in DETERMINERS


def _noun_of_speech(sentence: str, tokens: list[Token], index: int | None, match: re.Match[str]) -> Report | None:
    """Returns who owns a noun of speech that leads to a quotation, or follows one with "was"."""
    if index is None:
        return None
    owner = _owner_before(tokens, index)
    behind = (
        noun_after(tokens, index + 2) if index + 2 < len(tokens) and tokens[index + 1].lower in {"of", "from"} else None
    )
    if owner is None and behind is None:
        return None
    first, span = owner if owner else (index - (index > 0 and tokens[index - 1].lower == "the"), behind)
    if span is None:
        return None
    end = max(match.end(), span[1])
    subject = sentence[slice(*span)]
    leads = re.match(
        rf"(?:\s(?:is|was|to (?:this|that|it) (?:is|was)))?(?:\ssimple)?\s?[:,]?\s*{MASK}", sentence[end : end + 40]
    )
    if leads:
        return Report(tokens[first].start, end, subject, span[0], match.group(), False, False)
    if first and tokens[first - 1].lower in {"is", "was", "came", "were"}:
        before = sentence[max(0, tokens[first - 1].start - _REACH) : tokens[first - 1].start].rstrip()
        pointing = before.lstrip() in {
            "That",
            "This",
            "Such",
            "Those",
            "These",
        }  # back to the quotation in the sentence before
        start = tokens[first - 1 - pointing].start
        if pointing or before.endswith((MASK, ",", "which")):
            return Report(start, end, subject, span[0], match.group(), False, False)
    return None


def _owner_before(tokens: list[Token], index: int) -> tuple[int, tuple[int, int]] | None:
    """Returns whose a noun of speech is, with the place of the first token: "his", "Lee Orr's blunt"."""
    for last in (index - 1, index - 2):
        if last < 0:
            return None
        word = tokens[last]
        if word.lower in {"his", "her", "their", "my"}:
            return last, (word.start, word.end)
        own = word.text in POSSESSIVES
        if not own and word.text[-2:] not in POSSESSIVES:
            continue
        first = last
        while first > max(0, last - 6) and (tokens[first - 1].is_name or (first == last and own)):
            first -= 1
        if first > 0 and tokens[first - 1].lower in DETERMINERS:
            first -= 1
        elif not tokens[first].is_name:
            return None
        end = word.start if own else word.end - 2
        return first, (tokens[first].start, end)
    return None
