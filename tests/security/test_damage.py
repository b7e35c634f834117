"""A library damaged bit by bit: what is damaged is refused, mended, or found by the doctor, and never told as true."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import damaged_library as damaged
import pytest
from fakes import ScriptedReader

from assistant.assistant import Assistant
from assistant.errors import StoreError
from assistant.library.chats import Chats
from assistant.library.sqlite_checksums import add_functions, keep_checksums
from assistant.library.sqlite_repair import repair_library
from assistant.library.sqlite_store import DATABASE, VECTORS
from assistant.settings import Settings

N_FLIPS = 25
SOAK_FLIPS = 250
few_or_many = pytest.mark.parametrize("n_flips", [N_FLIPS, pytest.param(SOAK_FLIPS, marks=pytest.mark.soak)])

# (what, statement): one of everything that a library holds, changed behind its back.
AIMED = [
    ("a number in a sentence", "UPDATE sentences SET text = replace(text, '1832', '1732') WHERE text LIKE '%1832%'"),
    ("a number in an article", "UPDATE articles SET text = replace(text, '1832', '1732') WHERE text LIKE '%1832%'"),
    ("a start", "UPDATE sentences SET start = start + 1 WHERE id = 5"),
    ("an end", "UPDATE sentences SET end = end - 1 WHERE id = 5"),
    ("a span and its text", "UPDATE sentences SET end = end - 1, text = substr(text, 1, length(text) - 1) WHERE id = 5"),
    ("a speaker", "UPDATE sentences SET speaker = 'Ararat Mirzoyam' WHERE speaker LIKE '%Mirzoyan%'"),
    ("a speaker where there was none", "UPDATE sentences SET speaker = 'Ann Lee' WHERE id = 25"),
    ("a position", "UPDATE sentences SET position = 40 WHERE id = 7"),
    ("a page", "UPDATE sentences SET page = 3 WHERE page = 2"),
    ("a section", "UPDATE sentences SET section = 'Bees' WHERE section = 'Wasps'"),
    ("whose a sentence is", "UPDATE sentences SET article_id = (SELECT max(id) FROM articles), position = 99 WHERE id = 24"),
    ("a sentence that is gone", "DELETE FROM sentences WHERE id = 10"),
    ("the words of a sentence", "UPDATE sentence_words SET stems = 'open 1732' WHERE rowid = 23"),
    ("the words of a sentence, gone", "DELETE FROM sentence_words WHERE rowid = 23"),
    ("a word in the index", "UPDATE sentence_words_content SET c0 = 'open 1732' WHERE id = 23"),
    ("the vectors of two sentences", "UPDATE vectors SET vector = (SELECT vector FROM vectors WHERE sentence_id = 4), checksum = (SELECT checksum FROM vectors WHERE sentence_id = 4) WHERE sentence_id = 9"),
    ("a vector", "UPDATE vectors SET vector = zeroblob(256) WHERE sentence_id = 9"),
    ("a title", "UPDATE articles SET title = 'Of beef' WHERE title = 'Of bees'"),
    ("a source", "UPDATE articles SET source = 'x' WHERE title = 'Of bees'"),
    ("a date", "UPDATE articles SET added = '2001-01-01T00:00:00+00:00' WHERE title = 'Of bees'"),
    ("a date that is none", "UPDATE articles SET added = 'tomorrow' WHERE title = 'Of bees'"),
    ("the first sentence of an article", "UPDATE articles SET first_id = first_id - 1 WHERE title = 'Of bees'"),
    ("an article's id", "UPDATE articles SET id = 'x' || substr(id, 2) WHERE title = 'Of bees'"),
    ("the generation", "UPDATE meta SET value = '3' WHERE key = 'generation'"),
    ("which model made the vectors", "UPDATE meta SET value = 'words:65' WHERE key = 'embedding_model'"),
    ("an author", "UPDATE articles SET author = 'Ann Moss' WHERE author <> ''"),
    ("a day", "UPDATE articles SET date = '2024-02-28' WHERE author <> ''"),
    ("a day that is none", "UPDATE articles SET date = '2023-02-29' WHERE author <> ''"),
    ("tags", "UPDATE articles SET tags = '[\"birds\"]' WHERE author <> ''"),
    ("tags that are none", "UPDATE articles SET tags = '[7' WHERE author <> ''"),
    ("blocks", "UPDATE articles SET blocks = x'00' WHERE author <> ''"),
    ("a place", "UPDATE sentences SET place = '00:02' WHERE text LIKE '%1832%'"),
    ("a box", "UPDATE sentences SET boxes = replace(boxes, '0.25', '0.75') WHERE text LIKE '%1832%'"),
    ("an original file", "UPDATE originals SET data = CAST(replace(data, 'PDF', 'PDG') AS BLOB)"),
    ("an original file's owner", "UPDATE originals SET article_id = (SELECT id FROM articles ORDER BY sequence LIMIT 1)"),
    ("a change", "UPDATE changes SET first_id = first_id + 1 WHERE kind = 'add' AND generation = 2"),
    ("the last number used", "UPDATE sqlite_sequence SET seq = 3 WHERE name = 'sentences'"),
    ("the count of the changes", "UPDATE commits SET n = n + 1"),
    ("a kept answer", "UPDATE chat_turns SET answer = replace(answer, 'honey', 'money')"),
    ("a kept answer that is no JSON", "UPDATE chat_turns SET answer = '{' WHERE id = 1"),
    ("a question in another encoding", "UPDATE chat_turns SET question = CAST(x'e97465' AS TEXT) WHERE id = 2"),
    ("a rating of another type", "UPDATE chat_turns SET rating = 'good' WHERE id = 2"),
    ("articles that are no list", "UPDATE chats SET articles = '7' WHERE owner = 'ann'"),
    ("a conversation's owner", "UPDATE chats SET owner = 'bob' WHERE owner = 'ann'"),
    ("a conversation's title", "UPDATE chats SET title = x'ff00' WHERE owner = ''"),
    ("a choice", "UPDATE chat_choices SET value = 'bogus' WHERE name = 'carefulness'"),
    ("suggestions", "UPDATE chat_suggestions SET questions = '[1'"),
]  # fmt: skip

# What nothing else tells, so that it cannot be mended, by what was damaged.
OF_THE_ENTRY = {
    "a title": ["title"], "a source": ["source"], "a date": ["added"], "a date that is none": ["added"],
    "an author": ["author"], "a day": ["date"], "a day that is none": ["date"], "tags": ["tags"],
    "tags that are none": ["tags"], "blocks": ["blocks"],
}  # fmt: skip
OF_A_SENTENCE = ("a page", "a section", "a place")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "library"
    damaged.build(folder)
    return folder


@pytest.fixture(scope="module")
def truth(whole: Path) -> dict[str, Any]:
    told = damaged.read_all(whole)
    assert damaged.found(whole) == []
    assert not [name for name in told if name.startswith("refused")]
    assert len(told["turns ann"]) == 2
    assert "sentence 23" in told
    return told


def sql(statement: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
            assert connection.execute(statement).rowcount > 0

    return damage


@pytest.mark.timeout(3600)
@few_or_many
@pytest.mark.parametrize("name", [DATABASE, VECTORS, f"{DATABASE}-count"])
def test_no_flipped_bit_is_told_as_true(
    whole: Path, truth: dict[str, Any], tmp_path: Path, name: str, n_flips: int
) -> None:
    outcomes: Counter[str] = Counter()
    for place, bit in damaged.places(whole / name, n_flips, seed=17):
        outcomes[
            damaged.outcome(whole, tmp_path / "copy", lambda f, p=place, b=bit: damaged.flip(f / name, p, b), truth)
        ] += 1
    assert outcomes.total() == n_flips
    assert set(outcomes) <= {"found", "refused", "harmless"}
    assert (name == VECTORS) == (outcomes["found"] == n_flips)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize("text", ["1832", "Ann Lee", "Of bees", "café".encode().decode("latin-1")])
def test_the_bits_of_a_word_are_held(whole: Path, truth: dict[str, Any], tmp_path: Path, text: str, every: int) -> None:
    """Wherever the word stands in the file: in the article, in a sentence, in an index, in a conversation."""
    word = text.encode("latin-1")
    content = (whole / DATABASE).read_bytes()
    starts = [i for i in range(len(content)) if content.startswith(word, i)]
    assert starts
    bits = [(start + offset, bit) for start in starts for offset in range(len(word)) for bit in range(8)]
    for place, bit in bits[::every]:
        damaged.outcome(whole, tmp_path / "copy", lambda f, p=place, b=bit: damaged.flip(f / DATABASE, p, b), truth)


@pytest.mark.parametrize(("what", "statement"), AIMED, ids=[what for what, _ in AIMED])
def test_aimed_damage_is_found_and_mended(
    whole: Path, truth: dict[str, Any], tmp_path: Path, what: str, statement: str
) -> None:
    folder = tmp_path / "copy"
    assert damaged.outcome(whole, folder, sql(statement), truth) == "found"
    before = (folder / DATABASE).read_bytes()
    done = repair_library(folder, damaged.EMBEDDER, 0.2)
    assert damaged.found(folder) == []
    (aside,) = folder.glob(f"{DATABASE}.damaged-*")
    assert aside.read_bytes() == before
    assert any(aside.name in line for line in done)
    assert not list(folder.glob("repair.*"))
    told = damaged.read_all(folder)
    assert not [name for name in told if name.startswith("refused")]
    check_mended(told, truth, what)


def check_mended(told: dict[str, Any], truth: dict[str, Any], what: str) -> None:
    """Asserts that everything is as it was but what nothing else tells."""
    articles = {a.id: a for a in (told[name] for name in told if name.startswith("article "))}
    true = {a.id: a for a in (truth[name] for name in truth if name.startswith("article "))}
    assert articles.keys() == true.keys()
    for article_id, article in articles.items():
        assert article.text == true[article_id].text
        for name in ("title", "source", "added", "author", "date", "tags", "url", "fetched", "notes", "blocks"):
            if name not in OF_THE_ENTRY.get(what, ()):
                assert getattr(article, name) == getattr(true[article_id], name)
        kept, were = (article.sentences, true[article_id].sentences)
        assert [(s.text, s.start, s.end, s.speaker) for s in kept] == [
            (s.text, s.start, s.end, s.speaker) for s in were
        ]
        # Boxes are known from the file alone: a sentence that is made anew has none.
        assert [replace(s, boxes=()) for s in kept] == [replace(s, boxes=()) for s in were] or what in OF_A_SENTENCE
        assert sum(s.boxes != t.boxes for s, t in zip(kept, were, strict=True)) <= 3
        assert all(s.boxes in (t.boxes, ()) for s, t in zip(kept, were, strict=True))
    lost = [name for name in truth if name.startswith("original ") and told.get(name) != truth[name]]
    assert all(told.get(name) is None and what.startswith("an original") for name in lost)
    for name in ("chats ", "chats ann", "turns ", "turns ann"):
        whole = truth[name]
        assert all(part in whole for part in told.get(name, []))
    if not what.startswith(("a kept", "a question", "a rating", "articles", "a conversation")):
        assert [told[name] for name in ("turns ", "turns ann")] == [truth[name] for name in ("turns ", "turns ann")]


def test_a_wrong_sentence_is_refused_even_if_its_checksum_is_right(whole: Path, tmp_path: Path) -> None:
    """Its article's text, whose hash is its id, is what a sentence is held against in the end."""
    folder = Path(shutil.copytree(whole, tmp_path / "copy"))
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        add_functions(connection)
        keep_checksums(connection, ["sentences"])
        connection.execute("UPDATE sentences SET text = replace(text, '1832', '1732') WHERE id = 24")
        assert connection.execute("SELECT text FROM sentences WHERE id = 24").fetchone() == (
            "The hall opened in 1732.",
        )
    with closing(damaged.open_store(folder)) as store:
        sample, bees = (entry.id for entry in store.contents())
        store.check([sample, "gone"])
        for use in (lambda: store.check([sample, bees]), lambda: store.check([bees]), lambda: store.article(bees)):
            with pytest.raises(StoreError, match=r"a sentence of 'Of bees'.*doctor --repair"):
                use()
    refused = pytest.raises(StoreError, match="a sentence of 'Of bees'")
    store, reader = damaged.open_store(folder), ScriptedReader("The hall")
    with closing(Assistant(Settings(library=folder), store, damaged.EMBEDDER, reader)) as assistant, refused:
        assistant.ask("When did the hall open?", bees)
    assert "a sentence of 'Of bees'" in damaged.found(folder)[0]
    assert repair_library(folder, damaged.EMBEDDER, 0.2)
    assert damaged.found(folder) == []
    assert damaged.read_all(folder)["dense opened 1832"]


def test_what_is_damaged_stays_so_whatever_else_is_changed(whole: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "copy"))
    with closing(damaged.open_store(folder)) as store, closing(Chats.open(folder / DATABASE)) as chats:
        sample, bees = store.contents()
        (chat,) = chats.of("ann")
        first, second = chats.turns(chat.id, "ann")
        for statement in (
            "UPDATE articles SET first_id = 3 WHERE title = 'Of bees'",
            f"UPDATE chat_turns SET answer = replace(answer, 'honey', 'money') WHERE id = {second.id}",
        ):
            sql(statement)(folder)
        store.rename(sample.id, "Of bases")
        store.rename(bees.id, "Of beef")
        chats.rate(first.id, 1, "ann")
        chats.rate(second.id, -1, "ann")
        with pytest.raises(StoreError, match=f"the entry of the article {bees.id}"):
            store.remove(bees.id)
        with pytest.raises(StoreError, match="the entry of the article 'Of beef'"):
            store.contents()
        assert [(t.id, t.rating) for t in chats.turns(chat.id, "ann")] == [(first.id, 1)]
    problems = damaged.found(folder)
    assert [p for p in problems if "'Of beef'" in p]
    assert [p for p in problems if "1 of 4 rows of chat_turns" in p]
    assert repair_library(folder, damaged.EMBEDDER, 0.2)
    with closing(damaged.open_store(folder)) as store:
        assert [entry.title for entry in store.contents()] == ["Of bases", "Of beef"]
        assert store.search_lexical(["honey"], 3)
        store.remove(bees.id)
    assert damaged.found(folder) == []


def test_a_whole_library_is_left_alone(whole: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "copy"))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert repair_library(folder, damaged.EMBEDDER) == []
    assert repair_library(tmp_path / "none", damaged.EMBEDDER) == []
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_damaged_index_file_is_made_anew(whole: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "copy"))
    good = (folder / VECTORS).read_bytes()
    damaged.flip(folder / VECTORS, len(good) // 2, 3)
    done = repair_library(folder, damaged.EMBEDDER)
    assert done[-1] == "the vector index was made anew"
    assert (folder / VECTORS).read_bytes() == good
    assert len(list(folder.glob(f"{VECTORS}.damaged-*"))) == 1
    assert not list(folder.glob(f"{DATABASE}.damaged-*"))


def test_a_text_that_nothing_vouches_for_is_left_out_and_named(whole: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "copy"))
    sql("UPDATE articles SET text = replace(text, '1832', '1732') WHERE text LIKE '%1832%'")(folder)
    sql("UPDATE sentences SET text = replace(text, '1832', '1732') WHERE text LIKE '%1832%'")(folder)
    done = repair_library(folder, damaged.EMBEDDER)
    assert any(line.startswith("the text of 'Of bees'") and "'On bees.txt'" in line for line in done)
    assert damaged.found(folder) == []
    told = damaged.read_all(folder)
    assert len(told["contents"]) == 1
    assert told["dense honey bees"]


@pytest.mark.parametrize(("table", "column"), [("sentences", "section"), ("sentences", "start"), ("articles", "title")])
def test_where_a_column_has_lost_its_name_it_is_made_anew(
    whole: Path, truth: dict[str, Any], tmp_path: Path, table: str, column: str
) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "copy"))
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        renamed = f"UPDATE sqlite_schema SET sql = replace(sql, '{column} ', '{column[:-1]}~ ') WHERE name = '{table}'"
        assert connection.execute(renamed.replace("~", "_")).rowcount == 1
    assert damaged.found(folder)
    assert any("made anew" in line for line in repair_library(folder, damaged.EMBEDDER))
    assert damaged.found(folder) == []
    told = damaged.read_all(folder)
    texts = {name: told[name].text for name in told if name.startswith("article ")}
    assert texts == {name: truth[name].text for name in truth if name.startswith("article ")}
    titles = {told[name].title for name in told if name.startswith("article ")}
    assert "None" not in titles


def test_a_library_in_use_is_not_repaired(whole: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "copy"))
    sql("UPDATE sentences SET speaker = 'Ann' WHERE id = 5")(folder)
    before = (folder / DATABASE).read_bytes()
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM meta').fetchall(); print(1, flush=True); input()"
    user = subprocess.Popen(
        [sys.executable, "-c", code, str(folder / DATABASE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with user:
        assert user.stdout is not None
        user.stdout.readline()
        with pytest.raises(StoreError, match=r"is in use\. Stop the server"):
            repair_library(folder, damaged.EMBEDDER, 0.2)
        user.communicate("\n")
    assert (folder / DATABASE).read_bytes() == before
    assert repair_library(folder, damaged.EMBEDDER, 0.2)


def attempt(folder: Path) -> tuple[list[str], str]:
    """Returns what a repair did, or why it could do nothing."""
    try:
        return repair_library(folder, damaged.EMBEDDER, 0.2), ""
    except StoreError as error:
        return [], str(error)


@pytest.mark.timeout(3600)
@few_or_many
def test_random_damage_is_mended_or_said_to_be_beyond(
    whole: Path, truth: dict[str, Any], tmp_path: Path, n_flips: int
) -> None:
    outcomes: Counter[str] = Counter()
    for place, bit in damaged.places(whole / DATABASE, 4 * n_flips, seed=23):
        folder = tmp_path / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(whole, folder)
        damaged.flip(folder / DATABASE, place, bit)
        if not damaged.found(folder):
            continue
        done, error = attempt(folder)
        if not done:
            outcomes["beyond"] += 1
            assert "backup" in error
            continue
        outcomes["mended"] += 1
        assert damaged.found(folder) == []
        told = damaged.read_all(folder)
        articles = [told[name] for name in told if name.startswith("article ")]
        true = {a.text for a in (truth[name] for name in truth if name.startswith("article "))}
        assert {a.text for a in articles} <= true
    assert outcomes["mended"] > 2 * outcomes["beyond"]


# -- the write-ahead log ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library whose process was killed while a reader kept its changes in the write-ahead log."""
    parent = tmp_path_factory.mktemp("log")
    folder, killed = parent / "library", parent / "killed"
    damaged.build(folder)
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        with closing(damaged.open_store(folder)) as store, closing(Chats.open(folder / DATABASE)) as chats:
            damaged.put(store, "A second hall was built in 1901. Nobody came.", "Second", ())
            chats.keep(chats.of("ann")[0].id, None, "And the hall?", {"text": "Nobody came."}, "ann")
            damaged.put(store, "A third hall was built in 1950. All came.", "Third", ())
            shutil.copytree(folder, killed, ignore=shutil.ignore_patterns("*-shm"))
    assert (killed / f"{DATABASE}-wal").stat().st_size > 10_000
    return killed


def told_in_all(folder: Path) -> tuple[int, int]:
    told = damaged.read_all(folder)
    return len(told.get("contents", [])), len(told.get("turns ann", []))


def test_what_is_in_the_log_alone_is_read(with_log: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(with_log, tmp_path / "copy"))
    assert damaged.found(folder) == []
    assert told_in_all(folder) == (4, 3)


@pytest.mark.timeout(3600)
@few_or_many
def test_no_change_is_dropped_from_the_log_without_a_word(
    with_log: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, n_flips: int
) -> None:
    outcomes: Counter[str] = Counter()
    for place, bit in damaged.places(with_log / f"{DATABASE}-wal", n_flips, seed=5):
        folder = tmp_path / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(with_log, folder)
        damaged.flip(folder / f"{DATABASE}-wal", place, bit)
        caplog.clear()
        problems = damaged.found(folder)
        there = told_in_all(folder)
        if there == (4, 3):
            outcomes["whole"] += 1
            continue
        outcomes["found"] += 1
        assert any("changes that were made are missing" in problem for problem in problems)
        assert any("lacks its last" in record.getMessage() for record in caplog.records)
    assert outcomes["found"] > n_flips / 2


def test_a_log_that_was_removed_is_missed_until_it_is_accepted(with_log: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(with_log, tmp_path / "copy"))
    (folder / f"{DATABASE}-wal").unlink()
    assert damaged.found(folder)[0].startswith("3 changes that were made are missing")
    with closing(damaged.open_store(folder)) as store:
        damaged.put(store, "Life goes on. The library too.", "Later", ())
    assert damaged.found(folder)[0].startswith("3 changes that were made are missing")
    assert repair_library(folder, damaged.EMBEDDER, 0.2)
    assert damaged.found(folder) == []
    assert told_in_all(folder) == (3, 2)


def test_after_each_change_the_library_is_whole_without_its_log(tmp_path: Path) -> None:
    folder, alone = tmp_path / "library", tmp_path / "alone"
    with closing(damaged.open_store(folder)) as store, closing(Chats.open(folder / DATABASE)) as chats:
        for number in range(3):
            article = damaged.put(store, f"Hall number {number} was built. Nobody came.", "", ())
            assert (folder / f"{DATABASE}-wal").stat().st_size == 0
            chat = chats.start("ann", [article.id])
            chats.keep(chat.id, None, "And the hall?", {"text": "Nobody came."}, "ann")
            assert (folder / f"{DATABASE}-wal").stat().st_size == 0
            shutil.rmtree(alone, ignore_errors=True)
            alone.mkdir()
            shutil.copy(folder / DATABASE, alone / DATABASE)
            assert damaged.found(alone) == []
            told = damaged.read_all(alone)
            assert (len(told["contents"]), len(told["chats ann"])) == (number + 1, number + 1)
