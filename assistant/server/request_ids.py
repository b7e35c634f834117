"""An id for each request, so that a refusal, an error and a change can be found in the log."""

from __future__ import annotations

import re
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.audit import REQUEST_ID

_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)


class RequestIds:
    """Takes the id that a request brings, or makes one, and sends it back with whatever is answered."""

    def __init__(self, app: ASGIApp) -> None:
        """Stores what is wrapped."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with its id."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex

        async def reply(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        await self._app({**scope, REQUEST_ID: request_id}, receive, reply)
        return None
