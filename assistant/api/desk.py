"""What the addresses of programs share: the assistant, its conversations, and places for each kind of work."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError
from starlette.requests import Request

from assistant.api.access import Caller, Calling, caller_of
from assistant.api.forms import Sent
from assistant.api.places import LOOK_SECONDS, Places
from assistant.api.problems import ProblemError, invalid, response_of, tell
from assistant.api.reply_forms import ProblemReply
from assistant.api.runs import Runs
from assistant.audit import REQUEST_ID
from assistant.library.chats import Chats
from assistant.library.tokens import Tokens
from assistant.ui.evaluations import Evaluations
from assistant.ui.library import N_ADDED_AT_ONCE
from assistant.ui.question_sets import QuestionSets
from assistant.ui.reports import Reports
from assistant.ui.uploads import Uploads
from assistant.ui.web_pages import N_FETCHED_AT_ONCE, FetchBrake

if TYPE_CHECKING:
    from assistant.assistant import Assistant

T = TypeVar("T")
Form = TypeVar("Form", bound=Sent)

MAX_OF_ONE = 16
MAX_OF_ALL = 100
N_QUICK_AT_ONCE = 8
N_SETS_READ_AT_ONCE = 1

_PROBLEM = {"application/problem+json": {"schema": ProblemReply.model_json_schema()}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "What is wrong with the request", "content": _PROBLEM},
    "5XX": {"description": "What is wrong with the server", "content": _PROBLEM},
}
"""What the description of the interface says of errors."""


class Desk:
    """What the addresses work on.

    Attributes:
        assistant, chats, tokens: of the server.
        asking, fetching, reading: places for questions, for pages that are fetched, and for question sets that are read.
        runs: evaluations that programs have started.
    """

    def __init__(
        self,
        assistant: Assistant,
        chats: Chats,
        tokens: Tokens,
        adding: threading.Semaphore | None = None,
        brake: FetchBrake | None = None,
        evaluations: Evaluations | None = None,
    ) -> None:
        """Stores what is shared with the page: whose turn it is to add, how often pages are fetched, what is evaluated."""
        self.assistant = assistant
        self.chats = chats
        self.tokens = tokens
        self.brake = brake or FetchBrake()
        self.asking = Places(max(2, assistant.settings.threads), MAX_OF_ONE, MAX_OF_ALL)
        self.fetching = Places(N_FETCHED_AT_ONCE, MAX_OF_ONE, MAX_OF_ALL)
        self.reading = Places(N_SETS_READ_AT_ONCE, MAX_OF_ONE, MAX_OF_ALL)
        self.runs = Runs(
            evaluations or Evaluations(assistant, QuestionSets(assistant, chats, Uploads(max_bytes=0)), Reports())
        )
        self._adding = Places(N_ADDED_AT_ONCE, MAX_OF_ONE, MAX_OF_ALL)
        self._quick = Places(N_QUICK_AT_ONCE, MAX_OF_ONE, MAX_OF_ALL)
        self._turn_to_add = adding or threading.Semaphore(N_ADDED_AT_ONCE)

    async def quickly(self, request: Calling, work: Callable[[Caller], T]) -> T:
        """Returns what work gives that takes little time."""
        caller = caller_of(request)
        return await self._quick.run(request, caller.key, lambda _: work(caller))

    async def add(self, request: Calling, work: Callable[[Callable[[int, int], None]], T]) -> T:
        """Returns what work gives that adds an article, a few at a time, those of the page among them.

        It calls the progress that it is given, which ends it where nobody waits for it any more.
        """

        def add(go_on: Callable[[], None]) -> T:
            while not self._turn_to_add.acquire(timeout=LOOK_SECONDS):
                go_on()
            try:
                return work(lambda _done, _total: go_on())
            finally:
                self._turn_to_add.release()

        return await self._adding.run(request, caller_of(request).key, add)


async def form_of(request: Request, form: type[Form]) -> Form:
    """Returns what a request carries as JSON.

    Raises:
        ProblemError: if it is none, or not what is expected.
    """
    try:
        value = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise ProblemError(400, "The request is not JSON. Send an object.") from error
    try:
        return form.model_validate(value)
    except ValidationError as error:
        raise invalid(error.errors()) from error


def request_id_of(request: Calling) -> str:
    """Returns the id of a call."""
    return str(request.scope.get(REQUEST_ID, ""))


def body_of_error(request: Request, error: Exception) -> bytes:
    """Returns an error in the form of the address called, for whoever reads a stream."""
    tell(request, error)
    return bytes(response_of(error, request.url.path, request_id_of(request)).body)
