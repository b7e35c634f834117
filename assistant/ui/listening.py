"""Which streams are listened to: work for one that nobody opens, or that was left, is not done."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

GRACE_SECONDS = 10.0
"""So long a stream may be opened after its work has begun."""


class Listening:
    """Counts who listens to each session's stream; may be shared by threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Stores the clock, in seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._listeners: Counter[str] = Counter()

    @contextmanager
    def to(self, session: str) -> Iterator[None]:
        """Counts a listener while it is there."""
        with self._lock:
            self._listeners[session] += 1
        try:
            yield
        finally:
            with self._lock:
                self._listeners[session] -= 1
                if self._listeners[session] <= 0:
                    del self._listeners[session]

    def is_wanted(self, session: str | None) -> Callable[[], bool]:
        """Returns what tells whether anybody waits for the work that begins now for a session."""
        began = self._clock()

        def wanted() -> bool:
            with self._lock:
                heard = self._listeners[session or ""] > 0 if session in self._listeners else False
            return heard or self._clock() - began < GRACE_SECONDS

        return wanted
