"""How often one may call: a bucket for each, that fills as time goes by."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MAX_REMEMBERED = 10_000
OF_CALLER = 600
"""Calls a minute of one token, account or browser: ten questions a second are more than eight cores answer."""
OF_ADDRESS = 1_200
"""Calls a minute of one address, whoever calls; behind a proxy all have one."""


class Rate:
    """So many calls a minute of each key, all at once or spread; may be shared by threads."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Stores the rate and the clock, in seconds."""
        self._a_minute = a_minute
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Takes one call from a key's bucket; returns 0.0, or in how many seconds there is one where it is empty."""
        with self._lock:
            now = self._clock()
            level, at = self._levels.pop(key, (float(self._a_minute), now))
            level = min(float(self._a_minute), level + (now - at) * self._a_minute / 60)
            wait = 0.0 if level >= 1 else (1 - level) * 60 / self._a_minute
            self._levels[key] = (level if wait else level - 1, now)
            while len(self._levels) > MAX_REMEMBERED:
                self._levels.popitem(last=False)
            return wait
