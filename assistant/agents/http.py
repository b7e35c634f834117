"""The address of agents: the protocol over HTTP, behind the doors, tokens and limits of all programs.

Each request stands alone, so that none can take another's place: there are no sessions, and nothing is kept between calls.
Who closes the connection gives a call up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant.agents.calls import Call, GoOn
from assistant.agents.stdio import check_installed
from assistant.api.access import caller_of
from assistant.api.addresses import MCP
from assistant.api.desk import Desk, request_id_of
from assistant.api.problems import ProblemError
from assistant.api.sending import fetched
from assistant.audit import audit
from assistant.errors import AssistantError
from assistant.library.tokens import TokenScope
from assistant.ui.kept_settings import apply_kept

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.loaders.web import WebPage

T = TypeVar("T")


class AtDesk:
    """The work of agents, in the places of the server, each for whose token it is."""

    def __init__(self, desk: Desk) -> None:
        """Stores what the work is done with."""
        self._desk = desk

    @property
    def assistant(self) -> Assistant:
        """Returns who is asked."""
        return self._desk.assistant

    def may(self, call: Call, scope: TokenScope) -> bool:
        """Returns whether the token has the scope."""
        return scope in caller_of(call).scopes

    def check(self, call: Call, scope: TokenScope) -> None:
        """Raises ProblemError where it has not."""
        caller_of(call).check(scope)

    async def ask(self, call: Call, work: Callable[[GoOn], T]) -> T:
        """Returns what work gives, with the settings that were chosen on the page."""

        def ask(go_on: GoOn) -> T:
            apply_kept(self._desk.assistant, self._desk.chats)
            return work(go_on)

        return await self._desk.asking.run(call, caller_of(call).key, ask)

    async def look(self, call: Call, work: Callable[[], T]) -> T:
        """Returns what work gives."""
        return await self._desk.quickly(call, lambda _: work())

    async def add(self, call: Call, work: Callable[[Callable[[int, int], None]], T]) -> T:
        """Returns what work gives."""
        return await self._desk.add(call, work)

    async def fetch(self, call: Call, url: str) -> WebPage:
        """Returns the page at an address."""
        return await fetched(url, call, self._desk, caller_of(call))

    def note(self, call: Call, action: str, article_id: str) -> None:
        """Notes a change of the library."""
        audit(caller_of(call).name, action, article_id, request_id_of(call))


class AgentAddress:
    """What answers at /mcp; the package is imported, and the server of the protocol made, with the first request."""

    def __init__(self, desk: Desk, package: str = "mcp") -> None:
        """Stores what the work is done with, and the package that it needs."""
        self._place = AtDesk(desk)
        self._package = package
        self._ending = asyncio.Event()
        self._ready: asyncio.Future[Any] | None = None
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        try:
            check_installed(self._package)
        except AssistantError as error:
            raise ProblemError(501, f"{error} on the server, then start it again.") from error
        if self._ready is None:
            self._ready = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._keep(self._ready))
        manager = await asyncio.shield(self._ready)
        await manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """Ends what is under way."""
        self._ending.set()
        if self._task is not None:
            await self._task

    async def _keep(self, ready: asyncio.Future[Any]) -> None:
        """Runs the server of the protocol until the end; what begins it must end it, in one task."""
        try:
            manager = await asyncio.to_thread(_manager_of, self._place)
            async with manager.run():
                ready.set_result(manager)
                await self._ending.wait()
        except Exception as error:
            if ready.done():
                raise
            self._ready = None
            ready.set_exception(error)


def _manager_of(place: AtDesk) -> Any:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from assistant.agents.serving import make_server

    # Names and origins were looked at before: see `assistant.server.hosts`.
    return StreamableHTTPSessionManager(make_server(place, (ProblemError,)), stateless=True)


def add_agent_address(app: FastAPI, desk: Desk) -> AgentAddress:
    """Adds the address to an application, and returns what is to be closed with it."""
    address = AgentAddress(desk)
    app.router.routes.append(Route(MCP, address, methods=["POST"]))
    return address
