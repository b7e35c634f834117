"""How the reader's examples are made: from question sets, as near misses, follow-ups and in other disguises."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from training_fakes import CONTEXT, WHEN

from training.condense import condense
from training.data import Example, read_set, training_sets
from training.embedding_neighbours import Neighbours
from training.follow_ups import follow_up
from training.mixture import KINDS, WITH_SYNONYMS, Mixture
from training.near_misses import NearMisses, words_of
from training.parts import held_back, is_held_back, training_part
from training.removed import without_answer
from training.speech import speech_questions
from training.synonyms import Synonyms
from training.written import written_examples
from training.yes_no import yes_no_question

QUOTES = (
    "Talks went on in Baku. “We will sign the treaty before the summer,” said Elena Markova. "
    "Igor Belov left early. Markova stated that “the border must be open to everyone” as well."
)


def neighbours_of_nothing(_: str, __: Sequence[str]) -> list[str]:
    return []


def near_misses_of(example: Example, n: int = 60) -> list[Example]:
    maker = NearMisses(lambda _, candidates: sorted(candidates)[:3])
    sentence = CONTEXT.split(". ")[0]
    made = [maker.make(example, sentence, words_of(CONTEXT), random.Random(seed)) for seed in range(n)]
    return [m for m in made if m is not None]


def test_near_misses_change_one_thing_that_the_answer_sentence_does_not_say() -> None:
    made = near_misses_of(WHEN)
    assert len({m.question for m in made}) > 5
    for miss in made:
        assert not miss.answerable
        assert miss.answers == ()
        ((start, end),) = miss.mismatch or ()
        new = miss.question[start:end].lower()
        assert miss.question != WHEN.question
        assert new not in CONTEXT.split(". ")[0].lower()
        assert miss.question.endswith(WHEN.question[len(WHEN.question) - (len(miss.question) - end) :])


def test_near_misses_swap_numbers_contrasts_and_negate() -> None:
    longest = replace(WHEN, question="What is the longest bridge of 1975 called?")
    questions = {m.question for m in near_misses_of(longest, 200)}
    assert any("shortest" in q for q in questions)
    assert any("1990" in q for q in questions)
    assert any("isn't" in q or "is never" in q for q in questions)


def test_words_of_leaves_out_the_first_word_of_a_sentence() -> None:
    words = words_of(CONTEXT)
    names = [name for name, _ in words.names]
    assert names == ["Arax", "Anna Petrova", "Tabriz", "May 1990", "Julfa"]
    assert dict(words.names)["Anna Petrova"] == "by"
    assert words.numbers == ("1975", "40", "1990")


def test_neighbours_are_alike_but_not_the_same() -> None:
    vectors = np.array([[1, 0], [0.3, 0.954], [0.99, 0.141], [0, 1]], dtype=np.float32)
    find = Neighbours({"queen": 0, "duke": 1, "monarch": 2, "melon": 3}, vectors)
    assert find("queen", ["duke", "monarch", "melon", "unknown"]) == ["duke"]


def test_speech_questions_are_supported_by_all_that_somebody_said() -> None:
    made = [e for seed in range(40) for e in speech_questions([("squad", "talks", QUOTES)], random.Random(seed))]
    said = [e for e in made if e.answerable and "Markova" in e.question and "about" not in e.question]
    silent = [e for e in made if not e.answerable]
    assert said
    assert silent
    for example in said:
        assert {QUOTES[a:b].split()[0] for a, b in example.support or ()} == {"“We", "Markova"}
        ((start, text),) = example.answers
        assert QUOTES[start : start + len(text)] == text
        assert text in ("We will sign the treaty before the summer", "the border must be open to everyone")
    assert any("Belov" in e.question for e in silent)
    assert not any("Markova" in e.question and "about" not in e.question for e in silent)


def text_of(n: int) -> str:
    """Returns a passage that shares no twelve words in a row with that of another number."""
    return CONTEXT.replace(" the ", f" the {n}th ").replace(" for ", f" for {n} or ")


def write_set(path: Path, rows: list[dict[str, object]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        {
            "id": f"{n}-{answerable}", "source": "made", "title": f"Article_{n}", "context": text_of(n),
            "question": WHEN.question, "history": [], "support": None, "answerable": answerable,
            "answers": [[text_of(n).index("1975"), "1975"]] if answerable else [],
        }
        for n in range(150) for answerable in (True, False)
    ]  # fmt: skip
    for name in ("squad", "squadshifts", "doc2dial"):
        with gzip.open(tmp_path / f"train-{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)
    return tmp_path


def test_held_back_articles_are_apart_from_training_ones_and_the_same_in_every_set(folder: Path) -> None:
    written = {e.id for e in written_examples()}
    kept, trained = ([e for e in part if e.id not in written] for part in (held_back(folder), training_part(folder)))
    assert len(kept) + len(trained) == 900
    assert 0 < len(kept) < 90
    assert not {e.article for e in kept} & {e.article for e in trained}
    assert all(is_held_back(e.article) for e in kept)
    assert all(e.context[start : start + len(text)] == text for e in kept for start, text in e.answers)


def test_a_text_of_which_a_part_is_held_back_elsewhere_is_not_trained_on(folder: Path) -> None:
    kept = next(e for e in held_back(folder) if e.source == "squad")
    cut, other = kept.context[30:], "In another place, far from all of this, nothing was ever opened by anybody at all."
    write_set(
        folder / "train-unansq.jsonl.gz",
        [
            {
                "id": str(n), "source": "made", "title": "", "context": context, "question": "Who?", "history": [],
                "answers": [], "support": None, "answerable": False,
            }
            for n, context in enumerate((cut, cut.lower(), other))
        ],
    )  # fmt: skip
    assert [e.context for e in training_part(folder) if e.source == "unansq"] == [other]


def test_sets_and_parts_without_a_stated_licence_can_be_left_out(folder: Path) -> None:
    row = {"title": "", "context": CONTEXT, "history": [], "answers": [], "support": None, "answerable": True}
    rows = [row | {"id": s, "source": s, "question": "was it?"} for s in ("BoolQ dev", "BoolQ contrast set")]
    write_set(folder / "train-boolq.jsonl.gz", [rows[0] | {"accepted": ["yes"]}, rows[1] | {"accepted": ["no"]}])
    write_set(folder / "train-multispanqa.jsonl.gz", rows[:1])
    names = [p.name.split(".")[0] for p in training_sets(folder, stated_licences_only=True)]
    assert names == ["train-boolq", "train-doc2dial", "train-squad", "train-squadshifts"]
    assert [p.name for p in training_sets(folder) if "multispanqa" in p.name] == ["train-multispanqa.jsonl.gz"]
    both = [*training_part(folder, stated_licences_only=True), *held_back(folder, stated_licences_only=True)]
    assert [(e.id, e.kinds, e.golds) for e in both if e.source == "boolq"] == [("BoolQ dev", ("yes",), ())]
    with pytest.raises(FileNotFoundError, match="--data"):
        training_sets(folder / "elsewhere")


def test_mixture_has_both_kinds_and_is_the_same_for_a_seed(folder: Path) -> None:
    examples = read_set(folder / "train-squad.jsonl.gz")
    maker = NearMisses(neighbours_of_nothing)

    def draw(seed: int) -> list[Example]:
        stream = iter(Mixture(examples, maker, seed))
        return [next(stream) for _ in range(300)]

    drawn = draw(4)
    assert drawn == draw(4)
    assert drawn != draw(5)
    assert 0.4 < sum(e.answerable for e in drawn) / len(drawn) < 0.72
    assert 0.02 < sum(not e.question.endswith("?") for e in drawn) / len(drawn) < 0.2
    assert sum(KINDS.values()) == pytest.approx(1.0)


def test_the_mixture_puts_answerable_and_other_questions_in_other_words_alike(folder: Path) -> None:
    examples = read_set(folder / "train-squad.jsonl.gz")
    synonyms = Synonyms(["bridge", "viaduct"], np.array([[1, 0], [0.8, 0.6]], dtype=np.float32))
    stream = iter(Mixture(examples, NearMisses(neighbours_of_nothing), 4, synonyms))
    drawn = [e for e in (next(stream) for _ in range(600)) if "bridge" in e.question or "viaduct" in e.question]
    for answerable in (True, False):
        own = [e for e in drawn if e.answerable is answerable and not e.mismatch]
        share = sum("viaduct" in e.question for e in own) / len(own)
        assert share == pytest.approx(WITH_SYNONYMS, abs=0.1)


def test_a_passage_without_its_answer_is_the_passage_less_the_sentences_that_name_it() -> None:
    opened, *rest = CONTEXT.split(". ")
    assert "1975" in opened
    left = without_answer(WHEN)
    assert left is not None
    assert (left.context, left.question) == (". ".join(rest), WHEN.question)
    assert (left.answerable, left.answers, left.golds, left.support) == (False, (), (), None)
    again = replace(WHEN, context=f"{CONTEXT} Nobody knew in those\ndry years.", accepted=("those dry  years",))
    left = without_answer(again)
    assert left is not None
    assert left.context.strip() == ". ".join(rest)


@pytest.mark.parametrize(
    "example",
    [
        replace(WHEN, answers=((CONTEXT.index("1975"), "1"),)),  # stands everywhere
        replace(WHEN, accepted=("it was opened, as far as anybody knows, in the year of 1975, in spring",)),
        replace(WHEN, answers=(), accepted=()),
        replace(WHEN, answers=((CONTEXT.index("the Arax"), "the"),)),  # nearly all would go
        replace(WHEN, context=CONTEXT[: CONTEXT.index(" Engineers")]),  # one sentence would be left
        replace(WHEN, context=f"{CONTEXT} Line 7 (1975) opened. 1975 was dry. In 1975 nothing else was built here."),
    ],
)
def test_a_passage_keeps_what_it_says_where_that_would_leave_too_little_or_be_doubtful(example: Example) -> None:
    assert without_answer(example) is None


def test_condensed_passages_hold_all_of_the_support_in_order() -> None:
    filler = "It rained again and again. " * 100
    first, second = "Anna Petrova was born in Julfa.", "Julfa lies on the Arax."
    context = f"{first} {filler}{second} {filler}"
    spans = tuple((context.index(s), context.index(s) + len(s)) for s in (first, second))
    long = replace(WHEN, context=context, support=spans, answers=(), accepted=("the Arax",))
    short = condense(long, random.Random(0))
    assert [short.context[a:b] for a, b in short.support or ()] == [first, second]
    assert 40 < len(short.context.split()) <= 110
    ((start, text),) = short.answers
    assert short.context[start : start + len(text)] == "the Arax"


def follow_ups(question: str, context: str = CONTEXT) -> set[str]:
    example = replace(WHEN, id="q2", question=question, context=context)
    made = [follow_up(example, [WHEN, example], random.Random(seed)) for seed in range(20)]
    assert all(m is None or m.history == ((WHEN.question, "1975"),) for m in made)
    return {m.question for m in made if m is not None}


def test_follow_ups_put_a_pronoun_for_what_both_questions_name() -> None:
    assert follow_ups("Who built the bridge over the Arax?") == {
        "Who built the bridge over the Arax?",
        "Who built the bridge over it?",
    }
    assert "Who measured its depth?" in follow_ups("Who measured the Arax's depth?")
    assert "How deep is it?" in follow_ups("How deep is the Arax?")
    assert "Where did she live?" not in follow_ups("Where did Petrova live?")  # not in the first question
    assert follow_ups("Which Arax bridges fell?") <= {"Which Arax bridges fell?"}  # part of a longer phrase


def test_statements_become_questions_that_want_yes_or_no() -> None:
    counts = {"build": 3, "open": 5, "opene": 0}
    text = "The old bridge was opened by Anna Petrova, who left soon. “It fell,” she said. Petrova opened two schools."
    example = replace(WHEN, context=text, answers=())
    made = [yes_no_question(example, counts, random.Random(seed)) for seed in range(30)]
    assert all(m is not None and m.answerable and not m.answers and m.history == () for m in made)
    found = {m.question: text[slice(*(m.support or ((0, 0),))[0])] for m in made if m is not None}
    assert found == {
        "Was the old bridge opened by Anna Petrova?": text[:57],
        "Was the old bridge opened by Anna Petrova, who left soon?": text[:57],
        "Did Petrova open two schools?": "Petrova opened two schools.",
    }
    assert (
        yes_no_question(replace(example, context="When it was late, they left. Nobody knew."), counts, random.Random(0))
        is None
    )
