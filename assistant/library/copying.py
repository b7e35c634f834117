"""Copies a library into another, in a folder or in a database: articles, files, conversations, questions, tokens."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np

from assistant.errors import StoreError
from assistant.library.database import Database
from assistant.library.file_notes import FileNotes
from assistant.library.store import Store
from assistant.networks.embeddings import Vectors

Told = Callable[[str, int, int], None]
"""Is called with what is copied, how many of it are done, and how many there are."""

_CHATS = "id, owner, title, articles, created, updated, deleted"
_TURNS = "position, question, answer, rating, created"
# Table, columns, and those that tell two rows apart. What is there already stays as it is.
_TABLES = (
    ("chat_suggestions", "article_id, questions", 1),
    ("chat_choices", "name, value", 1),
    ("chat_kept_articles", "owner, id, title, text", 2),
    ("tokens", "id, name, hash, scopes, created, expires", 1),
)
_QUESTIONS = 'owner, article_id, "row"'
_MARKS = ("sample_added",)


class Copyable(Store, Protocol):
    """A store that tells where its other tables are."""

    @property
    def database(self) -> Database:
        """The database that holds conversations and tokens beside the articles."""
        ...

    def marked(self, key: str) -> bool:
        """Whether `mark` was called with this key, ever."""
        ...

    def mark(self, key: str) -> bool:
        """Notes once and for all that something was done to this library."""
        ...


@dataclass(frozen=True, slots=True)
class Copied:
    """What is the same in both libraries now."""

    n_articles: int
    n_sentences: int
    n_conversations: int
    n_questions: int
    n_tokens: int


def copy_library(
    source: Copyable, target: Copyable, files: tuple[FileNotes, FileNotes] | None = None, told: Told = lambda *_: None
) -> Copied:
    """Copies what the target lacks, and compares all of the source with it at the end.

    Interrupted, it goes on where it stopped when it is called again; called twice, it changes nothing the second time. Of
    an article that is in both, title, author, date and tags become those of the source; of a conversation, the newer one
    stays. What only the target has stays.

    Args:
        source, target: of one embedding model.
        files: what was read from which file, of both; None to leave that out.
        told: progress.

    Raises:
        StoreError: if one cannot be used, or they differ in the end.
    """
    _copy_articles(source, target, told)
    _copy_chats(source.database, target.database, told)
    for table, columns, n_keys in _TABLES:
        _copy_table(source.database, target.database, table, columns, n_keys)
    _copy_questions(source.database, target.database)
    if files is not None:
        for file, note in files[0].all():
            if files[1].of(file) != note:
                files[1].keep(file, note.stamp, note.article_id)
    for mark in _MARKS:
        if source.marked(mark):
            target.mark(mark)
    return _compared(source, target, told)


def _copy_articles(source: Copyable, target: Copyable, told: Told) -> None:
    entries = source.contents()
    there = {entry.id: entry for entry in target.contents()}
    for done, entry in enumerate(entries, 1):
        known = there.get(entry.id)
        if known is None:
            article = source.article(entry.id)
            target.add(article, _vectors(source, entry.id, entry.n_sentences), source.original(entry.id))
        elif (known.title, known.author, known.date, known.tags) != (entry.title, entry.author, entry.date, entry.tags):
            target.describe(source.article(entry.id))
        told("articles", done, len(entries))


def _vectors(store: Store, article_id: str, n_sentences: int) -> Vectors:
    ids = store.first_ids(n_sentences, [article_id]) or []
    found = store.vectors(ids)
    return np.stack([found[i] for i in ids]) if ids else np.zeros((0, 0), np.float32)


def _copy_chats(source: Database, target: Database, told: Told) -> None:
    ids = [i for (i,) in source.rows(f"SELECT id FROM {source.whole('chats')} ORDER BY updated, id")]
    for done, chat_id in enumerate(ids, 1):
        ours, theirs = _chat(source, chat_id), _chat(target, chat_id)
        if ours and theirs != ours and (theirs is None or _updated(theirs) <= _updated(ours)):
            (chat, turns) = ours
            with target.transaction() as db:
                db.execute("DELETE FROM chats WHERE id = ?", (chat_id,))
                db.execute(f"INSERT INTO chats ({_CHATS}) VALUES ({_marks(chat)})", chat)
                for turn in turns:
                    db.execute(
                        f"INSERT INTO chat_turns (chat_id, {_TURNS}) VALUES (?, {_marks(turn)})", (chat_id, *turn)
                    )
        told("conversations", done, len(ids))


def _chat(database: Database, chat_id: str) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]] | None:
    chat = database.row(f"SELECT {_CHATS} FROM {database.whole('chats')} WHERE id = ?", (chat_id,))
    sql = f"SELECT {_TURNS} FROM {database.whole('chat_turns')} WHERE chat_id = ? ORDER BY position"
    return (tuple(chat), [tuple(turn) for turn in database.rows(sql, (chat_id,))]) if chat else None


def _updated(chat: tuple[tuple[Any, ...], Any]) -> str:
    return str(chat[0][5])


def _copy_table(source: Database, target: Database, table: str, columns: str, n_keys: int) -> None:
    known = _rows(target, table, columns)
    keys = {row[:n_keys] for row in known}
    new = [row for row in _rows(source, table, columns) if row[:n_keys] not in keys]
    if new:
        with target.transaction() as db:
            db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({_marks(new[0])}) ON CONFLICT DO NOTHING", new)


def _copy_questions(source: Database, target: Database) -> None:
    # Two may be the same, and have no name that tells them apart: as many are added as are missing.
    missing = Counter(_rows(source, "chat_kept_questions", _QUESTIONS))
    missing.subtract(Counter(_rows(target, "chat_kept_questions", _QUESTIONS)))
    with target.transaction() as db:
        for row in _rows(source, "chat_kept_questions", _QUESTIONS):
            if missing[row] > 0:
                missing[row] -= 1
                db.execute(f"INSERT INTO chat_kept_questions ({_QUESTIONS}) VALUES ({_marks(row)})", row)


def _rows(database: Database, table: str, columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in database.rows(f"SELECT {columns} FROM {database.whole(table)} ORDER BY 1, 2")]


def _marks(row: tuple[Any, ...]) -> str:
    return ", ".join("?" * len(row))


def _compared(source: Copyable, target: Copyable, told: Told) -> Copied:
    """Returns what is the same in both. Raises StoreError if anything of the source is not in the target."""
    entries = source.contents()
    for done, entry in enumerate(entries, 1):
        if _checksum(source, entry.id, entry.n_sentences) != _checksum(target, entry.id, entry.n_sentences):
            raise _difference(f"the article {entry.title!r} ({entry.id})")
        told("compared", done, len(entries))
    ours, theirs = source.database, target.database
    chat_ids = [i for (i,) in ours.rows(f"SELECT id FROM {ours.whole('chats')}")]
    for chat_id in chat_ids:
        there, here = _chat(theirs, chat_id), _chat(ours, chat_id)
        if here and (there is None or (there != here and _updated(there) <= _updated(here))):
            raise _difference(f"the conversation {chat_id}")
    for table, columns, n_keys in _TABLES:
        known = {row[:n_keys] for row in _rows(theirs, table, columns)}
        missing = [row for row in _rows(ours, table, columns) if row[:n_keys] not in known]
        if missing:
            raise _difference(f"{missing[0][0]!r} of {table}, which stands there under the same name otherwise")
    questions = Counter(_rows(ours, "chat_kept_questions", _QUESTIONS))
    if questions - Counter(_rows(theirs, "chat_kept_questions", _QUESTIONS)):
        raise _difference("a kept question")
    (n_tokens,) = ours.row(f"SELECT count(*) FROM {ours.whole('tokens')}")
    n_sentences = sum(entry.n_sentences for entry in entries)
    return Copied(len(entries), n_sentences, len(chat_ids), questions.total(), n_tokens)


def _difference(what: str) -> StoreError:
    return StoreError(f"The copy is not complete: {what} is not as in the source. Run `assistant copy` again.")


def _checksum(store: Store, article_id: str, n_sentences: int) -> str:
    """Returns a checksum over all that is stored of an article, its vectors and its file."""
    digest = hashlib.sha256()
    for part in _parts(store, article_id, n_sentences):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _parts(store: Store, article_id: str, n_sentences: int) -> Iterator[bytes]:
    yield json.dumps(asdict(store.article(article_id)), default=str, sort_keys=True).encode()
    yield np.ascontiguousarray(_vectors(store, article_id, n_sentences), "<f4").tobytes()
    original = store.original(article_id)
    yield b"" if original is None else original.name.encode() + b"\0" + original.data
