"""Articles written for training: how their files are read, what is refused, and how the mixture uses them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from training.data import Example
from training.mixture import KINDS, Mixture
from training.near_misses import NearMisses
from training.parts import ONE_IN_OF_WRITTEN, is_held_back
from training.written import (
    FOLDER,
    IN_FULL,
    MIN_QUESTIONS,
    MIN_WORDS,
    WrittenError,
    read_written,
    told_by_wording,
    written_examples,
)

TEXT = """\
== The ferry
The ferry was built in Oslo. It carries
sixty cars.

“We are proud,” said the captain, Ane Lund.
--
? Where was the boat made
= Oslo
> The ferry was built in Oslo.
? What did it cost?
+ The yard charged nine million kroner for the ferry. | nine million kroner
? Does it take cars?
> It carries sixty cars.
< Who spoke? | Ane Lund
? And how many lorries?
+ Four of the lorries may be taken as well. | Four
< Who spoke? | Ane Lund
? And how many cars fit?
= sixty
= sixty cars
> It carries sixty cars.
> The ferry was built in Oslo.
== A second one
Nothing happens here.
--
? What happens?
= Nothing
> Nothing happens here.
"""


def written(folder: Path, text: str = TEXT) -> list[Example]:
    path = folder / "boats.txt"
    path.write_text(text, encoding="utf-8")
    return read_written(path)


def test_each_question_has_its_article_and_its_spans(tmp_path: Path) -> None:
    made, missing, _, asked, lorries, answered, follow_up, second = written(tmp_path)
    assert lorries.history == answered.history == follow_up.history
    assert made.context == (
        "The ferry was built in Oslo. It carries sixty cars.\n\n“We are proud,” said the captain, Ane Lund."
    )
    assert made.context == missing.context == asked.context == follow_up.context
    assert (made.article, second.article) == ("the ferry", "a second one")
    assert made.question == "Where was the boat made"
    assert made.answers == ((23, "Oslo"),)
    assert made.support == ((0, 28),)
    assert (missing.answerable, missing.answers, missing.support, missing.focus) == (False, (), None, (0, 28))
    assert (asked.answerable, asked.answers, asked.support) == (True, (), ((29, 51),))
    assert follow_up.history == (("Who spoke?", "Ane Lund"),)
    assert follow_up.answers == ((40, "sixty"), (40, "sixty cars"))
    assert follow_up.support == ((0, 28), (29, 51))
    assert len({e.id for e in (made, missing, asked, follow_up, second)}) == 5


def test_what_is_missing_is_asked_again_of_a_text_that_tells_it(tmp_path: Path) -> None:
    _, missing, answered, *_ = written(tmp_path)
    assert answered.question == missing.question
    assert (answered.article, missing.article) == ("the ferry, in full", "the ferry")
    ((start, text),) = answered.answers
    assert text == "nine million kroner" == answered.context[start : start + len(text)]
    ((first, last),) = answered.support or ()
    sentence = "The yard charged nine million kroner for the ferry."
    assert answered.context[first:last] == sentence
    rest = answered.context.replace(f" {sentence}", "").replace(" Four of the lorries may be taken as well.", "")
    assert rest == missing.context
    yes_no = TEXT.replace("the ferry. | nine million kroner", "it. | The yard charged nine million kroner for it")
    assert (written(tmp_path, yes_no)[2].answers, written(tmp_path, yes_no)[2].answerable) == ((), True)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("| nine million", "| ten million", "an answer that stands in the sentence"),
        (" | nine million kroner", "", "needs “ | ”"),
        ("= Oslo", "= Bergen", "the answer “Bergen” stands in none"),
        (
            "> The ferry was built in Oslo.\n? What",
            "> The ferry was made in Oslo.\n? What",
            "stands not, word for word,",
        ),
        ("sixty cars.\n\n“We", "sixty cars. It carries sixty cars.\n\n“We", "stands twice"),
        ("\n--\n? Where", "\n? Where", "no line “--”"),
        ("? What did it cost?", "What did it cost?", "begins with none of"),
        ("? What did it cost?", "?", "is empty"),
        ("Who spoke? | Ane Lund", "Who spoke?", "needs “ | ”"),
        ("? What happens?\n= Nothing\n> Nothing happens here.", "< Who? | Ane", "has no question"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in TEXT
    with pytest.raises(WrittenError, match=r"boats\.txt, “") as raised:
        written(tmp_path, TEXT.replace(old, new, 1))
    assert told in str(raised.value)


def test_the_files_that_are_here_are_whole() -> None:
    both = written_examples()
    examples = [e for e in both if not e.article.endswith(IN_FULL)]
    in_full = [e for e in both if e.article.endswith(IN_FULL)]
    missing = [e.question for e in examples if not e.answerable]
    assert len(in_full) > 0.95 * len(missing)
    assert {e.question for e in in_full} <= set(missing)
    articles = {e.article: e.context for e in examples}
    assert len(articles) > 200
    assert min(len(text.split()) for text in articles.values()) >= MIN_WORDS
    assert min(sum(e.article == article for e in examples) for article in articles) >= MIN_QUESTIONS
    assert len({e.id for e in examples}) == len(examples)
    assert 0.25 < sum(not e.answerable for e in examples) / len(examples) < 0.45
    held = [article for article in articles if is_held_back(article, ONE_IN_OF_WRITTEN)]
    assert 0.06 < len(held) / len(articles) < 0.2


def test_no_question_stands_in_a_set_that_is_measured_on() -> None:
    # "Who raised the alarm?" is asked of many a text.
    measured = "".join(p.read_text(encoding="utf-8") for p in (FOLDER.parents[1] / "tests" / "quality").glob("*.jsonl"))
    assert measured
    assert [e.question for e in written_examples() if len(e.question) > 30 and f'"{e.question}"' in measured] == []


def test_the_mixture_draws_them_answered_or_not(tmp_path: Path) -> None:
    mixture = Mixture(written(tmp_path), NearMisses(lambda _, candidates: sorted(candidates)[:3]), 3)
    drawn = [e for _ in range(40) if (e := mixture.draw("written")) is not None]
    assert {e.question for e in drawn} == {e.question for e in written(tmp_path)}
    assert {e.id.endswith("#removed") for e in drawn if e.question.startswith("Where")} == {True, False}
    missing = next(e for e in drawn if not e.answerable)
    assert missing.focus is not None
    follow_up = next(e for e in drawn if e.question == "And how many cars fit?" and e.answerable)
    assert [follow_up.context[a:b] for a, b in follow_up.support or ()] == [
        "The ferry was built in Oslo.", "It carries sixty cars.",
    ]  # fmt: skip
    assert KINDS["written"] > 0


def test_what_would_answer_is_put_behind_whole_sentences_not_behind_headings_or_rows(tmp_path: Path) -> None:
    text = TEXT.replace("== The ferry\n", "== The ferry\nPrices\n\nCar: 40 crowns; Lorry: 90 crowns\n\n")
    full = next(e.context for e in written(tmp_path, text) if e.article.endswith(IN_FULL))
    assert full.startswith("Prices\n\nCar: 40 crowns; Lorry: 90 crowns\n\n")
    assert "nine million kroner for the ferry." in full


def test_wording_that_betrays_is_told_and_is_not_once_the_answered_are_asked_in_vain(tmp_path: Path) -> None:
    answered, missing = written(tmp_path)[:2]
    both = [
        replace(one, question=f"{how} {n % 7}?", article=f"a{n}")
        for n in range(40)
        for one, how in ((answered, "Where was it"), (missing, "What did it cost"))
    ]
    assert told_by_wording(both, 0.0) == 1.0
    assert told_by_wording([e for e in both if e.answerable], 0.5) == pytest.approx(0.5, abs=0.05)
