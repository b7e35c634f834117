"""Damaged conversations and choices: the page starts, shows what is sound, and the doctor tells of the rest."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.library.chats import Chats
from assistant.library.sqlite_check import look_over
from assistant.ui.conversation import Conversation
from assistant.ui.kept_settings import apply_kept
from assistant.ui.library import Library
from assistant.ui.preferences import Preferences
from assistant.ui.suggestions import Suggestions
from assistant.ui.uploads import Uploads

ANSWER = {"text": "Bees make honey.", "abstained": False, "citations": []}

# What damages rows, and which (titles of conversations, questions of the second one) are shown then.
DAMAGE = [
    ("UPDATE chats SET articles = '{' WHERE title = 'First?'", ["Second?"], ["Second?", "Third?"]),
    ("UPDATE chats SET articles = x'5b5d' WHERE title = 'First?'", ["Second?"], ["Second?", "Third?"]),
    ("UPDATE chats SET title = CAST(x'e974e9' AS TEXT) WHERE title = 'First?'", ["Second?"], ["Second?", "Third?"]),
    ("UPDATE chats SET updated = 7 WHERE title = 'First?'", ["Second?"], ["Second?", "Third?"]),
    ("UPDATE chats SET owner = 'ann' WHERE title = 'First?'", ["Second?"], ["Second?", "Third?"]),
    ("UPDATE chat_turns SET answer = '[]' WHERE question = 'Second?'", ["Second?", "First?"], ["Third?"]),
    ("UPDATE chat_turns SET answer = '{\"text\": 7' WHERE question = 'Second?'", ["Second?", "First?"], ["Third?"]),
    ("UPDATE chat_turns SET answer = x'00' WHERE question = 'Second?'", ["Second?", "First?"], ["Third?"]),
    (
        "UPDATE chat_turns SET question = CAST(x'ff' AS TEXT) WHERE question = 'Third?'",
        ["Second?", "First?"],
        ["Second?"],
    ),
    ("UPDATE chat_turns SET rating = 'good' WHERE question = 'Third?'", ["Second?", "First?"], ["Second?"]),
    ("UPDATE chat_turns SET position = 'x' WHERE question = 'Third?'", ["Second?", "First?"], ["Second?"]),
    ("UPDATE chat_choices SET value = 'reckless'", ["Second?", "First?"], ["Second?", "Third?"]),
    ("UPDATE chat_choices SET value = x'ff'", ["Second?", "First?"], ["Second?", "Third?"]),
    ("UPDATE chat_choices SET name = 'n_threads', value = '-1'", ["Second?", "First?"], ["Second?", "Third?"]),
    ("UPDATE chat_suggestions SET questions = 'x'", ["Second?", "First?"], ["Second?", "Third?"]),
]


def fill(path: Path) -> None:
    with closing(Chats.open(path)) as chats:
        for questions in (("First?",), ("Second?", "Third?")):
            chat = chats.start()
            for question in questions:
                chats.keep(chat.id, None, question, ANSWER)
        chats.keep_choices({"carefulness": "high"})
        chats.keep_suggestions("a1", "models", ["Who?"])


def started(assistant: Assistant, chats: Chats) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Returns what the page shows at first, and the turns of the conversation used last."""
    request: Any = SimpleNamespace(username="", request=None)
    library = Library(assistant, Suggestions(assistant, chats), Uploads(1000))
    reply = Preferences(assistant, chats, library, is_for_this_machine=True).start(request)
    assert "error" not in reply
    if not reply["chats"]:
        return reply, []
    opened = Conversation(assistant, chats).open_chat(reply["chats"][0]["id"], request)
    assert "error" not in opened
    return reply, opened["turns"]


@pytest.mark.parametrize(("damage", "titles", "questions"), DAMAGE, ids=[damage for damage, *_ in DAMAGE])
def test_the_page_starts_and_shows_what_is_sound(
    quick: Callable[..., Assistant], library: Path, damage: str, titles: list[str], questions: list[str]
) -> None:
    assistant = quick()
    assistant.add("Bees make honey.")
    path = library / "library.sqlite3"
    fill(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(damage).rowcount > 0
    condition = look_over(library)
    assert condition is not None
    assert any("rows of chat" in problem for problem in condition.problems)
    with closing(Chats.open(path)) as chats:
        reply, turns = started(assistant, chats)
        assert [chat["title"] for chat in reply["chats"]] == titles
        assert [turn["question"] for turn in turns] == questions
        assert all(turn["answer"] == ANSWER for turn in turns)
        assert reply["settings"]["carefulness"] == ("normal" if "chat_choices" in damage else "high")
        assert (chats.suggestions("a1", "models") == ["Who?"]) == ("suggestions" not in damage)
        assert chats.keep(reply["chats"][0]["id"], None, "Fourth?", ANSWER).question == "Fourth?"


@pytest.mark.parametrize("table", ["chats", "chat_turns", "chat_choices", "chat_suggestions", "chats_by_owner"])
def test_the_page_starts_when_a_page_of_the_file_is_gone(
    quick: Callable[..., Assistant], library: Path, table: str, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(quick()) as assistant:
        assistant.add("Bees make honey.")
    path = library / "library.sqlite3"
    fill(path)
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = bytes(size)
    path.write_bytes(content)
    condition = look_over(library)
    assert condition is not None
    assert condition.problems
    assistant = quick()
    with closing(Chats.open(path)) as chats, caplog.at_level(logging.WARNING):
        reply, _ = started(assistant, chats)
        assert table != "chat_suggestions" or chats.suggestions("a1", "models") is None
    assert [article["title"] for article in reply["articles"]] == ["Bees make honey."]
    if table != "chats_by_owner":
        assert "Run `assistant doctor`" in caplog.text


def test_a_choice_that_is_not_allowed_is_passed_over(
    quick: Callable[..., Assistant], caplog: pytest.LogCaptureFixture
) -> None:
    assistant = quick()
    with closing(Chats.open(None)) as chats:
        chats.keep_choices({"carefulness": "reckless", "language_model": "openai:some", "k": "7"})
        apply_kept(assistant, chats)
    assert (assistant.settings.carefulness, assistant.settings.language_model) == ("normal", "openai:some")
    assert assistant.settings.k == 5
    assert "The setting carefulness that was kept, 'reckless', is not allowed" in caplog.text


def test_a_second_server_sees_new_settings_and_articles(quick: Callable[..., Assistant], library: Path) -> None:
    first, second = quick(), quick()
    path = library / "library.sqlite3"
    with closing(Chats.open(path)) as ours, closing(Chats.open(path)) as theirs:
        assert started(second, theirs)[0]["settings"]["carefulness"] == "normal"
        pages = Preferences(first, ours, Library(first, Suggestions(first, ours), Uploads(1000)), True)
        pages.save_settings("high", "", SimpleNamespace(username="", request=None))
        article = first.add("Bees make honey.")
        asked = Conversation(second, theirs).ask("What do bees make?")
        assert second.settings.carefulness == "high"
        assert "error" not in asked
        reply, _ = started(second, theirs)
        assert [entry["id"] for entry in reply["articles"]] == [article.id]
        assert reply["settings"]["carefulness"] == "high"
