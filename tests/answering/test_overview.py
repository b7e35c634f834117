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

from assistant.answering.focus import focus_of, wanted_number
from assistant.answering.overview import (
    MAX_ARTICLES,
    MAX_SENTENCES,
    N_ABOUT,
    N_MENTIONED,
    N_SAID,
    N_SUMMARY,
    central_evidence,
    centrality,
    overview,
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


def texts(kind: str, given: Article, wants_summary: bool = False) -> list[str]:
    vectors = EMBEDDER.embed([s.text for s in given.sentences])
    return [e.sentence.text for e in overview(kind, wants_summary, given, vectors)]  # type: ignore[arg-type]


LINES = tuple(f"The base in region {i} is about security and treaties." for i in range(12))


def test_about_is_short_and_a_summary_longer_both_in_order() -> None:
    made = article(*LINES)
    about, summary = texts("about", made), texts("about", made, wants_summary=True)
    assert (len(about), len(summary)) == (N_ABOUT, N_SUMMARY)
    assert about == sorted(about, key=LINES.index)
    assert summary == sorted(summary, key=LINES.index)


def test_the_chosen_sentences_differ_from_one_another() -> None:
    same = "The treaty on the base was signed by both sides."
    made = article(
        same, same.replace("both", "all"), "Bananas and apples grew on the island that year.", same.replace("was", "is")
    )
    assert "Bananas and apples grew on the island that year." in texts("about", made)


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


POINTED = (
    "The town council of Lee met on Monday evening in the hall.",
    "Ann Lee argued that the bridge must stay, because the town needs it.",
    "The town hall was painted green by the council in May.",
    "A new bridge is cheaper than the repair of the town bridge.",
    "The council had coffee and cake in the hall of the town.",
    "In the end the council found that the bridge should be saved.",
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What are the arguments?", (1, 3)),
        ("What is the main conclusion in one sentence?", (5,)),
        ("What does the author propose?", (1, 5)),
        ("What is new?", (3,)),
    ],
)
def test_the_point_that_is_asked_for_is_found_by_its_words(question: str, expected: tuple[int, ...]) -> None:
    made = article(*POINTED)
    vectors = EMBEDDER.embed([s.text for s in made.sentences])
    found = overview("point", False, made, vectors, focus_of(question), wanted_number(question) or 3)
    assert set(expected) <= {e.sentence.position for e in found}
    others = overview("about", False, made, vectors, n=len(found))
    assert [e.sentence.position for e in others] != [e.sentence.position for e in found]


@pytest.mark.parametrize(
    ("question", "n"), [("Sum it up in one sentence", 1), ("Three bullet points", 3), ("tl;dr", None)]
)
def test_as_many_sentences_are_given_as_are_asked_for(question: str, n: int | None) -> None:
    assert wanted_number(question) == n
    made = article(*LINES)
    vectors = EMBEDDER.embed([s.text for s in made.sentences])
    assert len(overview("about", True, made, vectors, n=n)) == (n or N_SUMMARY)


def test_the_ending_is_the_last_sentences() -> None:
    assert texts("ending", article(*LINES))[-1] == LINES[-1]


def test_where_nobody_speaks_or_is_named_central_sentences_are_given() -> None:
    made = article("nothing here is said by anyone at all.", "all of it is in small letters too.")
    assert len(texts("who_said_what", made)) == len(texts("mentioned", made)) == 2


@given(st.lists(st.text(alphabet="abc ", max_size=30), min_size=1, max_size=30))
def test_centrality_is_a_share(lines: list[str]) -> None:
    sentences = article_of("\n\n".join(["one", *lines])).sentences
    central = centrality(sentences, EMBEDDER.embed([s.text for s in sentences]))
    assert central.shape == (len(sentences),)
    assert np.all((central >= 0) & (central <= 1))
    assert not np.isnan(central).any()


def made_of(*rows: tuple[float, ...]) -> np.ndarray:
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


LONG = "These are more words than are needed"


def test_centrality_is_likeness_to_the_mean_and_an_early_place() -> None:
    """Counted once more by hand: two sentences alike, one across, one short."""
    sentences = article_of("\n\n".join([f"{LONG}.", f"{LONG} Two.", f"{LONG} Three.", "Too short."])).sentences
    vectors = made_of((1, 0), (1, 0), (0, 1), (1, 0))
    mean = np.array([0.75, 0.25])
    cosines = vectors @ (mean / np.linalg.norm(mean))
    lead = [0.25 * 0.5 ** (i / 3) for i in range(4)]
    expected = [(cosine + bonus) / 1.25 for cosine, bonus in zip(cosines, lead, strict=True)]
    expected[3] *= 0.3
    assert centrality(sentences, vectors) == pytest.approx(expected, abs=1e-6)
    assert lead[0] == 2 * lead[3]


def test_vectors_that_cancel_out_and_those_across_have_only_their_place() -> None:
    sentences = article_of("\n\n".join([f"{LONG}.", f"{LONG} Two."])).sentences
    assert centrality(sentences, made_of((1, 0), (-1, 0))) == pytest.approx([0.2, 0.2 * 0.5 ** (1 / 3)], abs=1e-6)
    three = article_of("\n\n".join([f"{LONG}.", f"{LONG} Two.", f"{LONG} Three."])).sentences
    assert centrality(three, made_of((1, 0), (1, 0), (-1, 0)))[2] == pytest.approx(0.2 * 0.5 ** (2 / 3), abs=1e-6)


def test_five_words_are_no_longer_short() -> None:
    sentences = article_of("\n\n".join(["One two three four five.", "One two three four."])).sentences
    central = centrality(sentences, made_of((1, 0), (1, 0)))
    assert central[0] == pytest.approx(1.0)
    assert central[1] == pytest.approx(0.3 * (1 + 0.25 * 0.5 ** (1 / 3)) / 1.25, abs=1e-6)


def greedily(central: list[float], vectors: np.ndarray, n: int) -> list[int]:
    """Returns the sentences chosen one by one: 0.6 of how central, less 0.4 of how like the likest chosen before."""
    chosen: list[int] = []
    for _ in range(min(n, len(central))):
        values = {
            i: 0.6 * central[i] - 0.4 * max((float(vectors[i] @ vectors[j]) for j in chosen), default=0.0)
            for i in range(len(central))
            if i not in chosen
        }
        chosen.append(max(values, key=lambda i: (round(values[i], 6), -i)))
    return sorted(chosen)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("wants_summary", "n"), [(False, N_ABOUT), (True, N_SUMMARY)])
def test_the_next_chosen_is_central_and_unlike_those_before_it(seed: int, wants_summary: bool, n: int) -> None:
    made = article(*(f"{LONG} {i}." for i in range(9)))
    vectors = made_of(*np.random.default_rng(seed).normal(0.4, 1, (9, 3)))
    central = [float(value) for value in centrality(made.sentences, vectors)]
    chosen = [e.sentence.position for e in overview("about", wants_summary, made, vectors)]
    assert chosen == greedily(central, vectors, n)


def test_evidence_is_scored_by_its_centrality_and_of_its_article() -> None:
    made = article(*LINES[:4])
    vectors = EMBEDDER.embed([s.text for s in made.sentences])
    central = centrality(made.sentences, vectors)
    for evidence in overview("about", False, made, vectors):
        assert evidence.score == pytest.approx(float(central[evidence.sentence.position]))
        assert (evidence.article_id, evidence.title) == (made.id, made.title)


def test_of_each_speaker_the_most_central_statement_comes_first() -> None:
    made = article(*(f"{LONG} {i}." for i in range(9)), speakers=("Ann",) * 3 + ("Ben",) * 3 + ("Cem",) * 3)
    vectors = made_of((1, 1), (1, 0), (0, 1), *[(1, 0)] * 3, *[(1, 0)] * 3)
    said = [e.sentence.position for e in overview("who_said_what", False, made, vectors)]
    assert said == [0, 1, 3, 4, 6, 7]


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
    found = central_evidence(assistant.store, "about", question, [first.id])
    assert len(found) == n
    second = assistant.add("\n\n".join(f"{line} Again." for line in LINES))
    both = central_evidence(assistant.store, "about", question, [first.id, second.id])
    assert [e.article_id for e in both] == [first.id] * N_ABOUT + [second.id] * N_ABOUT


@pytest.mark.parametrize(("n_articles", "n_each"), [(3, 3), (4, 2), (5, 2), (6, 1), (10, 1)])
@pytest.mark.parametrize("kind", ["about", "mentioned", "ending"])
def test_the_more_articles_the_fewer_sentences_of_each(
    quick: Callable[..., Assistant], kind: Kind, n_articles: int, n_each: int
) -> None:
    assistant = quick()
    lines = ["Anna Berg went to Oslo.", "Bo Lind stayed in Rome.", "Cy Dale saw Paris.", "Di Moss left Cairo in May."]
    ids = [assistant.add(" ".join([f"Report {i} is on Lima {i}.", *lines])).id for i in range(n_articles)]
    found = central_evidence(assistant.store, kind, "What are they?", ids)
    most = {"about": 3, "mentioned": 5, "ending": 2}.get(kind, 0) if n_articles == 3 else min(n_each, 2)
    assert [e.article_id for e in found] == [i for i in ids for _ in range(most)]
    if kind == "ending":
        assert found[most - 1].sentence.text == lines[-1]


def test_few_articles_are_looked_at_and_of_a_long_one_a_part(quick: Callable[..., Assistant]) -> None:
    assistant = quick()
    ids = [assistant.add(f"{LONG} {i}.").id for i in range(MAX_ARTICLES + 1)]
    found = central_evidence(assistant.store, "about", "What is it about?", ids)
    assert [e.article_id for e in found] == ids[:MAX_ARTICLES]
    assert MAX_ARTICLES == 10
    long = assistant.add("\n".join(f"Line {i} is one of very many lines." for i in range(MAX_SENTENCES + 3)))
    ending = central_evidence(assistant.store, "ending", "How does it end?", [long.id])
    assert [e.sentence.position for e in ending] == [MAX_SENTENCES + 1, MAX_SENTENCES + 2]
    about = central_evidence(assistant.store, "about", "What is it about?", [long.id])
    assert max(e.sentence.position for e in about) < MAX_SENTENCES
    assert central_evidence(assistant.store, "about", "", []) == []


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
    assert [e.article_id for e in central_evidence(store, "about", "What is it about?", ids)] == [ids[1]]
