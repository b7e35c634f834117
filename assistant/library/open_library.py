"""Opening the library of some settings: in a folder, or in a database that several processes share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.database_address import DatabaseAddress
from assistant.errors import StoreError
from assistant.library.chats import Chats
from assistant.library.file_notes import FILES, FileNotes
from assistant.library.sqlite_store import DATABASE, SqliteStore
from assistant.library.store import Store
from assistant.library.tokens import Tokens
from assistant.networks.embeddings import Embedder
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.library.postgres_database import PostgresDatabase
    from assistant.library.postgres_store import PostgresStore


def open_store(settings: Settings, embedder: Embedder) -> SqliteStore | PostgresStore:
    """Returns the library's store with vectors of this embedder, made anew where another model is named.

    Raises:
        StoreError: if it cannot be used, or is read-only and has vectors of another model.
    """
    store = _opened(settings, embedder)
    if store.model == embedder.fingerprint:
        return store
    try:
        if store.read_only:
            raise StoreError(
                f"The library {settings.library} was made with the embedding model {store.model}, and is read-only. "
                "Name that model in ASSISTANT_EMBEDDING_MODEL, or make the library writable."
            )
        sentences = [s for entry in store.contents() for s in store.article(entry.id).sentences]
        ids = store.first_ids(len(sentences)) or []
        store.replace_vectors(embedder.fingerprint, ids, embedder.embed([s.text for s in sentences]))
    except BaseException:
        store.close()
        raise
    return store


def open_as_it_is(settings: Settings, embedder: Embedder) -> SqliteStore | PostgresStore:
    """Returns the library's store, whose vectors are of this embedder already.

    Raises:
        StoreError: if it cannot be used, or has vectors of another model.
    """
    store = _opened(settings, embedder)
    if store.model != embedder.fingerprint:
        store.close()
        raise StoreError(
            f"The library {settings.library} has vectors of the embedding model {store.model}. Name that model in "
            "ASSISTANT_EMBEDDING_MODEL."
        )
    return store


def open_chats(settings: Settings) -> Chats:
    """Returns the conversations of a library, which stand where its articles do.

    Where a folder cannot be written, they are kept until the server stops.
    """
    if isinstance(settings.library, DatabaseAddress):
        return Chats.on(_database(settings.library, settings))
    return Chats.open(settings.folder.expanduser() / DATABASE, settings.busy_timeout_seconds)


def open_tokens(settings: Settings) -> Tokens:
    """Returns the tokens of a library."""
    if isinstance(settings.library, DatabaseAddress):
        return Tokens(_database(settings.library, settings))
    return Tokens.open(settings.folder / DATABASE, settings.busy_timeout_seconds)


def open_file_notes(settings: Settings, store: Store) -> FileNotes:
    """Returns what was read from which file, noted where the articles of the store are."""
    if isinstance(settings.library, DatabaseAddress):
        from assistant.library.postgres_files import PostgresFileNotes
        from assistant.library.postgres_store import PostgresStore

        if isinstance(store, PostgresStore):
            return PostgresFileNotes(store.database)
    return FileNotes(settings.folder.expanduser() / FILES)


def check(settings: Settings) -> str:
    """Returns a line on a library that was looked over. Raises StoreError if something is wrong with it."""
    if isinstance(settings.library, DatabaseAddress):
        from assistant.library.postgres_check import check_address

        return check_address(settings.library, settings.busy_timeout_seconds)
    from assistant.library.sqlite_check import check_library

    return check_library(settings.folder.expanduser(), settings.busy_timeout_seconds)


def _opened(settings: Settings, embedder: Embedder) -> SqliteStore | PostgresStore:
    if isinstance(settings.library, DatabaseAddress):
        from assistant.library.postgres_store import PostgresStore

        return PostgresStore(
            settings.library,
            embedder.fingerprint,
            embedder.dimension,
            settings.busy_timeout_seconds,
            settings.library_replica,
        )
    return SqliteStore(
        settings.folder.expanduser(), embedder.fingerprint, embedder.dimension, settings.busy_timeout_seconds
    )


def _database(address: DatabaseAddress, settings: Settings) -> PostgresDatabase:
    from assistant.library.postgres_database import PostgresDatabase

    return PostgresDatabase(address, settings.busy_timeout_seconds)
