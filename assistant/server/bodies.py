"""Reading what a request carries, up to a limit."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive


class BodyTooLargeError(Exception):
    """More was sent than is taken."""


async def parts_of(receive: Receive, max_bytes: int) -> AsyncIterator[bytes]:
    """Yields the body of a request as it comes.

    Raises:
        BodyTooLargeError: once it has more than `max_bytes`.
        ClientDisconnect: if the client has gone before its end.
    """
    n_bytes, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part = message.get("body", b"")
        n_bytes += len(part)
        if n_bytes > max_bytes:
            raise BodyTooLargeError
        yield part
        more = message.get("more_body", False)


async def read_body(receive: Receive, max_bytes: int) -> bytes:
    """Returns the body of a request; raises as `parts_of`."""
    return b"".join([part async for part in parts_of(receive, max_bytes)])


def replayed(body: bytes, receive: Receive) -> Receive:
    """Returns what gives a body that was read already, then whatever comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
