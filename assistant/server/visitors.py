"""Whose request it is. With sign-in an account; without, one browser, known by a random cookie that scripts cannot read.

The owner reaches the page's endpoints in the request's scope, which no client can set. In the library stands a hash of
the cookie, so that who reads the library cannot take anybody's place.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.addresses import is_for_programs
from assistant.ui.endpoints import BROWSER, OWNER

COOKIE = "assistant_browser"
SAFE_COOKIE = f"__Host-{COOKIE}"
"""Where the page is served by TLS: a browser takes a cookie of this name from this very host alone."""
MAX_AGE_SECONDS = 400 * 24 * 3600
"""Browsers keep no cookie for longer."""

_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)

AccountOf = Callable[[HTTPConnection], str | None]
"""Returns the name that a request is signed in with, None for nobody."""


class Visitors:
    """Gives each request its owner, and each browser its cookie."""

    def __init__(self, app: ASGIApp, account_of: AccountOf) -> None:
        """Stores who tells the account of a request."""
        self._app = app
        self._account_of = account_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with its owner."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request = HTTPConnection(scope)
        is_secure = scope["scheme"] == "https" or request.headers.get("x-forwarded-proto") == "https"
        name = SAFE_COOKIE if is_secure else COOKIE
        token = request.cookies.get(name, "")
        has_token = "authorization" in request.headers and is_for_programs(scope["path"])
        is_new = not _TOKEN.fullmatch(token)
        if is_new:
            token = secrets.token_urlsafe(32)
        account = self._account_of(request)
        owner = account if account is not None else f"{BROWSER}{hashlib.sha256(token.encode()).hexdigest()[:32]}"
        scope = {**scope, OWNER: owner}

        async def reply(message: Message) -> None:
            if is_new and not has_token and message["type"] == "http.response.start":
                cookie = f"{name}={token}; Path=/; Max-Age={MAX_AGE_SECONDS}; HttpOnly{'; Secure' if is_secure else ''}"
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, reply)
        return None
