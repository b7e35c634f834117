"""The whole application, with everything that stands before the page, and visitors who call it."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from e2e.fake_assistant import FakeAssistant
from fastapi import FastAPI

from assistant.library.chats import Chats
from assistant.server.application import around
from assistant.server.running import listen
from assistant.settings import Settings
from assistant.ui.page import Page

ARTICLE = "The ferry to Norwick stopped sailing in March. Captain Ida Brandt said the engine could not be repaired."


class Visitor:
    """A browser or a program: keeps its cookies and calls the page's endpoints as the page does."""

    def __init__(self, client: httpx.Client) -> None:
        self.http = client

    def post(self, name: str, *data: Any, **options: Any) -> Any:
        """Returns the response of an endpoint that answers at once."""
        return self.http.post(f"/gradio_api/run/{name}", json={"data": list(data)}, **options)

    def call(self, name: str, *data: Any) -> Any:
        """Returns the reply of an endpoint that answers at once."""
        response = self.post(name, *data)
        assert response.status_code == 200, response.text
        return response.json()["data"][0]

    def join(self, name: str, *data: Any, session: str = "s1") -> Any:
        """Returns the response to a call that waits in the queue."""
        body = {"data": list(data), "fn_index": self.number(name), "session_hash": session}
        return self.http.post("/gradio_api/queue/join", json=body)

    def stream(self, name: str, *data: Any, session: str = "s1") -> list[Any]:
        """Returns what an endpoint streams, its last part whole."""
        response = self.join(name, *data, session=session)
        assert response.status_code == 200, response.text
        events = self.http.get(f"/gradio_api/queue/data?session_hash={session}").text
        parts = [json.loads(line[6:]) for line in events.splitlines() if line.startswith("data: ")]
        assert parts[-1]["msg"] == "close_stream", parts
        return [part["output"]["data"] for part in parts if part["msg"] in ("process_generating", "process_completed")]

    def number(self, name: str) -> int:
        """Returns the number of an endpoint's function."""
        found = self.http.get("/config").json()["dependencies"]
        return int(next(one["id"] for one in found if one["api_name"] == name))

    def send(self, content: bytes, name: str = "") -> Any:
        """Returns the response to a file that is sent."""
        return self.http.post("/uploads", content=content, headers={"X-File-Name": name})

    def add(self, content: bytes, name: str = "") -> str:
        """Sends a file, adds it, and returns what was streamed, as JSON."""
        return json.dumps(self.stream("add_article", self.send(content, name).json()["upload"], ""))

    def chat(self) -> str:
        """Returns the id of a conversation that this visitor has begun with one question."""
        self.stream("answer", "", "Who said the engine could not be repaired?", [], -1)
        return str(self.call("list_chats")["chats"][0]["id"])


@pytest.fixture
def fake(tmp_path: Path) -> FakeAssistant:
    """An assistant without models that holds one article."""
    assistant = FakeAssistant(Settings(library=tmp_path / "library"))
    assistant.add(ARTICLE, source="ferry.txt")
    return assistant


@pytest.fixture
def chats(fake: FakeAssistant) -> Iterator[Chats]:
    with closing(Chats.open(fake.settings.library / "library.sqlite3")) as opened:
        yield opened


Enter = Callable[..., Visitor]


def built(function: Callable[..., Any], *arguments: Any) -> Any:
    """Calls what builds a part of the page; Gradio makes an event loop, and never closes it, where none runs."""

    async def build() -> Any:
        return function(*arguments)

    return asyncio.run(build())


@pytest.fixture
def page(fake: FakeAssistant, chats: Chats) -> Page:
    """The page of the fake assistant, as served to this machine."""
    return built(Page, fake, chats)  # type: ignore[no-any-return]


@pytest.fixture
def served(page: Page, fake: FakeAssistant) -> Iterator[str]:
    """The address of the page, served as it comes: without sign-in."""
    with serving(built(around, page, fake.settings)) as address:
        yield address


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serves an application in a thread and gives its address."""
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture
def enter(served: str) -> Iterator[Enter]:
    """Lets another visitor in, each with cookies of their own."""
    with ExitStack() as stack:

        def come(headers: dict[str, str] | None = None) -> Visitor:
            return Visitor(stack.enter_context(httpx.Client(base_url=served, headers=headers or {}, timeout=30)))

        yield come
