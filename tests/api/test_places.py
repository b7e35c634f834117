"""Work in threads: so much at a time, so much waits, and what nobody waits for stops."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from fakes import ScriptedReader

from api.conftest import ARTICLE, QUESTION, Served, served_without_page
from assistant.api import desk
from assistant.api.rates import Rate
from assistant.assistant import Assistant


class Slow:
    """A step that waits until it may go on, and tells how many do."""

    def __init__(self, step: Callable[[Any], Any]) -> None:
        self.step = step
        self.go = threading.Event()
        self.n_now = self.n_most = self.n_all = 0
        self._lock = threading.Lock()

    def __call__(self, inquiry: Any) -> Any:
        with self._lock:
            self.n_now += 1
            self.n_all += 1
            self.n_most = max(self.n_most, self.n_now)
        self.go.wait(20)
        with self._lock:
            self.n_now -= 1
        return self.step(inquiry)


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def slow(ferry: Assistant) -> Slow:
    step = Slow(ferry.steps["read"])
    ferry.steps["read"] = step
    return step


def test_questions_wait_their_turn_and_the_server_answers_meanwhile(served: Served, slow: Slow) -> None:
    n_at_once = max(2, served.assistant.settings.threads)
    body = {"question": QUESTION}
    with ThreadPoolExecutor(desk.MAX_OF_ONE + 4) as pool:
        calls = [pool.submit(served.client().post, "/api/v1/ask", json=body) for _ in range(desk.MAX_OF_ONE)]
        wait_until(lambda: slow.n_now == n_at_once)
        started = time.monotonic()
        assert served.client().get("/api/v1/health").json() == {"status": "ok"}
        assert served.client().get("/api/v1/articles").status_code == 200
        assert time.monotonic() - started < 2

        def refused() -> bool:
            reply = served.client().post("/api/v1/retrieve", json=body, timeout=1)
            return bool(reply.status_code == 429 and int(reply.headers["retry-after"]) > 0)

        # All of them have come by then: before, one more would wait as they do.
        time.sleep(0.5)
        assert refused()
        slow.go.set()
        assert {call.result().status_code for call in calls} == {200}
    assert slow.n_most == n_at_once
    assert served.client().post("/api/v1/ask", json=body).status_code == 200


def test_what_nobody_waits_for_is_not_begun(served: Served, slow: Slow) -> None:
    n_at_once = max(2, served.assistant.settings.threads)
    body = {"question": QUESTION}
    with ThreadPoolExecutor(16) as pool:
        first = [pool.submit(served.client().post, "/api/v1/ask", json=body) for _ in range(n_at_once)]
        wait_until(lambda: slow.n_now == n_at_once)
        for accept in ("application/json", "text/event-stream"):
            with pytest.raises(httpx.ReadTimeout):
                served.client().post("/api/v1/ask", json=body, headers={"Accept": accept}, timeout=0.3)
        time.sleep(0.7)
        slow.go.set()
        assert {call.result().status_code for call in first} == {200}
    assert served.client().post("/api/v1/ask", json=body).status_code == 200
    assert slow.n_all <= n_at_once + 2, "of the two that left, the one in one piece never began"


def test_adding_that_nobody_waits_for_stops(quick: Callable[..., Assistant]) -> None:
    assistant = quick(ScriptedReader("x"))
    assistant.add(ARTICLE)
    embed, ended = assistant._embedder.embed, threading.Event()

    def slowly(texts: Any, progress: Any = None) -> Any:
        try:
            for n in range(200):
                time.sleep(0.05)
                progress(n, 200)
        except Exception:
            ended.set()
            raise
        return embed(texts, progress)

    with served_without_page(assistant) as served:
        assistant._embedder.embed = slowly  # type: ignore[method-assign]
        with pytest.raises(httpx.ReadTimeout):
            served.client().post("/api/v1/articles", json={"text": "Bees hum. Wasps do not."}, timeout=0.3)
        assert ended.wait(5)
        assistant._embedder.embed = embed  # type: ignore[method-assign]
        assert len(assistant.contents()) == 1
        assert served.client().post("/api/v1/articles", json={"text": "Bees hum."}).status_code == 201


def test_two_large_articles_of_one_caller_are_held_at_a_time(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    import assistant.server.gate as gate

    monkeypatch.setattr(gate, "MAX_LARGE_OF_ONE", 1)
    release, begun = threading.Event(), threading.Event()

    def parts() -> Any:
        yield b'{"text": "Bees hum.'
        begun.set()
        release.wait(10)
        yield b'"}'

    with ThreadPoolExecutor(1) as pool:
        headers = {"Content-Type": "application/json"}
        first = pool.submit(served.client().post, "/api/v1/articles", content=parts(), headers=headers)
        assert begun.wait(5)
        time.sleep(0.2)
        second = served.client().post("/api/v1/articles", content=iter([b'{"text": "x"}']), headers=headers)
        assert (second.status_code, second.json()["code"]) == (429, "too_many")
        release.set()
        assert first.result().status_code == 201
    third = served.client().post("/api/v1/articles", content=iter([b'{"text": "Wasps hum."}']), headers=headers)
    assert third.status_code == 201


def test_a_bucket_fills_as_time_goes_by() -> None:
    now = [100.0]
    rate = Rate(60, lambda: now[0])
    assert [rate.take("a") for _ in range(60)] == [0.0] * 60
    assert rate.take("a") == pytest.approx(1.0)
    assert rate.take("b") == 0.0
    now[0] += 0.5
    assert rate.take("a") == pytest.approx(0.5)
    now[0] += 0.5
    assert [rate.take("a"), rate.take("a")] == [0.0, pytest.approx(1.0)]
    now[0] += 10_000
    assert [rate.take("a") for _ in range(61)][-2:] == [0.0, pytest.approx(1.0)]


def test_what_is_sent_too_slowly_is_refused(ferry: Assistant) -> None:
    def parts() -> Any:
        yield b'{"question"'
        time.sleep(0.6)
        yield b': "x"}'

    with served_without_page(ferry, seconds_to_send=0.2) as served:
        reply = served.client().post("/api/v1/ask", content=parts(), headers={"Content-Type": "application/json"})
        assert (reply.status_code, reply.json()["code"]) == (408, "slow")
