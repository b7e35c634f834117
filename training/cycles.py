"""Draws without end that can be gone on with where they stopped."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from training.data import Example


class Cycle(Iterator[Example]):
    """Examples in an order of chance, another one each time round.

    Args:
        examples: none gives an iterator that is at its end.
        rng: source of chance, which may be shared.
    """

    def __init__(self, examples: Sequence[Example], rng: random.Random) -> None:
        self._examples = examples
        self._rng = rng
        self._order = list(range(len(examples)))
        self._next = len(examples)

    def __next__(self) -> Example:
        if not self._order:
            raise StopIteration
        if self._next == len(self._order):
            self._rng.shuffle(self._order)
            self._next = 0
        self._next += 1
        return self._examples[self._order[self._next - 1]]

    def place(self) -> dict[str, Any]:
        """Returns where it stands, in what a checkpoint may hold."""
        return {"order": list(self._order), "next": self._next, "of": self._digest()}

    def go_to(self, place: dict[str, Any]) -> None:
        """Goes on where another cycle of the same examples stood; one of other examples begins anew."""
        if place["of"] == self._digest():
            self._order, self._next = list(place["order"]), place["next"]

    def _digest(self) -> int:
        return zlib.crc32("\n".join(example.id for example in self._examples).encode())
