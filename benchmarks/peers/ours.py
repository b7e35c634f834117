"""Article Assistant as a peer: search alone, or with the reader where the plan's options say so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.settings import Settings
from benchmarks.peers.protocol import BLOCK, Batches, Peer, serve


class Ours(Peer):
    """An assistant on a library of its own; its model is the shipped form of the same one, in 8 bits."""

    batch = BLOCK

    def __init__(self, _model: str, folder: Path, threads: int, reader: bool = False) -> None:
        self._assistant = Assistant.open(Settings(library=folder, n_threads=threads, n_kept_readings=0))
        self._reader = reader

    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Adds the texts; their sentences and who says them are found anew."""
        for article in articles:
            self._assistant.add(article["text"])

    def add_vectors(self, batches: Batches) -> None:
        """Adds articles of `BLOCK` sentences as they are written to the library once they are embedded."""
        from benchmarks.scale_search import article_of

        for number, (lines, vectors) in enumerate(batches):
            self._assistant.store.add(article_of(lines, f"Article {number}"), vectors)

    def save(self) -> None:
        """Brings the index up to date and of the kind that the size asks for; the library itself is written already."""
        from assistant.library.sqlite_store import SqliteStore

        store = self._assistant.store
        store.flush()
        if isinstance(store, SqliteStore):
            store.settle()

    def search(self, question: str, k: int) -> list[str]:
        """Returns sentences of `retrieve`."""
        return [found.sentence.text for found in self._assistant.retrieve(question, k, rerank=self._reader)]


if __name__ == "__main__":
    serve(Ours)
