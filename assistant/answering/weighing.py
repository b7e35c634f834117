"""Question and what was read -> their signs; nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.asked_person import is_asked_person
from assistant.answering.inquiry import Inquiry
from assistant.answering.overview import MAX_ARTICLES, central_evidence, nearest_cosine
from assistant.answering.signs import MAX_CITATIONS, Cited, Several, Signs
from assistant.answering.spoken import in_a_row, says_otherwise, statements_of
from assistant.answering.structured import numbered_item, of_reply, whole_list, with_replies
from assistant.answering.swapped_names import swaps
from assistant.english.languages import language_of
from assistant.english.names import names
from assistant.english.words import words
from assistant.finding.ranking import (
    Ranked,
    answer_features,
    holder_of,
    holding_sentence,
    probability,
    read_answer,
    short_answer,
)
from assistant.finding.structure import wants_several
from assistant.finding.whole_question import asks_for_the_whole
from assistant.networks.reader import Reading
from assistant.networks.scores import coefficients, fitted_probability, logit
from assistant.question.answer_type import expected_of
from assistant.question.intent import WHOLE_ARTICLE, asks_for_statements, matter_of, topic_of
from assistant.speech.statements import is_speech, statement_span

# "What happened in 2020?" is right when a sentence names the time: the reader, who never saw such a question, has no say.
# Share of such sentences that tell what happened then, labelled by hand, from benchmarks/event_quality.py.
EVENT_PRECISION = 0.83
CITED_FEATURES = ("answerable", "sentences", "on_matter", "by_role")


def signs_of(inquiry: Inquiry) -> Signs:
    """Returns the signs of an inquiry that was searched and read."""
    intent, ranked, readings = inquiry.intent, inquiry.ranked, inquiry.readings
    if intent.kind in ("nothing", "greeting"):
        return Signs(intent.kind)
    articles = _articles(inquiry)
    if isinstance(inquiry.several, Several):
        return Signs(intent.kind, several=inquiry.several)
    if not articles or _is_on_the_whole(inquiry, articles):
        parts = inquiry.parts
        central = central_evidence(parts.store, parts.embedder, intent.kind, inquiry.asked, articles, ranked)
        left_out = max(0, len(articles) - MAX_ARTICLES)
        return Signs(intent.kind, bool(articles), bool(articles), central=tuple(central), left_out=left_out)
    reading = read_answer(inquiry.asked, ranked, readings, "best_sentence" not in inquiry.parts.off)
    holder = holder_of(ranked, reading)
    reading = of_reply(holder, reading)
    features = answer_features(intent, ranked, readings)
    answerable = probability("answerable", features)
    statements, near = statements_of(inquiry)
    by_reader = with_replies(inquiry, _by_reader(ranked, holder))
    signs = Signs(
        kind=intent.kind,
        wants_yes_no=intent.kind == "yes_no",
        wants_several=intent.kind == "fact" and wants_several(inquiry.asked),
        wants_statements=asks_for_statements(inquiry.asked, intent),
        has_unnamed_speaker=not intent.speakers,
        language=_other_language(inquiry),
        found_any=bool(ranked),
        answerable=answerable,
        right=probability("right", features),
        reading=reading,
        by_reader=by_reader,
        events=_with_confidence("events", _events(inquiry), inquiry, answerable),
        statements=_with_confidence("statements", statements, inquiry, answerable),
        statements_near=near,
        item=numbered_item(inquiry),
        whole_list=whole_list(inquiry, by_reader),
        is_of_wrong_type=reading is not None and not expected_of(inquiry.asked).allows(short_answer(reading)),
        names_the_asked=_names_the_asked(inquiry, reading),
        swaps_names=_swaps_names(inquiry, reading),
        is_said_by_others=bool(ranked) and (_said_by_others(inquiry, holder or ranked[0]) or says_otherwise(inquiry)),
    )
    if intent.kind != "said":
        return signs
    return _with_spans(signs if "in_a_row" in inquiry.parts.off else _in_rows(signs, inquiry))


def _is_on_the_whole(inquiry: Inquiry, articles: Sequence[str]) -> bool:
    """Returns whether a question is on an article as a whole: by its pattern, or by what was learned.

    The latter only of one article, to which it has to be near, where it takes nothing from the turns before, and no sentence alone is likely
    to answer it.
    """
    if inquiry.intent.kind in WHOLE_ARTICLE:
        return True
    takes_nothing = inquiry.standalone.shown.split() == inquiry.question.split()
    if inquiry.intent.kind != "fact" or len(articles) != 1 or not takes_nothing or "learned_whole" in inquiry.parts.off:
        return False
    limits = coefficients("whole_asked")
    if not asks_for_the_whole(inquiry.asked) or not inquiry.ranked or inquiry.ranked[0].score > limits["sure"]:
        return False
    nearest = nearest_cosine(inquiry.parts.store, inquiry.parts.embedder, inquiry.asked, articles[0])
    return nearest >= limits["near"]


def _in_rows(signs: Signs, inquiry: Inquiry) -> Signs:
    """Returns the signs with all that is said in a row where the statements on a matter are cited, not the nearest alone."""
    ranked, statements = inquiry.ranked, signs.statements
    if topic_of(inquiry.asked, inquiry.intent):
        statements = replace(statements, chosen=in_a_row(statements.chosen, ranked))
    near = replace(signs.statements_near, chosen=in_a_row(signs.statements_near.chosen, ranked))
    first = in_a_row(signs.by_reader[:1], ranked)
    by_reader = (*first, *(r for r in signs.by_reader if r not in first))
    return replace(signs, statements=statements, statements_near=near, by_reader=by_reader)


def _articles(inquiry: Inquiry) -> list[str]:
    """Returns the ids of the articles asked about, the newest first."""
    wanted = inquiry.article_ids
    known = [entry.id for entry in reversed(inquiry.parts.store.contents())]
    return known if wanted is None else [i for i in known if i in set(wanted)]


def _other_language(inquiry: Inquiry) -> str:
    """Returns the language that the question seems to be in, "" where it is the article's, or cannot be told."""
    language = language_of(inquiry.standalone.shown)
    if not language or not inquiry.ranked or language_of(inquiry.ranked[0].candidate.stored.sentence.text):
        return ""
    return language


def _by_reader(ranked: Sequence[Ranked], holder: Ranked | None) -> tuple[Ranked, ...]:
    """Returns the sentence with the short answer, and those that support it."""
    if not ranked:
        return ()
    first = holder if holder is not None else ranked[0]
    return (first, *(r for r in ranked if r is not first and r.score >= coefficients("beside")["cited_from"]))


def _events(inquiry: Inquiry) -> Cited:
    """Returns the sentences that name the time of which events are asked for."""
    times = set(inquiry.intent.times)
    events = [r for r in inquiry.ranked if times and times <= set(words(r.candidate.stored.sentence.text))]
    return Cited(tuple(events), EVENT_PRECISION if events else 0.0)


def cited_features(cited: Cited, inquiry: Inquiry, answerable: float) -> list[float]:
    """Returns CITED_FEATURES: what tells whether sentences that a rule cites are a right answer.

    What the reader makes of the question, how many sentences are given, whether they are to be on a matter, and whether
    whoever says them is known by a role alone.
    """
    on_matter = bool(topic_of(inquiry.asked, inquiry.intent))
    n = min(len(cited.chosen), MAX_CITATIONS)
    return [logit(answerable), float(n), float(on_matter), float(bool(inquiry.intent.roles))]


def _with_confidence(rule: str, cited: Cited, inquiry: Inquiry, answerable: float) -> Cited:
    if not cited.certainty:
        return cited
    features = cited_features(cited, inquiry, answerable)
    return replace(cited, confidence=fitted_probability(rule, CITED_FEATURES, features))


def _names_the_asked(inquiry: Inquiry, reading: Reading | None) -> bool:
    texts = (r.passage.text for r in inquiry.readings)
    return reading is not None and is_asked_person(inquiry.asked, short_answer(reading), texts)


def _swaps_names(inquiry: Inquiry, reading: Reading | None) -> bool:
    holder = holding_sentence(reading) or (inquiry.ranked[0].candidate.stored.sentence if inquiry.ranked else None)
    return holder is not None and swaps(inquiry.standalone.shown, holder.text)


def _said_by_others(inquiry: Inquiry, holder: Ranked) -> bool:
    """Returns whether the sentence that answers is not by whom it is asked of, or only others name the matter."""
    intent = inquiry.intent
    if intent.kind == "fact" and intent.speakers:  # "How old is it, according to Orr?", who says other things
        return not holder.candidate.spoken and any(r.candidate.spoken for r in inquiry.ranked)
    if intent.kind != "said" or not (intent.speakers or intent.roles):
        return False
    speaker = holder.candidate.stored.sentence.speaker
    if not holder.candidate.spoken and speaker:
        # Whom a role means is not always known: "the ambassador" may be who is called by a name, but is not "the chair".
        other_role = speaker[0].islower() and not set(words(speaker)) & set(words(" ".join(intent.roles)))
        return bool(intent.speakers) or other_role
    if not holder.candidate.spoken and intent.speakers and not is_speech(holder.candidate.stored.sentence.text):
        return True  # what somebody does is no answer to what they say
    named = _named(f"on {matter_of(inquiry.asked, intent)}")
    naming = [r for r in inquiry.ranked if named & _named(r.candidate.stored.sentence.text)]
    return bool(naming) and holder.candidate.spoken and not any(r.candidate.spoken for r in naming)


def _named(text: str) -> set[str]:
    return {word for name in names(text) for word in words(name)}


def _with_spans(signs: Signs) -> Signs:
    """Returns the signs with where the statements stand in the sentences that may be cited."""
    shown = [
        r
        for cited in (signs.statements.chosen, signs.statements_near.chosen, signs.by_reader)
        for r in cited[:MAX_CITATIONS]
    ]
    spans = {}
    for ranked in shown:
        sentence = ranked.candidate.stored.sentence
        start, end = statement_span(sentence.text)
        spans[ranked.candidate.stored.article_id, sentence.position] = (sentence.start + start, sentence.start + end)
    return replace(signs, spans=spans)
