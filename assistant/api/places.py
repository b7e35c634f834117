"""Work in threads: so much at a time, so much that waits; what nobody waits for any more is not begun, or stops."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import anyio
from anyio import to_thread
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from assistant.api.access import Calling
from assistant.api.problems import too_many

T = TypeVar("T")

LOOK_SECONDS = 0.5
"""How often work looks whether anybody waits for it."""


class StoppedError(Exception):
    """Nobody waits for this work any more."""


class Places:
    """Places for work of one kind."""

    def __init__(self, n_at_once: int, max_of_one: int, max_of_all: int) -> None:
        """Stores how much runs at once, and how much may run or wait, of one caller and of all."""
        self._n_at_once = n_at_once
        self._max_of_one = max_of_one
        self._max_of_all = max_of_all
        self._turn = asyncio.Semaphore(n_at_once)
        self._of: Counter[str] = Counter()

    @asynccontextmanager
    async def taken(self, key: str) -> AsyncIterator[None]:
        """Waits for a place and holds it.

        Raises:
            ProblemError: 429 if too many wait already.
        """
        if self._of[key] >= self._max_of_one:
            raise too_many("Too much of yours waits already. Wait for an answer, then go on.", 2)
        if self._of.total() >= self._max_of_all:
            raise too_many("Too much waits already, of all who use this server. Try again soon.", 5)
        self._of[key] += 1
        try:
            async with self._turn:
                yield
        finally:
            self._of[key] -= 1
            if not self._of[key]:
                del self._of[key]

    async def run(self, request: Calling, key: str, work: Callable[[Callable[[], None]], T]) -> T:
        """Returns what work gives that runs in a thread; it calls `go_on`, which it is given, now and then.

        Raises:
            ClientDisconnect: if nobody waits for it any more.
            ProblemError: 429 if too many wait already.
        """
        stop = threading.Event()

        def go_on() -> None:
            if stop.is_set():
                raise StoppedError

        async with _watching(request, stop), self.taken(key):
            try:
                go_on()
                return await self.in_thread(work, go_on)
            except StoppedError as error:
                raise ClientDisconnect from error

    async def in_thread(self, function: Callable[..., T], *arguments: Any) -> T:
        """Returns what a function gives that is called in a thread; by whoever holds a place."""
        return await to_thread.run_sync(functools.partial(function, *arguments), limiter=self._threads)

    @functools.cached_property
    def _threads(self) -> anyio.CapacityLimiter:
        # One more than places: what ends a stream never waits for those that begin.
        return anyio.CapacityLimiter(self._n_at_once + 1)


@asynccontextmanager
async def _watching(request: Calling, stop: threading.Event) -> AsyncIterator[None]:
    async def look() -> None:
        while not await request.is_disconnected():
            await asyncio.sleep(LOOK_SECONDS)
        stop.set()

    task = asyncio.create_task(look())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class EventStream(Response):
    """Server-sent events of work in a thread, which holds a place for as long as it lasts.

    What goes wrong before the first part is an error like any other; what goes wrong later is the last event.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        places: Places,
        key: str,
        parts: Callable[[], Iterator[bytes]],
        failed: Callable[[Exception], bytes],
    ) -> None:
        """Stores the work: `parts` gives events as they come, `failed` the event of an error."""
        super().__init__(b"", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._places = places
        self._key = key
        self._parts = parts
        self._failed = failed

    async def __call__(
        self,
        scope: Scope,  # noqa: ARG002 - what a response is given
        receive: Receive,
        send: Send,
    ) -> None:
        """Sends the events."""
        async with self._places.taken(self._key):
            parts = self._parts()
            try:
                part = await self._next(parts)
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                async with anyio.create_task_group() as group:
                    group.start_soon(_cancel_when_gone, receive, group.cancel_scope)
                    await self._send(part, parts, send)
                    group.cancel_scope.cancel()
            finally:
                with anyio.CancelScope(shield=True):
                    await self._places.in_thread(_close, parts)

    async def _next(self, parts: Iterator[bytes]) -> bytes | None:
        return await self._places.in_thread(next, parts, None)

    async def _send(self, part: bytes | None, parts: Iterator[bytes], send: Send) -> None:
        try:
            while part is not None:
                await send({"type": "http.response.body", "body": part, "more_body": True})
                part = await self._next(parts)
        except Exception as error:  # noqa: BLE001 - the status has been sent: whoever reads must be told, whatever it is
            await send({"type": "http.response.body", "body": self._failed(error), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _cancel_when_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def _close(parts: Iterator[bytes]) -> None:
    close = getattr(parts, "close", None)
    if close is not None:
        close()
