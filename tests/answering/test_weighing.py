"""What shows in a question and in what was read: each sign, on articles and readings small enough to judge by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fakes import ScriptedReader

from assistant.answering.inquiry import Inquiry
from assistant.answering.signs import MAX_CITATIONS, NOTHING_CITED, Cited, Signs
from assistant.answering.spoken import MAX_REPLY, MIN_SHARE_OF_STATEMENT, ROLE_PRECISION, SPEAKER_PRECISION
from assistant.answering.weighing import CITED_FEATURES, EVENT_PRECISION, cited_features, signs_of
from assistant.assistant import Assistant
from assistant.finding.ranking import Ranked, answer_features, probability
from assistant.networks.scores import coefficients, fitted_probability, logit
from assistant.question.follow_ups import StandAlone

Open = Callable[..., Assistant]


def read(assistant: Assistant, question: str, article: str | None = None) -> Inquiry:
    return assistant.inquire(question, article, last="read")


def texts(cited: Cited | tuple[Ranked, ...]) -> list[str]:
    chosen = cited.chosen if isinstance(cited, Cited) else cited
    return [ranked.candidate.stored.sentence.text for ranked in chosen]


INTERVIEW = """Ann Lee keeps the light on Skarv. She spoke to us in May.

What do you think of the barrage?

Lee: I like it. It is a good thing. My boat will be safe.

It was cold at sea.

Lee: I have a dog."""


def test_a_statement_is_on_the_question_that_it_replies_to(quick: Open) -> None:
    assistant = quick()
    assistant.add(INTERVIEW)
    signs = signs_of(read(assistant, "What did Lee say about the barrage?"))
    assert set(texts(signs.statements)) == {"Lee: I like it.", "It is a good thing.", "My boat will be safe."}
    assert signs.statements.certainty == SPEAKER_PRECISION
    assert signs.statements_near == NOTHING_CITED


def test_what_is_no_question_is_not_replied_to(quick: Open) -> None:
    assistant = quick()
    assistant.add(INTERVIEW.replace("What do you think of the barrage?", "The barrage was seen from there."))
    assert signs_of(read(assistant, "What did Lee say about the barrage?")).statements.certainty == 0.0


@pytest.mark.parametrize(
    ("asking", "replied"),
    [
        ("The barrage is planned. What do you think of it?", True),
        ("The barrage is planned.\\n\\nWhat do you think of it?", True),
        ("What do you think of the barrage? It is late.", False),
        ("She was asked about the barrage.", True),
        ("Does she ask about the barrage at all.", False),
        ("Lee: The barrage is planned.\\n\\nWhat do you think of it?", False),  # she said that herself
    ],
)
def test_a_question_may_begin_with_a_statement(quick: Open, asking: str, replied: bool) -> None:
    assistant = quick()
    asking = asking.replace("\\n", "\n")
    assistant.add(
        INTERVIEW.replace("What do you think of the barrage?", asking).replace("I like it.", "I like my dog.")
    )
    signs = signs_of(read(assistant, "What did Lee say about the barrage?"))
    assert ("Lee: I like my dog." in texts(signs.statements) and signs.statements.certainty > 0) is replied


@pytest.mark.parametrize(("n", "replied"), [(MAX_REPLY, True), (MAX_REPLY + 2, False)])
def test_so_many_sentences_in_a_row_reply_to_one_question(quick: Open, n: int, replied: bool) -> None:
    said = " ".join(f"I saw ship {i} in the bay." for i in range(n))
    assistant = quick()
    assistant.add(f"Ann Lee is here.\n\nWhat of the barrage?\n\nLee: {said}\n\nIt rained.\n\nLee: My dog is old.")
    inquiry = read(assistant, "What did Lee say about the barrage?")
    (reading, *_) = inquiry.readings
    article = assistant.articles()[0]
    passage = replace(reading.passage, sentences=article.sentences)
    signs = signs_of(replace(inquiry, readings=(replace(reading, passage=passage),)))
    last = f"I saw ship {n - 1} in the bay."
    assert (last in texts(signs.statements) and signs.statements.certainty > 0) is replied


def statements_with(inquiry: Inquiry, shares: dict[str, float]) -> Signs:
    """Returns the signs where each sentence has a share of the best one's probability."""
    ranked = tuple(
        replace(r, alone=0.8 * next((s for word, s in shares.items() if word in r.candidate.stored.sentence.text), 1.0))
        for r in inquiry.ranked
    )
    return signs_of(replace(inquiry, ranked=ranked))


def test_a_statement_far_behind_the_best_one_is_not_shown(quick: Open) -> None:
    assistant = quick()
    assistant.add(
        "Ann Lee said that the old bridge is closed. It rained. Ann Lee said that the bridge is red. It snowed. "
        "Ann Lee said that the bridge is long. It thawed. Ann Lee said that she is late."
    )
    inquiry = read(assistant, "What did Ann Lee say about the old bridge?")
    just, below = MIN_SHARE_OF_STATEMENT, MIN_SHARE_OF_STATEMENT - 0.01
    signs = statements_with(inquiry, {"red": just, "long": below, "late": 0.9})
    assert texts(signs.statements) == [
        "Ann Lee said that the old bridge is closed.",
        "Ann Lee said that the bridge is red.",
    ]
    assert MIN_SHARE_OF_STATEMENT > 0.1
    far_first = statements_with(inquiry, {"closed": 0.1})
    assert texts(far_first.statements)[0] == "Ann Lee said that the old bridge is closed."  # it names all of the matter


def test_what_is_near_in_meaning_is_cited_where_nothing_names_the_matter(quick: Open) -> None:
    assistant = quick()
    assistant.add("Ann Lee said that the pact is old. It rained. Ann Lee said that tea is hot.")
    inquiry = read(assistant, "What did Ann Lee say about earlier treaties?")

    def with_likeness(pact: float, elsewhere: float) -> Inquiry:
        given = {"pact": pact, "rained": elsewhere, "tea": 0.0}
        ranked = tuple(
            replace(
                r,
                candidate=replace(
                    r.candidate,
                    likeness=next(v for word, v in given.items() if word in r.candidate.stored.sentence.text),
                ),
            )
            for r in inquiry.ranked
        )
        return replace(inquiry, ranked=ranked)

    near, far = signs_of(with_likeness(0.95, 0.0)), signs_of(with_likeness(0.0, 0.9))
    assert near.statements == NOTHING_CITED
    assert texts(near.statements_near)[0] == "Ann Lee said that the pact is old."
    assert near.statements_near.certainty >= coefficients("threshold")["low"]
    assert far.statements_near == NOTHING_CITED
    assert far.statements.certainty == 0.0
    assert set(texts(far.statements)) <= {"Ann Lee said that the pact is old.", "Ann Lee said that tea is hot."}


def test_who_is_meant_by_a_role_must_be_the_right_person_too(quick: Open) -> None:
    assistant = quick()
    assistant.add("The mayor, Ann Lee, said that the bridge is closed. It rained. Nobody asked.")
    by_name = signs_of(read(assistant, "What did Ann Lee say?"))
    by_role = signs_of(read(assistant, "What did the mayor say?"))
    assert texts(by_name.statements) == texts(by_role.statements)
    assert by_name.statements.certainty == SPEAKER_PRECISION
    assert by_role.statements.certainty == SPEAKER_PRECISION * ROLE_PRECISION
    assert (by_name.has_unnamed_speaker, by_role.has_unnamed_speaker) == (False, False)


def test_events_are_the_sentences_that_name_the_whole_time(quick: Open) -> None:
    assistant = quick()
    assistant.add("War came in May 2020. Rain fell in 2020. Snow fell in May 2021.")
    signs = signs_of(read(assistant, "What happened in May 2020?"))
    assert texts(signs.events) == ["War came in May 2020."]
    assert signs.events.certainty == EVENT_PRECISION
    nothing = signs_of(read(assistant, "What happened in June 1900?"))
    assert (nothing.events.chosen, nothing.events.certainty, bool(nothing.events)) == ((), 0.0, False)
    assert signs_of(read(assistant, "When did rain fall?")).events == NOTHING_CITED


TALK = (
    "Ann Lee said that Norway is cold. Bo Ray said that the bridge is closed. The chair said that tea is hot. "
    "It rained in Sweden. Ann Lee said that tea is dear."
)


@pytest.mark.parametrize(
    ("question", "wanted", "others"),
    [
        ("What did Ann Lee say is closed?", "bridge", True),  # Bo Ray said that
        ("What did Ann Lee say is cold?", "Norway", False),
        ("What did Ann Lee say about Sweden?", "Norway", True),  # only a sentence of nobody's names it
        ("What did Ann Lee say about Norway?", "Norway", False),
        ("What did Ann Lee say about Norway?", "rained", True),  # nobody says that
        ("What did the chair say is hot?", "hot", False),
        ("What did the coach say is hot?", "hot", True),  # the chair said it
        ("What did the coach say is cold?", "Norway", False),  # Ann Lee may be the coach
        ("Is the bridge closed?", "bridge", False),
        ("What did he say is closed?", "bridge", False),  # nobody is asked about
    ],
)
def test_whether_others_said_it(quick: Open, question: str, wanted: str, others: bool) -> None:
    assistant = quick(ScriptedReader(wanted))
    assistant.add(TALK)
    assert signs_of(read(assistant, question)).is_said_by_others is others


def test_what_the_reader_makes_of_it(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri", lambda s: (s.start + 18, s.end - 1)))
    assistant.add("The base stays in Gyumri. Bananas are yellow. Nobody asked.")
    inquiry = read(assistant, "Where does the base stay?")
    signs = signs_of(inquiry)
    features = answer_features(inquiry.intent, inquiry.ranked, inquiry.readings)
    assert (signs.answerable, signs.right) == (probability("answerable", features), probability("right", features))
    assert signs.reading is not None
    assert texts(signs.by_reader)[0] == "The base stays in Gyumri."
    low = coefficients("beside")["cited_from"]
    assert signs.by_reader[1:] == tuple(r for r in inquiry.ranked[1:] if r.score >= low)
    assert (signs.kind, signs.found_any, signs.wants_yes_no, signs.holds_articles) == ("fact", True, False, True)
    assert [signs.is_of_wrong_type, signs.names_the_asked, signs.swaps_names, signs.language] == [False] * 3 + [""]


def test_the_sentence_of_the_short_answer_is_cited_before_the_best_ranked(quick: Open) -> None:
    assistant = quick(ScriptedReader("yellow"))
    assistant.add("The base stays in Gyumri. Bananas are yellow. Nobody asked.")
    inquiry = read(assistant, "Where does the base stay?")
    base = next(r for r in inquiry.ranked if "base" in r.candidate.stored.sentence.text)
    yellow = next(r for r in inquiry.ranked if "yellow" in r.candidate.stored.sentence.text)
    ranked = (replace(base, by_itself=None, score=1.0), replace(yellow, score=0.0))
    assert signs_of(replace(inquiry, ranked=ranked)).by_reader == (ranked[1], ranked[0])
    assert signs_of(replace(inquiry, ranked=())).by_reader == ()


@pytest.mark.parametrize(
    ("question", "sign"),
    [
        ("How many men stay in Gyumri?", "is_of_wrong_type"),
        ("Who follows Farrow?", "names_the_asked"),
        ("Which city has the 101st base?", "swaps_names"),
        ("Is Gyumri a city?", "wants_yes_no"),
        ("What did Ann Lee say?", "wants_statements"),
        ("Wo ist die Stadt und wer hat das gesagt?", "language"),
    ],
)
def test_each_sign_shows_where_it_should(quick: Open, question: str, sign: str) -> None:
    names = {"is_of_wrong_type", "names_the_asked", "swaps_names", "wants_yes_no", "wants_statements", "language"}
    assistant = quick(ScriptedReader("Benedek", lambda s: (s.start, s.start + len("Benedek"))))
    assistant.add("Benedek Farrow has the 102nd base in Gyumri. Ann Lee said that it rained. Nobody asked.")
    signs = signs_of(read(assistant, question))
    shown = {name for name in names if getattr(signs, name)}
    assert sign in shown
    assert not shown & {"is_of_wrong_type", "names_the_asked", "swaps_names"} - {sign}
    assert signs.language == ("German" if sign == "language" else "")


def test_a_question_in_the_language_of_the_article_is_in_no_other(quick: Open) -> None:
    assistant = quick(ScriptedReader("Stadt"))
    assistant.add("Die Stadt ist alt und sie war nicht immer da. Der Fluss ist nicht tief und er war es nie.")
    assert signs_of(read(assistant, "Wo ist die Stadt und wer hat das gesagt?")).language == ""


def test_the_words_of_a_statement_stand_where_the_signs_say(quick: Open) -> None:
    assistant = quick()
    article = assistant.add("It rained. Ann Lee said that the bridge is closed. Nobody asked.")
    signs = signs_of(read(assistant, "What did Ann Lee say?"))
    start, end = signs.spans[article.id, 1]
    assert article.text[start:end] == "the bridge is closed"
    assert signs_of(read(assistant, "Who closed the bridge?")).spans == {}


def test_the_newest_articles_are_the_ones_a_question_on_the_whole_is_about(quick: Open) -> None:
    assistant = quick()
    ids = [assistant.add(f"Article {i} is about the base and its men in region {i}.").id for i in range(5)]
    signs = signs_of(read(assistant, "What is this about?"))
    assert (signs.is_on_the_whole, signs.holds_articles) == (True, True)
    assert [evidence.article_id for evidence in signs.central] == ids[::-1]
    answer = assistant.ask("What is this about?")
    assert [citation.article_id for citation in answer.citations] == ids[::-1]
    one = signs_of(read(assistant, "What is this about?", ids[0]))
    assert [evidence.article_id for evidence in one.central] == [ids[0]]


def test_what_is_learned_to_be_on_the_whole_is_so_of_one_article_alone(quick: Open) -> None:
    assistant = quick()
    first = assistant.add("The tram is dear. The tram is quick. Nobody likes the tram in the rain.").id
    asked = "What are the pros and cons of the tram?"
    assert signs_of(read(assistant, asked)).is_on_the_whole
    assert not signs_of(read(assistant, "What is the tram?")).is_on_the_whole
    assistant.rules_off = frozenset({"learned_whole"})
    assert not signs_of(read(assistant, asked)).is_on_the_whole
    assistant.rules_off = frozenset()
    assistant.add("The bus is slow. The bus is cheap.")
    assert not signs_of(read(assistant, asked)).is_on_the_whole
    assert [e.article_id for e in signs_of(read(assistant, asked, first)).central] == [first] * 3
    alone = read(assistant, asked, first)
    after = replace(alone, history=(("Who drives it?", "Nobody."),))
    assert signs_of(after).is_on_the_whole
    for standalone in (StandAlone(asked, added="the tram"), StandAlone("What are the pros and cons of the bus?")):
        assert not signs_of(replace(after, standalone=standalone)).is_on_the_whole


def test_what_is_on_something_else_than_the_article_is_not_on_the_whole_of_it(sample: Assistant) -> None:
    for question in ("What are the pros and cons of nuclear power?", "What are the problems of heat pumps?"):
        assert not sample.inquire(question, last="weigh").signs.is_on_the_whole  # type: ignore[union-attr]
        assert sample.ask(question).abstained
    assert sample.ask("What are the arguments for and against the base?").decided_by == "whole_article"


def test_an_empty_library_and_what_is_no_question_have_no_other_sign(quick: Open) -> None:
    assistant = quick()
    assert signs_of(read(assistant, "What did Ann Lee say?")) == Signs("said", holds_articles=False)
    assert signs_of(read(assistant, "What is this about?")) == Signs("about", holds_articles=False)
    assistant.add("The base stays in Gyumri.")
    assert signs_of(read(assistant, "hello")) == Signs("greeting")
    assert signs_of(read(assistant, "?")) == Signs("nothing")


@pytest.mark.parametrize(
    ("question", "rule", "n", "on_matter", "by_role"),
    [
        ("What did Ann Lee say?", "statements", 2.0, 0.0, 0.0),
        ("What did Ann Lee say about tea?", "statements", 1.0, 1.0, 0.0),
        ("What did the chair say?", "statements", 1.0, 0.0, 1.0),
    ],
)
def test_how_sure_what_is_cited_is_follows_from_few_features(
    quick: Open, question: str, rule: str, n: float, on_matter: float, by_role: float
) -> None:
    assistant = quick()
    assistant.add(TALK)
    inquiry = read(assistant, question)
    signs = signs_of(inquiry)
    features = cited_features(signs.statements, inquiry, signs.answerable)
    assert features == [logit(signs.answerable), n, on_matter, by_role]
    assert signs.statements.confidence == fitted_probability(rule, CITED_FEATURES, features)
    many = replace(signs.statements, chosen=signs.statements.chosen * 9)
    assert cited_features(many, inquiry, 0.5)[:2] == [0.0, float(MAX_CITATIONS)]


def test_events_have_a_confidence_and_what_the_reader_decides_has_none(quick: Open) -> None:
    assistant = quick()
    assistant.add("War came in May 2020. Rain fell in 2020. Ann Lee said that tea is hot.")
    inquiry = read(assistant, "What happened in 2020?")
    signs = signs_of(inquiry)
    features = cited_features(signs.events, inquiry, signs.answerable)
    assert signs.events.confidence == fitted_probability("events", CITED_FEATURES, features)
    assert signs.statements.confidence == 0.0
    unsure = signs_of(read(assistant, "What did Ann Lee say about her pension?")).statements
    assert (unsure.certainty, unsure.confidence) == (0.0, 0.0)
