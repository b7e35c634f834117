"""`assistant mcp`: serves the agent that has started this program, over standard input and output."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import threading
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.audit import audit, tell_audit
from assistant.errors import AssistantError
from assistant.library.tokens import TokenScope

if TYPE_CHECKING:
    from assistant.agents.calls import Call, GoOn
    from assistant.assistant import Assistant
    from assistant.loaders.web import WebPage
    from assistant.settings import Settings

T = TypeVar("T")

MISSING = "Agents are served with the package `mcp`, which is not installed: pip install 'article-assistant[mcp]'"
N_ADDED_AT_ONCE = 2
MAX_LINES_WAITING = 100


class OverError(Exception):
    """The agent does not wait for this any more."""


class Alone:
    """The work of one agent, in threads of this process; it may do what its user may."""

    def __init__(self, assistant: Assistant) -> None:
        """Stores who is asked."""
        import anyio

        self.assistant = assistant
        self._asking = anyio.CapacityLimiter(max(2, assistant.settings.threads))
        self._adding = anyio.CapacityLimiter(N_ADDED_AT_ONCE)

    def may(self, _: Call, __: TokenScope) -> bool:
        """Returns True: whoever starts a program may do all that it does."""
        return True

    def check(self, _: Call, __: TokenScope) -> None:
        """Does nothing."""

    async def ask(self, call: Call, work: Callable[[GoOn], T]) -> T:
        """Returns what work gives."""
        return await self._in_thread(call, work, self._asking)

    async def look(self, call: Call, work: Callable[[], T]) -> T:
        """Returns what work gives."""
        return await self._in_thread(call, lambda _: work(), self._asking)

    async def add(self, call: Call, work: Callable[[Callable[[int, int], None]], T]) -> T:
        """Returns what work gives."""
        return await self._in_thread(call, lambda go_on: work(lambda _done, _all: go_on()), self._adding)

    async def fetch(self, call: Call, url: str) -> WebPage:
        """Returns the page at an address."""
        return await self._in_thread(call, lambda _: self.assistant.fetch_page(url), self._adding)

    def note(self, _: Call, action: str, article_id: str) -> None:
        """Notes a change of the library on standard error, where agents keep the log of a program."""
        audit("agent of this machine", action, article_id)

    async def _in_thread(self, call: Call, work: Callable[[GoOn], T], limiter: Any) -> T:
        from anyio import to_thread

        def go_on() -> None:
            if call.is_over:
                raise OverError

        return await to_thread.run_sync(work, go_on, limiter=limiter)


def serve(settings: Settings) -> None:
    """Serves until standard input ends.

    Raises:
        AssistantError: if the package `mcp` is not installed, or the library or the models cannot be opened.
    """
    check_installed()
    from assistant.assistant import Assistant

    tell_audit()
    with Assistant.open(settings) as assistant:
        serve_opened(assistant)


def serve_opened(assistant: Assistant) -> None:
    """Serves an assistant until standard input ends; whoever opened it closes it."""
    asyncio.run(_serve(assistant))


def check_installed(package: str = "mcp") -> None:
    """Raises AssistantError, with how to install it, where the package is missing."""
    if importlib.util.find_spec(package) is None:
        raise AssistantError(MISSING)


async def _serve(assistant: Assistant) -> None:
    from mcp.server.stdio import stdio_server

    from assistant.agents.serving import make_server

    server = make_server(Alone(assistant))
    lines: Any = input_lines()
    async with stdio_server(stdin=lines) as (received, sent):
        await server.run(received, sent, server.create_initialization_options())
    await lines.aclose()


async def input_lines() -> AsyncIterator[str]:
    """Yields the lines of standard input, which nobody else reads from then on.

    The protocol's own reader waits in a thread that nothing can end: SIGTERM would be heard with the next line alone.
    """
    lines: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_LINES_WAITING)
    loop = asyncio.get_running_loop()
    # What is started here finds nothing in its own standard input.
    own, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=_read, args=(own, lines, loop), name="standard input", daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line.decode("utf-8", "replace")


def _read(number: int, lines: asyncio.Queue[bytes | None], loop: asyncio.AbstractEventLoop) -> None:
    rest = b""
    try:
        while part := os.read(number, 65_536):
            *whole, rest = (rest + part).split(b"\n")
            for line in whole:
                asyncio.run_coroutine_threadsafe(lines.put(line), loop).result()
        asyncio.run_coroutine_threadsafe(lines.put(None), loop).result()
    except (RuntimeError, asyncio.CancelledError):
        return  # the program ends
