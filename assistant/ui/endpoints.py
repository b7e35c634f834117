"""What every endpoint of the page has in common: who calls, what may be given, and how an error reaches the page."""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from queue import Empty, Queue
from typing import Annotated, Any, get_type_hints

import gradio as gr
from gradio.events import api
from pydantic import Field, StrictInt, StrictStr, TypeAdapter, ValidationError

from assistant.audit import REQUEST_ID, audit
from assistant.errors import AssistantError

Reply = dict[str, Any]
Endpoint = Callable[..., Any]

OWNER = "assistant_owner"
"""Where in a request's scope its owner stands; see `assistant.server.visitors`."""

BROWSER = "browser:"
"""How the owner begins where nobody signs in; no account's name holds a colon."""

HEARTBEAT_SECONDS = 0.5
MAX_TEXT = 20_000
MAX_ITEMS = 20_000

_Text = Annotated[StrictStr, Field(max_length=MAX_TEXT)]
_KINDS: Mapping[Any, tuple[Any, str]] = {
    str: (_Text, f"a text of at most {MAX_TEXT:,} characters"),
    int: (Annotated[StrictInt, Field(ge=-(2**53), le=2**53)], "a whole number"),
    list[str]: (Annotated[list[_Text], Field(max_length=MAX_ITEMS)], "a list of texts"),
    list[list[str]]: (
        Annotated[list[Annotated[list[_Text], Field(min_length=2, max_length=2)]], Field(max_length=1000)],
        "a list of [question, answer] pairs",
    ),
}


@dataclass(frozen=True)
class Parameter:
    """One argument of an endpoint: its name, what it is, whether it may be left out, and what it is then."""

    name: str
    expected: str
    has_default: bool
    default: Any
    check: TypeAdapter[Any] = field(repr=False)


def parameters_of(function: Callable[..., Any]) -> list[Parameter]:
    """Returns what an endpoint takes from a client, in order."""
    hints = get_type_hints(function)
    found = []
    for name, parameter in inspect.signature(function).parameters.items():
        if hints[name] is gr.Request:
            continue
        kind, expected = _KINDS[hints[name]]
        has_default = parameter.default is not inspect.Parameter.empty
        default = parameter.default if has_default else None
        found.append(Parameter(name, expected, has_default, default, TypeAdapter(kind)))
    return found


def checked(values: Any, parameters: Sequence[Parameter]) -> list[Any]:
    """Returns the arguments that a client has sent, what it left out filled in, lone surrogates replaced.

    Raises:
        ValueError: with a sentence, if they are not what the endpoint takes.
    """
    if not isinstance(values, list) or len(values) > len(parameters):
        names = ", ".join(parameter.name for parameter in parameters) or "nothing"
        raise ValueError(f"`data` is not a list of the {len(parameters)} arguments that this takes: {names}.")
    values = _whole(values)
    for n, parameter in enumerate(parameters):
        if n >= len(values):
            if not parameter.has_default:
                raise ValueError(f"`{parameter.name}` is missing: expected {parameter.expected}.")
            values = [*values, parameter.default]
            continue
        try:
            parameter.check.validate_python(values[n])
        except ValidationError as error:
            shown = repr(values[n])[:60]
            raise ValueError(f"`{parameter.name}` is {shown}: expected {parameter.expected}.") from error
    return list(values)


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return [_whole(one) for one in value] if isinstance(value, list) else value


def owner_of(request: gr.Request) -> str:
    """Returns whose request it is: the name signed in with, else the browser; "" where no server told."""
    scope: Mapping[str, Any] = getattr(request.request, "scope", {})
    return str(scope.get(OWNER, "") or request.username or "")


def note(request: gr.Request, action: str, article_id: str) -> None:
    """Notes a change of the library that was made on the page; of a browser without sign-in the beginning of its hash."""
    owner = owner_of(request)
    who = f"{owner[: len(BROWSER) + 8]}…" if owner.startswith(BROWSER) else f"account {owner}" if owner else "the page"
    scope: Mapping[str, Any] = getattr(request.request, "scope", {})
    audit(who, action, article_id, str(scope.get(REQUEST_ID, "")))


def replies(function: Callable[..., Reply]) -> Callable[..., Reply]:
    """Wraps an endpoint so that an error of ours becomes `{"error": message}`, which the page shows in place."""

    @functools.wraps(function)
    def reply(*arguments: Any, **named: Any) -> Reply:
        try:
            return function(*arguments, **named)
        except AssistantError as error:
            return {"error": str(error)}

    return reply


def streams(function: Callable[..., Iterator[Reply]]) -> Callable[..., Iterator[Reply]]:
    """Wraps a streaming endpoint in the same way: the error is the last thing streamed."""

    @functools.wraps(function)
    def stream(*arguments: Any, **named: Any) -> Iterator[Reply]:
        try:
            yield from function(*arguments, **named)
        except AssistantError as error:
            yield {"error": str(error)}

    return stream


def serve_quickly(*functions: Endpoint) -> list[Endpoint]:
    """Registers endpoints that answer at once, past the queue and hidden from the public interface; returns them."""
    for function in functions:
        api(function, queue=False, api_visibility="private")
    return list(functions)


class StoppedError(Exception):
    """Nobody waits for this work any more."""


@dataclass(frozen=True)
class Job:
    """Work in a thread, as the work itself sees it.

    Attributes:
        tell: passes a part on to whoever waits.
        stop: set when nobody waits any more.
    """

    tell: Callable[[Any], None]
    stop: threading.Event

    def go_on(self) -> None:
        """Raises StoppedError once nobody waits any more; work calls it often."""
        if self.stop.is_set():
            raise StoppedError


_END = object()


def in_background(
    work: Callable[[Job], None],
    places: threading.Semaphore,
    stop: threading.Event | None = None,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Iterator[Any]:
    """Runs `work` in a thread and yields what it tells; None now and then, so that who left is noticed.

    The thread ends soon after the iterator is closed, and holds a place until it has ended: work that was given up is
    not replaced by more. An exception of the work is raised here, StoppedError apart, which ends it quietly.
    """
    told: Queue[Any] = Queue()
    job = Job(told.put, stop or threading.Event())

    def run() -> None:
        try:
            while not places.acquire(timeout=heartbeat_seconds):
                job.go_on()
            try:
                job.go_on()
                work(job)
            finally:
                places.release()
        except StoppedError:
            pass
        except Exception as error:  # noqa: BLE001 - told to whoever waits, whatever it is: they would wait for ever
            told.put(error)
        finally:
            told.put(_END)

    threading.Thread(target=run, name=getattr(work, "__name__", "work"), daemon=True).start()
    try:
        while True:
            try:
                part = told.get(timeout=heartbeat_seconds)
            except Empty:
                part = None
            if not is_wanted():
                return
            if part is _END:
                return
            if isinstance(part, Exception):
                raise part
            yield part  # None now and then
    finally:
        job.stop.set()
