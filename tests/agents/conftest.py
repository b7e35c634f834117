"""Agents: the protocol's own client, over HTTP and over standard input and output."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx2
from api.conftest import client, ferry, served  # noqa: F401 - fixtures
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

Told = Callable[[Client], Awaitable[Any]]


@asynccontextmanager
async def agent_at(address: str, secret: str = "", mode: str = "auto") -> AsyncIterator[Client]:
    """An agent that calls a server, with a token if one is given."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode) as agent,
    ):
        yield agent


def told_by(address: str, ask: Told, secret: str = "", mode: str = "auto") -> Any:
    """Returns what `ask` gives that talks to a server as an agent."""

    async def talk() -> Any:
        async with agent_at(address, secret, mode) as agent:
            return await ask(agent)

    return anyio.run(talk)


def text_of(result: Any) -> str:
    """Returns what an agent reads."""
    return str(result.content[0].text)
