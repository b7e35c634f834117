"""Texts that were read last, up to so many bytes: what is asked about again is not read again."""

from __future__ import annotations

import sys
import threading
from collections.abc import Hashable


class KeptTexts:
    """Keeps the texts used last; the last one is kept however long it is. May be shared by threads."""

    def __init__(self, max_bytes: int) -> None:
        """Keeps nothing yet, and at most `max_bytes` later."""
        self._max_bytes = max_bytes
        self._n_bytes = 0
        self._texts: dict[Hashable, str] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._texts)

    def get(self, key: Hashable) -> str | None:
        """Returns a text that is kept, None if it is not."""
        with self._lock:
            text = self._texts.pop(key, None)
            if text is not None:
                self._texts[key] = text
            return text

    def keep(self, key: Hashable, text: str) -> None:
        """Keeps a text in the place of those used longest ago."""
        with self._lock:
            self._n_bytes += sys.getsizeof(text) - (sys.getsizeof(self._texts.pop(key)) if key in self._texts else 0)
            self._texts[key] = text
            while len(self._texts) > 1 and self._n_bytes > self._max_bytes:
                self._n_bytes -= sys.getsizeof(self._texts.pop(next(iter(self._texts))))
