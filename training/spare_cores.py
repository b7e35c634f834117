"""How many threads to train on, where the machine is shared.

Threads of one product wait for each other. Where a core is taken by somebody else's work of higher priority, two of them
are slower by far than one, which the system puts on the core that is free.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
TAKEN = 0.4  # of a core, by others: from here on it is left to them
_IDLE = (3, 4)  # columns of /proc/stat: idle, and waiting for a disk


class SpareCores:
    """Counts the cores that others leave, over the time since it was last asked.

    Args:
        most: of them that are ever used.
        stat: Linux's count of all cores' time; where there is none, all are free.
    """

    def __init__(self, most: int, stat: Path = Path("/proc/stat")) -> None:
        self._most = most
        self._stat = stat
        self._last = self._now()

    def count(self) -> int:
        """Returns how many cores were left to this process, at least one."""
        wall, busy, own = self._now()
        before, self._last = self._last, (wall, busy, own)
        seconds = wall - before[0]
        if not self._stat.exists() or seconds <= 0:
            return self._most
        others = ((busy - before[1]) - (own - before[2])) / seconds
        free = (os.cpu_count() or self._most) - int(others + 1 - TAKEN)
        return max(1, min(self._most, free))

    def _now(self) -> tuple[float, float, float]:
        busy = 0.0
        if self._stat.exists():
            columns = [int(n) for n in self._stat.read_text().split("\n", 1)[0].split()[1:9]]
            busy = sum(n for place, n in enumerate(columns) if place not in _IDLE) / TICKS
        return time.monotonic(), busy, time.process_time()
