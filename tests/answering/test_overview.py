"""Questions on the whole article get a few central sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from fakes import WordEmbedder, article_of
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.overview import (
    MAX_ARTICLES,
    MAX_SENTENCES,
    N_ABOUT,
    N_MENTIONED,
    N_POINT,
    N_SAID,
    N_SUMMARY,
    READ_FEATURES,
    UNREAD_FEATURES,
    Wanted,
    central_evidence,
    central_features,
    central_probabilities,
    overview,
    wanted_number,
)
from assistant.articles.article import Article
from assistant.assistant import Assistant
from assistant.library.store import Store
from assistant.question.intent import Kind

EMBEDDER = WordEmbedder()


def article(*sentences: str, speakers: tuple[str, ...] = ()) -> Article:
    made = article_of("\n\n".join(sentences))
    spoken = zip(made.sentences, speakers or ("",) * len(made.sentences), strict=True)
    return replace(made, sentences=tuple(replace(s, speaker=who) for s, who in spoken))


def texts(kind: str, given: Article, n: int = N_ABOUT) -> list[str]:
    vectors = EMBEDDER.embed([s.text for s in given.sentences])
    wanted = Wanted(EMBEDDER.embed(["What is it about?"])[0], n=n)
    return [e.sentence.text for e in overview(kind, given, vectors, wanted, {})]  # type: ignore[arg-type]


LINES = tuple(f"The base in region {i} is about security and treaties." for i in range(12))


def test_about_is_short_and_a_summary_longer_both_in_order() -> None:
    made = article(*LINES)
    about, summary = texts("about", made), texts("about", made, N_SUMMARY)
    assert (len(about), len(summary)) == (N_ABOUT, N_SUMMARY)
    assert about == sorted(about, key=LINES.index)
    assert summary == sorted(summary, key=LINES.index)


def test_what_says_the_same_is_given_once() -> None:
    same = "The treaty on the base was signed by both sides."
    made = article(same, same.replace("The", "the"), "Bananas and apples grew on the island that year.", same.upper())
    found = texts("about", made)
    assert len(found) == 2
    assert "Bananas and apples grew on the island that year." in found


def test_everyone_who_speaks_is_heard_before_anybody_is_heard_twice() -> None:
    speakers = ("Ann",) * 8 + ("Ben",) + ("Cem",) + ("",) * 2
    made = article(*LINES, speakers=speakers)
    said = texts("who_said_what", made)
    assert len(said) == N_SAID
    assert LINES[8] in said
    assert LINES[9] in said
    assert LINES[10] not in said


def test_the_sentences_that_name_most_are_chosen_for_who_is_mentioned() -> None:
    made = article(
        "Nobody came at all.", "Ann Lee met Ben Hur in Paris.", "Then they met once more.", "Cem Kaya was late."
    )
    assert texts("mentioned", made) == ["Ann Lee met Ben Hur in Paris.", "Cem Kaya was late."]
    assert (
        len(texts("mentioned", article(*[f"Person{chr(65 + i)} Smith{chr(65 + i)} came late." for i in range(12)])))
        == N_MENTIONED
    )


@pytest.mark.parametrize(
    ("question", "kind", "is_summary", "n"),
    [
        ("What is it about?", "about", True, N_ABOUT),
        ("Summarise it.", "about", True, N_SUMMARY),
        ("The gist of it in two sentences", "about", True, 2),
        ("What are the arguments?", "point", False, N_POINT),
        ("What are the main results?", "point", True, N_SUMMARY),
        ("What did biologists register in the summer, and which viewpoints are there?", "point", False, N_POINT),
        ("What are the pros and cons of a line to Lee?", "point", False, N_POINT),
        ("What are the arguments against a sentence of ten years?", "point", False, N_POINT),
        ("Compare the two points of view", "point", True, N_SUMMARY),
    ],
)
def test_what_is_wanted_shows_in_the_question(question: str, kind: Kind, is_summary: bool, n: int) -> None:
    wanted = Wanted.of(question, kind, made_of((1, 0))[0])
    assert (wanted.is_summary, wanted.n) == (is_summary, n)


@pytest.mark.parametrize(
    ("question", "n"),
    [("Sum it up in one sentence", 1), ("Three bullet points", 3), ("List 2 points", 2), ("tl;dr", None)],
)
def test_as_many_sentences_are_given_as_are_asked_for(
    quick: Callable[..., Assistant], question: str, n: int | None
) -> None:
    assert wanted_number(question) == n
    assistant = quick()
    added = assistant.add("\n\n".join(LINES))
    found = central_evidence(assistant.store, EMBEDDER, "about", question, [added.id])
    assert len(found) == (n or N_SUMMARY)


def test_the_ending_is_the_last_sentences() -> None:
    assert texts("ending", article(*LINES))[-1] == LINES[-1]


def test_where_nobody_speaks_or_is_named_central_sentences_are_given() -> None:
    made = article("nothing here is said by anyone at all.", "all of it is in small letters too.")
    assert len(texts("who_said_what", made)) == len(texts("mentioned", made)) == 2


@given(st.lists(st.text(alphabet="abc ", max_size=30), min_size=1, max_size=30), st.integers(0, 2**30))
def test_each_sentence_has_a_probability_read_or_not(lines: list[str], seed: int) -> None:
    sentences = article_of("\n\n".join(["one", *lines])).sentences
    chance = np.random.default_rng(seed)
    helps = {s.position: float(chance.random()) for s in sentences if chance.random() < 0.5}
    vectors = EMBEDDER.embed([s.text for s in sentences])
    wanted = Wanted(EMBEDDER.embed(["one?"])[0], bool(seed % 2))
    chances = central_probabilities(sentences, vectors, wanted, helps)
    assert chances.shape == (len(sentences),)
    assert np.all((chances > 0) & (chances < 1))
    nearer = central_probabilities(sentences, vectors, wanted, dict.fromkeys(helps, 0.999))
    assert all(nearer[i] >= chances[i] for i in helps)
    assert all(nearer[s.position] == chances[s.position] for s in sentences if s.position not in helps)


def made_of(*rows: tuple[float, ...]) -> np.ndarray:
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


LONG = "These are more words than are needed"


def test_features_are_what_their_names_say() -> None:
    """Counted once more by hand: two sentences alike, one across, which asks, and one with a number."""
    sentences = article_of("\n\n".join([f"{LONG}.", f"{LONG} Two.", f"{LONG}?", "Only 5 words are here."])).sentences
    vectors, asked = made_of((1, 0), (1, 0), (0, 1), (1, 1)), made_of((0, 1))[0]
    mean = vectors.mean(axis=0) / np.linalg.norm(vectors.mean(axis=0))
    names = ("question", "central", "early", "words", "asks", "digits", "early_of_summary", "late")
    assert (*names, "helps") == (*UNREAD_FEATURES, "helps") == READ_FEATURES
    early, late = [0.5 ** (i / 3) for i in range(4)], [i / 3 for i in range(4)]
    cosines, central = [0, 0, 1, 0.5**0.5], [mean[0], mean[0], mean[1], mean.sum() * 0.5**0.5]
    lengths, asks, digits = [np.log(n) for n in (8, 9, 8, 6)], [0, 0, 1, 0], [0, 0, 0, 1]
    for is_summary in (False, True):
        rows = central_features(sentences, vectors, Wanted(asked, is_summary))
        columns = [cosines, central, early, lengths, asks, digits, [is_summary * e for e in early], late]
        assert np.array(rows) == pytest.approx(np.array(columns).T, abs=1e-6)


def test_vectors_that_cancel_out_have_no_centre() -> None:
    sentences = article_of("\n\n".join([f"{LONG}.", f"{LONG} Two."])).sentences
    rows = central_features(sentences, made_of((1, 0), (-1, 0)), Wanted(made_of((1, 0))[0]))
    assert [row[:2] for row in rows] == [[1, 0], [-1, 0]]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("n", [N_ABOUT, N_SUMMARY])
def test_the_likeliest_are_chosen_and_what_was_read_counts(seed: int, n: int) -> None:
    made = article(*(f"{LONG} {i}." for i in range(9)))
    vectors = made_of(*np.random.default_rng(seed).normal(0.0, 1, (9, 30)))
    asked = made_of(tuple(np.random.default_rng(seed + 100).normal(0, 1, 30)))[0]
    wanted = Wanted(asked, n=n)
    chances = central_probabilities(made.sentences, vectors, wanted, {})
    chosen = [e.sentence.position for e in overview("about", made, vectors, wanted, {})]
    assert chosen == sorted(np.argsort(-chances)[:n].tolist())
    least = int(np.argmin(chances))
    assert least not in chosen
    helped = overview("about", made, vectors, wanted, {least: 0.99999})
    assert least in [e.sentence.position for e in helped]


def test_evidence_is_scored_by_its_probability_and_of_its_article() -> None:
    made = article(*LINES[:4])
    vectors = EMBEDDER.embed([s.text for s in made.sentences])
    wanted = Wanted(EMBEDDER.embed(["Which region?"])[0])
    chances = central_probabilities(made.sentences, vectors, wanted, {})
    for evidence in overview("about", made, vectors, wanted, {}):
        assert evidence.score == pytest.approx(float(chances[evidence.sentence.position]))
        assert (evidence.article_id, evidence.title) == (made.id, made.title)


def test_of_each_speaker_the_likeliest_statement_comes_first() -> None:
    made = article(*(f"{LONG} {i}." for i in range(9)), speakers=("Ann",) * 3 + ("Ben",) * 3 + ("Cem",) * 3)
    vectors = made_of((1, 1), (1, 0), (0, 1), *[(1, 0)] * 3, *[(1, 0)] * 3)
    said = [
        e.sentence.position
        for e in overview("who_said_what", made, vectors, Wanted(made_of((0, 1))[0]), {0: 0.4, 2: 0.9})
    ]
    assert said == [0, 2, 3, 4, 6, 7]


def test_a_full_name_counts_twice_and_nobody_is_introduced_twice() -> None:
    made = article("Ann came with Bob.", "Cem Kaya Ada was late.", "Ann and Bob and Cem Kaya Ada left.", "Ann came.")
    assert texts("mentioned", made) == ["Ann and Bob and Cem Kaya Ada left."]
    made = article("Ann came with Bob.", "It was Cem Kaya who was late.", "Dan came.")
    assert texts("mentioned", made) == [s.text for s in made.sentences]


def test_the_ending_of_a_short_article_is_all_of_it() -> None:
    assert texts("ending", article(*LINES)) == list(LINES[-2:])
    assert texts("ending", article(LINES[0])) == [LINES[0]]


@pytest.mark.parametrize(
    ("question", "n"),
    [
        ("What is this about?", N_ABOUT),
        ("Please summarise this.", N_SUMMARY),
        ("An overview of it", N_SUMMARY),
        ("OUTLINE", N_SUMMARY),
        ("recap", N_SUMMARY),
        ("TL;DR", N_SUMMARY),
        ("tldr", N_SUMMARY),
        ("the main points", N_SUMMARY),
        ("the takeaway", N_SUMMARY),
        ("the gist of it", N_SUMMARY),
        ("an abstract", N_SUMMARY),
    ],
)
def test_a_summary_is_longer_than_a_topic(quick: Callable[..., Assistant], question: str, n: int) -> None:
    assistant = quick()
    first = assistant.add("\n\n".join(LINES))
    found = central_evidence(assistant.store, EMBEDDER, "about", question, [first.id])
    assert len(found) == n
    second = assistant.add("\n\n".join(f"{line} Again." for line in LINES))
    both = central_evidence(assistant.store, EMBEDDER, "about", question, [first.id, second.id])
    assert [e.article_id for e in both] == [first.id] * N_ABOUT + [second.id] * N_ABOUT


@pytest.mark.parametrize(("n_articles", "n_each"), [(3, 3), (4, 2), (5, 2), (6, 1), (10, 1)])
@pytest.mark.parametrize("kind", ["about", "mentioned", "ending"])
def test_the_more_articles_the_fewer_sentences_of_each(
    quick: Callable[..., Assistant], kind: Kind, n_articles: int, n_each: int
) -> None:
    assistant = quick()
    lines = ["Anna Berg went to Oslo.", "Bo Lind stayed in Rome.", "Cy Dale saw Paris.", "Di Moss left Cairo in May."]
    ids = [assistant.add(" ".join([f"Report {i} is on Lima {i}.", *lines])).id for i in range(n_articles)]
    found = central_evidence(assistant.store, EMBEDDER, kind, "What are they?", ids)
    most = {"about": 3, "mentioned": 5, "ending": 2}.get(kind, 0) if n_articles == 3 else min(n_each, 2)
    assert [e.article_id for e in found] == [i for i in ids for _ in range(most)]
    if kind == "ending":
        assert found[most - 1].sentence.text == lines[-1]


def test_few_articles_are_looked_at_and_of_a_long_one_a_part(quick: Callable[..., Assistant]) -> None:
    assistant = quick()
    ids = [assistant.add(f"{LONG} {i}.").id for i in range(MAX_ARTICLES + 1)]
    found = central_evidence(assistant.store, EMBEDDER, "about", "What is it about?", ids)
    assert [e.article_id for e in found] == ids[:MAX_ARTICLES]
    assert MAX_ARTICLES == 10
    long = assistant.add("\n".join(f"Line {i} is one of very many lines." for i in range(MAX_SENTENCES + 3)))
    ending = central_evidence(assistant.store, EMBEDDER, "ending", "How does it end?", [long.id])
    assert [e.sentence.position for e in ending] == [MAX_SENTENCES + 1, MAX_SENTENCES + 2]
    about = central_evidence(assistant.store, EMBEDDER, "about", "What is it about?", [long.id])
    assert max(e.sentence.position for e in about) < MAX_SENTENCES
    assert central_evidence(assistant.store, EMBEDDER, "about", "", []) == []


class WithoutVectors:
    """A library whose vectors of one article are not made yet."""

    def __init__(self, store: Store, article_id: str) -> None:
        self._store = store
        self._missing = set(store.first_ids(10**9, [article_id]) or [])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def vectors(self, ids: Sequence[int]) -> dict[int, Any]:
        return {i: vector for i, vector in self._store.vectors(ids).items() if i not in self._missing}


def test_an_article_without_vectors_is_passed_over(quick: Callable[..., Assistant]) -> None:
    assistant = quick()
    ids = [assistant.add(f"{LONG} {i}.").id for i in range(2)]
    store: Any = WithoutVectors(assistant.store, ids[0])
    assert [e.article_id for e in central_evidence(store, EMBEDDER, "about", "What is it about?", ids)] == [ids[1]]
