"""Who is meant by what somebody is: the words beside a name decide, and all words of the role must be among them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.finding.role_holders import holders, with_holders
from assistant.question.intent import intent_of

Open = Callable[..., Assistant]
TELLING = [
    "Goalkeeper Ivo Brandt held the penalty of captain Ruud Maas.",
    "Their coach, Mette Dahl, praised him.",
    "The Rovian foreign minister, Ana Sorel, met Deputy Foreign Minister Pavel Ost.",
    "Karla Lind, the ambassador to Rovia, was there.",
    "Tea Horvat is the chief executive of Nordwind, whose spokesman for Minister Karl Ott left.",
]


@pytest.mark.parametrize(
    ("role", "people"),
    [
        ("goalkeeper", ["Ivo Brandt"]),
        ("captain", ["Ruud Maas"]),
        ("coach", ["Mette Dahl"]),
        ("foreign minister", ["Ana Sorel"]),
        ("Rovian foreign minister", ["Ana Sorel"]),
        ("deputy foreign minister", ["Pavel Ost"]),
        ("Lurian foreign minister", []),
        ("ambassador", ["Karla Lind"]),
        ("ambassador to Rovia", ["Karla Lind"]),
        ("Rovia's ambassador", []),  # she is another country's
        ("chief executive of Nordwind", ["Tea Horvat"]),
        ("Nordwind's executive", ["Tea Horvat"]),
        ("chief executive", ["Tea Horvat"]),
        ("executive of Nordwind", ["Tea Horvat"]),
        ("spokesman", []),
        ("referee", []),
        ("penalty", []),
        ("", []),
    ],
)
def test_who_is_called_by_a_role(role: str, people: list[str]) -> None:
    assert holders(role, TELLING) == people


@pytest.mark.parametrize(
    "sentence",
    [
        "Mette Dahl complained about the referee.",
        "Mette Dahl, complaining about the referee, left.",
        "Mette Dahl was attacked by the referee.",
        "The referee spoke to Mette Dahl.",
        "The referee of Mette Dahl's match left.",
        "Mette Dahl was a former referee.",
        '"Go," said Mette Dahl, "the referee is blind."',
        "The referee, Dahl and Maas were late.",
    ],
)
def test_who_only_stands_near_a_role_does_not_hold_it(sentence: str) -> None:
    assert holders("referee", [sentence]) == []


@pytest.mark.parametrize(
    ("question", "roles", "speakers"),
    [
        ("What did the goalkeeper say?", ("goalkeeper",), ()),
        ("What did the Rovian coach say about the match?", ("Rovian coach",), ()),
        ("According to the Foreign Minister, what is planned?", ("Foreign Minister",), ()),
        ("what did sorel say", ("sorel",), ()),
        ("What did the coach and the captain each say?", ("coach", "captain"), ()),
        ("What did Sorel and her coach say?", ("Sorel", "coach"), ()),
        ("What did Sorel and Ost say?", (), ("Sorel", "Ost")),
        ("What did Sorel say?", (), ("Sorel",)),
        ("What did the coach Mette Dahl say?", (), ("Mette Dahl",)),
        ("What did the White House say?", (), ("White House",)),
        ("What did they say?", (), ()),
        ("What does the article say about tea?", (), ()),
        ("Who is the foreign minister?", (), ()),
    ],
)
def test_the_question_names_a_role_or_a_name(question: str, roles: tuple[str, ...], speakers: tuple[str, ...]) -> None:
    intent = intent_of(question)
    assert (intent.roles, intent.speakers) == (roles, speakers)


@given(st.text(max_size=60), st.lists(st.text(max_size=120), max_size=3))
def test_any_role_in_any_text_is_held_by_names_of_the_text(role: str, sentences: list[str]) -> None:
    assert all(any(name in sentence for sentence in sentences) for name in holders(role, sentences))


@pytest.mark.parametrize("text", ["coach " * 20_000, "Ann Lee, " * 5_000, "coach, Ann Lee, " * 3_000])
def test_long_sentences_take_seconds(text: str) -> None:
    began = time.perf_counter()
    holders("coach", [text])
    assert time.perf_counter() - began < 5


def test_a_role_is_looked_for_in_the_articles_asked_and_may_be_all_the_name_there_is(quick: Open) -> None:
    assistant = quick()
    match = assistant.add('Coach Mette Dahl was there. "We ran well," Dahl said. "So did they," said the old woman.')
    other = assistant.add("Coach Bo Falk came late.")
    coach, woman = intent_of("What did the coach say?"), intent_of("What did the old woman say?")
    assert with_holders(coach, assistant.store).speakers == ("Mette Dahl", "Bo Falk")
    assert with_holders(coach, assistant.store, [other.id]).speakers == ("Bo Falk",)
    assert with_holders(woman, assistant.store, [match.id]).speakers == ("old woman",)
    assert with_holders(woman, assistant.store, [other.id]).speakers == ()
    both = intent_of("What did the old woman and the coach say?")
    assert with_holders(both, assistant.store, [match.id]).speakers == ("old woman", "Mette Dahl")


def test_what_the_minister_said_is_what_the_one_who_is_the_minister_said(sample: Assistant) -> None:
    asked, named = sample.ask("What did the foreign minister say?"), sample.ask("What did Mirzoyan say?")
    assert [c.sentence for c in asked.citations] == [c.sentence for c in named.citations]
    assert {asked.short_answer, named.short_answer} <= {_words(sample, span) for span in asked.short_spans}
    assert asked.decided_by == "statements"
    assert sample.ask("What did the Russian foreign minister say?").abstained
    assert sample.ask("what did kopyrkin say about the agenda").citations[0].sentence.speaker == "Sergey Kopyrkin"


def _words(assistant: Assistant, span: tuple[str, int, int]) -> str:
    article_id, start, end = span
    return assistant.article(article_id).text[start:end]


def test_the_labelled_roles_are_of_public_contexts() -> None:
    lines = (Path(__file__).parents[1] / "quality" / "roles.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(set(lines)) == 90


# A role, sentences, and whom they call by it.
# fmt: off
CASES: list[tuple[str, list[str], list[str]]] = [
    ("beekeeper", ["Beekeeper Sam Lee left."], ["Sam Lee"]),
    ("keeper", ["Lighthouse-keeper Sam Lee left."], ["Sam Lee"]),
    ("beekeeper", ["Sam Lee left the beekeeper."], []),
    ("beekeeper", ["Beekeeper left."], []),
    ('goalkeeper', ['Goalkeeper Ivo Brandt held it.'], ['Ivo Brandt']),
    ('goalkeeper', ['The old goalkeeper Ivo Brandt held it.'], ['Ivo Brandt']),
    ('goalkeepers', ['Goalkeeper Ivo Brandt held it.'], ['Ivo Brandt']),
    ('captain', ['It was of captain Ruud Maas.'], ['Ruud Maas']),
    ('coach', ['Their coach, Mette Dahl, praised him.'], ['Mette Dahl']),
    ('coach', ['Their coach, Mette Dahl'], ['Mette Dahl']),
    ('coach', ['Their coach, Mette Dahl praised him.'], []),
    ('coach', ['Their coach, Mette Dahl; they left.'], ['Mette Dahl']),
    ('coach', ['Mette Dahl, their coach, left.'], ['Mette Dahl']),
    ('coach', ['Mette Dahl, who is their coach, left.'], ['Mette Dahl']),
    ('coach', ['Mette Dahl, who has been the coach since May, left.'], ['Mette Dahl']),
    ('coach', ['Mette Dahl is the coach who won.'], ['Mette Dahl']),
    ('coach', ['Mette Dahl is the coach until May.'], ['Mette Dahl']),
    ('coach', ['Mette Dahl is the coach in town.'], ['Mette Dahl']),
    ('coach', ['Mette Dahl is the coach driver.'], []),
    ('coach', ['Mette Dahl served as coach.'], ['Mette Dahl']),
    ('coach', ['Mette Dahl became the new young Rovian coach.'], ['Mette Dahl']),
    ('coach', ['Mette Dahl became the very new and young and good Rovian coach.'], []),
    ('coach', ['Mette Dahl has the coach.'], []),
    ('coach', ['Mette Dahl, against the coach, left.'], []),
    ('coach', ['Mette Dahl is now also the coach.'], ['Mette Dahl']),
    ('coach', ['Mette Dahl left.'], []),
    ('Rovian foreign minister', ['The Rovian foreign minister, Ana Sorel, left.'], ['Ana Sorel']),
    ('foreign minister', ['The Rovian foreign minister, Ana Sorel, left.'], ['Ana Sorel']),
    ('Lurian foreign minister', ['The Rovian foreign minister, Ana Sorel, left.'], []),
    ('foreign minister', ['Deputy Foreign Minister Pavel Ost left.'], []),
    ('deputy foreign minister', ['Deputy Foreign Minister Pavel Ost left.'], ['Pavel Ost']),
    ('foreign minister', ['Former Foreign Minister Pavel Ost left.'], []),
    ('foreign minister', ['Ex Foreign Minister Pavel Ost left.'], []),
    ('foreign minister', ['Shadow Foreign Minister Pavel Ost left.'], []),
    ('ambassador', ['Karla Lind, the ambassador to Rovia, was there.'], ['Karla Lind']),
    ('ambassador to Rovia', ['Karla Lind, the ambassador to Rovia, was there.'], ['Karla Lind']),
    ("Rovia's ambassador", ['Karla Lind, the ambassador to Rovia, was there.'], []),
    ('ambassador to Luria', ['Karla Lind, the ambassador to Rovia, was there.'], []),
    ('chief executive of Nordwind', ['Tea Horvat is the chief executive of Nordwind.'], ['Tea Horvat']),
    ("Nordwind's executive", ['Tea Horvat is the chief executive of Nordwind.'], ['Tea Horvat']),
    ('executive of Nordwind', ["Nordwind's executive Tea Horvat left."], ['Tea Horvat']),
    ('executive of Sudwind', ["Nordwind's executive Tea Horvat left."], []),
    ('executive of Nordwind', ['The executive of Nordwind, Tea Horvat, left.'], ['Tea Horvat']),
    ('executive', ['The executive of Nordwind, Tea Horvat, left.'], ['Tea Horvat']),
    ('executive', ['The executive of the union and the club, Tea Horvat, left.'], []),
    ('executive', ['The executive of those who left, Tea Horvat, left.'], []),
    ('ambassador', ['The ambassador to Rovia Karla Lind left.'], []),
    ('ambassador', ['The ambassador to the north Karla Lind left.'], []),
    ('ambassador', ['The ambassador in Karla Lind left.'], []),
    ('spokesman', ['The spokesman for Minister Karl Ott left.'], []),
    ('spokesman', ['The spokesman of Karl Ott left.'], []),
    ('spokesman', ['The spokesman whose Karl Ott left.'], []),
    ('referee', ['The referee, Dahl and Maas were late.'], []),
    ('referee', ['Mette Dahl was attacked by the referee.'], []),
    ('referee', ['The referee saw it. Mette Dahl left.'], []),
    ('referee', ['The referee said Mette Dahl left.'], []),
    ('referee', ['The referee and Mette Dahl left.'], []),
    ('referee', ['The referee, old Mette Dahl left.'], []),
    ('referee', ['Mette Dahl (the referee) left.'], []),
    ('referee', ['Mette Dahl is the referee of the long and old and cold and great night of the union.'], ['Mette Dahl']),
    ('referee', ['Referee Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Old Mette Dahl left.'], []),
    ('mayor of Elm', ['Mayor of Elm Ann Lee left.'], []),
    ('mayor', ['Mayor of Elm Ann Lee left.'], []),
    ('mayor', ['Mayor Ann Lee left.', 'Mayor Bo Ray came.', 'Mayor Ann Lee stayed.'], ['Ann Lee', 'Bo Ray']),
    ('mayor', ['Mayor Yale University left.'], []),
    ('mayor', ['Mayor left.'], []),
    ('mayor', ["The mayor's dog Ann Lee left."], []),
    ('mayor', ['The mayor’s man, Ann Lee, left.'], []),
    ('mayor', ['The vice-mayor Ann Lee left.'], ['Ann Lee']),
    ('mayor', ['The mayor (61) Ann Lee left.'], []),
    ('the mayor', ['The mayor Ann Lee left.'], ['Ann Lee']),
    ('mayor mayor', ['The mayor mayor Ann Lee left.'], ['Ann Lee']),
    ('', ['The mayor Ann Lee left.'], []),
    ('-', ['The mayor Ann Lee left.'], []),
    ('mayor', ['Ann Lee. The mayor left.'], []),
    ('mayor', ['Ann Lee was the mayor of Elm, and Bo Ray its old coach.'], ['Ann Lee']),
    ('coach', ['Ann Lee was the mayor of Elm, and Bo Ray its old coach.'], []),
    ('coach', ['Ann Lee was the mayor, Bo Ray was the coach.'], ['Bo Ray']),
    ('coach', ["The coach of Rovia's team, Ann Lee, left."], ['Ann Lee']),
    ('coach', ["The coach of nobody's team, Ann Lee, left."], ['Ann Lee']),
    ('coach', ['The coach of nobody Ann Lee left.'], []),
    ('ambassador', ['Russian Ambassador to Armenia Sergey Kopyrkin left.'], ['Sergey Kopyrkin']),
    ('Russian ambassador', ['Russian Ambassador to Armenia Sergey Kopyrkin left.'], ['Sergey Kopyrkin']),
    ('ambassador to Armenia', ['Russian Ambassador to Armenia Sergey Kopyrkin left.'], ['Sergey Kopyrkin']),
    ('ambassador', ['Ambassador to the Congo and Armenia Sergey Kopyrkin left.'], []),
    ('ambassador', ['The ambassador to old Armenia Sergey Kopyrkin left.'], []),
    ('ambassador', ['The Ambassador TO Armenia Sergey Kopyrkin left.'], []),
    ('ambassador', ['The Ambassador to THE Congo AND Armenia Sergey Kopyrkin left.'], []),
    ('driver coach', ['The coach driver, Mette Dahl, left.'], []),
    ('coach driver', ['The coach driver, Mette Dahl, left.'], ['Mette Dahl']),
    ('coach of the team', ['Mette Dahl, coach of the team, left.'], ['Mette Dahl']),
    ('coach of the long team', ['Mette Dahl, coach of the team, left.'], []),
    ('coach with dogs', ['Mette Dahl, dogs coach, left.'], []),
    ('coach of dogs', ['Mette Dahl, dogs coach, left.'], ['Mette Dahl']),
    ('dogs coach', ['Mette Dahl, coach of dogs, left.'], ['Mette Dahl']),
    ('dogs coach', ['Mette Dahl, coach with dogs, left.'], []),
    ('dogs coach', ['Mette Dahl, coach OF dogs, left.'], ['Mette Dahl']),
    ('coach', ['Mette Dahl, THE coach, left.'], []),
    ('coach', ['Mette Dahl, coach OF the team, left.'], ['Mette Dahl']),
    ('mayor', ['Mayor Ann left.'], ['Ann']),
    ('old mayor', ['The old mayor of the very long and cold and big town of Elm by the sea, Ann Lee, left.'], []),
    ('mayor', ['Ann Lee is the mayor of the long and old town of the long and old town of the long and old town of the long and old town of the long and old town of the long and old town of the long and old town of the long and old town Bo Ray left.'], ['Ann Lee']),
]
# fmt: on


@pytest.mark.parametrize(("role", "sentences", "people"), CASES)
def test_the_words_beside_a_name_tell_its_role(role: str, sentences: list[str], people: list[str]) -> None:
    assert holders(role, sentences) == people


def test_a_role_stands_near_its_name() -> None:
    far = "The mayor of " + "the old town and " * 8 + "the sea, Ann Lee, left."
    assert holders("mayor", [far]) == []
    assert holders("mayor", ["It rained a lot. " * 20 + "The mayor, Ann Lee, left."]) == ["Ann Lee"]
    assert holders("mayor", ["Ann Lee, the " + "very " * 30 + "old mayor, left."]) == []


def test_a_role_that_is_no_word_and_an_intent_without_roles_ask_nothing_of_the_library(quick: Open) -> None:
    assistant = quick()
    assistant.add("Coach Mette Dahl was there.")
    named = intent_of("What did Mette Dahl say?")
    assert with_holders(named, assistant.store) is named
    assert with_holders(replace(named, roles=("-",), speakers=()), assistant.store).speakers == ()


def test_a_role_is_found_however_many_articles_have_its_word(quick: Open) -> None:
    assistant = quick()
    for i in range(12):
        assistant.add(f"The coach of team {i} was ill in the year {i}. Nobody came.")
    assistant.add("Coach Mette Dahl was there.")
    intent = with_holders(intent_of("What did the coach say?"), assistant.store)
    assert intent.speakers == ("Mette Dahl",)
