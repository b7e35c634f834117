"""An Assistant for programs on an event loop: every call is awaited, and the loop goes on meanwhile."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar, Unpack

from assistant.answer import Answer
from assistant.assistant import ArticleChoice, Assistant
from assistant.chain import Step
from assistant.errors import AssistantError
from assistant.library.filter import FilterOptions
from assistant.networks.embeddings import Progress
from assistant.question.follow_ups import History
from assistant.settings import Carefulness, Settings

P = ParamSpec("P")
T = TypeVar("T")

MIN_AT_ONCE = 4
"""Calls that run at once, at least: looking at the library does not wait for two slow answers."""


class _StoppedError(Exception):
    """Nobody waits for this work any more."""


def _awaited(
    method: Callable[Concatenate[Assistant, P], T],
) -> Callable[Concatenate[AsyncAssistant, P], Coroutine[Any, Any, T]]:
    """Returns a method of Assistant that is awaited; it takes, returns and raises the same."""

    @functools.wraps(method)
    async def call(self: AsyncAssistant, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._in_thread(lambda _: method(self.assistant, *args, **kwargs))

    return call


def _awaited_adding(
    method: Callable[Concatenate[Assistant, P], T],
) -> Callable[Concatenate[AsyncAssistant, P], Coroutine[Any, Any, T]]:
    """Returns a method that adds an article, awaited; cancelled while sentences are embedded, it adds nothing."""

    @functools.wraps(method)
    async def call(self: AsyncAssistant, /, *args: P.args, **kwargs: P.kwargs) -> T:
        def work(go_on: Callable[[], None]) -> T:
            told: Any = {**kwargs, "progress": _progress(go_on, kwargs.get("progress"))}
            return method(self.assistant, *args, **told)

        return await self._in_thread(work)

    return call


class AsyncAssistant:
    """An Assistant whose methods are awaited. Give `progress`, where it is taken, by its name.

    Each call runs in one of a few threads, so that the event loop never waits; more calls than threads wait for their turn.
    A task that is cancelled stops its work: before it has begun, between two steps of an answer, or while sentences are
    embedded, where nothing is added. What cannot stop then runs to its end, and its result is dropped; a change of the
    library happens whole or not at all. May be shared by tasks, also those of several event loops, and by threads, with
    the `assistant` itself.

    Attributes:
        assistant: what answers; closed with this one.
        at_once: how many calls run at once.
    """

    def __init__(self, assistant: Assistant, at_once: int | None = None) -> None:
        """Stores the assistant; `at_once` is as many as threads run its models, and 4 at least, unless it is given.

        Raises:
            ValueError: if `at_once` is below 1.
        """
        if at_once is not None and at_once < 1:
            raise ValueError(f"at_once is {at_once!r}, expected 1 or more, a whole number")
        self.assistant = assistant
        self.at_once = at_once or max(MIN_AT_ONCE, assistant.settings.threads)
        self._pool = ThreadPoolExecutor(self.at_once, "assistant")

    @classmethod
    async def open(cls, settings: Settings | None = None, at_once: int | None = None) -> AsyncAssistant:
        """Returns an assistant as `Assistant.open` does, which it raises as; `aclose` it, or use `async with`."""
        return cls(await asyncio.to_thread(Assistant.open, settings), at_once)

    async def aclose(self) -> None:
        """Waits for the calls that run, then closes the assistant; those that wait for their turn are cancelled."""
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)
        await asyncio.to_thread(self.assistant.close)

    async def __aenter__(self) -> AsyncAssistant:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    @property
    def settings(self) -> Settings:
        """The settings of the assistant."""
        return self.assistant.settings

    async def ask(
        self,
        question: str,
        article: ArticleChoice = None,
        history: History = (),
        *,
        carefulness: Carefulness | None = None,
        **only: Unpack[FilterOptions],
    ) -> Answer:
        """Returns the answer, as `Assistant.ask` does, which it raises as; cancelled, it stops after the step that runs."""

        def work(go_on: Callable[[], None]) -> Answer:
            parts = self.assistant.stream(question, article, history, carefulness=carefulness, **only)
            for part in parts:
                go_on()
                if isinstance(part, Answer):
                    return part
            raise AssistantError("The chain ended without an answer.")

        return await self._in_thread(work)

    async def stream(
        self,
        question: str,
        article: ArticleChoice = None,
        history: History = (),
        *,
        carefulness: Carefulness | None = None,
        **only: Unpack[FilterOptions],
    ) -> AsyncIterator[Step | Answer]:
        """Yields a Step as each begins, then the Answer, as `Assistant.stream` does; left early, no further step is taken."""
        parts: Iterator[Step | Answer] = self.assistant.stream(
            question, article, history, carefulness=carefulness, **only
        )
        while True:
            part = await self._in_thread(lambda _: next(parts, None))
            if part is None:
                return
            yield part

    retrieve = _awaited(Assistant.retrieve)
    add = _awaited_adding(Assistant.add)
    add_file = _awaited_adding(Assistant.add_file)
    add_bytes = _awaited_adding(Assistant.add_bytes)
    add_url = _awaited_adding(Assistant.add_url)
    replace = _awaited_adding(Assistant.replace)
    articles = _awaited(Assistant.articles)
    contents = _awaited(Assistant.contents)
    article = _awaited(Assistant.article)
    original = _awaited(Assistant.original)
    rename = _awaited(Assistant.rename)
    describe = _awaited(Assistant.describe)
    remove = _awaited(Assistant.remove)
    warm = _awaited(Assistant.warm)

    async def _in_thread(self, work: Callable[[Callable[[], None]], T]) -> T:
        """Returns what work gives in a thread; it is given what it calls now and then, which ends it once nobody waits."""
        stop = threading.Event()

        def go_on() -> None:
            if stop.is_set():
                raise _StoppedError

        context = contextvars.copy_context()
        running = asyncio.get_running_loop().run_in_executor(self._pool, context.run, work, go_on)
        try:
            return await running
        except asyncio.CancelledError:
            stop.set()
            raise


def _progress(go_on: Callable[[], None], progress: Any) -> Progress:
    def tell(done: int, total: int) -> None:
        go_on()
        if progress is not None:
            progress(done, total)

    return tell
