"""A server that runs for long: memory stays, and what was given up is gone."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from e2e.browsing import Server

LONG = "SOAK_REPEAT" in os.environ
N_QUESTIONS = 2000 if LONG else 240
N_BEFORE = 200 if LONG else 120
MAX_GROWTH_MEGABYTES = 10.0
N_GIVEN_UP = 100 if LONG else 10

needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")


def megabytes(pid: int) -> float:
    """Returns the resident memory of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def n_threads(pid: int) -> int:
    """Returns how many threads a process has."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


class Asking:
    """Asks as the page does: joins the queue, then reads until the stream is closed."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=60)
        found = self.client.get("config").json()["dependencies"]
        self.numbers = {one["api_name"]: one["id"] for one in found}

    def join(self, name: str, data: list[Any], session: str) -> str:
        """Puts a call into the queue and returns its id."""
        body = {"data": data, "fn_index": self.numbers[name], "session_hash": session}
        response = self.client.post("gradio_api/queue/join", json=body)
        assert response.status_code == 200, response.text
        return str(response.json()["event_id"])

    def ask(self, question: str, session: str, chat: str = "") -> str:
        """Asks a question and returns the id of the conversation that it was kept in."""
        self.join("answer", [chat, question, [], -1], session)
        last: Any = None
        with self.client.stream("GET", f"gradio_api/queue/data?session_hash={session}") as events:
            for line in events.iter_lines():
                message = json.loads(line[6:]) if line.startswith("data: ") else {}
                if message.get("msg") == "process_completed":
                    assert message["success"]
                    last = message
                if message.get("msg") == "close_stream":
                    break
        assert last is not None
        return str(self.client.post("gradio_api/run/list_chats", json={"data": []}).json()["data"][0]["chats"][0]["id"])


@needs_proc
@pytest.mark.timeout(1200 if LONG else 300)
@pytest.mark.parametrize(
    "one_session",
    [pytest.param(True, id="one page", marks=pytest.mark.soak), pytest.param(False, id="a new page for each")],
)
def test_memory_stays_while_questions_are_asked(served: Server, one_session: bool) -> None:
    asking = Asking(served.url)
    chat, before = "", 0.0
    for n in range(N_QUESTIONS):
        chat = asking.ask("Who said the engine could not be repaired?", "page" if one_session else f"page{n}", chat)
        if n % 100 == 99:
            chat = ""  # a conversation that grows is sent and kept, which is not what is looked at
        if n == N_BEFORE:
            before = megabytes(served.pid)
    asking.client.close()
    assert megabytes(served.pid) - before < MAX_GROWTH_MEGABYTES


@needs_proc
def test_questions_that_were_given_up_leave_no_work_behind(served: Server) -> None:
    asking = Asking(served.url)
    asking.ask("Who said the engine could not be repaired?", "first")
    served.call("set_slow_seconds", 0.5)
    before = n_threads(served.pid)
    for n in range(N_GIVEN_UP):
        session = f"gone{n}"
        event = asking.join("answer", ["", "Who said it slowly?", [], -1], session)
        if n % 2:
            number = asking.numbers["answer"]
            body = {"session_hash": session, "fn_index": number, "event_id": event}
            assert asking.client.post("gradio_api/cancel", json=body).status_code == 200
        else:
            with asking.client.stream("GET", f"gradio_api/queue/data?session_hash={session}") as events:
                next(events.iter_lines())
    deadline = time.monotonic() + 60
    while n_threads(served.pid) > before + 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    # The pool that Gradio runs functions in keeps its threads; there are no more of them than questions at a time.
    assert n_threads(served.pid) <= before + 2
    assert asking.ask("Who said the engine could not be repaired?", "last")
    asking.client.close()


def test_many_at_once_are_all_answered(served: Server) -> None:
    errors: list[BaseException] = []

    def ask(n: int) -> None:
        try:
            asking = Asking(served.url)
            for _ in range(3):
                asking.ask("Who said the engine could not be repaired?", f"many{n}")
            asking.client.close()
        except BaseException as error:  # noqa: BLE001 - told by the test
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
