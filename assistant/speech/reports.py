"""One sentence -> who reports or says something in it: a verb of speech and its subject.

Quotations are masked before (see speakers.py), so that what people say is not read as the article's own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.english.noun_phrases import MASK, Token, noun_after, tokenize
from assistant.english.speech_verbs import BASE, CRY, NAMING, PASSIVE, SAY, TAG_ONLY, THAT, VERBS
from assistant.english.subjects import subject_before

_VERB = re.compile(rf"\b(?:{'|'.join(sorted(VERBS, key=len, reverse=True))})\b")
_ACCORDING = re.compile(
    rf"\b(?:[Aa]ccording to|[Ii]n the words of|[Ii]n the (?:opinion|view) of|(?:{'|'.join(PASSIVE)}) by)\s+"
)
# "called “a mess” by the mayor"
_QUOTED = rf"(?:{MASK}+|[\"“][^\"”\n]{{1,80}}[\"”])"
_QUOTED_BY = re.compile(rf"\b(?:{'|'.join(PASSIVE)})\s(?:it\s)?(?:as\s)?(?:an?\s)?{_QUOTED},?\sby\s")
_WORDS_OF = re.compile(
    r"\b[Ii]n\s+((?:[\w.]+\s+){0,3}?[\w.]+[’']s?|his|her|their)\s+(?:own\s+)?(?:words|view|opinion)\b"
)
_IS_SURE = re.compile(
    r"\b(?:is|are|was|were|remains?|remained)\s(?:adamant|afraid|certain|concerned|confident|convinced|doubtful|hopeful|positive|"
    r"sceptical|skeptical|sure|worried)\s(?:that|whether)\b"
)
# Subjects that show or suggest but do not speak.
_THINGS = re.compile(
    r"(?:[’']s?|\b(?:remarks?|comments?|findings?|results?|evidence|research|data|tests?|figures?|names?|position|decision|idea|"
    r"facts?|events?|words?|experiments?|records?|analysis|legend|tradition|film|song|novel|album|titles?|terms?|definition|"
    r"theory|theories|teachings|opinion|plans?|rules?|laws?|interpretation|estimates?|terminology|belief|myth|model|hypothesis|"
    r"methods?|standards?|criteria|schedule|conjecture|theorem|principle|rumou?rs?|lyrics|agreement|tag|sign|notes?|concerns?|claims?))$",
    re.IGNORECASE,
)
_FINITE = r"(?:is|was|are|were|has|had|have|will|would|could|can|may|might|should|must|did|does|do|never|\w+ed)"
_THAT_WORD = r"(?:that(?!\s(?:same|day|time|year|month|week|night))|if|whether|how|why|what)\b"
_CLAUSE = re.compile(
    rf"\s*(?:,\s*)?{_THAT_WORD}|(?:\s[\w’'-]+){{1,4}}\s{_THAT_WORD}|\s*:|\s(?:he|she|it|they|there|we|I)\s(?!(?:the|a|an|as|to|in|at|and|for|with)\b)[\w’']+"
)
_TOLD = re.compile(
    rf"[^!?;]{{0,60}}\s{_THAT_WORD}|[^.!?;]{{0,60}}[:,]\s*(?:[A-Z]|{MASK})|\s(?:(?:the|an?)\s)?\w+(?:\s[A-Z]\w+)?\s(?:he|she|it|they)\s"
)
_BARE = re.compile(rf"\s[^.!?;:,\x01]{{2,50}}?\s{_FINITE}\b")
# "He shouted from the gallery that he would dig": also a verb that only tags quotations reports with "that".
_WITH_THAT = re.compile(r"(?:\s[\w’'-]+){0,6}\sthat\s(?!same\b|day\b)[\w’']+\s")
_BY = re.compile(rf"\sby\s|\s(?:it\s)?(?:as\s)?(?:an?\s)?{_QUOTED},?\sby\s")
# "the bill, which Orr called “a gift”"
_WHICH = re.compile(r"\bwhich\s$")
_AT_ONCE = re.compile(rf"\s(?:an?\s|the\s)?[\"“‘{MASK}]")
_NEAR = 80  # characters before a subject
# Whose words are not told: "Neither Orr nor Hill would say".
_NOBODY = re.compile(r"\b(?:[Nn]either|[Nn]or|[Nn]o one|[Nn]obody|[Nn]one|[Nn]o [a-z]+)\b[^.,;:!?\x01]{0,120}$")
_NEEDS_THAT = frozenset(
    "wrote added agreed agrees reported suggested suggests thought proposed recommended asked".split()
)
_ALSO_NOUNS = frozenset(
    "answer answers call calls claim claims cries demand doubt doubts estimate fear fears hope hopes note notes promises report "
    "reports shouts state states whispers".split()
)
_TELLS = frozenset("told tells tell asked asks ask telling reminded".split())
_INTRODUCES = re.compile(r"(?:\s[\w’']+){0,8}\s?[:,]\s*$")
_INSERTED = re.compile(r"\s*(?:[,)]|\.|$|(?:on|in|at|last|this|yesterday|today)\b)")
# "This time, he told reporters on a call, it was full."
_INSERTED_TOLD = re.compile(r"\s[\w’'][\w’' ]{0,50}(?:[,.]|$)")
# What follows a noun, "claims can be dealt with", where the verb is not that of "the pool, which Ruiz said would reopen".
_OF_A_NOUN = re.compile(r"\s(?:can|could|may|might|must|will|would|should|are|were|is|was|have|has|had)\b")
# "X called it “a mess”", also where a word or two are no speech of their own.
_NAMED = re.compile(r"\s[^\x01.!?;]{2,80}(?:\x01|\s[\"“‘]\w)")
_PASSIVE = re.compile(r"(?:\b(?:is|are|was|were|be|been|being|it(?:[’']s)?)\s+(?:\w+ly\s+|also\s+|often\s+)?)$")


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody says something: a verb of speech with its subject.

    Attributes:
        start, end: character offsets of subject and verb together, in the text given.
        subject: the subject's words as they stand.
        subject_start: offset of the subject.
        verb: the verb, lower case; "according" for "according to X".
        reports: whether the sentence itself, outside any quotation, carries what is said.
        own_clause: whether the verb has a clause ("that …") of its own.
    """

    start: int
    end: int
    subject: str
    subject_start: int
    verb: str
    reports: bool
    own_clause: bool


def find_reports(sentence: str) -> list[Report]:
    """Returns the reports in a sentence whose quotations are masked, in order of their verbs."""
    found = [*_phrases(sentence)]
    tokens: list[Token] = []
    for match in (*_VERB.finditer(sentence), *_IS_SURE.finditer(sentence)):
        if not tokens:
            tokens = tokenize(sentence)
        report = _sure(sentence, tokens, match) if match.re is _IS_SURE else _report(sentence, tokens, match)
        if report:
            found.append(report)
    return sorted(found, key=lambda report: report.start)


def _phrases(sentence: str) -> list[Report]:
    """Returns the reports made by "according to X", "stated by X" and "in X's words"."""
    found = []
    for match in (*_ACCORDING.finditer(sentence), *_QUOTED_BY.finditer(sentence)):
        tokens = tokenize(sentence[match.end() : match.end() + 120], match.end())
        span = noun_after(tokens, 0)
        phrase = match.group().strip().lower()
        if span and sentence[span[0] : span[1]].lower() not in {"it", "which"} and _speaks(sentence[span[0] : span[1]]):
            subject = sentence[span[0] : span[1]]
            by = phrase.endswith(" by")
            reports = (
                not by
                or bool(re.search(r"\b[Aa]s (?:\w+ )?$", sentence[: match.start()]))
                or MASK in sentence
                or match.re is _QUOTED_BY
            )
            found.append(Report(match.start(), span[1], subject, span[0], "according", reports, False))
    for match in _WORDS_OF.finditer(sentence):
        subject = re.sub(r"[’']s?$", "", match.group(1))
        found.append(Report(match.start(), match.end(), subject, match.start(1), "according", True, False))
    return found


def _report(sentence: str, tokens: list[Token], match: re.Match[str]) -> Report | None:
    """Returns the report that one verb makes, None if it makes none."""
    verb = match.group().lower()
    index = _token_at(tokens, match.start())
    if index is None or _PASSIVE.search(sentence[: match.start()]) or _BY.match(sentence, match.end()):
        return None
    inverted = None if verb in _TELLS - {"asked", "asks", "ask"} else _inverted(sentence, tokens, index)
    span = inverted or subject_before(tokens, index)
    if not span or span[0] == span[1]:
        return None
    subject = sentence[span[0] : span[1]].replace(MASK, "").strip()
    if not subject or subject.lower() in {"there", "that", "which", "what", "this"} or not _speaks(subject):
        return None
    if _is_nobody(sentence, span, match.start()):
        return None
    habit = tokens[index - 1].lower == "would"  # "she would reply"
    if verb in BASE and not inverted and not habit and not _is_plural(subject):
        return None
    if verb in _ALSO_NOUNS and not inverted and _OF_A_NOUN.match(sentence, match.end()):
        return None
    with_that = verb in CRY and not inverted and _WITH_THAT.match(sentence, match.end()) is not None
    names_it = verb in NAMING and _NAMED.match(sentence, match.end()) is not None
    of_which = verb in NAMING and _WHICH.search(sentence[max(0, span[0] - 10) : span[0]]) is not None
    names_it = names_it or (of_which and _AT_ONCE.match(sentence, match.end()) is not None)
    if (
        (inverted or verb in TAG_ONLY)
        and MASK not in sentence
        and not names_it
        and not with_that
        and not (inverted and sentence[: match.start()].rstrip().endswith(","))
        and not _INTRODUCES.match(sentence, match.end())
    ):
        return None
    own = _has_clause(sentence, verb, match.end())
    reports = own or (verb in SAY and _has_object(sentence, match.end()))
    if verb in NAMING:
        reports = names_it
    elif _INTRODUCES.match(sentence, match.end()):
        reports = True
    elif verb in TAG_ONLY:
        reports = with_that
    elif verb in SAY | THAT and not inverted:
        before = sentence[: span[0]].rstrip()[-1:]
        inserted = before in {",", MASK} or re.search(r"\b[Aa]s$", sentence[: span[0]].rstrip()) is not None
        ends = (_INSERTED_TOLD if verb in _TELLS else _INSERTED).match(sentence, match.end())
        reports = reports or (inserted and ends is not None)
    start, end = min(span[0], match.start()), max(span[1], match.end())
    return Report(start, end, subject, span[0], verb, reports, own)


def _is_nobody(sentence: str, span: tuple[int, int], verb: int) -> bool:
    """Returns whether a subject is denied: "Neither Orr nor the mayor, Ann Hill, would say"."""
    if _NOBODY.search(sentence[max(0, span[0] - _NEAR) : verb]):
        return True
    apart = sentence[max(0, span[0] - 2) : span[0]] == ", " and sentence.startswith(",", span[1])
    return apart and _NOBODY.search(sentence[max(0, span[0] - _NEAR - 2) : span[0] - 2]) is not None


def _token_at(tokens: list[Token], start: int) -> int | None:
    """Returns the index of the token that starts at an offset, None if there is none."""
    return next((i for i, token in enumerate(tokens) if token.start == start), None)


def _sure(sentence: str, tokens: list[Token], match: re.Match[str]) -> Report | None:
    """Returns the report of somebody who is sure, or afraid, that something is so."""
    index = _token_at(tokens, match.start())
    span = subject_before(tokens, index) if index else None
    subject = sentence[span[0] : span[1]] if span else ""
    if (
        not span
        or not subject
        or subject.lower() in {"it", "there", "that", "this", "who", "what"}
        or not _speaks(subject)
    ):
        return None
    return Report(span[0], match.end(), subject, span[0], match.group().split()[1], True, True)


def _speaks(subject: str) -> bool:
    """Returns whether a subject can speak, as far as its head noun tells: people and publications, not theories."""
    head = re.split(r"\s(?:of|used|in|by|for|on)\s", subject)[0]
    return _THINGS.search(head) is None and not re.search(r"\bstud(?:y|ies)$", head)


def _is_plural(subject: str) -> bool:
    """Returns whether a subject is plural, as far as its head tells."""
    words = re.split(r"\s(?:at|by|for|from|in|of|on|with)\s", subject.lower())[0].split()
    return (
        words[-1].endswith("s")
        or " and " in subject
        or words[0] in {"they", "we", "i", "you", "who", "some", "many", "people", "most", "police"}
    )


def _has_clause(sentence: str, verb: str, end: int) -> bool:
    """Returns whether a verb that ends at `end` has a clause of its own, outside any quotation."""
    if verb in _TELLS:
        found = _TOLD.match(sentence, end)
    else:
        found = _CLAUSE.match(sentence, end) or (_BARE.match(sentence, end) if verb not in _NEEDS_THAT else None)
    return found is not None and MASK not in found.group()


def _has_object(sentence: str, end: int) -> bool:
    """Returns whether something is said: more than an adverb follows the verb, and it is no infinitive."""
    rest = sentence[end:].strip()
    return bool(re.match(r"[,:]?\s*[\w\x01\"“‘(]", rest)) and not re.match(r"(?:to|goodbye|nothing|so|yes|no)\b", rest)


def _inverted(sentence: str, tokens: list[Token], index: int) -> tuple[int, int] | None:
    """Returns the subject behind the verb where a quotation or a comma stands before it: '…," said the king'."""
    before = index - 1
    if before >= 0 and tokens[before].lower in {"then", "thus", "so"}:
        before -= 1
    if before < 0 or tokens[before].text[0] == MASK:
        return noun_after(tokens, index + 1)
    if tokens[before].text not in {",", "-", "—", "–"}:
        return None
    span = noun_after(tokens, index + 1)
    quoted = before >= 1 and tokens[before - 1].text[0] == MASK
    if span is None or quoted:
        return span
    ends = re.match(r"\s*(?:[,.;:]|$|who\b|in\b|on\b|at\b|after\b)", sentence[span[1] :])
    subject, rest = sentence[span[0] : span[1]], sentence[span[1] :]
    final = re.match(r"(?:the|an?|his|her|their)\s", subject) and re.match(r"\s*(?:\.|$)", rest)
    return span if final or (ends and subject[0].isupper()) else None
