"""Whoever is asked to have said something -> their statements: on a matter, of one kind, several in a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.answering.inquiry import Inquiry
from assistant.answering.signs import NOTHING_CITED, Cited, Place
from assistant.articles.sentences import Sentence
from assistant.english.words import words
from assistant.finding.ranking import Ranked
from assistant.finding.subject import on_matter
from assistant.networks.reader import Reading
from assistant.networks.scores import coefficients
from assistant.question.intent import kind_of_speech, topic_of
from assistant.speech.statements import leaves_open

# "What did X say?" is right when the sentences are X's: the rules for speakers decide, not the reader. Their precision on
# labelled sentences, from benchmarks/speaker_quality.py.
SPEAKER_PRECISION = 0.93
# Called by a role, "the foreign minister", they must be the right person too: share of right ones by benchmarks/role_quality.py.
ROLE_PRECISION = 0.93
# Of what somebody said on a matter, a statement that does not name all of it is shown when it is not far behind the best
# one: the speaker already fits.
MIN_SHARE_OF_STATEMENT = 0.35
_LETTERS = re.compile(r"[a-z]+")
_QUOTED = re.compile(r"\s*(?:[\"“‘«„]|``|')")
_HAS_QUOTED = re.compile(r"[\"”’»]|''")
MAX_REPLY = 8  # sentences in a row that reply to one question
_ASKS = re.compile(r"(?<!\W)(?=[^\w?]*\?)\W*+$|\bask(?:s|ed)\b", re.IGNORECASE)
# A sentence that leads to what somebody says: on what, and that they speak, or how they feel about it.
_LEADS = re.compile(
    r"\b(?:words|sp(?:oke|eaks|eaking)|talk(?:s|ed)|reports? on|reported on|turn(?:s|ed) to|address(?:es|ed)|comment(?:s|ed)|"
    r"react(?:s|ed)|critici[sz]e[ds]|prais(?:e|es|ed)|thank(?:s|ed)|complain(?:s|ed)|views?|opinions?|about|blunt|clear|angry|"
    r"happy|proud|worried|glad|welcom(?:es|ed)|reject(?:s|ed)|defend(?:s|ed)|dismiss(?:es|ed)|explain(?:s|ed))\b",
    re.IGNORECASE,
)


def statements_of(inquiry: Inquiry) -> tuple[Cited, Cited]:
    """Returns the statements of those asked for, and those nearest to the matter in meaning where none names all of it.

    On a matter, if the question names one, the first are those that name all of it, then those that name some of it. Where
    none is near enough to it either, the reader decides whether there is an answer.
    """
    intent, ranked = inquiry.intent, inquiry.ranked
    if intent.kind == "speaker":
        return _with_the_words(inquiry), NOTHING_CITED
    spoken = sorted((r for r in ranked if r.candidate.spoken), key=lambda r: -r.alone)
    if intent.kind != "said" or not spoken or intent.times:
        return NOTHING_CITED, NOTHING_CITED
    topic, around = topic_of(inquiry.asked, intent), _sentences(inquiry.readings)
    right_person = ROLE_PRECISION if intent.roles else 1.0
    kind = kind_of_speech(inquiry.asked)
    of_kind = [r for r in spoken if _is_of(kind, r)]
    if kind and not of_kind:
        return NOTHING_CITED, NOTHING_CITED
    if kind and not any(topic & _matter(r, around) for r in of_kind if topic):
        return _of_one_kind(of_kind, topic, right_person), NOTHING_CITED
    stating = [r for r in spoken if topic <= _matter(r, around)]
    others = [r for r in spoken if r not in stating and r.alone >= MIN_SHARE_OF_STATEMENT * spoken[0].alone]
    if stating:
        others = [r for r in others if topic & set(words(r.candidate.stored.sentence.text))]
        return Cited((*stating, *others), SPEAKER_PRECISION * right_person), NOTHING_CITED
    near, likely = on_matter([r.candidate for r in ranked])
    if likely * right_person < coefficients("threshold")["low"]:
        return Cited(tuple(others), 0.0), NOTHING_CITED
    return NOTHING_CITED, Cited(tuple(r for c in near for r in ranked if r.candidate is c), likely * right_person)


def _with_the_words(inquiry: Inquiry) -> Cited:
    """Returns the statements that hold every word of "Who said that …?", behind the one that names who says them.

    The reader decides whether there is an answer.
    """
    topic = topic_of(inquiry.asked, inquiry.intent)
    stating = [r for r in inquiry.ranked if topic and topic <= set(words(r.candidate.stored.sentence.text))]
    known = {_place(r): r for r in inquiry.ranked}
    found: dict[Place, Ranked] = {}
    for one in stating:
        naming = _naming(one, known)
        found |= {_place(r): r for r in ((naming, one) if naming else ())}
    return Cited(tuple(found.values()), 0.0)


def _naming(one: Ranked, known: Mapping[Place, Ranked]) -> Ranked | None:
    """Returns the sentence that names who says another, itself or one that the same speaker says before it in a row."""
    here: Ranked | None = one
    for _ in range(MAX_REPLY):
        if here is None or here.candidate.stored.sentence.speaker != one.candidate.stored.sentence.speaker:
            return None
        if _names_its_speaker(here.candidate.stored.sentence):
            return here
        here = known.get(_beside(here, -1))
    return None


def _names_its_speaker(sentence: Sentence) -> bool:
    return bool(sentence.speaker) and set(words(sentence.speaker)[-1:]) <= set(words(sentence.text))


def _of_one_kind(statements: Sequence[Ranked], topic: set[str], right_person: float) -> Cited:
    """Returns the promises, or what was asked for, where all are wanted; on a matter that none names the reader decides."""
    return Cited(tuple(statements), 0.0 if topic else SPEAKER_PRECISION * right_person)


def says_otherwise(inquiry: Inquiry) -> bool:
    """Returns whether one kind of speech is asked for, "What did X promise?", and X only says other things."""
    kind = kind_of_speech(inquiry.asked) if inquiry.intent.kind == "said" else frozenset()
    spoken = [r for r in inquiry.ranked if r.candidate.spoken]
    return bool(kind and spoken) and not any(_is_of(kind, r) for r in spoken)


def _is_of(kind: frozenset[str], ranked: Ranked) -> bool:
    return not kind.isdisjoint(_LETTERS.findall(ranked.candidate.stored.sentence.text.lower()))


def in_a_row(chosen: Sequence[Ranked], ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """Returns the sentences chosen, behind each those that its speaker goes on with in one quotation, or the next at once."""
    known = {_place(r): r for r in ranked}
    found: dict[Place, Ranked] = {}
    for one in chosen:
        found.setdefault(_place(one), one)
        if not one.candidate.stored.sentence.speaker:
            continue
        for step in (1, -1):
            last = one
            while (following := known.get(_beside(last, step))) is not None and _goes_on(last, following, step, known):
                found.setdefault(_place(following), following)
                last = following
    return tuple(found.values())


def _place(ranked: Ranked) -> Place:
    return ranked.candidate.stored.article_id, ranked.candidate.stored.sentence.position


def _beside(ranked: Ranked, step: int) -> Place:
    article_id, position = _place(ranked)
    return article_id, position + step


def _goes_on(one: Ranked, other: Ranked, step: int, known: Mapping[Place, Ranked]) -> bool:
    """Returns whether a speaker's quotation goes on from one sentence to the one beside it, in one paragraph."""
    first, second = (one, other) if step > 0 else (other, one)
    before, after = first.candidate.stored.sentence, second.candidate.stored.sentence
    if before.speaker != after.speaker or after.start - before.end > 1:
        return False
    taken_up = step > 0 and _QUOTED.match(after.text) is not None and _HAS_QUOTED.search(before.text) is not None
    return taken_up or _is_open_behind(first, known)


def _is_open_behind(ranked: Ranked, known: Mapping[Place, Ranked]) -> bool:
    """Returns whether a quotation that began in a sentence, or in those before it by the same speaker, goes on behind it."""
    here: Ranked | None = ranked
    for _ in range(MAX_REPLY):
        if here is None or here.candidate.stored.sentence.speaker != ranked.candidate.stored.sentence.speaker:
            return False
        is_open = leaves_open(here.candidate.stored.sentence.text)
        if is_open is not None:
            return is_open
        here = known.get(_beside(here, -1))
    return False


def _sentences(readings: Sequence[Reading]) -> Mapping[Place, Sentence]:
    return {(r.passage.article_id, s.position): s for r in readings for s in r.passage.sentences}


def _matter(ranked: Ranked, around: Mapping[Place, Sentence]) -> set[str]:
    """Returns the stems of what a statement is on: its own, and those of the question that it replies to, if it does.

    That stands before the first of the sentences that the speaker says in a row, and may begin with a statement: "A barrage
    is planned. What do you think of it?"
    """
    article_id, sentence = ranked.candidate.stored.article_id, ranked.candidate.stored.sentence
    stems = set(words(sentence.text))
    before = [around.get((article_id, sentence.position - n)) for n in range(1, MAX_REPLY + 2)]
    while len(before) > 2 and before[0] is not None and before[0].speaker == sentence.speaker:
        before.pop(0)
    asking, leading = before[:2]
    if asking is not None and _leads_to(asking, sentence):
        return stems | set(words(asking.text))
    if asking is None or not _ASKS.search(asking.text):
        return stems
    stems |= set(words(asking.text))
    leads = leading is not None and leading.speaker == asking.speaker and leading.section == asking.section
    return stems | set(words(leading.text)) if leads and leading is not None else stems


def _leads_to(before: Sentence, statement: Sentence) -> bool:
    """Returns whether the sentence before a statement tells whose it is, and on what: "Orr had words of praise for them."."""
    speaker = words(statement.speaker)[-1:]
    named = bool(speaker) and speaker[0] in words(before.text)
    return named and not before.speaker and before.section == statement.section and bool(_LEADS.search(before.text))
