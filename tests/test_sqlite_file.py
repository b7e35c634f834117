"""The library's files: damaged, foreign, newer, locked, full or read-only, each told apart and nothing lost."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from fakes import WordEmbedder, article_of
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import AssistantError, StoreError
from assistant.opening import open_store
from assistant.settings import Settings
from assistant.sqlite_check import check_library
from assistant.sqlite_file import SCHEMA_VERSION
from assistant.sqlite_store import DATABASE, VECTORS, SqliteStore

EMBEDDER = WordEmbedder(dimension=512)
BASE = article_of("The base stays. Mirzoyan said so. Nobody asked about the base.", title="Base")
FRUIT = article_of("Bananas are yellow. Apples are red. The base of a pear is wide.", title="Fruit")
MANY = [article_of(f"Article {i} speaks of topic{i}. It has two sentences about topic{i}.") for i in range(40)]


def open_folder(folder: Path, embedder: WordEmbedder = EMBEDDER) -> SqliteStore:
    return SqliteStore(folder, embedder.fingerprint, embedder.dimension, busy_timeout_seconds=0.2)


def put(store: SqliteStore, article: object, embedder: WordEmbedder = EMBEDDER) -> bool:
    return store.add(article, embedder.embed([s.text for s in article.sentences]))  # type: ignore[attr-defined, arg-type]


def nearest(store: SqliteStore, question: str, embedder: WordEmbedder = EMBEDDER) -> str:
    (hit,) = store.search_dense(embedder.embed([question])[0], 1)
    return store.sentences([hit.id])[0].sentence.text


def change(folder: Path, sql: str, *parameters: object) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        assert connection.execute(sql, parameters).rowcount != 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with two articles, closed."""
    folder = tmp_path / "two articles #1?"
    with closing(open_folder(folder)) as store:
        put(store, BASE)
        put(store, FRUIT)
    return folder


# -- the vector index is derived --------------------------------------------------------------------------------------


def test_closing_leaves_one_database_and_one_index(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [DATABASE, VECTORS]


def test_an_index_that_is_up_to_date_is_not_written_again(folder: Path) -> None:
    before = (folder / VECTORS).stat()
    with closing(open_folder(folder)) as store:
        assert nearest(store, "yellow bananas") == "Bananas are yellow."
    after = (folder / VECTORS).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("damage", ["missing", "truncated", "flipped", "foreign"])
def test_a_missing_or_damaged_index_is_rebuilt(folder: Path, damage: str) -> None:
    whole = (folder / VECTORS).read_bytes()
    if damage == "missing":
        (folder / VECTORS).unlink()
    else:
        middle = len(whole) // 2
        content = {
            "truncated": whole[:middle],
            "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "foreign": b"something else",
        }
        (folder / VECTORS).write_bytes(content[damage])
    with closing(open_folder(folder)) as store:
        assert nearest(store, "yellow bananas") == "Bananas are yellow."
        assert len(store.index) == 6
    assert (folder / VECTORS).read_bytes() == whole


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 7))
def test_no_damage_to_the_index_changes_what_is_found(tmp_path: Path, where: float, bit: int) -> None:
    folder = tmp_path / "shared"
    with closing(open_folder(folder)) as store:
        put(store, BASE)
        put(store, FRUIT)
    content = bytearray((folder / VECTORS).read_bytes())
    content[int(where * len(content))] ^= 1 << bit
    (folder / VECTORS).write_bytes(content)
    with closing(open_folder(folder)) as store:
        assert nearest(store, "red apples") == "Apples are red."


def test_an_index_that_is_behind_catches_up(folder: Path) -> None:
    behind = (folder / VECTORS).read_bytes()
    with closing(open_folder(folder)) as store:
        store.remove(BASE.id)
        put(store, MANY[7])
    (folder / VECTORS).write_bytes(behind)
    with closing(open_folder(folder)) as store:
        assert nearest(store, "topic7") in {s.text for s in MANY[7].sentences}
        assert nearest(store, "the base stays") == "The base of a pear is wide."
        assert len(store.index) == 5


def test_an_index_that_is_ahead_of_a_restored_database_is_rebuilt(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / DATABASE, tmp_path / "backup")
    with closing(open_folder(folder)) as store:
        store.remove(BASE.id)
    shutil.copy(tmp_path / "backup", folder / DATABASE)
    with closing(open_folder(folder)) as store:
        assert nearest(store, "the base stays") == "The base stays."


def test_an_index_left_by_another_library_is_never_used(folder: Path) -> None:
    """A damaged database is moved away, as its message advises; the new one is killed before it wrote an index."""
    (folder / DATABASE).unlink()
    code = (
        "import os, sys\nfrom pathlib import Path\nsys.path.insert(0, sys.argv[2])\n"
        "from test_sqlite_file import MANY, open_folder, put\n"
        "store = open_folder(Path(sys.argv[1]))\nfor article in MANY[:3]: put(store, article)\nos._exit(9)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(folder), str(Path(__file__).parent)], check=False)
    assert run.returncode == 9
    with closing(open_folder(folder)) as store:
        for article in MANY[:3]:
            assert nearest(store, article.sentences[0].text) == article.sentences[0].text


def test_a_stale_temporary_file_is_cleared_away_and_a_fresh_one_left(folder: Path) -> None:
    stale, fresh = folder / f"{VECTORS}.old.tmp", folder / f"{VECTORS}.new.tmp"
    stale.write_bytes(b"half")
    fresh.write_bytes(b"half")
    os.utime(stale, (1, 1))
    open_folder(folder).close()
    assert not stale.exists()
    assert fresh.exists()


# -- another embedding model ------------------------------------------------------------------------------------------


def test_another_embedding_model_makes_all_vectors_anew(folder: Path) -> None:
    other = WordEmbedder(dimension=32, name="other")
    settings = Settings(library=folder, busy_timeout_seconds=0.2)
    with closing(open_store(settings, other)) as store:
        assert other.n_texts == 6
        assert nearest(store, "yellow bananas", other) == "Bananas are yellow."
        put(store, MANY[0], other)
    with closing(open_store(settings, other)) as store:
        assert other.n_texts == 6 + 1 + 2
        assert nearest(store, "topic0", other) in {s.text for s in MANY[0].sentences}
    assert "whole" in check_library(folder)


@pytest.mark.parametrize("dimension", [32, 512])
def test_a_process_with_the_old_model_is_told_and_mixes_nothing(folder: Path, dimension: int) -> None:
    other = WordEmbedder(dimension=dimension, name="other")
    with closing(open_folder(folder)) as old:
        nearest(old, "base")
        open_store(Settings(library=folder), other).close()
        with pytest.raises(StoreError, match=r"embedding model.*[Oo]pen"):
            nearest(old, "base")
        with pytest.raises(StoreError, match=r"embedding model.*[Oo]pen"):
            put(old, MANY[0])
    with closing(open_folder(folder, other)) as store:
        assert len(store.contents()) == 2
        assert nearest(store, "yellow bananas", other) == "Bananas are yellow."


def test_an_article_added_while_vectors_are_made_anew_is_not_lost(folder: Path) -> None:
    class Slow(WordEmbedder):
        def embed(self, texts, progress=None):  # type: ignore[no-untyped-def]
            with closing(open_folder(folder)) as meanwhile:
                put(meanwhile, MANY[0])
            return super().embed(texts, progress)

    with pytest.raises(StoreError, match="changed meanwhile"):
        open_store(Settings(library=folder), Slow(32, "slow"))
    assert "3 articles, 8 sentences" in check_library(folder)


# -- the database is damaged, foreign, newer, locked, full, read-only ---------------------------------------------------


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"certainly no database " * 100)
    with pytest.raises(StoreError, match=r"is damaged .*Restore it from a backup, or move it away"):
        open_folder(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == b"certainly no database " * 100


def test_a_foreign_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection, connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    before = (tmp_path / DATABASE).read_bytes()
    with pytest.raises(StoreError, match="is a SQLite database, but no library of Article Assistant"):
        open_folder(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == before


def test_a_newer_library_is_refused_with_the_remedy(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(StoreError, match=rf"newer version .*format {SCHEMA_VERSION + 1}.*pip install --upgrade"):
        open_folder(folder)


def test_an_empty_file_is_a_new_library(tmp_path: Path) -> None:
    (tmp_path / DATABASE).touch()
    with closing(open_folder(tmp_path)) as store:
        assert put(store, BASE)


@given(st.integers(0, 2**31))
def test_a_damaged_page_never_ends_in_anything_but_our_error(tmp_path: Path, seed: int) -> None:
    import random

    folder = tmp_path / "damaged"
    shutil.rmtree(folder, ignore_errors=True)
    with closing(open_folder(folder)) as store:
        for article in MANY[:10]:
            put(store, article)
    numbers = random.Random(seed)
    content = bytearray((folder / DATABASE).read_bytes())
    start = numbers.randrange(len(content))
    length = numbers.choice((1, 100, 4096))
    content[start : start + length] = numbers.randbytes(len(content[start : start + length]))
    (folder / DATABASE).write_bytes(content)
    for use in (lambda: check_library(folder), lambda: _use(folder)):
        # Damage may stand where nothing is read; what is not suppressed here fails the test.
        with suppress(AssistantError):
            use()


def _use(folder: Path) -> None:
    with closing(open_folder(folder)) as store:
        for entry in store.contents():
            store.article(entry.id)
        nearest(store, "topic3")
        store.search_lexical(["topic3"], 5)
        put(store, BASE)


def test_a_changed_text_is_noticed_and_can_be_removed(folder: Path) -> None:
    change(folder, "UPDATE articles SET text = 'The base goes.' WHERE id = ?", BASE.id)
    with pytest.raises(StoreError, match=r"text of 'Base' .* is damaged"):
        check_library(folder)
    with closing(open_folder(folder)) as store:
        with pytest.raises(StoreError, match=rf"text of article {BASE.id} .*damaged.*remove the article"):
            store.article(BASE.id)
        assert store.article(FRUIT.id) == FRUIT
        store.remove(BASE.id)
        put(store, BASE)
        assert store.article(BASE.id) == BASE
    assert "whole" in check_library(folder)


def test_a_changed_vector_is_noticed(folder: Path) -> None:
    change(folder, "UPDATE vectors SET vector = zeroblob(2048) WHERE sentence_id = 2")
    with pytest.raises(StoreError, match=r"vector of sentence 2 .*damaged"):
        check_library(folder)
    with closing(open_folder(folder)) as store, pytest.raises(StoreError, match=r"vector of sentence 2 .*damaged"):
        store.vectors([1, 2])
    (folder / VECTORS).unlink()
    with pytest.raises(StoreError, match=r"vector of sentence 2 .*damaged"):
        open_folder(folder)


def test_missing_vectors_are_noticed(folder: Path) -> None:
    change(folder, "DELETE FROM vectors WHERE sentence_id = 3")
    with pytest.raises(StoreError, match="6 sentences but 5 vectors"):
        check_library(folder)


def test_missing_words_are_noticed(folder: Path) -> None:
    change(folder, "DELETE FROM sentence_words WHERE rowid = 3")
    with pytest.raises(StoreError, match="lacks 1 of 6 sentences"):
        check_library(folder)


def test_a_locked_library_answers_and_says_why_it_cannot_change(folder: Path) -> None:
    with closing(open_folder(folder)) as store, closing(sqlite3.connect(folder / DATABASE)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        assert nearest(store, "yellow bananas") == "Bananas are yellow."
        for refused in (lambda: put(store, MANY[0]), lambda: store.remove(BASE.id), lambda: store.rename(BASE.id, "x")):
            with pytest.raises(StoreError, match=r"is being written by another process\. Wait"):
                refused()
        other.execute("ROLLBACK")
        assert put(store, MANY[0])
        assert len(store.contents()) == 3


def test_a_full_disk_is_told_and_nothing_is_half_there(folder: Path) -> None:
    with closing(open_folder(folder)) as store:
        connection = store._file.connection()
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        long = article_of("\n\n".join(f"Paragraph {i} is about something else entirely." for i in range(300)))
        with pytest.raises(StoreError, match=r"is full\. Nothing was changed"):
            put(store, long)
        assert [entry.title for entry in store.contents()] == ["Base", "Fruit"]
        assert nearest(store, "yellow bananas") == "Bananas are yellow."
        connection.execute("PRAGMA max_page_count = 1000000")
        assert put(store, long)
        assert nearest(store, "Paragraph 17") == "Paragraph 17 is about something else entirely."
    assert "3 articles, 306 sentences" in check_library(folder)


def test_a_transaction_that_fails_leaves_nothing(folder: Path) -> None:
    def fail_in_between(store: SqliteStore) -> None:
        with store._file.transaction() as connection:
            connection.execute("DELETE FROM articles")
            connection.execute("DELETE FROM recipes")

    with closing(open_folder(folder)) as store:
        with pytest.raises(StoreError, match="no such table"):
            fail_in_between(store)
        assert len(store.contents()) == 2


# -- read-only: root may write anywhere, so another user looks --------------------------------------------------------

_AS_NOBODY = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import faiss
from test_sqlite_file import BASE, MANY, nearest, open_folder, put
from assistant.errors import StoreError
os.setgid(65534); os.setuid(65534)
store = open_folder(Path(sys.argv[1]))
print(store.read_only, len(store.contents()), nearest(store, "yellow bananas"))
for refused in (lambda: put(store, MANY[0]), lambda: store.remove(BASE.id)):
    try:
        refused()
        print("changed")
    except StoreError as error:
        print(error)
store.close()
"""


@pytest.fixture
def for_nobody(folder: Path) -> Iterator[Path]:
    """The library in a folder that an unprivileged user may reach and read, but not write."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can act as another user")
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        copied = Path(shutil.copytree(folder, Path(name) / "library"))
        copied.chmod(0o555)
        yield copied


def _as_nobody(folder: Path) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(folder), str(Path(__file__).parent)],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_a_read_only_library_answers_and_refuses_changes(for_nobody: Path) -> None:
    for path in for_nobody.iterdir():
        path.chmod(0o444)
    found, *refusals = _as_nobody(for_nobody)
    assert found == "True 2 Bananas are yellow."
    assert len(refusals) == 2
    assert all("is read-only: questions work, changes do not" in line for line in refusals)


def test_a_read_only_library_shows_what_its_writer_has_committed(for_nobody: Path) -> None:
    """The writer is still open, so that its last changes are in the write-ahead log alone."""
    with closing(open_folder(for_nobody)) as writer:
        put(writer, MANY[3])
        for path in for_nobody.iterdir():
            path.chmod(0o444)
        found, *_ = _as_nobody(for_nobody)
    assert found == "True 3 Bananas are yellow."


_WATCHING = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import faiss
from test_sqlite_file import nearest, open_folder
os.setgid(65534); os.setuid(65534)
store = open_folder(Path(sys.argv[1]))
for _ in sys.stdin:
    print(len(store.contents()), nearest(store, "topic3"), flush=True)
"""


def test_a_read_only_library_follows_a_writer_that_comes_and_goes(for_nobody: Path) -> None:
    watcher = subprocess.Popen(
        [sys.executable, "-c", _WATCHING, str(for_nobody), str(Path(__file__).parent)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/",
    )  # fmt: skip
    assert watcher.stdin is not None
    assert watcher.stdout is not None

    def seen() -> str:
        watcher.stdin.write("look\n")  # type: ignore[union-attr]
        watcher.stdin.flush()  # type: ignore[union-attr]
        return watcher.stdout.readline()  # type: ignore[union-attr]

    with watcher:
        assert seen().startswith("2 ")
        with closing(open_folder(for_nobody)) as writer:
            put(writer, MANY[3])
            assert seen() == f"3 {MANY[3].sentences[0].text}\n"
            writer.remove(BASE.id)
        assert seen() == f"2 {MANY[3].sentences[0].text}\n"
        watcher.stdin.close()
        assert watcher.wait(30) == 0


# -- several processes ------------------------------------------------------------------------------------------------


def _write_some(folder: Path, part: int, n_parts: int) -> None:
    store = SqliteStore(folder, EMBEDDER.fingerprint, EMBEDDER.dimension, busy_timeout_seconds=30)
    for article in MANY[part::n_parts]:
        put(store, article)
        nearest(store, article.sentences[0].text)
    store.close()


def test_processes_that_open_a_new_library_at_once_share_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write_some, args=(folder, part, 4)) for part in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * 4
    assert "40 articles, 80 sentences" in check_library(folder)
    with closing(open_folder(folder)) as store:
        for article in MANY:
            assert nearest(store, article.sentences[0].text) == article.sentences[0].text


def test_threads_that_open_a_new_library_at_once_share_it(tmp_path: Path) -> None:
    for attempt in range(20):
        folder = tmp_path / f"new-{attempt}"
        barrier = threading.Barrier(6)
        failures: list[Exception] = []

        def open_one(folder: Path = folder, barrier: threading.Barrier = barrier, failed: list = failures) -> None:  # type: ignore[type-arg]
            barrier.wait()
            try:
                SqliteStore(folder, EMBEDDER.fingerprint, EMBEDDER.dimension, 10).close()
            except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
                failed.append(error)

        threads = [threading.Thread(target=open_one) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []


def test_threads_that_have_ended_leave_no_connection_open(folder: Path) -> None:
    with closing(open_folder(folder)) as store:
        for _ in range(50):
            thread = threading.Thread(target=store.contents)
            thread.start()
            thread.join()
        assert len(store._file._connections) <= 2
