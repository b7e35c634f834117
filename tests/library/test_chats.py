"""Conversations are kept, in order, apart from one another, and a change is whole or not at all."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.articles.article import make_article
from assistant.errors import ArticleError, StoreError
from assistant.library.chats import MAX_UNSEEN_DAYS, NEW_CHAT_TITLE, UNDO_SECONDS, Chats
from assistant.library.postgres_database import PostgresDatabase

ANSWER = {"text": "It has no intention.", "citations": [{"marker": 1, "text": "It has no intention."}]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite3"


@pytest.fixture(params=["postgres", "sqlite"])
def chats(request: pytest.FixtureRequest, path: Path) -> Iterator[Chats]:
    shared = request.param == "postgres"
    opened = Chats.on(PostgresDatabase(request.getfixturevalue("postgres"))) if shared else Chats.open(path)
    yield opened
    opened.close()


def test_a_conversation_is_the_same_after_opening_again(path: Path) -> None:
    first = Chats.open(path)
    chat = first.start(articles=["a1", "b2"])
    first.keep(chat.id, 0, "What did she say?", ANSWER)
    first.keep(chat.id, 1, "Why?", {"text": "The article does not say.", "abstained": True})
    kept = first.get(chat.id)
    first.close()

    again = Chats.open(path)
    assert again.get(chat.id) == kept
    assert (kept.title, kept.articles, kept.n_turns) == ("What did she say?", ("a1", "b2"), 2)
    assert [(turn.position, turn.question) for turn in again.turns(chat.id)] == [(0, "What did she say?"), (1, "Why?")]
    assert again.turns(chat.id)[0].answer == ANSWER
    again.close()


def test_keeping_a_turn_replaces_it_and_all_after_it(chats: Chats) -> None:
    chat = chats.start()
    ids = [chats.keep(chat.id, n, f"Question {n}", ANSWER).id for n in range(4)]
    replaced = chats.keep(chat.id, 1, "Another question", ANSWER)
    assert [turn.question for turn in chats.turns(chat.id)] == ["Question 0", "Another question"]
    assert replaced.id not in ids, "an id is never used twice, or a rating would go to another answer"


def test_two_windows_add_to_one_conversation_without_loss(chats: Chats) -> None:
    chat = chats.start()
    asked = [chats.keep(chat.id, None, f"Question {n}", ANSWER).position for n in range(3)]
    assert asked == [0, 1, 2]
    assert chats.get(chat.id).n_turns == 3


def test_the_last_used_conversation_comes_first(chats: Chats) -> None:
    one, two = chats.start(), chats.start()
    assert [chat.id for chat in chats.of()] == [two.id, one.id]
    chats.keep(one.id, 0, "First?", ANSWER)
    assert [chat.title for chat in chats.of()] == ["First?", NEW_CHAT_TITLE]


def test_a_name_stays_when_more_is_asked(chats: Chats) -> None:
    chat = chats.start()
    chats.keep(chat.id, 0, "A question  with\nspace?", ANSWER)
    assert chats.get(chat.id).title == "A question with space?"
    assert chats.rename(chat.id, "  My   name ").title == "My name"
    chats.keep(chat.id, 1, "Another?", ANSWER)
    assert chats.get(chat.id).title == "My name"
    assert chats.rename(chat.id, "   ").title == "My name"


def test_a_deleted_conversation_can_be_brought_back_within_the_hour_also_beside_another_server(path: Path) -> None:
    now = [1_000_000.0]
    chats = Chats.open(path, clock=lambda: now[0])
    chat = chats.start()
    chats.keep(chat.id, 0, "Kept?", ANSWER)
    chats.delete(chat.id)
    assert chats.of() == []
    with pytest.raises(StoreError, match="was deleted"):
        chats.turns(chat.id)
    now[0] += UNDO_SECONDS
    Chats.open(path, clock=lambda: now[0]).close()
    assert chats.restore(chat.id).n_turns == 1
    chats.delete(chat.id)
    now[0] += UNDO_SECONDS + 1
    Chats.open(path, clock=lambda: now[0]).close()
    with pytest.raises(StoreError, match="no conversation"):
        chats.restore(chat.id)
    chats.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM chat_turns").fetchone() == (0,)
    connection.close()


def test_conversations_of_a_browser_go_once_its_cookie_has(path: Path) -> None:
    now = [1_000_000_000.0]
    chats = Chats.open(path, clock=lambda: now[0])
    chats.start("browser:1")
    account = chats.start("ann")
    now[0] += MAX_UNSEEN_DAYS * 24 * 3600 + 1
    newer = chats.start("browser:1")
    chats.close()
    again = Chats.open(path, clock=lambda: now[0])
    assert [chat.id for chat in again.of("browser:1")] == [newer.id]
    assert [chat.id for chat in again.of("ann")] == [account.id]
    again.close()


def test_what_was_kept_before_there_were_owners_is_taken_over_once(chats: Chats) -> None:
    chat = chats.start()
    other = chats.start("ann")
    chats.adopt("browser:1")
    chats.adopt("browser:2")
    assert [one.id for one in chats.of("browser:1")] == [chat.id]
    assert chats.of("browser:2") == []
    assert [one.id for one in chats.of("ann")] == [other.id]


def test_a_library_of_the_first_format_gains_what_is_new(path: Path) -> None:
    shutil.copyfile(Path(__file__).parents[1] / "data" / "format-1" / "library.sqlite3", path)
    chats = Chats.open(path)
    assert [chat.title for chat in chats.of()] == ["What do bees make?"]
    assert chats.questions.count("") == 0
    chats.questions.add("ann", {"question": "When?"}, make_article("Ada wrote it in 1843.", "Ada"))
    assert [row["question"] for row in chats.questions.rows("ann")] == ["When?"]
    chats.close()


def test_there_is_a_limit_to_what_one_owner_keeps(chats: Chats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.library.chats.MAX_CHATS", 2)
    monkeypatch.setattr("assistant.library.chats.MAX_TURNS", 1)
    chat = chats.start("ann")
    chats.start("ann")
    with pytest.raises(StoreError, match="2 conversations, which is the limit"):
        chats.start("ann")
    chats.start("bob")
    chats.keep(chat.id, None, "First?", ANSWER, "ann")
    with pytest.raises(StoreError, match="1 questions, which is the limit"):
        chats.keep(chat.id, None, "Second?", ANSWER, "ann")
    assert chats.get(chat.id, "ann").n_turns == 1


class TestOwnQuestions:
    ARTICLE = make_article("Ada wrote it. It ran in 1843.", "Ada")

    @pytest.mark.parametrize("chats", ["sqlite"], indirect=True)
    def test_each_owner_has_their_own_and_an_article_is_kept_once(self, chats: Chats, path: Path) -> None:
        for owner, question in (("ann", "When?"), ("ann", "Who?"), ("bob", "Why?")):
            chats.questions.add(owner, {"question": question, "id": question}, self.ARTICLE)
        asked = [row["question"] for row in chats.questions.rows("ann")]
        assert (asked, chats.questions.count("bob"), chats.questions.count("eve")) == (["When?", "Who?"], 1, 0)
        assert chats.questions.article("ann", self.ARTICLE.id).text == self.ARTICLE.text
        with pytest.raises(ArticleError, match="is not kept"):
            chats.questions.article("eve", self.ARTICLE.id)
        with sqlite3.connect(path) as connection:
            assert connection.execute("SELECT count(*) FROM chat_kept_articles").fetchone() == (2,)
        connection.close()
        chats.clear("ann")
        assert list(chats.questions.rows("ann")) == []
        assert chats.questions.count("bob") == 1

    @pytest.mark.parametrize("chats", ["sqlite"], indirect=True)
    def test_damage_is_left_out_and_never_passed_on(self, chats: Chats, path: Path) -> None:
        for n in range(3):
            chats.questions.add("ann", {"question": f"Question {n}", "id": str(n)}, self.ARTICLE)
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE chat_kept_questions SET row = '{' WHERE id = 1")
            connection.execute("UPDATE chat_kept_questions SET row = '[1]' WHERE id = 2")
            connection.execute("UPDATE chat_kept_articles SET text = 'Ada wrote it. It ran in 1844.'")
        connection.close()
        assert [row["question"] for row in chats.questions.rows("ann")] == ["Question 2"]
        with pytest.raises(ArticleError, match="is damaged"):
            chats.questions.article("ann", self.ARTICLE.id)

    def test_there_is_a_limit(self, chats: Chats, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("assistant.library.kept_questions.MAX_OF_ONE", 1)
        chats.questions.add("ann", {"question": "When?"}, self.ARTICLE)
        with pytest.raises(StoreError, match="1 questions, which is the limit"):
            chats.questions.add("ann", {"question": "Who?"}, self.ARTICLE)


def test_ratings_are_kept_and_taken_back(chats: Chats) -> None:
    chat = chats.start()
    turn = chats.keep(chat.id, 0, "Good?", ANSWER)
    for rating in (1, -1, 0):
        chats.rate(turn.id, rating)
        assert chats.turns(chat.id)[0].rating == rating
    with pytest.raises(StoreError, match="not 5"):
        chats.rate(turn.id, 5)
    with pytest.raises(StoreError, match="no answer 999"):
        chats.rate(999, 1)


def test_one_owner_does_not_see_or_change_what_is_another_s(chats: Chats) -> None:
    chat = chats.start("ann")
    turn = chats.keep(chat.id, 0, "Secret?", ANSWER, "ann")
    assert chats.of("bob") == []
    for attempt in (
        lambda: chats.turns(chat.id, "bob"),
        lambda: chats.rename(chat.id, "Mine", "bob"),
        lambda: chats.delete(chat.id, "bob"),
        lambda: chats.choose(chat.id, ["x"], "bob"),
        lambda: chats.keep(chat.id, 0, "Mine?", ANSWER, "bob"),
        lambda: chats.rate(turn.id, 1, "bob"),
    ):
        with pytest.raises(StoreError):
            attempt()
    chats.clear("bob")
    assert chats.get(chat.id, "ann").n_turns == 1
    chats.clear("ann")
    assert chats.of("ann") == []


def test_suggestions_and_choices_are_kept(chats: Chats) -> None:
    assert chats.suggestions("a1", "m1") is None
    chats.keep_suggestions("a1", "m1", [])
    assert chats.suggestions("a1", "m1") == []
    chats.keep_suggestions("a1", "m1", ["Who?"])
    assert chats.suggestions("a1", "m1") == ["Who?"]
    assert chats.suggestions("a1", "m2") is None  # other models may answer otherwise: look again
    chats.keep_choices({"carefulness": "high"})
    chats.keep_choices({"carefulness": "low", "language_model": ""})
    assert chats.choices() == {"carefulness": "low", "language_model": ""}


def test_a_newer_schema_is_refused(path: Path) -> None:
    Chats.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match=r"newer version of Article Assistant \(format 99"):
        Chats.open(path)


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"these are my notes, no database" * 100)
    with pytest.raises(StoreError, match="is damaged"):
        Chats.open(path)
    assert path.read_bytes().startswith(b"these are my notes")


def test_a_locked_library_is_an_error_that_loses_nothing(path: Path) -> None:
    chats = Chats.open(path, busy_timeout_seconds=0.05)
    chat = chats.start()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="being written by another process"):
        chats.keep(chat.id, 0, "Lost?", ANSWER)
    other.execute("ROLLBACK")
    other.close()
    assert chats.get(chat.id).n_turns == 0
    chats.keep(chat.id, 0, "Kept?", ANSWER)
    assert chats.get(chat.id).n_turns == 1
    chats.close()


def test_without_a_file_conversations_last_until_they_are_closed() -> None:
    chats = Chats.open(None)
    chat = chats.start()
    chats.keep(chat.id, None, "Kept?", ANSWER)
    assert chats.get(chat.id).n_turns == 1
    chats.close()


def test_nobody_restores_what_another_has_deleted(path: Path) -> None:
    chats = Chats.open(path)
    chat = chats.start("ann")
    chats.delete(chat.id, "ann")
    with pytest.raises(StoreError):
        chats.restore(chat.id, "eve")
    assert chats.of("ann") == []  # it is still deleted
    assert chats.restore(chat.id, "ann").id == chat.id
    assert [kept.id for kept in chats.of("ann")] == [chat.id]
    chats.close()
