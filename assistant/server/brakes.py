"""How often and how much: passwords that are tried, and questions that one visitor has waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.server.bodies import BodyTooLargeError, read_body, replayed
from assistant.server.replies import refuse

MAX_FAILURES = 5
MAX_FAILURES_OF_ADDRESS = 20
MAX_FAILURES_OF_NAME = 50
"""From all addresses together: who has many of them is braked too, at the cost of locking out whoever has the name."""
WINDOW_SECONDS = 300.0
MAX_REMEMBERED = 10_000
MAX_LOGIN_BYTES = 16_384


class Failures:
    """Counts failures by key within the last minutes; may be shared by threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Stores the clock, in seconds."""
        self._clock = clock
        self._times: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def add(self, key: str) -> None:
        """Notes a failure, or an attempt that may become one."""
        with self._lock:
            self._times.setdefault(key, []).append(self._clock())
            while len(self._times) > MAX_REMEMBERED:
                self._times.pop(next(iter(self._times)))

    def take_back(self, key: str) -> None:
        """Forgets the last failure: the attempt went well."""
        with self._lock:
            if self._times.get(key):
                self._times[key].pop()

    def clear(self, key: str) -> None:
        """Forgets all failures of a key."""
        with self._lock:
            self._times.pop(key, None)

    def seconds_to_wait(self, key: str, most: int) -> float:
        """Returns how long until fewer than `most` failures lie within the window; 0.0 for now."""
        with self._lock:
            now = self._clock()
            recent = [at for at in self._times.get(key, []) if now - at < WINDOW_SECONDS]
            if recent:
                self._times[key] = recent
            else:
                self._times.pop(key, None)
            return max(0.0, recent[-most] + WINDOW_SECONDS - now) if len(recent) >= most else 0.0


class LoginBrake:
    """Answers a few wrong passwords; after that it says when to try again, to the right one as well."""

    def __init__(self, app: ASGIApp, failures: Failures | None = None) -> None:
        """Stores what is wrapped, and where failures are counted."""
        self._app = app
        self._failures = failures or Failures()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, unless it is one try too many."""
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"].rstrip("/") != "/login":
            return await self._app(scope, receive, send)
        try:
            body = await read_body(receive, MAX_LOGIN_BYTES)
        except BodyTooLargeError:
            return await refuse(413, "A name and a password are not that long.", scope, receive, send)
        name = parse_qs(body.decode("utf-8", "replace")).get("username", [""])[-1].strip()
        address = scope["client"][0] if scope.get("client") else ""
        # Gradio takes the last of several names. Of another form than a page's the name is not known: the address is.
        keys = {f"{address} {name}": MAX_FAILURES, address: MAX_FAILURES_OF_ADDRESS, f" {name}": MAX_FAILURES_OF_NAME}
        wait = max(self._failures.seconds_to_wait(key, most) for key, most in keys.items())
        if wait:
            text = f"Too many wrong passwords. Try again in {round(wait / 60) or 1} minutes."
            return await refuse(429, text, scope, receive, send, {"Retry-After": str(int(wait) + 1)})
        # Counted before the answer is known: many tries at once are as many tries.
        for key in keys:
            self._failures.add(key)

        async def reply(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                for key in keys:
                    self._failures.take_back(key)
                self._failures.clear(f"{address} {name}")
            await send(message)

        await self._app(scope, replayed(body, receive), reply)
        return None
