"""Opening the library of some settings, its vectors made anew where another embedding model is named."""

from __future__ import annotations

from assistant.errors import StoreError
from assistant.library.sqlite_store import SqliteStore
from assistant.networks.embeddings import Embedder
from assistant.settings import Settings


def open_store(settings: Settings, embedder: Embedder) -> SqliteStore:
    """Returns the library's store with vectors of this embedder.

    Raises:
        StoreError: if it cannot be used, or is read-only and has vectors of another model.
    """
    folder = settings.library.expanduser()
    store = SqliteStore(folder, embedder.fingerprint, embedder.dimension, settings.busy_timeout_seconds)
    if store.model == embedder.fingerprint:
        return store
    try:
        if store.read_only:
            raise StoreError(
                f"The library {folder} was made with the embedding model {store.model}, and is read-only. "
                "Name that model in ASSISTANT_EMBEDDING_MODEL, or make the library writable."
            )
        sentences = [s for entry in store.contents() for s in store.article(entry.id).sentences]
        ids = store.first_ids(len(sentences)) or []
        store.replace_vectors(embedder.fingerprint, ids, embedder.embed([s.text for s in sentences]))
    except BaseException:
        store.close()
        raise
    return store
