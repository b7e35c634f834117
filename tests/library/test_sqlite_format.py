"""A library of an older format is brought up to today's, with everything that was sound in it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import damaged_library as damaged
import pytest
from conftest import SAMPLE
from fakes import WordEmbedder

from assistant.errors import StoreError
from assistant.library.chats import Chats
from assistant.library.sqlite_check import check_library
from assistant.library.sqlite_repair import repair_library
from assistant.library.sqlite_schema import SCHEMA_VERSION
from assistant.library.sqlite_store import DATABASE, SqliteStore
from assistant.library.sqlite_upgrade import expected_tables
from assistant.library.tokens import Tokens

FORMAT_1, FORMAT_2, FORMAT_3 = (Path(__file__).parents[1] / "data" / f"format-{n}" for n in (1, 2, 3))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library that the first version wrote: two articles, one of them renamed, after one was removed, and a chat."""
    return Path(shutil.copytree(FORMAT_1, tmp_path / "old"))


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """A library of format 2: what `damaged_library.build` made, a question that Ann keeps, a conversation she deleted."""
    return Path(shutil.copytree(FORMAT_2, tmp_path / "old"))


def version(folder: Path) -> int:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_everything_in_an_older_library_is_there(folder: Path) -> None:
    assert version(folder) == 1
    assert "2 articles, 24 sentences, all whole" in check_library(folder)
    assert version(folder) == 1, "looking changes nothing"
    with closing(damaged.open_store(folder)) as store:
        sample, bees = (store.article(entry.id) for entry in store.contents())
        assert sample.text == SAMPLE.read_text(encoding="utf-8").strip()
        assert bees.title == "On bees"
        assert [(s.text, s.speaker, s.section) for s in bees.sentences[-2:]] == [
            ('"Wasps do not," Ann Lee said.', "Ann Lee", "Wasps"), ("They hunt café flies.", "", "Wasps"),
        ]  # fmt: skip
        vector = WordEmbedder().embed(["They hunt café flies."])[0]
        (best,) = store.search_dense(vector, 1)
        assert best.score == pytest.approx(1)
        assert store.sentences([best.id])[0].sentence == bees.sentences[-1]
        assert [hit.id for hit in store.search_lexical(["hunt"], 3)] == [best.id]
        assert store.marked("sample_added")
    with closing(Chats.open(folder / DATABASE)) as chats:
        (chat,) = chats.of()
        assert (chat.title, chat.articles) == ("What do bees make?", (bees.id,))
        assert chats.turns(chat.id)[0].answer["text"] == "Bees make honey."
        assert chats.choices() == {"carefulness": "high"}
        assert chats.suggestions(bees.id, "models") == ["What do bees make?"]
    assert version(folder) == SCHEMA_VERSION
    assert damaged.found(folder) == []


def test_everything_in_a_library_of_format_2_is_there(second: Path) -> None:
    assert version(second) == 2
    assert "2 articles, 23 sentences, all whole" in check_library(second)
    with closing(damaged.open_store(second)) as store:
        sample, bees = (store.article(entry.id) for entry in store.contents())
        assert sample.text == SAMPLE.read_text(encoding="utf-8").strip()
        assert (bees.title, bees.source, bees.added.year) == ("Of bees", "On bees.txt", 2026)
        assert (bees.author, bees.date, bees.tags, bees.notes, bees.blocks) == ("", None, (), (), ())
        assert [(s.speaker, s.section, s.page, s.place, s.boxes) for s in bees.sentences] == [
            ("", "Bees", 1, "", ()), ("Ann Lee", "Wasps", 2, "", ()), ("", "Wasps", 2, "", ()), ("", "Wasps", 2, "", ()),
        ]  # fmt: skip
        assert [(e.n_pages, e.author, e.date, e.tags, e.url) for e in store.contents()] == [
            (0, "", None, (), ""), (2, "", None, (), ""),
        ]  # fmt: skip
        assert store.original(bees.id) is None
    with closing(Chats.open(second / DATABASE)) as chats:
        for owner in ("", "ann"):
            (chat,) = chats.of(owner)
            assert (chat.title, chat.articles) == ("What do bees make?", (bees.id,))
            assert [(t.question, t.answer["text"], t.rating) for t in chats.turns(chat.id, owner)] == [
                ("What do bees make?", "Bees make honey.", 0), ("And wasps?", "Bees make honey.", 1),
            ]  # fmt: skip
        assert list(chats.questions.rows("ann")) == [
            {"question": "What do bees make?", "answers": ["honey"], "article": bees.id}
        ]
        assert chats.questions.article("ann", bees.id).text == bees.text
        assert chats.choices() == {"carefulness": "high", "language_model": ""}
        assert chats.suggestions(bees.id, "models") == ["What do bees make?"]
    assert version(second) == SCHEMA_VERSION
    assert damaged.found(second) == []


def test_everything_in_a_library_of_format_3_is_there_and_tokens_have_a_place(tmp_path: Path) -> None:
    third = Path(shutil.copytree(FORMAT_3, tmp_path / "old"))
    assert version(third) == 3
    before = damaged.read_all(third)  # brings it up to date
    assert version(third) == SCHEMA_VERSION
    damaged.build(tmp_path / "new")
    now = damaged.read_all(tmp_path / "new")
    assert set(before) == set(now)
    assert not any(name.startswith("refused") for name in before)
    assert damaged.found(third) == []
    with closing(Tokens.open(third / DATABASE)) as tokens:
        token, secret = tokens.create("ci", ["add"])
        assert (tokens.of(secret), tokens.all()) == (token, [token])


@pytest.mark.parametrize("damage", ["UPDATE chat_turns SET rating = -1", "UPDATE articles SET author = 'Nobody'"])
def test_a_checksum_that_did_not_fit_in_format_3_is_not_made_to_fit(tmp_path: Path, damage: str) -> None:
    third = Path(shutil.copytree(FORMAT_3, tmp_path / "old"))
    with closing(sqlite3.connect(third / DATABASE)) as connection, connection:
        assert connection.execute(damage).rowcount > 0
    n_before = len(damaged.found(third))
    with suppress(StoreError):
        damaged.open_store(third).close()
    assert (version(third), len(damaged.found(third))) == (SCHEMA_VERSION, n_before)
    assert n_before > 0


@pytest.mark.parametrize("older", [FORMAT_1, FORMAT_2, FORMAT_3], ids=["format 1", "format 2", "format 3"])
def test_a_new_library_and_an_older_one_have_the_same_tables(older: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(older, tmp_path / "old"))
    damaged.open_store(folder).close()
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        rows = connection.execute("SELECT name, type, sql FROM sqlite_master").fetchall()
    found = {n: (kind, sql) for n, kind, sql in rows if not n.startswith("sentence_words_")}
    assert found == expected_tables()


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (
            "UPDATE sentences SET text = 'They hunt 1832 flies.' WHERE text LIKE 'They hunt%'",
            "1 of 5 sentences of 'On bees'",
        ),
        ("UPDATE sentences SET start = start + 1 WHERE text LIKE 'They hunt%'", "1 of 5 sentences of 'On bees'"),
        ("UPDATE vectors SET vector = zeroblob(256) WHERE sentence_id = 7", "1 of 19 vectors"),
        ("UPDATE articles SET text = replace(text, 'honey', 'money')", "text of 'On bees'"),
        ("UPDATE chat_turns SET answer = '{'", "1 of 1 rows of chat_turns"),
        ("UPDATE chats SET articles = '{}'", "1 of 1 rows of chats"),
        ("UPDATE chat_turns SET rating = 'good'", "1 of 1 rows of chat_turns"),
    ],
)
def test_what_was_damaged_before_is_not_believed_after(folder: Path, damage: str, finding: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        assert connection.execute(damage).rowcount > 0
    with suppress(StoreError):
        damaged.open_store(folder).close()
    assert any(finding in problem for problem in damaged.found(folder)), damaged.found(folder)
    told = damaged.read_all(folder)
    assert "1832" not in repr([told[name] for name in told if not name.startswith("refused")])
    assert repair_library(folder, damaged.EMBEDDER)
    assert damaged.found(folder) == []


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("UPDATE sentences SET section = 'Birds' WHERE section = 'Wasps'", "sentences of 'Of bees'"),
        ("UPDATE articles SET title = 'On birds' WHERE title = 'Of bees'", "of 'On birds'"),
        ("UPDATE chat_turns SET rating = -1", "5 of 5 rows of chat_turns"),
        ("UPDATE chat_kept_questions SET row = '{}'", "1 of 1 rows of chat_kept_questions"),
    ],
)
def test_a_checksum_that_did_not_fit_in_format_2_is_not_made_to_fit(second: Path, damage: str, finding: str) -> None:
    with closing(sqlite3.connect(second / DATABASE)) as connection, connection:
        assert connection.execute(damage).rowcount > 0
    with suppress(StoreError):
        damaged.open_store(second).close()
    assert version(second) == SCHEMA_VERSION
    assert any(finding in problem for problem in damaged.found(second)), damaged.found(second)
    assert repair_library(second, damaged.EMBEDDER)
    assert damaged.found(second) == []


def test_an_older_library_that_can_only_be_read_says_what_to_do(folder: Path) -> None:
    import os
    import subprocess
    import sys
    import tempfile

    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can act as another user")
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        copied = Path(shutil.copytree(folder, Path(name) / "library"))
        copied.chmod(0o555)
        code = (
            "import os, sys\nfrom pathlib import Path\nsys.path.insert(0, sys.argv[2])\nimport faiss\n"
            "from damaged_library import open_store\nfrom assistant.errors import StoreError\nos.setgid(65534); os.setuid(65534)\n"
            "try: open_store(Path(sys.argv[1]))\nexcept StoreError as error: print(error)"
        )
        run = subprocess.run(
            [sys.executable, "-c", code, str(copied), str(Path(__file__).parents[1])],
            capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "is of an older format and read-only. Open it once where it can be written" in run.stdout


def test_two_that_open_an_older_library_at_once_share_it(folder: Path) -> None:
    import threading

    failures: list[Exception] = []
    barrier = threading.Barrier(4)

    def open_one() -> None:
        barrier.wait()
        try:
            SqliteStore(folder, damaged.EMBEDDER.fingerprint, damaged.EMBEDDER.dimension, 10).close()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=open_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert damaged.found(folder) == []
