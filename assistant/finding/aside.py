"""Work that is done in a thread of its own, beside what its caller does meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Value = TypeVar("Value")

MAX_THREADS = 32  # as many as questions are asked at once by any server: none waits for another's database


class _Pool:
    """The threads of this process; a process that was forked from it has none of them, and gets its own."""

    def __init__(self) -> None:
        self.renew()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.renew)

    def renew(self) -> None:
        self.threads = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="aside")


_pool = _Pool()


def aside(work: Callable[Given, Value], *given: Given.args, **named: Given.kwargs) -> Callable[[], Value]:
    """Begins some work, and returns what waits for its value, or raises what it raised."""
    try:
        return _pool.threads.submit(work, *given, **named).result
    except RuntimeError:  # a process that is ending begins no thread any more
        value = work(*given, **named)
        return lambda: value
