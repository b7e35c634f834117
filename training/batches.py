"""A mixture of examples -> batches of windows of like length, in an order that can be gone on with."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Protocol

from training.data import Example
from training.windows import Window, Windows

POOL = 40  # batches that are sorted by length together, so that little is padded
WINDOW_TOKENS, WINDOW_SHARES = (96, 128, 160, 192), (0.34, 0.36, 0.18, 0.12)
ALONE = 0.15  # share of windows with nothing around the sentences that matter, as the best one is read again


class Source(Protocol):
    """An endless stream of examples that knows its place."""

    def __iter__(self) -> Iterator[Example]: ...

    def place(self) -> dict[str, Any]:
        """Returns where it stands."""
        ...

    def go_to(self, place: dict[str, Any]) -> None:
        """Goes on from a place."""
        ...


class Batches(Iterator[list[Window]]):
    """Batches of windows of like length, endlessly, of endless examples.

    Args:
        source: the examples.
        windows: cuts them.
        size: windows a batch.
        seed: of the windows' sizes and of the order of batches.
    """

    def __init__(self, source: Source, windows: Windows, size: int, seed: int) -> None:
        self._source = source
        self._windows = windows
        self._size = size
        self._rng = random.Random(seed)
        self._pool: list[list[Window]] = []
        self._taken = 0
        self._before = self._places()

    def __next__(self) -> list[Window]:
        if self._taken == len(self._pool):
            self._before = self._places()
            self._pool = self._filled()
            self._taken = 0
        self._taken += 1
        return self._pool[self._taken - 1]

    def place(self) -> dict[str, Any]:
        """Returns where it stands: where the source stood before the pool, and how much of the pool is taken."""
        return {**self._before, "taken": self._taken, "size": self._size} if self._pool else self._places()

    def go_to(self, place: dict[str, Any]) -> None:
        """Goes on from a place; with batches of another size, at the beginning of its pool."""
        version, numbers, gauss = place["chance"]
        self._rng.setstate((version, tuple(numbers), gauss))
        self._source.go_to(place["source"])
        self._before = self._places()
        self._pool = self._filled()
        self._taken = place["taken"] if place["size"] == self._size else 0

    def _places(self) -> dict[str, Any]:
        return {"chance": self._rng.getstate(), "source": self._source.place(), "taken": 0, "size": self._size}

    def _filled(self) -> list[list[Window]]:
        pool: list[Window] = []
        stream = iter(self._source)
        while len(pool) < self._size * POOL:
            size = self._rng.choices(WINDOW_TOKENS, WINDOW_SHARES)[0]
            window = self._windows.cut(next(stream), size, self._rng, alone=self._rng.random() < ALONE)
            if window is not None:
                pool.append(window)
        pool.sort(key=lambda w: len(w.ids))
        groups = [pool[i : i + self._size] for i in range(0, len(pool), self._size)]
        self._rng.shuffle(groups)
        return groups
