"""Turns in front of a question, pronouns asked for, and questions written for passages of public sets."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from training_fakes import CONTEXT, WHEN

from training.data import Example
from training.near_misses import NearMisses, words_of
from training.passage_questions import by_place, passage_id, passage_questions, told_by_wording
from training.passages_to_ask import NEWS, OF_ONE_ARTICLE, SHARES, chosen, sort_of
from training.pronouns import pronoun_question
from training.removed import without_answer
from training.turns import MAX_TURNS, NO_ANSWER, after_turns
from training.written import WrittenError
from training.yes_no import yes_no_question

WHO = replace(WHEN, id="q2", question="Who opened it?", answers=((CONTEXT.index("Anna"), "Anna Petrova"),))
OPENED = "The bridge over the Arax was opened in 1975 by Anna Petrova."


def test_turns_before_a_question_are_answered_in_short_in_full_or_not_at_all() -> None:
    made = [after_turns(WHEN, [WHO, WHEN], random.Random(seed)) for seed in range(60)]
    assert {m.history for m in made} == {
        ((WHO.question, "Anna Petrova"),),
        ((WHO.question, OPENED),),
        ((WHO.question, NO_ANSWER),),
    }
    assert all(replace(m, history=()) == WHEN for m in made)


def test_turns_stand_before_those_that_a_question_has_and_repeat_none() -> None:
    others = [WHO, *(replace(WHO, id=f"o{n}", question=f"And number {n}?") for n in range(9))]
    asked = replace(WHEN, history=((WHO.question, "Anna Petrova"),))
    made = [after_turns(asked, others, random.Random(seed)) for seed in range(40)]
    assert {len(m.history) for m in made} == set(range(2, MAX_TURNS + 2))
    assert all(m.history[-1] == asked.history[0] for m in made)
    assert all(len({question for question, _ in m.history}) == len(m.history) for m in made)
    assert after_turns(WHEN, [WHEN], random.Random(0)) == WHEN
    assert after_turns(WHEN, [replace(WHO, history=(("a", "b"),))], random.Random(0)) == WHEN


def row(refers: tuple[bool, bool]) -> dict[str, object]:
    text = "Ann met Beth in Julfa. Later she opened the bridge with her mother."
    names = [[0, "Ann", refers[0]], [8, "Beth", refers[1]]]
    return {
        "id": "development-1",
        "text": text,
        "pronoun": "she",
        "pronoun_start": text.index("she"),
        "candidates": names,
    }


def test_a_pronoun_is_asked_for_with_the_words_around_it() -> None:
    example = pronoun_question(row((False, True)))
    assert "“she”" in example.question
    assert "“in Julfa. Later she opened the bridge with”" in example.question
    assert example.answers == ((8, "Beth"),)
    assert example.kinds == ("span",)
    assert example.context[slice(*(example.focus or (0, 0)))] == "she"
    neither = pronoun_question(row((False, False)))
    assert (neither.answerable, neither.answers, neither.kinds) == (False, (), ("none",))


def test_a_yes_becomes_a_no_by_another_number_or_an_opposite() -> None:
    text = "The first bridge was opened in 1975 by Anna Petrova."
    statement = replace(WHEN, context=text, answers=())
    asked = yes_no_question(statement, {}, random.Random(0))
    assert asked is not None
    assert asked.kinds == ("yes",)
    maker = NearMisses(lambda _, words: sorted(words))
    made = [maker.contradicted(asked, text, words_of(text), random.Random(seed)) for seed in range(30)]
    assert all(m is not None and m.kinds == ("no",) and m.support == asked.support for m in made)
    found = {m.question for m in made if m is not None}
    assert "Was the last bridge opened in 1975 by Anna Petrova?" in found
    assert any("first bridge" in question and "1975" not in question for question in found)
    plain = replace(asked, question="Was it painted by Anna?")
    assert maker.contradicted(plain, text, words_of(text), random.Random(0)) is None


def test_a_yes_is_taken_away_with_its_sentence() -> None:
    asked = replace(WHEN, answers=(), kind="yes", support=((0, len(OPENED)),))
    left = without_answer(asked)
    assert left is not None
    assert OPENED not in left.context
    assert left.kinds == ("none",)
    assert without_answer(replace(asked, support=None)) is None


ASKED = f"""\
== {passage_id(CONTEXT)}
? In what year did traffic begin?
= 1975
> {OPENED}
? Who opened it and who built it?
& Anna Petrova
& Engineers from Tabriz
> {OPENED}
> Engineers from Tabriz built it for 40 million rials.
? Was it dear?
! Yes
> Engineers from Tabriz built it for 40 million rials.
? Who measured it?
== 0123456789abcdef
? Of a passage that is not here?
= nothing
> Nothing.
"""


def asked(folder: Path, text: str = ASKED) -> list[Example]:
    (folder / "first.txt").write_text(text, encoding="utf-8")
    return passage_questions([WHEN], folder)


def test_a_file_by_place_holds_no_sentence_and_asks_the_same(tmp_path: Path) -> None:
    (tmp_path / "first.txt").write_text(ASKED, encoding="utf-8")
    shown = by_place(tmp_path / "first.txt", {passage_id(CONTEXT): WHEN})
    start = CONTEXT.index(OPENED)
    assert f"> @{start}-{start + len(OPENED)}\n" in shown
    assert OPENED not in shown
    (tmp_path / "placed").mkdir()
    assert asked(tmp_path / "placed", shown) == asked(tmp_path)[:4]


@pytest.mark.parametrize("place", ["@5-5", "@9-4", "@0-99999"])
def test_a_place_that_is_none_is_told(tmp_path: Path, place: str) -> None:
    with pytest.raises(WrittenError, match=f"“{place}” is no place"):
        asked(tmp_path, ASKED.replace(OPENED, place))


def test_questions_written_for_a_public_passage_find_it_by_its_number(tmp_path: Path) -> None:
    year, several, yes, missing = asked(tmp_path)
    assert {e.context for e in (year, several, yes, missing)} == {CONTEXT}
    assert {(e.source, e.article) for e in (year, several, yes, missing)} == {("asked", WHEN.article)}
    assert [e.kinds for e in (year, several, yes, missing)] == [("span",), ("several",), ("yes",), ("none",)]
    assert year.answers == WHEN.answers
    assert [text for _, text in several.answers] == ["Anna Petrova", "Engineers from Tabriz"]
    assert all(CONTEXT[start : start + len(text)] == text for start, text in several.answers)
    assert (yes.answers, yes.support) == ((), ((several.support or ())[1],))
    assert missing.focus is not None
    assert passage_questions([WHEN], tmp_path / "none") == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("! Yes", "! Perhaps", "yes or no"),
        ("! Yes", "! Yes\n= 40", "no other answer"),
        ("& Engineers from Tabriz\n", "", "two “&” at least"),
        ("& Engineers", "= Engineers", "two “&” at least"),
        ("= 1975", "= 1976", "stands in none of its sentences"),
    ],
)
def test_what_is_wrong_with_them_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(WrittenError, match=told):
        asked(tmp_path, ASKED.replace(old, new, 1))


def test_questions_whose_words_betray_that_they_have_no_answer_are_found() -> None:
    def questions(missing: str, there: str) -> list[Example]:
        return [
            replace(WHEN, context=f"{n}", question=f"{text} {n % 7}?", answerable=answerable)
            for n in range(60)
            for text, answerable in ((missing, False), (there, True))
        ]

    assert told_by_wording(questions("What is the price of", "Where is")) > 0.95
    assert told_by_wording(questions("Where is", "Where is")) < 0.6
    assert math.isnan(told_by_wording([WHEN]))


def test_passages_to_ask_are_spread_fit_and_the_same_each_time() -> None:
    text = (
        "The town of number {n} lies on the river. It has a mill and a bridge. " + "Many people live there today. " * 11
    )
    examples = [
        replace(WHEN, id=f"Wiki1k:wikinews:{n}", source=source, article=f"{source} {n // 5}", context=text.format(n=f"{source}{n}"))
        for source in ("qamr", "qed", "squadshifts", "nowhere", "multispanqa")
        for n in range(40)
    ]  # fmt: skip
    short = replace(WHEN, source="qed", context="It is short. It is. Yes. It is so.")
    found = chosen([*examples, *examples, short], 40)
    assert found == chosen([*reversed(examples), short], 40)
    assert len({e.context for _, e in found}) == 40
    assert {sort for sort, _ in found} == {"qamr-news", "qed", "squadshifts-wiki"}
    assert max(Counter(e.article for _, e in found).values()) <= OF_ONE_ARTICLE
    comment = replace(WHEN, source="squadshifts", article=CONTEXT[:200])
    assert sort_of(comment) == "squadshifts-reddit"
    assert sort_of(replace(comment, article="amazon reviews 7")) == "squadshifts-amazon"
    assert sum(NEWS.values()) > sum(SHARES.values()) / 3
