"""What the browser is told to allow, and how the cookies are kept to this page.

The policy names no unsafe source but two that Gradio 6 needs: its `gr.HTML` compiles templates and scripts with
`new Function` ('unsafe-eval'), and its components set style attributes and add style elements ('unsafe-inline' styles).
Its inline scripts get a nonce, new for each page.
"""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import Headers as RequestHeaders
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.server.hosts import PAGES

_COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_CLOSED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_ICON = b'<link rel="icon" href="./favicon.ico" />'
"""Beside the page: a browser that is not told looks where another site may be, if a proxy serves this one under a path."""

_SCRIPT = re.compile(rb"<script(?=[\s>])")


def policy(nonce: str) -> str:
    """Returns the content security policy of a page whose inline scripts carry `nonce`."""
    return "; ".join([
        "default-src 'none'",
        f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "object-src 'none'",
    ])  # fmt: skip


class SafeHeaders:
    """Adds the headers to every reply, and a nonce to the scripts of the pages."""

    def __init__(self, app: ASGIApp) -> None:
        """Stores what is wrapped."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and the reply back, changed."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        is_page = scope["path"] in PAGES
        if is_page:
            # The scripts in it are marked below, so it must come as it is written.
            scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]}
        reply = _Reply(scope, send, is_page)
        await self._app(scope, receive, reply)
        return None


class _Reply:
    """One reply on its way back."""

    def __init__(self, scope: Scope, send: Send, is_page: bool) -> None:
        self._send = send
        self._is_secure = scope["scheme"] == "https" or (
            RequestHeaders(scope=scope).get("x-forwarded-proto", "") == "https"
        )
        self._is_page = is_page
        self._nonce = secrets.token_urlsafe(16)
        self._started: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        """Sends a part of the reply; a page is sent whole, once its scripts have been marked."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            self._is_page = self._is_page and headers.get("content-type", "").startswith("text/html")
            for name, value in _COMMON.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", policy(self._nonce) if self._is_page else _CLOSED)
            message["headers"] = [
                (name, _kept_to_this_page(value, self._is_secure) if name.lower() == b"set-cookie" else value)
                for name, value in message["headers"]
                if not name.lower().startswith(b"access-control-")
            ]
            if self._is_page:
                headers = MutableHeaders(scope=message)
                headers["Cache-Control"] = "no-store"
                self._started = message
                return
        elif self._started is not None:
            self._body += message.get("body", b"")
            if message.get("more_body", False):
                return
            body = _SCRIPT.sub(f'<script nonce="{self._nonce}"'.encode(), bytes(self._body))
            body = body.replace(b"<head>", b"<head>" + _ICON, 1)
            MutableHeaders(scope=self._started)["Content-Length"] = str(len(body))
            await self._send(self._started)
            self._started = None
            message = {**message, "body": body, "more_body": False}
        await self._send(message)


def _kept_to_this_page(cookie: bytes, is_secure: bool) -> bytes:
    """Returns a Set-Cookie value that other sites' requests do not carry."""
    parts = [part.strip() for part in cookie.split(b";")]
    kept = [part for part in parts if not part.lower().startswith(b"samesite")] + [b"SameSite=Lax"]
    if is_secure and b"secure" not in (part.lower() for part in kept):
        kept.append(b"Secure")
    return b"; ".join(kept)
