"""What stands before the addresses of programs: who calls, how often, how much; a line in the log."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.access import CALLER, Access, Caller
from assistant.api.addresses import Address, addresses_at, is_for_programs
from assistant.api.problems import ProblemError, problem_of, response_of, too_many
from assistant.api.rates import OF_ADDRESS, OF_CALLER, Rate
from assistant.audit import REQUEST_ID
from assistant.server.bodies import BodyTooLargeError, read_body, replayed
from assistant.ui.endpoints import OWNER

MAX_BODY_BYTES = 1_000_000
MAX_LARGE_AT_ONCE = 8
MAX_LARGE_OF_ONE = 2
"""Bodies of more than MAX_BODY_BYTES that are kept in memory at a time."""
SECONDS_TO_SEND = 120.0

_LOG = logging.getLogger("assistant.api")


class Gate:
    """Lets calls of programs in, each with its caller and its id; what is not for programs passes by."""

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        max_article_bytes: int,
        of_caller: Rate | None = None,
        of_address: Rate | None = None,
        seconds_to_send: float = SECONDS_TO_SEND,
    ) -> None:
        """Stores who tells callers, what a file may have, how often one may call, and how long a body may take."""
        self._app = app
        self._access = access
        self._max_bytes = max_article_bytes
        self._of_caller = of_caller or Rate(OF_CALLER)
        self._of_address = of_address or Rate(OF_ADDRESS)
        self._seconds_to_send = seconds_to_send
        self._large: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what may come in; answers every error in the form of its address."""
        if scope["type"] != "http" or not is_for_programs(scope["path"]):
            return await self._app(scope, receive, send)
        call = _Call(scope, send)
        try:
            await self._let_in(call, receive)
        except ClientDisconnect:
            call.status = call.status or 499  # as nginx notes it; nobody is there to read it
        except Exception as error:
            if problem_of(error).status >= 500:
                _LOG.exception("%s %s failed (request %s)", scope["method"], scope["path"], call.id)
            if call.status:
                raise
            await response_of(error, scope["path"], call.id)(scope, receive, call.send)
        finally:
            call.tell()
        return None

    async def _let_in(self, call: _Call, receive: Receive) -> None:
        scope = call.scope
        wait = self._of_address.take(scope["client"][0] if scope.get("client") else "")
        if wait:
            raise too_many("Too many calls from this address. Wait, then go on.", wait)
        address = addresses_at(scope["path"]).get(scope["method"])
        if address is None:
            raise ProblemError(404, "There is nothing at this address.")
        if address.needed != "nothing":
            owner = str(scope.get(OWNER, ""))
            request = HTTPConnection(scope)
            caller = await to_thread.run_sync(self._access.caller, request, address, owner)
            call.caller, scope[CALLER], scope[OWNER] = caller, caller, caller.owner
            if wait := self._of_caller.take(caller.key):
                raise too_many("Too many calls of yours. Wait, then go on.", wait)
        if scope["method"] not in ("POST", "PUT", "PATCH"):
            return await self._app(scope, receive, call.send)
        with self._place_for(address, call) as max_bytes:
            body = await self._body(receive, max_bytes)
            await self._app(scope, replayed(body, receive), call.send)
        return None

    @contextmanager
    def _place_for(self, address: Address, call: _Call) -> Iterator[int]:
        """Gives how many bytes may come; a large body is held until it has been answered."""
        headers = Headers(scope=call.scope)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in address.takes:
            expected = ", or ".join(address.takes) + (" with a file" if address.takes_files else "")
            raise ProblemError(415, f"The Content-Type is {kind!r:.80}: expected {expected}.")
        stated = headers.get("content-length", "")
        length = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 16 else None
        if not address.takes_files or (length is not None and length <= MAX_BODY_BYTES):
            yield MAX_BODY_BYTES
            return
        if length is not None and length > self._max_bytes + MAX_BODY_BYTES:
            raise _too_large(self._max_bytes + MAX_BODY_BYTES)
        key = call.caller.key if call.caller else ""
        if self._large.total() >= MAX_LARGE_AT_ONCE or self._large[key] >= MAX_LARGE_OF_ONE:
            raise too_many("Many large articles are being sent. Wait until one is added, then send the next.", 5)
        self._large[key] += 1
        try:
            yield self._max_bytes + MAX_BODY_BYTES
        finally:
            self._large[key] -= 1

    async def _body(self, receive: Receive, max_bytes: int) -> bytes:
        try:
            async with asyncio.timeout(self._seconds_to_send):
                return await read_body(receive, max_bytes)
        except TimeoutError as error:
            raise ProblemError(408, f"What was sent did not come within {self._seconds_to_send:g} seconds.") from error
        except BodyTooLargeError as error:
            raise _too_large(max_bytes) from error


def _too_large(max_bytes: int) -> ProblemError:
    return ProblemError(413, f"A call has at most {max_bytes:,} bytes here. Send less, or split it.")


class _Call:
    """One call on its way: its id, and what came of it."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.id = str(scope.get(REQUEST_ID, ""))
        self.scope = dict(scope)
        self.caller: Caller | None = None
        self.status = 0
        self._send = send
        self._started = time.perf_counter()

    async def send(self, message: Message) -> None:
        """Sends a part of the reply, with the id."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers.setdefault("Cache-Control", "no-store")
        await self._send(message)

    def tell(self) -> None:
        """Notes the call: never what was asked or sent."""
        name = self.caller.name if self.caller else "nobody"
        seconds = time.perf_counter() - self._started
        method, path = self.scope["method"], self.scope["path"]
        _LOG.info("%s %s %d %.3f s, %s (request %s)", method, path, self.status, seconds, name, self.id)
