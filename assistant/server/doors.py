"""Which addresses are open at all, and what may be sent to them.

Gradio brings many more than the page needs: uploads and files by path, a proxy, recordings, code generation, monitoring.
What is not in this list does not exist. A call to an endpoint is looked at before Gradio sees it, so that what is wrong
with it is said in a sentence, with a status that says whose fault it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api.addresses import addresses_at, is_for_programs
from assistant.server.bodies import BodyTooLargeError, read_body, replayed
from assistant.server.replies import refuse
from assistant.ui.endpoints import BROWSER, OWNER, Parameter, checked
from assistant.ui.listening import Listening

MAX_BODY_BYTES = 1_000_000
MAX_PATH = 250
MAX_WAITING_OF_ONE = 6
MAX_WAITING_OF_ADDRESS = 40

_API = "/gradio_api"
_GET = re.compile(
    r"/|/(?:evaluate/?|config/?|theme\.css|manifest\.json|robots\.txt|favicon\.ico|pwa_icon(?:/\d+)?|logout/?|login_check/?)"
    r"|/(?:assets|static|svelte)/[\w./@~-]+|/reports/[\w-]+|/pages/[0-9a-f]{16}/[1-9]\d{0,3}"
    rf"|{_API}/(?:info/?|app_id/?|startup-events|user/?|login_check/?|theme\.css|queue/data|queue/status)"
    rf"|{_API}/heartbeat/[\w-]+|{_API}/call/\w+/[\w-]+",
    re.ASCII,
)
_POST = re.compile(rf"/login/?|/uploads|{_API}/(?:cancel|queue/join|(?:run|api|call)/\w+/?)", re.ASCII)
_BEFORE_SIGN_IN = (f"{_API}/startup-events", f"{_API}/user", f"{_API}/login_check", f"{_API}/theme.css")
_EVENT = re.compile(rf"{_API}/call/\w+/([\w-]+)", re.ASCII)
_BY_NUMBER = "predict"  # what Gradio's client calls instead of a name, where a call does not wait in the queue
_BY_NAME = re.compile(rf"{_API}/(run|api|call)/(\w+)/?", re.ASCII)


@dataclass(frozen=True)
class Endpoint:
    """What may be called, by its name or its number.

    Attributes:
        name: in its address.
        number: of its function in Gradio.
        is_queued: whether it is called through the queue alone.
        parameters: None where Gradio's own components check what is given.
        n_inputs: how many values a call has.
    """

    name: str
    number: int
    is_queued: bool
    parameters: Sequence[Parameter] | None
    n_inputs: int


class Doors:
    """Lets in what is in the list, each call with what its endpoint takes."""

    def __init__(
        self,
        app: ASGIApp,
        endpoints: Sequence[Endpoint],
        n_waiting: Callable[[], tuple[Mapping[str, int], Mapping[str, int]]],
        needs_sign_in: bool = False,
        listening: Listening | None = None,
        is_event: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """Stores what tells of the queue.

        Args:
            app: what is behind the doors.
            endpoints: that may be called.
            n_waiting: tells how many questions each owner and each address has in the queue.
            needs_sign_in: whether nobody may call who has not signed in.
            listening: who listens to a stream.
            is_event: tells whether a call of this id waits, runs, or has ended and was not told yet.
        """
        self._app = app
        self._needs_sign_in = needs_sign_in
        self._listening = listening or Listening()
        self._by_name = {endpoint.name: endpoint for endpoint in endpoints}
        self._by_number = {endpoint.number: endpoint for endpoint in endpoints}
        self._n_waiting = n_waiting
        self._is_event = is_event

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what may come in."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        path, method = scope["path"], scope["method"]
        if is_for_programs(path):
            return await self._for_programs(path, method, scope, receive, send)
        pattern = _POST if method == "POST" else _GET
        if method not in ("GET", "HEAD", "POST"):
            return await refuse(405, f"{method} is not answered here.", scope, receive, send)
        # A path that Gradio might decode once more names nothing here.
        if len(path) > MAX_PATH or not pattern.fullmatch(path) or ".." in path or unquote(path) != path:
            return await refuse(404, "There is nothing at this address.", scope, receive, send)
        if self._needs_sign_in and path.startswith(_API) and path not in _BEFORE_SIGN_IN and _is_nobody(scope):
            return await refuse(401, "Sign in first.", scope, receive, send)
        event = _EVENT.fullmatch(path)
        if event and not self._is_event(event[1]):
            text = "There is no such call, or its answer was taken already. Call again."
            return await refuse(404, text, scope, receive, send)
        if path == f"{_API}/queue/data":
            with self._listening.to(parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[0]):
                return await self._app(scope, receive, send)
        if method == "POST" and path.startswith(_API):
            return await self._call(path, scope, receive, send)
        return await self._app(scope, receive, send)

    async def _for_programs(self, path: str, method: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is in the list of the addresses of programs; the gate behind looks at the rest."""
        known = addresses_at(path)
        if not known:
            return await refuse(404, "There is nothing at this address.", scope, receive, send)
        if method not in known:
            allowed = ", ".join(sorted(known))
            text = f"{method} is not answered here: {allowed}."
            return await refuse(405, text, scope, receive, send, {"Allow": allowed})
        return await self._app(scope, receive, send)

    async def _call(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = _object_of(await read_body(receive, MAX_BODY_BYTES))
        except BodyTooLargeError:
            text = f"A call has at most {MAX_BODY_BYTES:,} bytes. Send long texts as files."
            return await refuse(413, text, scope, receive, send)
        except ValueError as error:
            return await refuse(400, str(error), scope, receive, send)
        try:
            is_waiting = path != f"{_API}/cancel" and self._check_call(path, body)
            if path == f"{_API}/cancel":
                _check_texts(body, ("session_hash", "event_id"))
                if type(body.get("fn_index")) is not int:
                    raise ValueError(f"`fn_index` is {body.get('fn_index')!r:.60}: expected the number of an endpoint.")
        except LookupError as error:
            return await refuse(404, str(error.args[0]), scope, receive, send)
        except ValueError as error:
            return await refuse(422, str(error), scope, receive, send)
        if is_waiting and self._has_enough(scope):
            text = "You have several questions waiting already. Wait for an answer, then ask again."
            return await refuse(429, text, scope, receive, send, {"Retry-After": "5"})
        data = json.dumps(body).encode()
        headers = [(k, v) for k, v in scope["headers"] if k not in (b"content-length", b"content-type")]
        headers += [(b"content-length", str(len(data)).encode()), (b"content-type", b"application/json")]
        return await self._app({**scope, "headers": headers}, replayed(data, receive), send)

    def _check_call(self, path: str, body: dict[str, Any]) -> bool:
        """Puts the checked arguments into a call; returns whether it waits in the queue.

        Raises:
            LookupError: if there is no such endpoint.
            ValueError: if it takes something else.
        """
        named = _BY_NAME.fullmatch(path)
        if named and named[2] == _BY_NUMBER:
            number, way = body.get("fn_index"), named[1]
            endpoint = self._by_number.get(number) if type(number) is int else None
            _check_texts(body, ("session_hash",))
        elif named:
            endpoint, way = self._by_name.get(named[2]), named[1]
            body.pop("fn_index", None)
            if body.get("session_hash") is not None:
                _check_texts(body, ("session_hash",))
        else:
            number, way = body.get("fn_index"), "queue"
            endpoint = self._by_number.get(number) if type(number) is int else None
            _check_texts(body, ("session_hash",))
        is_direct = way in ("run", "api")
        if endpoint is None or (is_direct and endpoint.is_queued):
            raise LookupError("There is no such endpoint.")
        data = body.get("data", [])
        if endpoint.parameters is not None:
            body["data"] = checked(data, endpoint.parameters)
        elif not isinstance(data, list) or len(data) != endpoint.n_inputs:
            raise ValueError(f"`data` is not a list of the {endpoint.n_inputs} values that this takes.")
        for name in set(body) - {"data", "fn_index", "session_hash", "trigger_id"}:
            del body[name]
        if type(body.get("trigger_id", 0)) not in (int, type(None)):
            del body["trigger_id"]
        return not is_direct

    def _has_enough(self, scope: Scope) -> bool:
        of_owner, of_address = self._n_waiting()
        address = scope["client"][0] if scope.get("client") else ""
        return (
            of_owner.get(scope.get(OWNER, ""), 0) >= MAX_WAITING_OF_ONE
            or of_address.get(address, 0) >= MAX_WAITING_OF_ADDRESS
        )


def _is_nobody(scope: Scope) -> bool:
    return str(scope.get(OWNER, BROWSER)).startswith(BROWSER)


def _object_of(body: bytes) -> dict[str, Any]:
    """Returns a body as a JSON object.

    Raises:
        ValueError: if it is none.
    """
    try:
        value = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ValueError("The request is not JSON. Send an object with `data`, a list of arguments.") from error
    if not isinstance(value, dict):
        raise ValueError("The request is not a JSON object. Send one with `data`, a list of arguments.")
    return value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON.")


def _check_texts(body: Mapping[str, Any], names: Sequence[str]) -> None:
    for name in names:
        value = body.get(name)
        if not isinstance(value, str) or not re.fullmatch(r"[\w-]{1,64}", value, re.ASCII):
            raise ValueError(f"`{name}` is {value!r:.60}: expected up to 64 letters and digits.")
