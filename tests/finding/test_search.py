"""Search finds by meaning, by words and by speaker, and scores with one probability."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from fakes import WordEmbedder

from assistant.articles.boxes import Box
from assistant.articles.sentences import Sentence
from assistant.assistant import Assistant
from assistant.english.words import content_words, words
from assistant.finding.search import FEATURES, MAX_CANDIDATES, REACH, Candidate, Evidence, score_of, search
from assistant.networks.scores import coefficients
from assistant.question.answer_type import holds, wanted_of
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


WHALE = (
    "Ann Lee keeps the light on Skarv.",
    "“The whale was grey,” Ann Lee said in 1978.",
    "It swam to the north.",
    "The grey boat of Bo Ray was old.",
    "Nobody saw it in the fog.",
    "Tea is hot.",
)


def stems(candidate: Candidate) -> set[str]:
    sentence = candidate.stored.sentence
    return set(words(sentence.text)) | set(words(sentence.speaker))


@pytest.mark.parametrize(
    "question",
    [
        "What did Ann Lee say about the grey whale?",
        "When did Ann Lee see the grey whale of Cy Moor?",
        "Where was the old boat in the fog?",
        "What is tea?",
    ],
)
def test_features_are_what_their_names_say(quick: Open, question: str) -> None:
    """Each feature is counted once more here, by hand, from the texts alone."""
    assistant = quick()
    assistant.add("\n\n".join(WHALE))
    intent = intent_of(question)
    found = search(assistant.store, assistant._embedder, question, intent)
    assert len(found) == len(WHALE)
    asked = content_words(question)
    by_position = {c.stored.sentence.position: c for c in found}
    n_with = {word: sum(word in stems(c) for c in found) for word in asked}
    weights = {word: math.log(1 + (len(WHALE) - n + 0.5) / (n + 0.5)) for word, n in n_with.items()}
    shares = {word: weight / sum(weights.values()) for word, weight in weights.items()}
    vector = WordEmbedder().embed([question])[0]
    cosines = {p: float(WordEmbedder().embed([c.stored.sentence.text])[0] @ vector) for p, c in by_position.items()}
    overlaps = {p: sum(shares[word] for word in asked if word in stems(c)) for p, c in by_position.items()}
    dense = sorted(by_position, key=lambda p: (-cosines[p], p))
    for position, c in by_position.items():
        around = set().union(*(stems(by_position[p]) for p in range(position - 1, position + 2) if p in by_position))
        named = [set(words(name)) for name in intent.names]
        ranks = [rank for rank in (c.dense_rank, c.lexical_rank, 1 if c.spoken else None) if rank]
        wanted = wanted_of(question)
        expected = {
            "cosine": cosines[position],
            "cosine_to_best": cosines[position] - max(cosines.values()),
            "overlap": overlaps[position],
            "overlap_to_best": overlaps[position] - max(overlaps.values()),
            "overlap_around": sum(shares[word] for word in asked if word in around) - overlaps[position],
            "names_missing": sum(not name & stems(c) for name in named) / len(named) if named else 0.0,
            "speaker": float(c.stored.sentence.speaker in intent.speakers),
            "wanted": holds(wanted, c.stored.sentence.text),
            "ranks": sum(1 / (60 + rank) for rank in ranks) * 30,
        }
        assert dict(zip(FEATURES, c.features, strict=True)) == pytest.approx(expected, abs=1e-5)
        assert c.covered == pytest.approx({word: shares[word] for word in asked if word in stems(c)})
        assert c.spoken == (c.stored.sentence.speaker in intent.speakers)
        assert c.dense_rank is not None
        assert cosines[position] == pytest.approx(cosines[dense[c.dense_rank - 1]], abs=1e-5)
    lexical = [p for p, c in by_position.items() if c.lexical_rank]
    assert set(lexical) == {p for p, c in by_position.items() if stems(c) & set(asked)}
    assert sorted(by_position[p].lexical_rank or 0 for p in lexical) == list(range(1, len(lexical) + 1))


def test_rare_words_weigh_more_than_common_ones(quick: Open) -> None:
    assistant = quick()
    assistant.add("\n\n".join([*(f"The boat number {i} is here." for i in range(20)), "A whale is here."]))
    found = search(assistant.store, assistant._embedder, "Which boat saw the whale?", Intent("fact"))
    covered = {word: share for c in found for word, share in c.covered.items()}
    assert covered["boat"] < 0.05
    assert covered["whale"] > 0.4
    assert "saw" not in covered


def test_both_searches_and_the_speaker_choose_the_candidates(quick: Open) -> None:
    """Of more lines than are kept: those high in both lists come before those high in one."""
    assistant = quick()
    lines = [f"Line {i} speaks of boats{i}." for i in range(300)]
    lines[250] = "Whales whales whales swam there, as all of those who were in the boats with us could see on that day."
    lines[10] = '"I have a cold," Ann Lee said.'
    assistant.add("\n\n".join(lines))
    question = "What did Ann Lee say of whales?"
    found = search(assistant.store, assistant._embedder, question, intent_of(question))
    positions = {c.stored.sentence.position: c for c in found}
    assert positions[250].lexical_rank == 1 or positions[10].lexical_rank == 1
    assert positions[10].spoken
    lexical_only = [c for c in found if c.lexical_rank and not c.dense_rank]
    assert all(c.features[FEATURES.index("ranks")] > 0 for c in lexical_only)
    beside = [c for c in found if not c.lexical_rank and not c.dense_rank and not c.spoken]
    assert beside
    assert all(c.features[FEATURES.index("ranks")] == 0 for c in beside)


def test_what_stands_beside_the_best_is_of_the_same_article(quick: Open) -> None:
    assistant = quick()
    first = assistant.add("\n\n".join(f"Line {i} is dull." for i in range(60)))
    second = assistant.add("\n\n".join(["The whale was grey.", *(f"Row {i} is dull too." for i in range(60))]))
    found = search(assistant.store, assistant._embedder, "whale", Intent("fact"), [second.id])
    assert {c.stored.article_id for c in found} == {second.id}
    everywhere = search(assistant.store, assistant._embedder, "whale", Intent("fact"))
    whale = next(c for c in everywhere if "whale" in c.stored.sentence.text)
    assert whale.features[FEATURES.index("overlap_around")] == 0.0
    assert {s.stored.article_id for s in everywhere} <= {first.id, second.id}


def test_scores_are_ordered_and_of_two_that_are_alike_the_first_comes_first(quick: Open) -> None:
    assistant = quick()
    assistant.add("\n\n".join(["Tea is hot.", "Bananas are yellow today.", "Tea is hot."] * 4))
    found = search(assistant.store, assistant._embedder, "Is tea hot?", Intent("fact"))
    assert [(c.score, -c.stored.id) for c in found] == sorted(((c.score, -c.stored.id) for c in found), reverse=True)


def test_evidence_as_json() -> None:
    sentence = Sentence("Tea is hot.", 5, 16, 3, "Ann Lee", 7, "Drinks", "00:12", (Box(7, 0.1, 0.2, 0.3, 0.4),))
    assert Evidence(sentence, "a1", "Tea", 0.123456, url="https://example.org/tea").to_dict() == {
        "text": "Tea is hot.",
        "article_id": "a1",
        "title": "Tea",
        "start": 5,
        "end": 16,
        "position": 3,
        "speaker": "Ann Lee",
        "page": 7,
        "section": "Drinks",
        "place": "00:12",
        "boxes": [[7, 0.1, 0.2, 0.3, 0.4]],
        "url": "https://example.org/tea",
        "score": 0.1235,
    }
