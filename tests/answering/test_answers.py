"""Ranked sentences become an answer, or the refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fakes import ScriptedReader

from assistant.answer import NO_ANSWER, cite
from assistant.answering.answers import N_CLOSEST
from assistant.answering.decision import ANSWERABLE_THOUGH_DOUBTED, threshold
from assistant.answering.signs import MAX_CITATIONS
from assistant.articles.sentences import Sentence
from assistant.assistant import Assistant
from assistant.finding.ranking import answer_features, probability
from assistant.finding.search import Evidence

TEXT = "The base stays in Gyumri. Mirzoyan said so in May. Bananas are yellow. Nobody asked about the base."
Open = Callable[..., Assistant]


def evidence(article_id: str, position: int, text: str = "Words here.") -> Evidence:
    return Evidence(Sentence(text, position * 20, position * 20 + len(text), position), article_id, "T", 0.5)


def test_citations_stand_in_article_order_with_markers_from_1() -> None:
    cited = cite([evidence("b", 2), evidence("a", 5), evidence("b", 0), evidence("a", 1)])
    assert [(c.article_id, c.sentence.position, c.marker) for c in cited] == [
        ("b", 0, 1),
        ("b", 2, 2),
        ("a", 1, 3),
        ("a", 5, 4),
    ]
    assert cited[0].to_dict()["marker"] == 1
    assert cite([]) == ()


def test_the_short_answer_is_the_readers_span_inside_a_cited_sentence(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri", lambda s: (s.start + 18, s.end - 1)))
    article = assistant.add(TEXT)
    answer = assistant.ask("Where does the base stay?")
    assert answer.short_answer == "Gyumri"
    assert answer.short_spans == ((article.id, 18, 24),)
    assert answer.citations[0].sentence.text == "The base stays in Gyumri."


def test_a_yes_or_no_question_has_no_short_answer(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri"))
    assistant.add(TEXT)
    answer = assistant.ask("Does the base stay in Gyumri?")
    assert answer.citations
    assert (answer.short_answer, answer.short_spans) == ("", ())


@pytest.mark.parametrize(
    ("said", "found", "short"),
    [
        ("Foreign Minister Ararat Mirzoyan said that Armenia wants no quarrel.", "Minister", "Ararat Mirzoyan"),
        ("“Armenia wants no quarrel,” Mirzoyan said.", "Mirzoyan", "Mirzoyan"),
        ("In Gyumri he said that Armenia wants no quarrel.", "he", "he"),  # nobody is named: what the reader found
    ],
)
def test_who_said_that_is_answered_with_the_name_of_the_speaker(quick: Open, said: str, found: str, short: str) -> None:
    at = said.index(found)
    assistant = quick(ScriptedReader("Armenia", lambda s: (s.start + at, s.start + at + len(found))))
    assistant.add(f"Bananas are yellow. {said} Nobody asked about the base.")
    answer = assistant.ask("Who said that Armenia wants no quarrel?")
    assert answer.short_answer == short
    assert said in answer.text


def test_what_somebody_said_is_every_statement_and_on_a_matter_those_that_name_it(quick: Open) -> None:
    assistant = quick(ScriptedReader())  # the reader finds nothing: the speaker decides
    said = [
        "Anna Petrova said that the old bridge would be closed to boats.",
        "Petrova told reporters that snow was expected.",
        "She added that nobody would be asked.",
    ]
    assistant.add(f"Bananas are yellow. {' '.join(said)} The bridge is green, Igor Belov said.")
    everything = assistant.ask("What did Petrova say?")
    assert [c.sentence.text for c in everything.citations] == said
    bridge = assistant.ask("What did Petrova say about the bridge?")
    assert said[0] in [c.sentence.text for c in bridge.citations]
    assert not any("Belov" in c.sentence.text for c in bridge.citations)
    assert (bridge.decided_by, bridge.short_answer) == ("statements", "the old bridge would be closed to boats")
    signs = assistant.inquire("What did Petrova say about the bridge?", last="weigh").signs
    assert signs is not None
    assert bridge.confidence == signs.statements.confidence != signs.statements.certainty
    assert assistant.ask("What did Petrova say about her pension?").abstained


def test_what_an_unnamed_speaker_said_about_a_matter_is_the_statement_not_a_span_in_it(quick: Open) -> None:
    assistant = quick(ScriptedReader("closed", lambda s: (s.start, s.start + len("Anna Petrova"))))
    assistant.add("Bananas are yellow. Anna Petrova said that the old bridge would be closed. Nobody asked.")
    question = "What did the engineer tell the paper about the bridge?"
    about, found = assistant.ask(question), assistant.inquire(question, last="read")
    assert about.short_answer == "the old bridge would be closed"
    assert len(about.short_spans) == 1  # others that are cited say nothing
    features = answer_features(found.intent, found.ranked, found.readings)
    assert about.confidence == probability("answerable", features)  # the reader's span is not given
    assert assistant.ask("What did the engineer say would be closed?").short_answer == "Anna Petrova"


@pytest.mark.parametrize(
    ("question", "words", "abstained"),
    [
        ("How many men stay at the 102nd base?", "102nd", True),  # no count
        ("Which city has the 101st base?", "Gyumri", True),  # another number stands there
        ("Which city has the 102nd base?", "Gyumri", False),
        ("What does the city of Gyumri have?", "The city of Gyumri", True),  # that was in the question
        ("Does the city of Gyumri have a base or a port?", "base", False),  # and this a choice
        ("Is the 101st base in Gyumri?", "Gyumri", False),  # that it is the 102nd settles it
    ],
)
def test_what_the_wording_rules_out_is_refused_however_sure_the_reader_is(
    quick: Open, question: str, words: str, abstained: bool
) -> None:
    text = "The city of Gyumri has the 102nd base."
    assistant = quick(
        ScriptedReader("Gyumri", lambda s: (s.start + text.index(words), s.start + text.index(words) + len(words)))
    )
    assistant.add(f"Bananas are yellow. {text} Nobody asked.")
    answer = assistant.ask(question)
    assert answer.abstained is abstained
    if abstained:
        assert answer.confidence == pytest.approx(1 - ANSWERABLE_THOUGH_DOUBTED)
        assert threshold("low") > ANSWERABLE_THOUGH_DOUBTED


@pytest.mark.parametrize(("words", "abstained"), [("Benedek", True), ("Noor Whitby", False)])
def test_another_name_of_the_one_asked_about_is_refused(quick: Open, words: str, abstained: bool) -> None:
    text = "The work of Benedek Farrow goes to Noor Whitby."
    start = text.index(words)
    assistant = quick(ScriptedReader("Farrow", lambda s: (s.start + start, s.start + start + len(words))))
    assistant.add(f"Bananas are yellow. {text} Nobody asked.")
    assert assistant.ask("Who will take over the work of Farrow?").abstained is abstained


def test_what_a_follow_up_points_back_to_counts_as_its_own_words(quick: Open) -> None:
    text = "The city of Gyumri has had the 102nd base since 1995."
    at = text.index("1995")
    assistant = quick(ScriptedReader("Gyumri", lambda s: (s.start + at, s.start + at + 4)))
    assistant.add(f"Bananas are yellow. {text} Nobody asked.")
    for number, abstained in (("101st", True), ("102nd", False)):
        turns = [(f"Where is the {number} base?", "It is there.")]
        assert assistant.ask("Since when has it been there?", history=turns).abstained is abstained


def test_what_happened_is_told_by_the_sentences_that_name_the_time(quick: Open) -> None:
    assistant = quick(ScriptedReader())  # the reader finds nothing: the time alone decides
    assistant.add(
        "The base opened in 1990. In 2020 a war broke out. The war of 2020 ended soon. Snow fell in May 2021."
    )
    answer = assistant.ask("What happened in 2020?")
    assert [c.sentence.text for c in answer.citations] == ["In 2020 a war broke out.", "The war of 2020 ended soon."]
    assert (answer.short_answer, answer.decided_by) == ("", "events")
    assert assistant.ask("What happened in June 2021?").abstained
    assert assistant.ask("What happened in 2019?").abstained


def test_a_refusal_shows_the_closest_sentences_and_cites_none(quick: Open) -> None:
    assistant = quick(ScriptedReader())
    assistant.add(TEXT)
    answer = assistant.ask("How heavy is the elephant of the king?")
    assert (answer.text, answer.abstained, answer.citations) == (NO_ANSWER, True, ())
    assert len(answer.closest) == N_CLOSEST
    assert [e.score for e in answer.closest] == sorted((e.score for e in answer.closest), reverse=True)
    assert answer.confidence > 0.5


def test_few_sentences_are_cited_however_many_hold_the_words(quick: Open) -> None:
    assistant = quick(ScriptedReader("base"))
    assistant.add("\n".join(f"The base number {i} stays in Gyumri." for i in range(12)))
    answer = assistant.ask("Where does the base stay?")
    assert 1 <= len(answer.citations) <= MAX_CITATIONS


def test_sentences_of_several_lines_are_shown_in_one(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri"))
    article = assistant.add(
        "The base, as all of them have said for many years now,\nstays in Gyumri.\n\nBananas are yellow."
    )
    answer = assistant.ask("Where does the base stay?")
    assert answer.text.startswith("The base, as all of them have said for many years now, stays in Gyumri.")
    assert "\n" not in answer.as_markdown()
    (first, *_) = answer.citations
    assert article.text[first.sentence.start : first.sentence.end] == first.sentence.text


def test_a_question_in_another_language_is_refused_with_the_reason(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri"))
    assistant.add(TEXT)
    answer = assistant.ask("Где находится база в Gyumri?")
    assert answer.abstained
    assert "Cyrillic" in answer.reason
    assert answer.closest


@pytest.mark.parametrize(("lower", "higher"), [("low", "normal"), ("normal", "high")])
def test_more_careful_is_a_higher_threshold(lower: str, higher: str) -> None:
    assert 0 < threshold(lower) < threshold(higher) < 1  # type: ignore[arg-type]
