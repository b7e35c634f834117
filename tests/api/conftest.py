"""The server before an assistant whose embedder and reader are fakes, and programs that call it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from typing import Any

import httpx
import pytest
from fakes import ScriptedReader
from fastapi import FastAPI
from security.conftest import built, serving
from starlette.middleware import Middleware

from assistant.agents.http import add_agent_address
from assistant.api.access import Access
from assistant.api.desk import Desk
from assistant.api.reply_forms import ProblemReply
from assistant.api.routes import add_addresses
from assistant.assistant import Assistant
from assistant.evaluation.api import evaluate
from assistant.library.chats import Chats
from assistant.server.application import around
from assistant.server.doors import Doors
from assistant.server.gate import Gate
from assistant.server.headers import SafeHeaders
from assistant.server.hosts import Hosts
from assistant.server.request_ids import RequestIds
from assistant.server.visitors import Visitors
from assistant.ui.evaluations import Evaluations
from assistant.ui.page import Page
from assistant.ui.question_sets import QuestionSets
from assistant.ui.reports import Reports
from assistant.ui.uploads import Uploads

ARTICLE = (
    "The ferry to Norwick stopped sailing in March. Captain Ida Brandt said the engine could not be repaired. "
    "The harbour office sold the vessel to a museum."
)
QUESTION = "What did the harbour office sell to a museum?"
SOLD = "The harbour office sold the vessel to a museum."


def by_first_sentence(questions: Any, _: Any, **options: Any) -> Any:
    """Returns the results of a set whose answers are its articles' first sentences, which needs no models."""
    return evaluate(questions, "first", **options)


class Served:
    """What is served, and who calls it.

    Attributes:
        address: of the server.
        assistant, chats: that it serves.
        article_id: of its one article.
    """

    def __init__(self, address: str, assistant: Assistant, chats: Chats, article_id: str, stack: ExitStack) -> None:
        self.address = address
        self.assistant = assistant
        self.chats = chats
        self.article_id = article_id
        self._stack = stack

    def client(self, secret: str = "", **headers: str) -> httpx.Client:
        """Returns a program that sends a token with each call, if one is given."""
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        return self._stack.enter_context(httpx.Client(base_url=self.address, headers=headers, timeout=30))

    def token(self, *scopes: str) -> str:
        """Returns a new token with these scopes."""
        return self.chats.tokens.create("-".join(scopes), scopes)[1]


@contextmanager
def served_by(
    assistant: Assistant,
    accounts: list[tuple[str, str]] | None = None,
    is_for_this_machine: bool = True,
    look: Callable[[FastAPI], None] = lambda _: None,
) -> Iterator[Served]:
    """Serves an assistant with its page; `look` is shown the application."""
    with closing(Chats.open(assistant.settings.library / "library.sqlite3")) as chats:
        page = built(Page, assistant, chats, is_for_this_machine)
        app = built(around, page, assistant.settings, accounts)
        look(app)
        with _calling(app, assistant, chats) as served:
            yield served


@contextmanager
def served_without_page(
    assistant: Assistant, is_open: bool = True, evaluated: Callable[..., Any] = by_first_sentence, **gate: Any
) -> Iterator[Served]:
    """Serves an assistant to programs alone, behind the same layers: the page takes long to build; `gate` sets its own."""
    with closing(Chats.open(assistant.settings.library / "library.sqlite3")) as chats:
        access = Access(chats.tokens, lambda _: None, is_open)
        max_bytes = int(assistant.settings.max_article_megabytes * 1_000_000)
        layers = [
            Middleware(RequestIds),
            Middleware(Hosts, names=()),
            Middleware(SafeHeaders),
            Middleware(Visitors, account_of=lambda _: None),
            Middleware(Doors, endpoints=[], n_waiting=lambda: ({}, {})),
            Middleware(Gate, access=access, max_article_bytes=max_bytes, **gate),
        ]

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            yield
            await agents.close()
            desk.runs.close()

        app = FastAPI(openapi_url=None, middleware=layers, lifespan=lifespan)
        sets = QuestionSets(assistant, chats, Uploads(0))
        desk = Desk(assistant, chats, chats.tokens, evaluations=Evaluations(assistant, sets, Reports(), evaluated))
        add_addresses(app, desk)
        agents = add_agent_address(app, desk)
        with _calling(app, assistant, chats) as served:
            yield served


@contextmanager
def _calling(app: FastAPI, assistant: Assistant, chats: Chats) -> Iterator[Served]:
    with ExitStack() as stack:
        address = stack.enter_context(serving(app))
        first = assistant.contents()
        yield Served(address, assistant, chats, first[0].id if first else "", stack)


@pytest.fixture
def ferry(quick: Callable[..., Assistant]) -> Assistant:
    """An assistant that holds one article, and finds that its last sentence answers."""
    assistant = quick(ScriptedReader("sold the vessel"))
    assistant.add(ARTICLE, "The ferry", "/home/ann/ferry.txt", tags="boats", date="2024-03-01")
    return assistant


@pytest.fixture
def served(ferry: Assistant) -> Iterator[Served]:
    """The server as it comes: for this machine, without sign-in or tokens; programs alone are served."""
    with served_without_page(ferry) as found:
        yield found


@pytest.fixture
def client(served: Served) -> httpx.Client:
    """A program of this machine."""
    return served.client()


def without_seconds(answer: dict[str, Any]) -> dict[str, Any]:
    """Returns an answer without the time that it took."""
    return {name: value for name, value in answer.items() if name != "seconds"}


def problem(response: httpx.Response) -> ProblemReply:
    """Returns the problem that a program was told of."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    found = ProblemReply.model_validate(response.json())
    assert found.status == response.status_code
    assert found.type == f"urn:article-assistant:problem:{found.code}"
    return found


def events(text: str) -> list[tuple[str, Any]]:
    """Returns the server-sent events of a stream: (name, value) …"""
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found
