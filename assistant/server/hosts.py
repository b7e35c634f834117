"""Who may reach the page: the names it is called by, and the web pages that may call it.

A browser lets any web page send requests to this machine. Two checks keep them out: the name in the Host header must be
ours, since a page of a foreign name can be pointed at our address ("DNS rebinding"; an IP literal can't be rebound), and
a request that another page has caused is refused, ports included.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.server.replies import refuse

_DEFAULT_PORTS = {"http": 80, "https": 443}
SIGN_OUT = "/logout"
PAGES = ("/", "/evaluate", "/evaluate/")
"""What a link on another page may open; it is shown, and nothing is done."""


class Hosts:
    """Refuses requests for a host that is not ours, and those that another web page has caused."""

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        """Stores the names, beside localhost and IP addresses, that the page may be reached by."""
        self._app = app
        self._names = frozenset(name.lower().rstrip(".") for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what may come in."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            hosts = headers.getlist("host")
            if len(hosts) != 1 or not is_ours(hosts[0], self._names):
                named = ", ".join(hosts)[:100]
                text = f"This page is not served under the name {named!r}. Set ASSISTANT_ALLOWED_HOSTS to allow it."
                return await refuse(403, text, scope, receive, send)
            if is_of_another_page(headers, scope["method"], scope["path"]):
                return await refuse(403, "A request from another web page is not answered.", scope, receive, send)
        elif scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        await self._app(scope, receive, send)
        return None


def is_ours(host: str, names: frozenset[str]) -> bool:
    """Returns whether a Host header names this machine: localhost, an IP literal, or one of `names`.

    >>> [is_ours(host, frozenset({"reading.example"})) for host in ("[::1]:7860", "reading.example", "evil.example")]
    [True, True, False]
    """
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if (
        not name
        or "?" in host
        or "#" in host
        or parts.username is not None
        or parts.path
        or parts.query
        or parts.fragment
    ):
        return False
    name = name.rstrip(".")
    return name == "localhost" or name.endswith(".localhost") or name in names or is_address(name)


def is_address(name: str) -> bool:
    """Returns whether a name is an IP address as browsers write it; other forms ("0x7f.1") are names."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_of_another_page(headers: Headers, method: str, path: str) -> bool:
    """Returns whether a browser says that another web page has caused the request.

    Programs send neither header. A link from elsewhere may open a page; nothing else.
    """
    origins = headers.getlist("origin")
    if origins and not (len(origins) == 1 and _is_same(origins[0], headers["host"])):
        return True
    if path.rstrip("/") == SIGN_OUT and not _is_same(headers.get("referer", ""), headers["host"]):
        # Some pages served by plain HTTP get no Sec-Fetch headers: signing out must come from our own page.
        return True
    site = headers.get("sec-fetch-site", "same-origin")
    if site in ("same-origin", "none"):
        return False
    is_link = method in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"
    return not (is_link and headers.get("sec-fetch-dest") == "document" and path in PAGES)


def _is_same(origin: str, host: str) -> bool:
    """Returns whether an Origin header names the same host and port as the Host header.

    The scheme may differ: a proxy that ends TLS passes plain HTTP on.
    """
    try:
        ours, theirs = urlsplit(f"//{host}"), urlsplit(origin)
        port = _DEFAULT_PORTS.get(theirs.scheme)
        return (
            port is not None
            and theirs.hostname is not None
            and theirs.hostname == ours.hostname
            and (theirs.port or port) == (ours.port or port)
        )
    except ValueError:
        return False
