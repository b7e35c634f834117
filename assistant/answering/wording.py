"""What the wording of a question settles, whatever the reader makes of it: statements and events that are asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.articles.sentences import Sentence
from assistant.english.names import names
from assistant.english.words import words
from assistant.finding.ranking import Ranked
from assistant.finding.subject import on_matter
from assistant.networks.reader import Reading
from assistant.networks.scores import coefficients
from assistant.question.intent import Intent, matter_of, topic_of

# "What did X say?" is right when the sentences are X's: the rules for speakers decide, not the reader. Their precision on
# labelled sentences, from benchmarks/speaker_quality.py.
SPEAKER_PRECISION = 0.93
# Called by a role, "the foreign minister", they must be the right person too: share of right ones by benchmarks/role_quality.py.
ROLE_PRECISION = 0.93
# "What happened in 2020?" is right when a sentence names the time: the reader, who never saw such a question, has no say.
# Share of such sentences that tell what happened then, labelled by hand, from benchmarks/event_quality.py.
EVENT_PRECISION = 0.83
# Of what somebody said on a matter, a statement that does not name all of it is shown when it is not far behind the best
# one: the speaker already fits.
MIN_SHARE_OF_STATEMENT = 0.35
MAX_REPLY = 8  # sentences in a row that reply to one question
_ASKS = re.compile(r"(?<!\W)(?=[^\w?]*\?)\W*+$|\bask(?:s|ed)\b", re.IGNORECASE)

Sentences = Mapping[tuple[str, int], Sentence]  # by article and position


@dataclass(frozen=True, slots=True)
class Settled:
    """What is cited without asking the reader.

    Attributes:
        chosen: the sentences, best first; empty where the reader chooses.
        certainty: share of such answers that are right, 0 where the reader decides whether there is one.
    """

    chosen: tuple[Ranked, ...] = ()
    certainty: float = 0.0


def settled(question: str, intent: Intent, ranked: Sequence[Ranked], readings: Sequence[Reading]) -> Settled:
    """Returns the events of the time asked for, or the statements of those asked for.

    On a matter, if the question names one, these are first the statements that name all of it, then those that name some of
    it. Where none names all of it they are those nearest to it in meaning, if that is near enough, else the reader decides.
    """
    if intent.times:
        events = [r for r in ranked if set(intent.times) <= set(words(r.candidate.stored.sentence.text))]
        return Settled(tuple(events), EVENT_PRECISION if events else 0.0)
    spoken = sorted((r for r in ranked if r.candidate.spoken), key=lambda r: -r.alone)
    if intent.kind != "said" or not spoken:
        return Settled()
    topic, around = topic_of(question, intent), _sentences(readings)
    right_person = ROLE_PRECISION if intent.roles else 1.0
    stating = [r for r in spoken if topic <= _matter(r, around)]
    others = [r for r in spoken if r not in stating and r.alone >= MIN_SHARE_OF_STATEMENT * spoken[0].alone]
    if not stating:
        near, likely = on_matter([r.candidate for r in ranked])
        chosen = [r for c in near for r in ranked if r.candidate is c]
        if likely * right_person < coefficients("threshold")["low"]:
            return Settled(tuple(others))
        return Settled(tuple(chosen), likely * right_person)
    others = [r for r in others if topic & set(words(r.candidate.stored.sentence.text))]
    return Settled((*stating, *others), SPEAKER_PRECISION * right_person)


def said_by_others(question: str, intent: Intent, ranked: Sequence[Ranked], holder: Ranked) -> bool:
    """Returns whether the sentence that answers is not by whom it is asked of, or only others name the matter.

    Args:
        question: a question that stands alone.
        intent: its kind and speakers.
        ranked: what was found.
        holder: the sentence with the short answer.
    """
    if intent.kind != "said" or not (intent.speakers or intent.roles):
        return False
    speaker = holder.candidate.stored.sentence.speaker
    if not holder.candidate.spoken and speaker:
        # Whom a role means is not always known: "the ambassador" may be who is called by a name, but is not "the chair".
        other_role = speaker[0].islower() and not set(words(speaker)) & set(words(" ".join(intent.roles)))
        return bool(intent.speakers) or other_role
    named = _named(f"on {matter_of(question, intent)}")
    naming = [r for r in ranked if named & _named(r.candidate.stored.sentence.text)]
    return bool(naming) and holder.candidate.spoken and not any(r.candidate.spoken for r in naming)


def _named(text: str) -> set[str]:
    return {word for name in names(text) for word in words(name)}


def _sentences(readings: Sequence[Reading]) -> Sentences:
    return {(r.passage.article_id, s.position): s for r in readings for s in r.passage.sentences}


def _matter(ranked: Ranked, around: Sentences) -> set[str]:
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
    if asking is None or not _ASKS.search(asking.text):
        return stems
    stems |= set(words(asking.text))
    leads = leading is not None and leading.speaker == asking.speaker and leading.section == asking.section
    return stems | set(words(leading.text)) if leads and leading is not None else stems
