"""Passwords are tried slowly, and no visitor fills the queue of all."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
from e2e.fake_assistant import FakeAssistant

from assistant.server.application import around
from assistant.server.brakes import MAX_FAILURES, MAX_FAILURES_OF_ADDRESS, WINDOW_SECONDS, Failures
from assistant.server.doors import MAX_WAITING_OF_ONE
from assistant.ui.page import Page
from security.conftest import Enter, built, serving


def test_failures_are_forgotten_with_time() -> None:
    now = [0.0]
    failures = Failures(clock=lambda: now[0])
    for second in range(3):
        now[0] = second
        failures.add("ann")
    assert failures.seconds_to_wait("ann", 4) == 0.0
    assert failures.seconds_to_wait("ann", 3) == WINDOW_SECONDS - 2
    now[0] = WINDOW_SECONDS + 0.5
    assert failures.seconds_to_wait("ann", 3) == 0.0
    assert failures.seconds_to_wait("ann", 2) == 0.5


def sign_in(address: str, name: str, password: str) -> int:
    """Returns the status of a try to sign in."""
    return httpx.post(f"{address}/login", data={"username": name, "password": password}, timeout=30).status_code


def test_a_few_wrong_passwords_are_answered_also_when_they_come_at_once(page: Page, fake: FakeAssistant) -> None:
    with serving(built(around, page, fake.settings, [("ann", "secret"), ("bob", "hidden")])) as address:
        assert sign_in(address, "ann", "secret") == 200
        with ThreadPoolExecutor(16) as pool:
            tried = list(pool.map(lambda n: sign_in(address, "ann", f"wrong {n}"), range(40)))
        assert tried.count(400) == MAX_FAILURES
        assert tried.count(429) == 40 - MAX_FAILURES
        assert sign_in(address, "ann", "secret") == 429, "the right one would tell that it is right"
        assert sign_in(address, "bob", "hidden") == 200, "another account is not locked out"
        names = [sign_in(address, f"name {n}", "x") for n in range(40)]
        assert names.count(400) == MAX_FAILURES_OF_ADDRESS - MAX_FAILURES


def test_who_signs_in_has_their_own_and_who_does_not_has_nothing(page: Page, fake: FakeAssistant) -> None:
    with (
        serving(built(around, page, fake.settings, [("ann", "secret"), ("bob", "hidden")])) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        for path in ("/config", "/gradio_api/info"):
            assert client.get(path).status_code == 401
        assert client.post("/gradio_api/run/start", json={"data": []}).status_code == 401
        assert client.post("/uploads", content=b"x", headers={"X-File-Name": "x"}).status_code == 401
        client.post("/login", data={"username": "ann", "password": "secret"})
        reply = client.post("/gradio_api/run/start", json={"data": []}).json()["data"][0]
        assert reply["user"] == "ann"


def test_one_visitor_cannot_fill_the_queue_of_all(enter: Enter, fake: FakeAssistant) -> None:
    ann, bob = enter(), enter()
    ann.call("start"), bob.call("start")  # each browser has its cookie now
    release = threading.Event()
    fake.wait_for = release
    fake.slow_seconds = 10
    number = ann.number("answer")
    try:
        body = {"data": ["", "Who said it slowly?", [], -1], "fn_index": number}
        statuses = [
            ann.http.post("/gradio_api/queue/join", json={**body, "session_hash": f"s{n}"}).status_code
            for n in range(MAX_WAITING_OF_ONE + 5)
        ]
        assert statuses == [200] * MAX_WAITING_OF_ONE + [429] * 5
        told = ann.http.post("/gradio_api/queue/join", json={**body, "session_hash": "s"}).json()["error"]
        assert "several questions waiting" in told
        assert bob.http.post("/gradio_api/queue/join", json={**body, "session_hash": "bob"}).status_code == 200
    finally:
        release.set()
    deadline = time.monotonic() + 30
    while ann.http.post("/gradio_api/queue/join", json={**body, "session_hash": "last"}).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_last_of_several_names_is_the_one_that_is_braked(page: Page, fake: FakeAssistant) -> None:
    with serving(built(around, page, fake.settings, [("ann", "secret")])) as address:
        tried = [
            httpx.post(
                f"{address}/login",
                content=f"username=x{n}&username=ann&password=wrong",
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                timeout=30,
            ).status_code
            for n in range(MAX_FAILURES + 3)
        ]
        assert tried == [400] * MAX_FAILURES + [429] * 3


def test_nobody_gets_beyond_the_sign_in_by_any_call(page: Page, fake: FakeAssistant) -> None:
    with (
        serving(built(around, page, fake.settings, [("ann", "secret")])) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        assert client.get("/gradio_api/heartbeat/x").status_code == 401
        for path in ("cancel", "run/start", "call/ask", "queue/join"):
            assert client.post(f"/gradio_api/{path}", json={"data": [5]}).status_code == 401, path
