"""A library in PostgreSQL finds what the embedded one finds, says what is wrong, and goes on after a restart."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import psycopg
import pytest
from conftest import SAMPLE
from fakes import WordEmbedder, article_of
from postgres_server import Server, running_server

from assistant.adding import with_sentences
from assistant.articles.article import Article, make_article
from assistant.database_address import DatabaseAddress
from assistant.english.words import content_words, words
from assistant.errors import StoreError
from assistant.library import postgres_vectors
from assistant.library.chats import Chats
from assistant.library.postgres_check import check_address
from assistant.library.postgres_database import PostgresDatabase
from assistant.library.postgres_files import PostgresFileNotes
from assistant.library.postgres_store import PostgresStore
from assistant.library.postgres_vectors import VectorTable
from assistant.library.postgres_words import PostgresWords
from assistant.library.sqlite_articles import ArticleList
from assistant.library.sqlite_store import SqliteStore
from assistant.library.sqlite_words import WordIndex
from assistant.library.store import Hit, Store

EMBEDDER = WordEmbedder()
BEES = 'Bees make honey. "Wasps do not," Ann Lee said. The hall opened in 1832. They hunt café flies, and honey, honey.'
QUESTIONS = (
    "What did Mirzoyan say about the base?",
    "the the of and the",
    "honey honey bees",
    "Russian base in Armenia, the Russian base",
    "café 1832",
    "nothing of this stands anywhere",
)


def sample_articles() -> list[Article]:
    texts = [SAMPLE.read_text(encoding="utf-8").strip(), BEES]
    texts += [f"Report {i}. The base of tower {i} is wide. Wasps and bees met in {1900 + i}." for i in range(8)]
    return [with_sentences(make_article(text, f"Article {i}")) for i, text in enumerate(texts)]


def put(store: Store, article: Article) -> None:
    store.add(article, EMBEDDER.embed([s.text for s in article.sentences]))


def open_shared(address: DatabaseAddress, **options: object) -> PostgresStore:
    return PostgresStore(address, EMBEDDER.fingerprint, EMBEDDER.dimension, **{"busy_timeout_seconds": 5.0} | options)  # type: ignore[arg-type]


@contextmanager
def both(address: DatabaseAddress, folder: Path) -> Iterator[tuple[PostgresStore, SqliteStore]]:
    """Opens two libraries of the same articles, of which some were removed, so that ids have a gap."""
    with ExitStack() as stack:
        shared = stack.enter_context(closing(open_shared(address)))
        embedded = stack.enter_context(closing(SqliteStore(folder, EMBEDDER.fingerprint, EMBEDDER.dimension)))
        for store in (shared, embedded):
            for article in sample_articles():
                put(store, article)
            store.remove(sample_articles()[4].id)
            store.replace(sample_articles()[5].id, *_with_vectors(article_of("Plums are blue. The base is old.")))
        yield shared, embedded


def _with_vectors(article: Article) -> tuple[Article, np.ndarray]:
    return article, EMBEDDER.embed([s.text for s in article.sentences])


def same(ours: list[Hit], theirs: list[Hit]) -> bool:
    return [hit.id for hit in ours] == [hit.id for hit in theirs] and np.allclose(
        [hit.score for hit in ours], [hit.score for hit in theirs], rtol=1e-6, atol=2e-7
    )


def test_both_engines_find_the_same_with_the_same_scores(postgres: DatabaseAddress, tmp_path: Path) -> None:
    with both(postgres, tmp_path / "folder") as (shared, embedded):
        ids = [entry.id for entry in embedded.contents()]
        assert [replace(entry, added=None) for entry in shared.contents()] == [
            replace(entry, added=None) for entry in embedded.contents()
        ]
        for chosen in (None, ids[:1], ids[1:3], [ids[0], ids[4], ids[7]], ids):
            assert shared.first_ids(10_000, chosen) == embedded.first_ids(10_000, chosen)
            for question in QUESTIONS:
                vector = EMBEDDER.embed([question])[0]
                for stems in (words(question), content_words(question)):
                    found = shared.search_lexical(stems, 50, chosen)
                    assert same(found, embedded.search_lexical(stems, 50, chosen)), question
                    assert shared.document_frequencies(stems) == embedded.document_frequencies(stems)
                # In the order of id where cosines are equal, which FAISS promises nothing of.
                near = sorted(shared.search_dense(vector, 1000, chosen), key=lambda hit: hit.id)
                assert same(near, sorted(embedded.search_dense(vector, 1000, chosen), key=lambda hit: hit.id)), question
            for names in (["Mirzoyan"], ["Lee", "Kopyrkin"], ["Nobody"]):
                assert shared.search_speaker(names, 5, chosen) == embedded.search_speaker(names, 5, chosen)
        every = embedded.first_ids(10_000) or []
        assert shared.sentences(every) == embedded.sentences(every)
        assert shared.neighbours(every[3], 2, 4) == embedded.neighbours(every[3], 2, 4)
        assert all(np.array_equal(shared.vectors(every)[i], vector) for i, vector in embedded.vectors(every).items())


def vectors_of(n: int, seed: int) -> np.ndarray:
    """Returns random unit vectors, float32, shape (n, 64)."""
    vectors = np.random.default_rng(seed).standard_normal((n, EMBEDDER.dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_an_index_finds_what_looking_through_all_finds_filtered_too(postgres: DatabaseAddress) -> None:
    n = 300
    lines = [article_of("\n".join(f"{part} {i}." for i in range(n)), part) for part in ("Alpha", "Beta")]
    small = article_of("A few. Words.", "Small")
    with closing(open_shared(postgres, max_exact=400)) as store:
        for seed, article in enumerate(lines):
            store.add(article, vectors_of(len(article.sentences), seed))
        put(store, small)
        assert "looked through one by one" in check_address(postgres)
        questions = vectors_of(10, 9)
        before = [store.search_dense(question, 10) for question in questions]
        store.flush()
        assert "found by an index" in check_address(postgres)
        name = store.database.row("SELECT current_database()")[0]
        store.database.change(f"ALTER DATABASE {name} SET enable_seqscan = off")  # of so few, all would be read at once
    with closing(open_shared(postgres, max_exact=400)) as store:
        after = [store.search_dense(question, 10) for question in questions]
        shares = [len({h.id for h in a} & {h.id for h in b}) / 10 for a, b in zip(before, after, strict=True)]
        assert np.mean(shares) >= 0.9  # random vectors are the hardest there are
        with store.database.connection() as connection:
            plan = "\n".join(
                line
                for (line,) in connection.execute(
                    "EXPLAIN SELECT sentence_id FROM vectors ORDER BY vector::halfvec(64) <#> "
                    f"'{postgres_vectors.text_of(questions[0])}'::halfvec(64) LIMIT 20"
                )
            )
            assert postgres_vectors.INDEX in plan
            assert connection.execute("SHOW hnsw.iterative_scan").fetchone() == ("relaxed_order",)
        # What is chosen is found among what is near of all, in one range of ids and in several.
        table = VectorTable(store.database, EMBEDDER.dimension, max_exact=100, n_compared=1)
        exact = VectorTable(store.database, EMBEDDER.dimension)
        n_all = sum(len(article.sentences) for article in (*lines, small))
        for ranges in ([(1, n)], [(n + 1, 2 * n)], [(1, 100), (201, 300), (401, 600)]):
            n_chosen = sum(last - first + 1 for first, last in ranges)
            for question in questions:
                assert table._near(postgres_vectors.text_of(question), 10, 3 * n_all, ranges)
                ids = [hit.id for hit in table.search(question, 10, ranges, n_all)]
                best = [hit.id for hit in exact.search(question, 10, ranges, n_all)]
                assert all(any(first <= i <= last for first, last in ranges) for i in ids)
                assert len(ids) == 10 <= n_chosen
                assert len({*ids} & {*best}) >= 8
        # One article of three in thousands: by the index alone nearly nothing of it would be found.
        assert len(store.search_dense(questions[0], 10, [small.id])) == len(small.sentences)
        half = store.search_dense(questions[0], 50, [lines[0].id])
        assert len(half) == 50
        put(store, article_of("Another one."))
        assert len(store.search_dense(questions[0], 200)) == 200


def test_of_two_processes_each_sees_at_once_what_the_other_did(postgres: DatabaseAddress) -> None:
    with closing(open_shared(postgres)) as one, closing(open_shared(postgres)) as two:
        articles = sample_articles()
        failures: list[Exception] = []

        def write(store: PostgresStore, part: list[Article]) -> None:
            try:
                for article in part:
                    put(store, article)
            except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
                failures.append(error)

        # Both begin with the same, and with others: each is there once.
        threads = [threading.Thread(target=write, args=each) for each in ((one, articles[:7]), (two, articles[3:]))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert {entry.id for entry in one.contents()} == {article.id for article in articles}
        assert one.contents() == two.contents()
        two.rename(articles[1].id, "Of bees")
        assert next(s.title for s in one.sentences(one.first_ids(9, [articles[1].id]) or [])) == "Of bees"
        one.remove(articles[1].id)
        assert two.search_lexical(["honey"], 9) == []
        assert two.document_frequencies(["honey"])[0] == {}
        assert "all whole" in check_address(postgres)


def test_another_model_makes_the_vectors_anew_and_the_old_one_writes_no_more(postgres: DatabaseAddress) -> None:
    other = WordEmbedder(32, "others")
    with closing(open_shared(postgres)) as old:
        put(old, sample_articles()[1])
        with closing(PostgresStore(postgres, other.fingerprint, other.dimension, 5)) as new:
            assert new.model == EMBEDDER.fingerprint
            ids = new.first_ids(99) or []
            new.replace_vectors(other.fingerprint, ids, other.embed([s.sentence.text for s in new.sentences(ids)]))
            hit = new.search_dense(other.embed(["Bees make honey."])[0], 1)[0]
            assert (hit.id, hit.score) == (ids[0], pytest.approx(1.0))
            with pytest.raises(StoreError, match="has by now vectors of the embedding model others:32"):
                put(old, sample_articles()[2])
            with pytest.raises(StoreError, match="has by now vectors of the embedding model others:32"):
                old.search_dense(EMBEDDER.embed(["honey"])[0], 1)


def test_a_newer_library_is_refused_and_stays_as_it_is(postgres: DatabaseAddress) -> None:
    open_shared(postgres).close()
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("UPDATE article_assistant.meta SET value = '99' WHERE key = 'version'")
        with pytest.raises(StoreError, match="newer version of Article Assistant \\(format 99, this one reads up to 1"):
            open_shared(postgres)
        assert connection.execute("SELECT value FROM article_assistant.meta WHERE key = 'version'").fetchone() == (
            "99",
        )


def test_many_that_open_a_new_library_at_once_make_one(postgres: DatabaseAddress) -> None:
    opened: list[PostgresStore] = []
    threads = [threading.Thread(target=lambda: opened.append(open_shared(postgres))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({store.database.meta("library") for store in opened}) == 1
    assert len(opened) == 4
    for store in opened:
        store.close()


class TestWhatIsWrongIsSaid:
    def test_no_server(self, postgres_server: Server) -> None:
        address = DatabaseAddress(f"postgresql://ann:s3cret@/x?host={postgres_server.folder}/nowhere")
        with pytest.raises(StoreError, match=r"postgresql://ann:\*\*\*@/x.* cannot be reached") as raised:
            open_shared(address)
        assert "s3cret" not in str(raised.value)
        assert raised.value.__cause__ is None

    def test_a_wrong_password_and_a_missing_database(
        self, postgres_server: Server, postgres: DatabaseAddress, caplog: pytest.LogCaptureFixture
    ) -> None:
        name = postgres.url.split("@/")[1].split("?")[0]
        if not postgres_server.execute("SELECT 1 FROM pg_roles WHERE rolname = 'with_password'"):
            postgres_server.execute("CREATE ROLE with_password LOGIN PASSWORD 'right-one'")
        with pytest.raises(StoreError, match="refuses the user, the password or the database") as raised:
            open_shared(DatabaseAddress(postgres_server.url(name, "with_password", "wr0ng-one")))
        with pytest.raises(StoreError, match="does not let this user do that") as refused:
            open_shared(DatabaseAddress(postgres_server.url(name, "with_password", "right-one")))
        with pytest.raises(StoreError, match=r"does not exist\. Make it with createdb") as missing:
            open_shared(DatabaseAddress(postgres_server.url("absent")))
        told = "".join(str(error.value) for error in (raised, refused, missing)) + caplog.text
        assert "right-one" not in told
        assert "wr0ng-one" not in told

    def test_an_address_that_was_mistyped_shows_no_piece_of_the_password(self) -> None:
        with pytest.raises(StoreError) as raised:
            open_shared(DatabaseAddress("postgresql://ann:p@rt-of-it@[db/x"))
        assert "rt-of-it" not in str(raised.value)

    def test_a_server_that_can_only_be_read(self, postgres: DatabaseAddress) -> None:
        with closing(open_shared(postgres)) as store:
            put(store, sample_articles()[1])
        reading = DatabaseAddress(postgres.url + "&options=-cdefault_transaction_read_only%3Don")
        with closing(open_shared(reading)) as store:
            assert store.read_only
            assert len(store.search_lexical(["honey"], 9)) == 2
            with pytest.raises(StoreError, match="is read-only: questions may work, changes do not"):
                store.rename(sample_articles()[1].id, "New")

    def test_without_the_extra(self) -> None:
        with mock.patch.dict(sys.modules, {"psycopg": None}), pytest.raises(StoreError, match=r"\[postgres\]"):
            open_shared(DatabaseAddress("postgresql://db/x"))

    def test_another_writer_is_waited_for_no_longer_than_set(self, postgres: DatabaseAddress) -> None:
        with closing(open_shared(postgres, busy_timeout_seconds=0.2)) as one, closing(open_shared(postgres)) as two:
            put(two, sample_articles()[1])
            with two.database.transaction(2), pytest.raises(StoreError, match="is being written by another process"):
                put(one, sample_articles()[2])
            put(one, sample_articles()[2])


def test_what_is_open_goes_on_after_the_server_was_killed_and_started_again() -> None:
    with running_server() as server:
        address = DatabaseAddress(server.url(server.new_database()))
        with (
            closing(open_shared(address, busy_timeout_seconds=30)) as store,
            closing(Chats.on(PostgresDatabase(address))) as chats,
        ):
            put(store, sample_articles()[1])
            chat = chats.start("ann")
            for restart in range(2):
                server.kill()
                starting = threading.Timer(0.3, server.start)
                starting.start()
                # Asked while it is away: the answer comes once it is back, and nothing is lost.
                assert [entry.title for entry in store.contents()] == ["Article 1", "Article 2"][: restart + 1]
                put(store, sample_articles()[restart + 2])
                chats.keep(chat.id, None, "Why?", {"text": "So."}, "ann")
                starting.join()
                assert len(store.search_lexical(["base"], 9)) == restart + 1
            assert [turn.position for turn in chats.turns(chat.id, "ann")] == [0, 1]
            assert "3 articles" in check_address(address)


def test_file_notes_are_shared_by_the_processes_of_a_machine_alone(postgres: DatabaseAddress) -> None:
    with closing(open_shared(postgres)) as store:
        one, two = PostgresFileNotes(store.database, "here"), PostgresFileNotes(store.database, "here")
        one.keep("/a/b.txt", (5, 6), "id")
        one.keep("/a/b.txt", (7, 8), "id2")
        one.keep("/a/c.txt", (1, 1), "id")
        one.forget("/a/c.txt")
        assert two.of("/a/b.txt") is None
        two.catch_up()
        assert [(file, note.stamp, note.article_id) for file, note in two.all()] == [("/a/b.txt", (7, 8), "id2")]
        assert PostgresFileNotes(store.database, "there").all() == []


def test_removing_for_good_leaves_no_word_in_the_tables(postgres: DatabaseAddress) -> None:
    article = sample_articles()[1]
    with closing(open_shared(postgres)) as store, closing(Chats.on(PostgresDatabase(postgres))) as chats:
        put(store, article)
        chat = chats.start("ann", [article.id])
        chats.keep(
            chat.id, None, "Why?", {"text": "Bees make honey.", "citations": [{"article_id": article.id}]}, "ann"
        )
        chats.questions.add("ann", {"question": "Why?"}, article)
        assert store.remove(article.id, for_good=True) == article
        store.purge()
        assert chats.turns(chat.id, "ann")[0].answer["decided_by"] == "removed"
        assert chats.questions.count("ann") == 0
        with store.database.connection() as connection:
            for table in ("articles", "sentences", "postings", "stems", "vectors", "chat_kept_articles"):
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_frequent_words_add_to_what_rare_ones_choose_as_in_the_embedded_library(
    postgres: DatabaseAddress, tmp_path: Path
) -> None:
    with both(postgres, tmp_path / "folder") as (shared, embedded):
        file, listed = embedded._file, ArticleList(embedded._file)
        every, few = (
            PostgresWords(shared.database, shared._articles),
            PostgresWords(shared.database, shared._articles, 6),
        )
        ids = [entry.id for entry in embedded.contents()]
        for chosen in (None, ids[2:5], [ids[0], ids[3], ids[6]], ids[1:2]):
            for stems in (
                ["honey", "the", "base"],
                ["the", "base"],
                ["the"],
                ["honey", "base"],
                ["honey", "wide", "base"],
            ):
                found = few.search(stems, 5, chosen)
                theirs = WordIndex(file, listed, 6).search(stems, 5, chosen)
                assert {hit.id for hit in found} == {hit.id for hit in theirs}, (stems, chosen)
                # The scores are the whole ones, as here the mean length of all is known.
                scores = {hit.id: hit.score for hit in every.search(stems, 1000, chosen)}
                assert [hit.score for hit in found] == pytest.approx([scores[hit.id] for hit in found])
                assert bool(found) == bool(scores), (stems, chosen)
