"""A call of an agent, and where its work is done: in this process alone, or in a server's places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from assistant.library.tokens import TokenScope

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.loaders.web import WebPage

T = TypeVar("T")
GoOn = Callable[[], None]
"""Raises where nobody waits any more; work calls it often."""


class Call:
    """One call under way.

    Attributes:
        scope: of the request that it came in; empty over standard input.
        is_over: whether nobody waits for it any more.
    """

    def __init__(self, scope: Mapping[str, Any] | None = None) -> None:
        """Stores what is known of the request."""
        self.scope: Mapping[str, Any] = scope or {}
        self.is_over = False

    async def is_disconnected(self) -> bool:
        """Returns whether nobody waits for it any more."""
        return self.is_over


class Workplace(Protocol):
    """Where the work of calls is done; each method raises an AssistantError, or a problem that says what to do."""

    @property
    def assistant(self) -> Assistant:
        """Returns who is asked."""
        ...

    def may(self, call: Call, scope: TokenScope) -> bool:
        """Returns whether whoever calls may do what a scope allows."""
        ...

    def check(self, call: Call, scope: TokenScope) -> None:
        """Raises where they may not."""
        ...

    async def ask(self, call: Call, work: Callable[[GoOn], T]) -> T:
        """Returns what work gives that reads articles for a question."""
        ...

    async def look(self, call: Call, work: Callable[[], T]) -> T:
        """Returns what work gives that takes little time."""
        ...

    async def add(self, call: Call, work: Callable[[Callable[[int, int], None]], T]) -> T:
        """Returns what work gives that adds an article; it calls the progress that it is given."""
        ...

    async def fetch(self, call: Call, url: str) -> WebPage:
        """Returns the page at an address."""
        ...

    def note(self, call: Call, action: str, article_id: str) -> None:
        """Notes a change of the library."""
        ...
