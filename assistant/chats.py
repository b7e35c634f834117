"""Conversations, their ratings and suggested questions, kept in the library's SQLite file in tables of their own."""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.article import shorten
from assistant.errors import StoreError

SCHEMA_VERSION = 1
MAX_TITLE_CHARACTERS = 80
NEW_CHAT_TITLE = "New conversation"

_SCHEMA = """
CREATE TABLE chat_schema (version INTEGER NOT NULL);
CREATE TABLE chats (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, articles TEXT NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0);
CREATE TABLE chat_turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id TEXT NOT NULL REFERENCES chats(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, rating INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL, UNIQUE (chat_id, position));
CREATE TABLE chat_suggestions (article_id TEXT PRIMARY KEY, questions TEXT NOT NULL);
CREATE TABLE chat_choices (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE INDEX chats_by_owner ON chats (owner, updated);
"""


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation.

    Attributes:
        id: 32 hexadecimal digits.
        title: as named by the user, else the first question.
        articles: ids of the articles it is about; empty for all.
        updated: when its last turn was kept, ISO 8601, UTC.
        n_turns: how many questions were asked in it.
    """

    id: str
    title: str
    articles: tuple[str, ...]
    updated: str
    n_turns: int

    def to_dict(self) -> dict[str, Any]:
        """Returns the conversation's heading as JSON types."""
        return {
            "id": self.id,
            "title": self.title,
            "articles": list(self.articles),
            "updated": self.updated,
            "n_turns": self.n_turns,
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer.

    Attributes:
        id: never used twice.
        position: index in its conversation, from 0.
        question: as asked.
        answer: `Answer.to_dict()`.
        rating: 1 for thumbs up, -1 for thumbs down, 0 for none.
        created: ISO 8601, UTC.
    """

    id: int
    position: int
    question: str
    answer: Mapping[str, Any] = field(hash=False)
    rating: int
    created: str

    def to_dict(self) -> dict[str, Any]:
        """Returns the turn as JSON types."""
        return {
            "id": self.id,
            "position": self.position,
            "question": self.question,
            "answer": dict(self.answer),
            "rating": self.rating,
            "created": self.created,
        }


class Chats:
    """Conversations of a library; may be shared by threads. Every one has an owner, "" where nobody signs in."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Stores the connection; use `open`."""
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path, busy_timeout_seconds: float = 10.0) -> Chats:
        """Opens the conversations in the SQLite file at `path`, making file and tables where they are missing.

        Raises:
            StoreError: if the file is damaged, locked, read-only, or written by a newer version.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                path, timeout=busy_timeout_seconds, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise StoreError(_cannot(f"open the conversations in {path}", error)) from error
        chats = cls(connection)
        try:
            chats._rows("PRAGMA journal_mode = WAL", ())
            with chats._changing("prepare the conversations") as db:
                chats._prepare(db, path)
            chats._rows("PRAGMA foreign_keys = ON", ())
            with chats._changing("clear deleted conversations") as db:
                db.execute("DELETE FROM chats WHERE deleted = 1")
        except StoreError:
            connection.close()
            raise
        return chats

    def close(self) -> None:
        """Closes the connection; nothing may be called afterwards."""
        with self._lock:
            self._connection.close()

    def of(self, owner: str = "") -> list[Chat]:
        """Returns the conversations of an owner, the last used first."""
        rows = self._rows(
            "SELECT c.id, c.title, c.articles, c.updated, count(t.id) FROM chats c LEFT JOIN chat_turns t "
            "ON t.chat_id = c.id WHERE c.owner = ? AND c.deleted = 0 GROUP BY c.id "
            "ORDER BY c.updated DESC, c.rowid DESC",
            (owner,),
        )
        return [Chat(i, title, tuple(json.loads(articles)), updated, n) for i, title, articles, updated, n in rows]

    def get(self, chat_id: str, owner: str = "") -> Chat:
        """Returns one conversation.

        Raises:
            StoreError: if the owner has no such conversation.
        """
        for chat in self.of(owner):
            if chat.id == chat_id:
                return chat
        raise StoreError(f"There is no conversation {chat_id!r}: it was deleted. Choose another or start a new one.")

    def turns(self, chat_id: str, owner: str = "") -> list[Turn]:
        """Returns the turns of a conversation in order."""
        self.get(chat_id, owner)
        rows = self._rows(
            "SELECT id, position, question, answer, rating, created FROM chat_turns "
            "WHERE chat_id = ? ORDER BY position",
            (chat_id,),
        )
        return [Turn(i, position, q, json.loads(answer), rating, at) for i, position, q, answer, rating, at in rows]

    def start(self, owner: str = "", articles: Sequence[str] = ()) -> Chat:
        """Returns a new, empty conversation about these articles, none meaning all."""
        chat = Chat(uuid.uuid4().hex, NEW_CHAT_TITLE, tuple(articles), _now(), 0)
        with self._changing("start a conversation") as db:
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
        now = _now()
        unnamed = chat.title == NEW_CHAT_TITLE
        title = shorten(" ".join(question.split()), MAX_TITLE_CHARACTERS) if unnamed else chat.title
        with self._changing("keep an answer") as db:
            if position is None:
                last = db.execute("SELECT max(position) FROM chat_turns WHERE chat_id = ?", (chat_id,)).fetchone()[0]
                position = 0 if last is None else int(last) + 1
            db.execute("DELETE FROM chat_turns WHERE chat_id = ? AND position >= ?", (chat_id, position))
            cursor = db.execute(
                "INSERT INTO chat_turns (chat_id, position, question, answer, created) VALUES (?, ?, ?, ?, ?)",
                (chat_id, position, question, json.dumps(answer), now),
            )
            db.execute("UPDATE chats SET updated = ?, title = ? WHERE id = ?", (now, title, chat_id))
        return Turn(int(cursor.lastrowid or 0), position, question, answer, 0, now)

    def rename(self, chat_id: str, title: str, owner: str = "") -> Chat:
        """Returns the conversation under its new title; an empty title changes nothing."""
        chat = self.get(chat_id, owner)
        title = shorten(" ".join(title.split()), MAX_TITLE_CHARACTERS) or chat.title
        self._change("rename a conversation", "UPDATE chats SET title = ? WHERE id = ?", (title, chat_id))
        return self.get(chat_id, owner)

    def choose(self, chat_id: str, articles: Sequence[str], owner: str = "") -> None:
        """Keeps which articles a conversation is about; none for all."""
        self.get(chat_id, owner)
        values = (json.dumps(list(articles)), chat_id)
        self._change("choose articles", "UPDATE chats SET articles = ? WHERE id = ?", values)

    def delete(self, chat_id: str, owner: str = "") -> None:
        """Deletes a conversation; `restore` brings it back until the library is opened again."""
        self.get(chat_id, owner)
        self._change("delete a conversation", "UPDATE chats SET deleted = 1 WHERE id = ?", (chat_id,))

    def restore(self, chat_id: str, owner: str = "") -> Chat:
        """Returns a conversation that had been deleted.

        Raises:
            StoreError: if it is gone for good.
        """
        self._change(
            "restore a conversation", "UPDATE chats SET deleted = 0 WHERE id = ? AND owner = ?", (chat_id, owner)
        )
        return self.get(chat_id, owner)

    def rate(self, turn_id: int, rating: int, owner: str = "") -> None:
        """Keeps what a reader thought of an answer: 1, -1, or 0 to take it back.

        Raises:
            StoreError: if the rating is another number, or the owner has no such turn.
        """
        if rating not in (-1, 0, 1):
            raise StoreError(f"A rating is 1, 0 or -1, not {rating!r}.")
        n_changed = self._change(
            "keep a rating",
            "UPDATE chat_turns SET rating = ? WHERE id = ? AND chat_id IN (SELECT id FROM chats WHERE owner = ?)",
            (rating, turn_id, owner),
        )
        if not n_changed:
            raise StoreError(f"There is no answer {turn_id!r}: it was replaced or deleted. Reload the page.")

    def clear(self, owner: str = "") -> None:
        """Deletes all of the owner's conversations for good, and everything that was derived from articles."""
        with self._changing("delete all conversations") as db:
            db.execute("DELETE FROM chats WHERE owner = ?", (owner,))
            db.execute("DELETE FROM chat_suggestions")

    def suggestions(self, article_id: str) -> list[str] | None:
        """Returns the questions suggested for an article, None if none were looked for yet."""
        rows = self._rows("SELECT questions FROM chat_suggestions WHERE article_id = ?", (article_id,))
        return json.loads(rows[0][0]) if rows else None

    def keep_suggestions(self, article_id: str, questions: Sequence[str]) -> None:
        """Keeps the questions suggested for an article."""
        values = (article_id, json.dumps(list(questions)))
        self._change("keep suggestions", "INSERT OR REPLACE INTO chat_suggestions VALUES (?, ?)", values)

    def choices(self) -> dict[str, str]:
        """Returns the settings chosen on the page."""
        return dict(self._rows("SELECT name, value FROM chat_choices", ()))

    def keep_choices(self, choices: Mapping[str, str]) -> None:
        """Keeps settings chosen on the page."""
        with self._changing("keep settings") as db:
            db.executemany("INSERT OR REPLACE INTO chat_choices VALUES (?, ?)", list(choices.items()))

    def _prepare(self, db: sqlite3.Connection, path: Path) -> None:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'chat_schema'").fetchone():
            for statement in filter(str.strip, _SCHEMA.split(";")):
                db.execute(statement)
            db.execute("INSERT INTO chat_schema VALUES (?)", (SCHEMA_VERSION,))
            return
        version = db.execute("SELECT max(version) FROM chat_schema").fetchone()[0]
        if version != SCHEMA_VERSION:
            raise StoreError(
                f"The conversations in {path} have schema version {version}, this program reads {SCHEMA_VERSION}. "
                "Update the program, or choose another library folder."
            )

    def _rows(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise StoreError(_cannot("read the conversations", error)) from error

    def _change(self, what: str, statement: str, values: tuple[Any, ...]) -> int:
        with self._changing(what) as db:
            return db.execute(statement, values).rowcount

    @contextmanager
    def _changing(self, what: str) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                raise StoreError(_cannot(what, error)) from error
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._connection.rollback()
                raise StoreError(_cannot(what, error)) from error
            except BaseException:
                self._connection.rollback()
                raise


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _cannot(what: str, error: Exception) -> str:
    return (
        f"Cannot {what}: {error}. Check that the library folder can be written, that the disk is not full and that "
        "no other program holds the file; then try again."
    )
