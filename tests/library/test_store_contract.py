"""What every store of articles must do; one suite, run over each implementation."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from damaged_library import described
from fakes import WordEmbedder, article_of
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.article import Article
from assistant.english.words import content_words, words
from assistant.errors import ArticleError, StoreError
from assistant.library.postgres_store import PostgresStore
from assistant.library.sqlite_store import SqliteStore
from assistant.library.store import Original, Store

EMBEDDER = WordEmbedder()
BASE = article_of("The base stays. Mirzoyan said so. Nobody asked about the base.", title="Base")
FRUIT = article_of("Bananas are yellow. Apples are red. The base of a pear is wide.", title="Fruit", source="fruit.txt")


@pytest.fixture(params=["postgres", "sqlite"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens one more view of one and the same store, as another process would."""
    opened: list[Store] = []
    address = request.getfixturevalue("postgres") if request.param == "postgres" else None

    def open_one() -> Store:
        if address is not None:
            opened.append(PostgresStore(address, EMBEDDER.fingerprint, EMBEDDER.dimension, busy_timeout_seconds=5))
        else:
            opened.append(
                SqliteStore(tmp_path / "shared", EMBEDDER.fingerprint, EMBEDDER.dimension, busy_timeout_seconds=5)
            )
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


def put(store: Store, article: Article) -> bool:
    return store.add(article, EMBEDDER.embed([s.text for s in article.sentences]))


def ids_of(store: Store, article: Article) -> list[int]:
    return store.first_ids(10_000, [article.id]) or []


def dense_texts(store: Store, question: str, n: int = 3, article_ids: list[str] | None = None) -> list[str]:
    hits = store.search_dense(EMBEDDER.embed([question])[0], n, article_ids)
    by_id = {s.id: s.sentence.text for s in store.sentences([hit.id for hit in hits])}
    return [by_id[hit.id] for hit in hits]


def lexical_texts(store: Store, question: str, article_ids: list[str] | None = None) -> list[str]:
    hits = store.search_lexical(words(question), 10, article_ids)
    by_id = {s.id: s.sentence.text for s in store.sentences([hit.id for hit in hits])}
    return [by_id[hit.id] for hit in hits]


class TestArticles:
    def test_an_article_comes_back_as_it_was_given(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        spoken = replace(
            FRUIT,
            sentences=tuple(replace(s, speaker="Ann", page=2, section="Part") for s in FRUIT.sentences),
        )
        assert put(store, spoken)
        assert store.article(FRUIT.id) == spoken
        assert open_store().article(FRUIT.id) == spoken
        assert store.original(FRUIT.id) is None

    def test_all_that_a_file_tells_comes_back_with_the_file(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        told, original = described(FRUIT), Original("fruit.pdf", bytes(range(256)))
        assert store.add(told, EMBEDDER.embed([s.text for s in told.sentences]), original)
        assert store.article(told.id) == told
        assert open_store().original(told.id) == original
        (entry,) = open_store().contents()
        assert (entry.author, entry.date, entry.tags, entry.url) == (told.author, told.date, told.tags, told.url)
        (found,) = store.sentences(ids_of(store, told)[:1])
        assert (found.sentence, found.url) == (told.sentences[0], told.url)
        store.remove(told.id)
        with pytest.raises(ArticleError, match="no article"):
            store.original(told.id)

    def test_what_is_said_of_an_article_can_be_changed(self, open_store: Callable[[], Store]) -> None:
        store, other = open_store(), open_store()
        put(store, FRUIT)
        put(store, BASE)
        assert other.contents()[0].tags == ()
        changed = replace(FRUIT, title="Of fruit", author="Bo", date=date(2020, 5, 1), tags=("a", "b"))
        store.describe(changed)
        assert [other.article(entry.id) for entry in other.contents()] == [changed, BASE]
        store.describe(FRUIT)
        assert store.article(FRUIT.id) == FRUIT
        with pytest.raises(ArticleError, match="no article 'gone'"):
            store.describe(replace(FRUIT, id="gone"))

    def test_a_replaced_article_keeps_its_place(self, open_store: Callable[[], Store]) -> None:
        store, other = open_store(), open_store()
        put(store, FRUIT)
        put(store, BASE)
        assert lexical_texts(other, "bananas") == ["Bananas are yellow."]
        assert dense_texts(other, "Bananas are yellow.", 1) == ["Bananas are yellow."]
        later = article_of("Cherries are red. Plums are blue.", title="Fruit")
        store.replace(FRUIT.id, later, EMBEDDER.embed([s.text for s in later.sentences]), Original("f", b"1"))
        assert [entry.id for entry in other.contents()] == [later.id, BASE.id]
        assert (other.article(later.id), other.original(later.id)) == (later, Original("f", b"1"))
        assert lexical_texts(other, "bananas") == []
        assert dense_texts(other, "Plums are blue.", 1) == ["Plums are blue."]
        assert lexical_texts(other, "base", [BASE.id]) == [BASE.sentences[0].text, BASE.sentences[2].text]
        with pytest.raises(ArticleError, match=f"the article {BASE.id}, which is in the library already"):
            store.replace(later.id, BASE, EMBEDDER.embed([s.text for s in BASE.sentences]))
        with pytest.raises(ArticleError, match="no article"):
            store.replace(FRUIT.id, FRUIT, EMBEDDER.embed([s.text for s in FRUIT.sentences]))
        assert [other.article(entry.id) for entry in other.contents()] == [later, BASE]

    def test_the_same_article_twice_is_one(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        assert put(store, BASE)
        assert not put(store, BASE)
        assert not put(open_store(), BASE)
        assert [entry.id for entry in store.contents()] == [BASE.id]

    def test_contents_are_oldest_first_and_counted(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        put(store, FRUIT)
        put(store, BASE)
        fruit, base = store.contents()
        assert (fruit.id, fruit.title, fruit.source, fruit.added) == (FRUIT.id, "Fruit", "fruit.txt", FRUIT.added)
        assert (fruit.n_sentences, fruit.n_characters, fruit.n_words) == (3, len(FRUIT.text), 13)
        assert base.id == BASE.id

    def test_removing_returns_what_adding_again_restores(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        put(store, FRUIT)
        put(store, BASE)
        removed = store.remove(FRUIT.id)
        assert removed == FRUIT
        assert [entry.id for entry in store.contents()] == [BASE.id]
        assert "Bananas are yellow." not in dense_texts(store, "yellow bananas")
        assert lexical_texts(store, "bananas") == []
        put(store, removed)
        assert store.article(FRUIT.id) == FRUIT
        assert dense_texts(store, "yellow bananas")[0] == "Bananas are yellow."
        assert lexical_texts(store, "bananas") == ["Bananas are yellow."]

    def test_ids_are_never_used_again(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        put(store, BASE)
        first = ids_of(store, BASE)
        store.remove(BASE.id)
        put(store, FRUIT)
        assert not set(first) & set(ids_of(store, FRUIT))
        store.remove(FRUIT.id)
        store.close()
        again = open_store()
        put(again, BASE)
        assert min(ids_of(again, BASE)) > max(first)
        assert again.sentences(first) == []

    def test_renaming_is_seen_everywhere(self, open_store: Callable[[], Store]) -> None:
        store, other = open_store(), open_store()
        put(store, BASE)
        store.rename(BASE.id, "New")
        assert other.article(BASE.id).title == "New"
        assert other.contents()[0].title == "New"
        assert {s.title for s in other.sentences(ids_of(other, BASE))} == {"New"}

    def test_an_unknown_article_is_named(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        for use in (store.article, store.remove, lambda i: store.rename(i, "x")):
            with pytest.raises(ArticleError, match="no article 'nothing'"):
                use("nothing")

    def test_vectors_of_another_shape_are_refused_and_nothing_is_kept(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        with pytest.raises(ValueError, match=r"shape \(2, 64\), expected \(3, 64\)"):
            store.add(BASE, np.zeros((2, 64), dtype=np.float32))
        assert store.contents() == []


class TestSearch:
    def test_dense_search_orders_by_cosine(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        put(store, BASE)
        put(store, FRUIT)
        question = EMBEDDER.embed(["Apples are red"])[0]
        hits = store.search_dense(question, 4)
        cosines = {i: float(v @ question) for i, v in store.vectors([hit.id for hit in hits]).items()}
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert all(hit.score == pytest.approx(cosines[hit.id], abs=1e-5) for hit in hits)
        assert dense_texts(store, "Apples are red", 1) == ["Apples are red."]

    def test_lexical_search_finds_any_of_the_words_best_first(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        put(store, BASE)
        put(store, FRUIT)
        found = lexical_texts(store, "wide base")
        assert found[0] == "The base of a pear is wide."
        assert set(found[1:]) == {"The base stays.", "Nobody asked about the base."}
        hits = store.search_lexical(words("wide base"), 10)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert hits[0].score > 0

    def test_only_the_articles_asked_for_are_searched(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        put(store, BASE)
        put(store, FRUIT)
        assert dense_texts(store, "the base stays", 9, [FRUIT.id])[0] == "The base of a pear is wide."
        assert len(dense_texts(store, "the base stays", 9, [FRUIT.id])) == 3
        assert lexical_texts(store, "base", [FRUIT.id]) == ["The base of a pear is wide."]
        assert len(lexical_texts(store, "base", [FRUIT.id, BASE.id])) == 3
        for none in ([], ["unknown"]):
            assert dense_texts(store, "base", 9, none) == []
            assert lexical_texts(store, "base", none) == []

    def test_speakers_are_found_by_any_word_of_their_name(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        speakers = ("Ararat Mirzoyan", "", "Ann Lee")
        spoken = tuple(replace(s, speaker=who) for s, who in zip(BASE.sentences, speakers, strict=True))
        put(store, replace(BASE, sentences=spoken))
        put(store, FRUIT)
        first, _, third = ids_of(store, BASE)
        assert store.search_speaker(["Mirzoyan"], 9) == [first]
        assert store.search_speaker(["mirzoyan", "Lee"], 9) == [first, third]
        assert (
            store.search_speaker(["Mirzo"], 9) == store.search_speaker(["?!"], 9) == store.search_speaker([], 9) == []
        )
        assert store.search_speaker(["Lee"], 9, [FRUIT.id]) == []
        assert store.search_speaker(["Mirzoyan", "Lee"], 1) == [first]

    def test_an_empty_store_finds_nothing(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        assert dense_texts(store, "base") == lexical_texts(store, "base") == []
        assert store.document_frequencies(["base"]) == ({}, 0)
        assert store.first_ids(5) == []

    def test_document_frequencies_count_sentences(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        put(store, BASE)
        put(store, FRUIT)
        assert store.document_frequencies(["base", "banana", "absent"]) == ({"base": 3, "banana": 1}, 6)
        many = [f"w{i}" for i in range(2000)]
        assert store.document_frequencies([*many, "base"]) == ({"base": 3}, 6)

    def test_neighbours_stay_in_their_article(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        put(store, BASE)
        put(store, FRUIT)
        last = ids_of(store, BASE)[-1]
        assert [s.sentence.text for s in store.neighbours(last, 1, 3)] == [
            "Mirzoyan said so.",
            "Nobody asked about the base.",
        ]
        assert store.neighbours(10_000, 1, 1) == []

    def test_first_ids_tells_where_there_are_too_many(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        put(store, BASE)
        put(store, FRUIT)
        assert store.first_ids(5) is None
        assert store.first_ids(6) == [*ids_of(store, BASE), *ids_of(store, FRUIT)]
        assert store.first_ids(3, [FRUIT.id]) == ids_of(store, FRUIT)

    @given(
        question=st.text(max_size=60)
        | st.sampled_from(['"', "a AND", "NEAR(a b)", "a* OR -b", "col:x", "'--", "\ud800", "\x00"])
    )
    def test_no_question_breaks_lexical_search(self, open_store: Callable[[], Store], question: str) -> None:
        store = open_store()
        try:
            put(store, BASE)
            for stems in (words(question), content_words(question)):
                assert all(hit.id in ids_of(store, BASE) for hit in store.search_lexical(stems, 5))
                assert store.document_frequencies(stems)[1] == 3
        finally:
            store.close()

    @pytest.mark.parametrize(
        "stem", ['"', 'a"b', "AND", "NEAR(a, b)", "*", "-base", "col:base", "'; DROP TABLE articles"]
    )
    def test_stems_are_never_operators(self, open_store: Callable[[], Store], stem: str) -> None:
        store = open_store()
        put(store, BASE)
        store.search_lexical([stem, "base"], 5)
        assert len(store.contents()) == 1


class TestTwoViews:
    def test_each_catches_up_with_what_the_other_did(self, open_store: Callable[[], Store]) -> None:
        one, two = open_store(), open_store()
        put(one, BASE)
        assert dense_texts(two, "the base stays", 1) == ["The base stays."]
        put(two, FRUIT)
        assert dense_texts(one, "yellow bananas", 1) == ["Bananas are yellow."]
        two.remove(BASE.id)
        assert set(dense_texts(one, "the base stays", 9)) == {s.text for s in FRUIT.sentences}
        one.remove(FRUIT.id)
        put(one, FRUIT)
        assert dense_texts(two, "yellow bananas", 1) == ["Bananas are yellow."]
        assert len(dense_texts(two, "yellow bananas", 9)) == 3

    def test_one_that_was_opened_before_much_happened_catches_up_at_once(self, open_store: Callable[[], Store]) -> None:
        late, busy = open_store(), open_store()
        for _ in range(5):
            put(busy, BASE)
            busy.remove(BASE.id)
        put(busy, FRUIT)
        assert len(dense_texts(late, "fruit", 9)) == 3

    def test_threads_may_share_one(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        texts = [article_of(f"Article {i} speaks of topic{i}. It has two sentences about topic{i}.") for i in range(12)]
        failures: list[Exception] = []

        def work(part: list[Article]) -> None:
            try:
                for article in part:
                    put(store, article)
                    assert dense_texts(store, article.text.split(". ")[0], 1)
                    store.contents()
            except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
                failures.append(error)

        threads = [threading.Thread(target=work, args=(texts[i::4],)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert {entry.id for entry in store.contents()} == {article.id for article in texts}
        for i in range(12):
            assert lexical_texts(store, f"topic{i}") == [s.text for s in texts[i].sentences]
            assert f"topic{i}" in dense_texts(store, f"Article {i} speaks of topic{i}", 1)[0]

    def test_a_closed_one_says_so_and_closes_twice(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        put(store, BASE)
        store.close()
        store.close()
        with pytest.raises(StoreError, match="was closed"):
            store.contents()
        assert len(open_store().contents()) == 1
