"""A peer that needs nothing installed: it finds the sentences that share most words with a question, or fails as it is told."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.protocol import Batches, Peer, serve


class Fake(Peer):
    """A list of sentences in a file."""

    def __init__(self, _model: str, folder: Path, _threads: int, fails: str = "") -> None:
        self._path, self._fails = folder / "sentences.json", fails
        self._sentences: list[str] = json.loads(self._path.read_text()) if self._path.is_file() else []
        self._thread: int | None = None

    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Keeps the sentences; hangs, falls or grows where it is told to."""
        if self._fails == "hangs":
            time.sleep(60)
        if self._fails == "falls":
            print("what a library prints is no reply")
            raise RuntimeError("no such table")
        if self._fails == "grows":
            self._held = b"x" * 200_000_000
            time.sleep(60)
        self._sentences += [sentence for article in articles for sentence in article["sentences"]]

    def add_vectors(self, batches: Batches) -> None:
        """Keeps the sentences of the batches."""
        for texts, _ in batches:
            self._sentences += texts

    def save(self) -> None:
        """Writes the file."""
        print("saved", file=sys.stdout)
        self._path.write_text(json.dumps(self._sentences))

    def search(self, question: str, k: int) -> list[str]:
        """Returns the sentences that share most words; of threads it bears one at a time, if it is told to."""
        own = threading.get_ident()
        if self._fails == "threads" and self._thread not in (None, own):
            raise RuntimeError("asked from two threads")
        self._thread = own
        words = set(question.lower().split())
        time.sleep(0.001)
        self._thread = None
        return sorted(self._sentences, key=lambda s: -len(words & set(s.lower().split())))[:k]


if __name__ == "__main__":
    serve(Fake)
