"""Behind a reverse proxy: who calls, by which name and scheme, and under which path.

What a proxy tells in X-Forwarded-… headers anybody may write. Addresses and names count from the proxies that the settings name alone;
from others they are taken away, so that nothing behind reads them. The scheme is believed of anybody: it decides
how the sender's own cookie is marked, and nothing else.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import AssistantError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_TAKEN_AWAY = frozenset(
    (b"forwarded", b"x-real-ip", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-port", b"x-forwarded-prefix")
)


def networks_of(text: str) -> tuple[Network, ...]:
    """Returns the addresses and networks in a text, separated by commas.

    Raises:
        AssistantError: if one is none.

    >>> [str(network) for network in networks_of("10.0.0.1, 192.168.0.0/16")]
    ['10.0.0.1/32', '192.168.0.0/16']
    """
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError as error:
            raise AssistantError(
                f"ASSISTANT_TRUSTED_PROXIES names {part!r:.100}: expected IP addresses or networks such as 10.0.0.0/8."
            ) from error
    return tuple(found)


class Proxies:
    """Makes of a request that a proxy passed on the request that its visitor sent."""

    def __init__(self, app: ASGIApp, trusted: Iterable[Network] = (), root_path: str = "") -> None:
        """Stores whose word counts, and the path that the page is served under.

        Args:
            app: what is behind.
            trusted: addresses of proxies.
            root_path: as "/reading", or as a whole URL; a proxy may pass it on or take it away.
        """
        self._app = app
        self._trusted = tuple(trusted)
        self._root = urlsplit(root_path).path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on as its visitor sent it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        path = scope["path"]
        if self._root and path == self._root:
            # Without the slash, what the page names beside itself would be looked for one step higher.
            return await RedirectResponse(f"{self._root}/", 307)(scope, receive, send)
        if self._root and path.startswith(f"{self._root}/"):
            raw = scope.get("raw_path", path.encode())
            scope = {**scope, "path": path[len(self._root) :], "raw_path": raw[len(self._root) :]}
        return await self._app(self._as_sent(scope), receive, send)

    def _as_sent(self, scope: Scope) -> Scope:
        """Returns a request with its visitor's address, name and scheme; what was forwarded is gone from its headers."""
        headers = Headers(scope=scope)
        kept = [(name, value) for name, value in scope["headers"] if name.lower() not in _TAKEN_AWAY]
        told: Scope = {**scope, "headers": kept}
        client = scope.get("client")
        if not client or not self._is_trusted(client[0]):
            return told
        told["client"] = (self._visitor(headers, client[0]), 0)
        host = _last(headers, "x-forwarded-host")
        if host:
            told["headers"] = [(n, v) for n, v in kept if n.lower() != b"host"] + [(b"host", host.encode("latin-1"))]
        scheme = _last(headers, "x-forwarded-proto")
        if scheme in ("http", "https"):
            told["scheme"] = scheme
        return told

    def _visitor(self, headers: Headers, proxy: str) -> str:
        """Returns the nearest address that is no trusted proxy's; what stands before it, its sender may have made up."""
        hops = [hop.strip() for value in headers.getlist("x-forwarded-for") for hop in value.split(",")]
        nearest = proxy
        for hop in reversed(hops):
            address = _address(hop)
            if address is None:
                break
            nearest = address
            if not self._is_trusted(address):
                break
        return nearest

    def _is_trusted(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
            found = found.ipv4_mapped
        return any(found in network for network in self._trusted)


def _address(hop: str) -> str | None:
    """Returns the IP address of a hop, written with a port or without; None where it is none."""
    bare = hop.removeprefix("[").partition("]")[0] if hop.startswith("[") else hop
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None


def _last(headers: Headers, name: str) -> str:
    """Returns what the nearest proxy wrote into a header, "" for nothing."""
    values = headers.getlist(name)
    return values[-1].rpartition(",")[2].strip() if values else ""
