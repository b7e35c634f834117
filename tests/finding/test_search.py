"""Search finds by meaning, by words and by speaker, and scores with one probability."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.assistant import Assistant
from assistant.finding.search import FEATURES, MAX_CANDIDATES, REACH, score_of, search
from assistant.networks.scores import coefficients
from assistant.question.intent import Intent, intent_of

Open = Callable[..., Assistant]


def test_candidates_are_scored_ordered_and_say_how_they_were_found(sample: Assistant) -> None:
    question = "Who is the Armenian foreign minister?"
    found = search(sample.store, sample._embedder, question, intent_of(question))
    assert len(found) == 19
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert all(0 < c.score < 1 and c.score == score_of(c.features) for c in found)
    assert all(len(c.features) == len(FEATURES) for c in found)
    overlaps = [c.features[FEATURES.index("overlap")] for c in found]
    assert [sum(c.covered.values()) for c in found] == pytest.approx(overlaps)
    assert max(overlaps) <= 1
    assert sorted(c.dense_rank for c in found if c.dense_rank) == list(range(1, 20))
    assert "Foreign Minister" in next(c.stored.sentence.text for c in found if c.lexical_rank == 1)


def test_statements_of_the_speaker_asked_for_are_marked(sample: Assistant) -> None:
    question = "What did Mirzoyan say?"
    found = search(sample.store, sample._embedder, question, intent_of(question))
    spoken = [c for c in found if c.spoken]
    assert spoken
    assert all("Mirzoyan" in c.stored.sentence.speaker for c in spoken)
    assert found[0].spoken


def test_every_statement_of_the_speaker_is_known_as_theirs_however_many_there_are(quick: Open) -> None:
    assistant = quick()
    lines = [f'"I saw ship number {i} come in," Ann Lee said.' for i in range(300)]
    lines[270] = '"The whale was grey," Ann Lee said.'
    assistant.add("\n\n".join(lines))
    question = "What did Ann Lee say about the whale?"
    found = search(assistant.store, assistant._embedder, question, intent_of(question))
    whale = next(c for c in found if c.stored.sentence.position == 270)
    assert whale.spoken
    assert whale.features[FEATURES.index("speaker")] == 1.0
    assert found[0] == whale


def test_words_that_dense_search_does_not_know_are_found(quick: Open) -> None:
    assistant = quick()
    lines = [f"Paragraph {i} speaks of something else." for i in range(200)]
    lines[137] = "The code word is zyzzyva."
    assistant.add("\n".join(lines))
    assert assistant.retrieve("zyzzyva", 1)[0].sentence.text == "The code word is zyzzyva."


def test_candidates_are_few_and_those_beside_the_best_are_among_them(quick: Open) -> None:
    assistant = quick()
    assistant.add("\n".join(f"Line {i} has topic{i} in it, as lines do." for i in range(400)))
    found = search(assistant.store, assistant._embedder, "topic200", Intent("fact"))
    positions = {c.stored.sentence.position for c in found}
    assert set(range(200 - REACH, 200 + REACH + 1)) <= positions
    assert MAX_CANDIDATES <= len(found) <= MAX_CANDIDATES + 2 * REACH * 10
    assert len(positions) == len(found)


def test_a_question_without_content_words_still_searches(sample: Assistant) -> None:
    assert search(sample.store, sample._embedder, "what is it", Intent("fact"))


def test_an_empty_library_has_no_candidates(quick: Open) -> None:
    assistant = quick()
    assert search(assistant.store, assistant._embedder, "anything", Intent("fact")) == []


def test_the_fitted_logistic_has_a_weight_for_every_feature() -> None:
    assert set(coefficients("retrieval")) == {"intercept", *FEATURES}
    assert score_of([1000.0] * len(FEATURES)) == pytest.approx(1, abs=0.01) or score_of([1000.0] * len(FEATURES)) < 0.01
    assert 0 < score_of([0.0] * len(FEATURES)) < 1
