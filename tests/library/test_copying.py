"""A library that is copied is the same in the other, both ways, interrupted anywhere, and copied again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import damaged_library as made
import pytest
from fakes import WordEmbedder

from assistant.cli import main
from assistant.database_address import DatabaseAddress
from assistant.errors import StoreError
from assistant.library.chats import Chats
from assistant.library.copying import Copied, copy_library
from assistant.library.file_notes import FILES, FileNotes
from assistant.library.postgres_check import check_address
from assistant.library.postgres_files import PostgresFileNotes
from assistant.library.postgres_store import PostgresStore
from assistant.library.sqlite_check import check_library
from assistant.library.sqlite_store import SqliteStore
from assistant.library.tokens import Tokens

EMBEDDER = WordEmbedder()
WHOLE = Copied(n_articles=2, n_sentences=23, n_conversations=2, n_questions=2, n_tokens=1)


class StoppedError(Exception):
    """The copy is stopped here."""


@contextmanager
def shared(address: DatabaseAddress) -> Iterator[PostgresStore]:
    with closing(PostgresStore(address, EMBEDDER.fingerprint, EMBEDDER.dimension, 5)) as store:
        yield store


@pytest.fixture
def source(tmp_path: Path) -> Iterator[SqliteStore]:
    """A library with one of everything."""
    folder = tmp_path / "source"
    made.build(folder)
    with closing(made.open_store(folder)) as store:
        chats = Chats(store.database)
        for _ in range(2):  # the same twice, which is two
            chats.questions.add("ann", {"question": "Who?"}, store.article(store.contents()[0].id))
        Tokens(store.database).create("program", ["ask", "add"])
        FileNotes(folder / FILES).keep("/a/b.txt", (1, 2), store.contents()[0].id)
        yield store


def everything(store: SqliteStore | PostgresStore) -> list[object]:
    """Returns what a user sees of a library, ids of turns apart."""
    chats = Chats(store.database)
    turns = [
        (c, [(t.position, t.question, t.answer, t.rating) for t in chats.turns(c.id, o)])
        for o in ("", "ann")
        for c in chats.of(o)
    ]
    articles = [store.article(entry.id) for entry in store.contents()]
    return [
        articles, [store.original(a.id) for a in articles], turns, list(chats.questions.rows("ann")), chats.choices(),
        chats.suggestions(articles[1].id, "models"), chats.tokens.all(), store.marked("sample_added"),
    ]  # fmt: skip


def test_there_and_back_all_is_the_same_and_a_second_time_changes_nothing(
    source: SqliteStore, postgres: DatabaseAddress, tmp_path: Path
) -> None:
    with shared(postgres) as there, closing(made.open_store(tmp_path / "back")) as back:
        notes = (FileNotes(tmp_path / "source" / FILES), PostgresFileNotes(there.database))
        told: list[tuple[str, int, int]] = []
        assert copy_library(source, there, notes, lambda *words: told.append(words)) == WHOLE
        assert told[:2] == [("articles", 1, 2), ("articles", 2, 2)]
        assert everything(there) == everything(source)
        assert notes[1].all() == notes[0].all() != []
        generation = there.database.generation()
        assert copy_library(source, there, notes) == WHOLE
        assert there.database.generation() == generation
        assert everything(there) == everything(source)
        assert copy_library(there, back) == WHOLE
        assert everything(back) == everything(source)
    assert "all whole" in check_address(postgres)
    assert "all whole" in check_library(tmp_path / "back")


@pytest.mark.parametrize("stop_at", range(1, 7))
def test_stopped_anywhere_it_goes_on(source: SqliteStore, postgres: DatabaseAddress, stop_at: int) -> None:
    calls = 0

    def stopping(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == stop_at:
            raise StoppedError

    with shared(postgres) as there:
        with pytest.raises(StoppedError):
            copy_library(source, there, None, stopping)
        assert copy_library(source, there) == WHOLE
        assert everything(there) == everything(source)


def test_what_changed_since_is_brought_up_to_date_and_what_only_the_target_has_stays(
    source: SqliteStore, postgres: DatabaseAddress
) -> None:
    with shared(postgres) as there:
        copy_library(source, there)
        made.put(there, "Only here. It stays.", "Own", ())  # type: ignore[arg-type]
        source.rename(source.contents()[0].id, "Another title")
        ours, theirs = Chats(source.database), Chats(there.database)
        ours.keep(ours.of("ann")[0].id, None, "And then?", {"text": "Then."}, "ann")
        theirs.keep(theirs.of("")[0].id, None, "Newer here?", {"text": "Yes."})
        copy_library(source, there)
        assert [entry.title for entry in there.contents()] == ["Another title", "Of bees", "Own"]
        assert [turn.question for turn in theirs.turns(theirs.of("ann")[0].id, "ann")][-1] == "And then?"
        assert [turn.question for turn in theirs.turns(theirs.of("")[0].id)][-1] == "Newer here?"


def test_a_copy_that_is_not_the_same_is_told(source: SqliteStore, postgres: DatabaseAddress) -> None:
    with shared(postgres) as there:
        copy_library(source, there)
        there.database.change("UPDATE originals SET data = ?", (b"other",))
        with pytest.raises(StoreError, match=r"The copy is not complete: the article 'Of bees'"):
            copy_library(source, there)
        there.database.change("UPDATE tokens SET id = 'other'")
        there.database.change("UPDATE originals SET data = ?", (source.original(source.contents()[1].id).data,))  # type: ignore[union-attr]
        with pytest.raises(StoreError, match="of tokens, which stands there under the same name otherwise"):
            copy_library(source, there)


@pytest.mark.models
def test_the_command_tells_what_it_copied(
    library: Path, postgres: DatabaseAddress, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", "--text", "Bananas are yellow. Apples are red.", "--title", "Fruit"]) == 0
    capsys.readouterr()
    address = postgres.url.replace("tester@", "tester:s3cret@")
    assert main(["copy", "--from", str(library), "--to", address, "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["n_sentences"] == 2
    assert "articles: 1 of 1" in told.err
    assert main(["list", "--library", address]) == 0
    assert "Fruit" in capsys.readouterr().out
    assert main(["doctor", "--library", address]) == 0
    told = capsys.readouterr()
    assert "1 articles, 2 sentences, all whole, in postgresql://tester:***@/" in told.out
    assert main(["copy", "--from", address, "--to", address]) == 2
    assert main(["backup", "--library", address, "x"]) == 2
    told_last = capsys.readouterr().err
    assert "is named twice" in told_last
    assert "s3cret" not in told.out + told.err + told_last
