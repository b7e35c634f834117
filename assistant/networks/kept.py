"""What a network gave for the same input before: kept, so that a question asked again need not be read again."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """The last n values by the digest of what they were computed from. May be shared by threads.

    A network is a function of its input alone, so a value that is kept stays right whatever is added to the library or
    removed from it; and no text is kept, as a digest does not tell what it was made of.

    Args:
        n: values kept, those that were not asked for longest are dropped first; 0 keeps none.
    """

    def __init__(self, n: int) -> None:
        self._n = n
        self._values: OrderedDict[bytes, Value] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, digest: bytes, compute: Callable[[], Value]) -> Value:
        """Returns the value of a digest, computed if it is not kept; two threads may both compute it.

        What `compute` raises is raised, and nothing kept.
        """
        with self._lock:
            if digest in self._values:
                self._values.move_to_end(digest)
                return self._values[digest]
        value = compute()
        if self._n > 0:
            with self._lock:
                self._values[digest] = value
                while len(self._values) > self._n:
                    self._values.popitem(last=False)
        return value


def digest_of(*parts: bytes) -> bytes:
    """Returns 16 bytes that differ where parts differ, or where their bounds do."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()
