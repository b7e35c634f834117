"""Ranked sentences become an answer, or the refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fakes import ScriptedReader

from assistant.answer import NO_ANSWER, Answer, cite
from assistant.answering.answers import MIN_CONFIDENCE_OF_LANGUAGE, N_CLOSEST, WHOLE_CONFIDENCE, answer_of
from assistant.answering.decision import ANSWERABLE_THOUGH_DOUBTED, threshold
from assistant.answering.overview import MAX_ARTICLES
from assistant.answering.signs import MAX_CITATIONS, NOTHING_CITED
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


def test_several_articles_are_told_of_one_after_another_each_with_its_title(quick: Open) -> None:
    assistant = quick()
    for i in range(MAX_ARTICLES + 2):
        assistant.add(f"Bees of hive {i} make honey in May.", f"Hive\n{i}")
    answer = assistant.ask("What are the articles about?")
    paragraphs = answer.as_markdown().split("\n\n")
    assert len(paragraphs) == MAX_ARTICLES == 10
    assert paragraphs[:2] == [
        "Hive 11: Bees of hive 11 make honey in May. [1]", "Hive 10: Bees of hive 10 make honey in May. [2]",
    ]  # fmt: skip
    assert answer.reason == "This tells of the newest 10 of 12 articles. Choose some to hear of others."
    one = assistant.ask("What is this about?", answer.citations[0].article_id)
    assert (one.as_markdown(), one.reason) == ("Bees of hive 11 make honey in May. [1]", "")


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


def weighed(assistant: Assistant, question: str, **signs: object) -> Answer:
    """Returns the answer to a question of which other signs show."""
    inquiry = assistant.inquire(question, last="weigh")
    assert inquiry.signs is not None
    return answer_of(replace(inquiry, signs=replace(inquiry.signs, **signs)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answerable", "right", "confidence"),
    [(0.95, 0.2, MIN_CONFIDENCE_OF_LANGUAGE), (0.95, 0.7, 0.7), (0.1, 0.7, 0.9), (0.02, 0.0, 0.98)],
)
def test_a_refusal_for_its_language_is_at_least_as_sure_as_a_coin(
    quick: Open, answerable: float, right: float, confidence: float
) -> None:
    assistant = quick(ScriptedReader("Gyumri"))
    assistant.add(TEXT)
    answer = weighed(assistant, "Where is it?", language="German", answerable=answerable, right=right)
    assert answer.confidence == pytest.approx(confidence)
    assert MIN_CONFIDENCE_OF_LANGUAGE == 0.5
    assert answer.reason == "The question seems to be in German; the article is in English. Ask in English."
    assert (answer.text, answer.abstained, answer.decided_by) == (NO_ANSWER, True, "other_language")
    assert [e.sentence.text for e in answer.closest] == [
        r.candidate.stored.sentence.text for r in assistant.inquire("Where is it?", last="read").ranked[:N_CLOSEST]
    ]


def test_what_is_no_question_gets_a_hint_and_an_empty_library_says_so(quick: Open) -> None:
    assistant = quick()
    empty = assistant.ask("Where does the base stay?")
    assert (empty.text, empty.abstained, empty.confidence) == (NO_ANSWER, True, 1.0)
    assert empty.reason == "The library holds no article yet. Add one first."
    assistant.add(TEXT)
    greeting, nothing = assistant.ask("hello"), assistant.ask("?")
    assert greeting.text == nothing.reason
    assert greeting.text.startswith("Ask in a few words something about the article")
    assert (greeting.reason, nothing.text) == ("", NO_ANSWER)
    assert (greeting.confidence, nothing.confidence) == (1.0, 1.0)
    assert greeting.standalone_question == "hello"


def test_an_overview_is_cited_and_half_sure(quick: Open) -> None:
    assistant = quick()
    assistant.add(TEXT)
    answer = assistant.ask("What is this about?")
    assert (answer.confidence, answer.abstained, answer.short_answer, answer.short_spans) == (
        WHOLE_CONFIDENCE,
        False,
        "",
        (),
    )
    assert WHOLE_CONFIDENCE == 0.5
    assert answer.text == " ".join(c.sentence.text for c in answer.citations)
    assert [c.marker for c in answer.citations] == [1, 2, 3]


@pytest.mark.parametrize(
    ("question", "signs", "confidence"),
    [
        ("Where does the base stay?", {"answerable": 0.9, "right": 0.6}, 0.6),
        ("Does the base stay in Gyumri?", {"answerable": 0.9, "right": 0.6}, 0.9),  # the sentence is the answer
        (
            "What did Mirzoyan say?",
            {"answerable": 0.9, "right": 0.6, "statements": NOTHING_CITED, "is_said_by_others": False},
            0.6,
        ),
        ("What did Mirzoyan say?", {"answerable": 0.01, "right": 0.6, "statements": NOTHING_CITED}, 0.99),
    ],
)
def test_how_sure_an_answer_is(quick: Open, question: str, signs: dict[str, object], confidence: float) -> None:
    assistant = quick(ScriptedReader("Gyumri"))
    assistant.add("The base stays in Gyumri. Mirzoyan said that it is old. Bananas are yellow.")
    assert weighed(assistant, question, **signs).confidence == pytest.approx(confidence)


def test_a_statement_cited_by_the_reader_is_as_sure_as_that_it_answers(quick: Open) -> None:
    assistant = quick(ScriptedReader("old"))
    assistant.add("The base stays in Gyumri. Mirzoyan said that it is old. Bananas are yellow.")
    answer = weighed(assistant, "What did Mirzoyan say?", answerable=0.9, right=0.6, statements=NOTHING_CITED)
    assert answer.short_answer == "it is old"
    assert answer.confidence == pytest.approx(0.9)


def test_a_short_answer_ends_with_the_sentence_it_begins_in(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri", lambda s: (s.start + 18, s.end + 10)))
    article = assistant.add(TEXT)
    answer = assistant.ask("Where does the base stay?")
    assert answer.short_spans == ((article.id, 18, 25),)
    assert answer.short_answer == "Gyumri."


def test_words_outside_the_cited_sentences_are_no_short_answer(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri", lambda s: (s.start + 18, s.end - 1)))
    assistant.add(TEXT)
    inquiry = assistant.inquire("Where does the base stay?", last="weigh")
    assert inquiry.signs is not None
    others = tuple(r for r in inquiry.ranked if "Bananas" in r.candidate.stored.sentence.text)
    answer = answer_of(replace(inquiry, signs=replace(inquiry.signs, by_reader=others, answerable=0.99)))
    assert (answer.short_answer, answer.short_spans) == ("", ())
    assert [c.sentence.text for c in answer.citations] == ["Bananas are yellow."]
    unread = answer_of(replace(inquiry, signs=replace(inquiry.signs, reading=None, answerable=0.99)))
    assert (unread.short_answer, unread.short_spans) == ("", ())


def test_what_happened_has_no_short_answer(quick: Open) -> None:
    assistant = quick(ScriptedReader("war"))
    assistant.add("In 2020 a war broke out. Bananas are yellow.")
    answer = assistant.ask("What happened in 2020?")
    assert (answer.short_answer, answer.short_spans, answer.decided_by) == ("", (), "events")


def test_a_speaker_is_named_by_the_last_name_where_the_sentence_has_no_other(quick: Open) -> None:
    assistant = quick(ScriptedReader("quarrel"))
    text = "Ararat Mirzoyan came. Armenia wants no quarrel, Mirzoyan said. Bananas are yellow."
    article = assistant.add(text)
    answer = assistant.ask("Who said that Armenia wants no quarrel?")
    at = text.index("Mirzoyan said")
    assert answer.short_spans == ((article.id, at, at + len("Mirzoyan")),)


def test_each_statement_has_a_span_and_only_those_of_the_one_asked_about(quick: Open) -> None:
    assistant = quick()
    article = assistant.add(
        "Ann Lee said that tea is hot. It rained. Ann Lee said that snow fell there. Bo Ray said that it thawed."
    )
    answer = assistant.ask("What did Ann Lee say?")
    assert [article.text[start:end] for _, start, end in answer.short_spans] == [
        answer.short_answer,
        *({"tea is hot", "snow fell there"} - {answer.short_answer}),
    ]
    assert {c.sentence.speaker for c in answer.citations} == {"Ann Lee"}


def test_of_several_cited_sentences_the_first_names_the_speaker(quick: Open) -> None:
    assistant = quick(ScriptedReader("quarrel"))
    assistant.add("Ann Lee said that Armenia wants no quarrel. Bo Ray said that Armenia wants a quarrel. Tea is hot.")
    question = "Who said that Armenia wants no quarrel?"
    inquiry = assistant.inquire(question, last="weigh")
    said = {r.candidate.stored.sentence.speaker: r for r in inquiry.ranked}
    answer = weighed(
        assistant, question, by_reader=(said["Bo Ray"], said["Ann Lee"]), answerable=0.99, statements=NOTHING_CITED
    )
    assert answer.short_answer == "Bo Ray"
    assert [c.sentence.speaker for c in answer.citations] == ["Ann Lee", "Bo Ray"]


def test_four_sentences_are_cited_at_most_the_best_of_them(quick: Open) -> None:
    assistant = quick()
    assistant.add(" ".join(f"Ann Lee said that ship {i} of the fleet is old." for i in range(7)))
    inquiry = assistant.inquire("What did Ann Lee say?", last="weigh")
    assert inquiry.signs is not None
    best = {r.candidate.stored.sentence.position for r in inquiry.signs.statements.chosen[:4]}
    assert {c.sentence.position for c in assistant.ask("What did Ann Lee say?").citations} == best
    assert len(best) == MAX_CITATIONS


@pytest.mark.parametrize(("confidence", "told"), [(0.7, 0.7), (0.0, 0.93)])
def test_what_a_rule_cites_is_as_sure_as_is_fitted_for_it(quick: Open, confidence: float, told: float) -> None:
    assistant = quick()
    assistant.add("The base stays in Gyumri. Mirzoyan said that it is old. Bananas are yellow.")
    signs = assistant.inquire("What did Mirzoyan say?", last="weigh").signs
    assert signs is not None
    cited = replace(signs.statements, certainty=0.93, confidence=confidence)
    answer = weighed(assistant, "What did Mirzoyan say?", statements=cited)
    assert (answer.confidence, answer.decided_by) == (told, "statements")
