"""Conversations, their ratings and suggested questions, kept in the library's SQLite file in tables of their own."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.articles.article import shorten
from assistant.errors import StoreError
from assistant.library.database import Database
from assistant.library.kept_questions import KeptQuestions
from assistant.library.sqlite_connection import MEMORY
from assistant.library.sqlite_file import SqliteFile
from assistant.library.tokens import Tokens
from assistant.library.turns import Chat, Turn

MAX_TITLE_CHARACTERS = 80
MAX_CHATS = 2000
MAX_TURNS = 2000
UNDO_SECONDS = 3600
MAX_UNSEEN_DAYS = 400
"""A browser keeps no cookie for longer: after that nobody can reach its conversations."""
NEW_CHAT_TITLE = "New conversation"

__all__ = ["Chat", "Chats", "Turn"]

_LOG = logging.getLogger(__name__)


class Chats:
    """Conversations of a library; may be shared by threads. Every one has an owner: an account, or one browser.

    Attributes:
        questions: what users have kept for their own question sets, in the same file.
        tokens: those of the library, also where conversations are kept in memory.
    """

    def __init__(
        self, file: Database, clock: Callable[[], float] = time.time, tokens_file: Database | None = None
    ) -> None:
        """Stores the file, what tells the time in seconds, and where tokens are if not in the same; use `open`."""
        self._file = file
        self._clock = clock
        self._tokens_file = tokens_file or file
        self.questions = KeptQuestions(file)
        self.tokens = Tokens(self._tokens_file, clock)

    @classmethod
    def open(
        cls, path: Path | None, busy_timeout_seconds: float = 10.0, clock: Callable[[], float] = time.time
    ) -> Chats:
        """Opens the conversations in the SQLite file at `path`, making file and tables where they are missing.

        None keeps them in memory, until they are closed.

        Raises:
            StoreError: if the file is damaged, locked, or written by a newer version. Where it cannot be written there is
                a warning instead, and they are kept in memory.
        """
        file = SqliteFile(MEMORY if path is None else path, busy_timeout_seconds)
        if file.read_only:
            _LOG.warning("%s cannot be written: conversations are not kept, nor are those shown that are.", path)
            return cls(SqliteFile(MEMORY), clock, file)
        return cls.on(file, clock)

    @classmethod
    def on(cls, database: Database, clock: Callable[[], float] = time.time) -> Chats:
        """Returns the conversations in a database that can be written, without those that nobody can reach any more."""
        # Where nobody can restore or reach them any more they go; if they cannot go now, they do at another time. Another server
        # on this library may still offer to undo what was deleted a moment ago.
        gone = "deleted <> 0 AND deleted < ? OR owner LIKE 'browser:%' AND updated < ?"
        before = (int(clock()) - UNDO_SECONDS, _moment(clock() - MAX_UNSEEN_DAYS * 24 * 3600))
        with suppress(StoreError):
            if database.rows(f"SELECT 1 FROM chats WHERE {gone}", before):
                database.change(f"DELETE FROM chats WHERE {gone}", before)
        return cls(database, clock)

    def close(self) -> None:
        """Lets go of the file; nothing may be called afterwards."""
        self._file.close()
        self._tokens_file.close()

    def of(self, owner: str = "") -> list[Chat]:
        """Returns the conversations of an owner, the last used first."""
        return self._chats("c.owner = ?", (owner,))

    def get(self, chat_id: str, owner: str = "") -> Chat:
        """Returns one conversation.

        Raises:
            StoreError: if the owner has no such conversation.
        """
        for chat in self._chats("c.owner = ? AND c.id = ?", (owner, chat_id)):
            return chat
        text = f"There is no conversation {chat_id!r}: it was deleted. Choose another or start a new one."
        raise StoreError(text, "missing")

    def _chats(self, condition: str, values: tuple[str, ...]) -> list[Chat]:
        rows = self._file.readable_rows(
            f"SELECT c.id, c.title, c.articles, c.updated, count(t.id) FROM {self._file.whole('chats')} c LEFT JOIN chat_turns t "
            f"ON t.chat_id = c.id WHERE {condition} AND c.deleted = 0 GROUP BY c.id "
            "ORDER BY c.updated DESC, c.rowid DESC",
            values,
        )
        return [Chat(i, title, tuple(json.loads(articles)), updated, n) for i, title, articles, updated, n in rows]

    def turns(self, chat_id: str, owner: str = "") -> list[Turn]:
        """Returns the turns of a conversation in order."""
        self.get(chat_id, owner)
        rows = self._file.readable_rows(
            f"SELECT id, position, question, answer, rating, created FROM {self._file.whole('chat_turns')} "
            "WHERE chat_id = ? ORDER BY position",
            (chat_id,),
        )
        return [Turn(i, position, q, json.loads(answer), rating, at) for i, position, q, answer, rating, at in rows]

    def start(self, owner: str = "", articles: Sequence[str] = ()) -> Chat:
        """Returns a new, empty conversation about these articles, none meaning all."""
        n_kept = self._file.rows("SELECT count(*) FROM chats WHERE owner = ?", (owner,))[0][0]
        if n_kept >= MAX_CHATS:
            text = f"You have {MAX_CHATS:,} conversations, which is the limit. Delete some of them."
            raise StoreError(text, "full")
        chat = Chat(uuid.uuid4().hex, NEW_CHAT_TITLE, tuple(articles), _moment(self._clock()), 0)
        with self._file.transaction() as db:
            db.execute(
                "INSERT INTO chats (id, owner, title, articles, created, updated) VALUES (?, ?, ?, ?, ?, ?)",
                (chat.id, owner, chat.title, json.dumps(list(articles)), chat.updated, chat.updated),
            )
        return chat

    def keep(
        self, chat_id: str, position: int | None, question: str, answer: Mapping[str, Any], owner: str = ""
    ) -> Turn:
        """Keeps a turn at `position`, in place of it and all after it, or after all where that is None.

        The first question names the conversation.
        """
        chat = self.get(chat_id, owner)
        now = _moment(self._clock())
        unnamed = chat.title == NEW_CHAT_TITLE
        title = shorten(" ".join(question.split()), MAX_TITLE_CHARACTERS) if unnamed else chat.title
        with self._file.transaction() as db:
            if position is None:
                (last,) = db.execute(
                    # A damaged position is a text or a blob, which SQLite counts above every number.
                    "SELECT max(position) FROM chat_turns WHERE chat_id = ? AND position <= ?",
                    (chat_id, MAX_TURNS),
                ).fetchone()
                position = 0 if last is None else int(last) + 1
            if position >= MAX_TURNS:
                text = f"This conversation has {MAX_TURNS:,} questions, which is the limit. Start a new one."
                raise StoreError(text, "full")
            db.execute("DELETE FROM chat_turns WHERE chat_id = ? AND position >= ?", (chat_id, position))
            (turn_id,) = db.execute(
                "INSERT INTO chat_turns (chat_id, position, question, answer, created) VALUES (?, ?, ?, ?, ?) RETURNING id",
                (chat_id, position, question, json.dumps(answer), now),
            ).fetchone()
            db.execute("UPDATE chats SET updated = ?, title = ? WHERE id = ?", (now, title, chat_id))
        return Turn(int(turn_id), position, question, answer, 0, now)

    def rename(self, chat_id: str, title: str, owner: str = "") -> Chat:
        """Returns the conversation under its new title; an empty title changes nothing."""
        chat = self.get(chat_id, owner)
        title = shorten(" ".join(title.split()), MAX_TITLE_CHARACTERS) or chat.title
        self._file.change("UPDATE chats SET title = ? WHERE id = ?", (title, chat_id))
        return self.get(chat_id, owner)

    def choose(self, chat_id: str, articles: Sequence[str], owner: str = "") -> None:
        """Keeps which articles a conversation is about; none for all."""
        self.get(chat_id, owner)
        values = (json.dumps(list(articles)), chat_id)
        self._file.change("UPDATE chats SET articles = ? WHERE id = ?", values)

    def delete(self, chat_id: str, owner: str = "") -> None:
        """Deletes a conversation; `restore` brings it back within the hour."""
        self.get(chat_id, owner)
        self._file.change("UPDATE chats SET deleted = ? WHERE id = ?", (int(self._clock()), chat_id))

    def restore(self, chat_id: str, owner: str = "") -> Chat:
        """Returns a conversation that had been deleted.

        Raises:
            StoreError: if it is gone for good.
        """
        self._file.change("UPDATE chats SET deleted = 0 WHERE id = ? AND owner = ?", (chat_id, owner))
        return self.get(chat_id, owner)

    def rate(self, turn_id: int, rating: int, owner: str = "") -> None:
        """Keeps what a reader thought of an answer: 1, -1, or 0 to take it back.

        Raises:
            StoreError: if the rating is another number, or the owner has no such turn.
        """
        if rating not in (-1, 0, 1):
            raise StoreError(f"A rating is 1, 0 or -1, not {rating!r}.")
        n_changed = self._file.change(
            "UPDATE chat_turns SET rating = ? WHERE id = ? AND chat_id IN (SELECT id FROM chats WHERE owner = ?)",
            (rating, turn_id, owner),
        )
        if not n_changed:
            raise StoreError(f"There is no answer {turn_id!r}: it was replaced or deleted. Reload the page.", "missing")

    def adopt(self, owner: str) -> None:
        """Gives this owner the conversations that have none: they were kept before browsers were told apart."""
        if self._file.rows("SELECT 1 FROM chats WHERE owner = '' LIMIT 1"):
            self._file.change("UPDATE chats SET owner = ? WHERE owner = ''", (owner,))

    def owners(self) -> list[str]:
        """Returns who has conversations or questions."""
        rows = self._file.rows("SELECT owner FROM chats UNION SELECT owner FROM chat_kept_questions ORDER BY 1")
        return [owner for (owner,) in rows]

    def clear(self, owner: str = "") -> None:
        """Deletes the owner's conversations and questions for good, and everything that was derived from articles."""
        self.questions.clear(owner)
        with self._file.transaction() as db:
            db.execute("DELETE FROM chats WHERE owner = ?", (owner,))
            db.execute("DELETE FROM chat_suggestions")

    def suggestions(self, article_id: str, models: str) -> list[str] | None:
        """Returns the questions suggested for an article, None if none were looked for yet with these models."""
        rows = self._file.readable_rows(
            f"SELECT questions FROM {self._file.whole('chat_suggestions')} WHERE article_id = ?", (article_id,)
        )
        kept = json.loads(rows[0][0]) if rows else None
        return kept["questions"] if isinstance(kept, dict) and kept["models"] == models else None

    def keep_suggestions(self, article_id: str, models: str, questions: Sequence[str]) -> None:
        """Keeps the questions suggested for an article, and which models answered them."""
        values = (article_id, json.dumps({"models": models, "questions": list(questions)}))
        self._file.change(
            "INSERT INTO chat_suggestions (article_id, questions) VALUES (?, ?) "
            "ON CONFLICT (article_id) DO UPDATE SET questions = excluded.questions",
            values,
        )

    def choices(self) -> dict[str, str]:
        """Returns the settings chosen on the page."""
        return dict(self._file.readable_rows(f"SELECT name, value FROM {self._file.whole('chat_choices')}"))

    def keep_choices(self, choices: Mapping[str, str]) -> None:
        """Keeps settings chosen on the page."""
        with self._file.transaction() as db:
            db.executemany(
                "INSERT INTO chat_choices (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                list(choices.items()),
            )


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
