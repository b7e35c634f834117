"""Work ends when nobody waits for it, holds its place until it has ended, and an error reaches who waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from assistant.errors import ArticleError
from assistant.ui.endpoints import Job, in_background
from assistant.ui.listening import GRACE_SECONDS, Listening


def wait_until(condition: Callable[[], bool]) -> None:
    """Waits up to ten seconds."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_is_told_arrives_in_order() -> None:
    def work(job: Job) -> None:
        for n in range(3):
            job.tell(n)

    assert [part for part in in_background(work, threading.Semaphore(1)) if part is not None] == [0, 1, 2]


@pytest.mark.parametrize("error", [ArticleError("broken"), RecursionError("deep"), MemoryError("full")])
def test_an_error_of_any_kind_reaches_who_waits_and_frees_the_place(error: Exception) -> None:
    places = threading.Semaphore(1)

    def work(_: Job) -> None:
        raise error

    with pytest.raises(type(error), match=str(error)):
        list(in_background(work, places))
    assert list(in_background(lambda job: job.tell("next"), places)) == ["next"]


def test_a_hundred_that_were_given_up_leave_no_thread_and_never_run_at_once() -> None:
    places = threading.Semaphore(1)
    running: list[int] = []
    most: list[int] = []

    def work(job: Job) -> None:
        running.append(1)
        most.append(len(running))
        try:
            while True:
                job.go_on()
                time.sleep(0.001)
        finally:
            running.pop()

    before = threading.active_count()
    for _ in range(100):
        stream = in_background(work, places, heartbeat_seconds=0.01)
        next(stream)
        stream.close()
    wait_until(lambda: threading.active_count() <= before)
    assert max(most) == 1
    assert list(in_background(lambda job: job.tell("free"), places)) == ["free"]


def test_work_that_waits_for_its_place_is_given_up_as_well() -> None:
    places = threading.Semaphore(0)
    started: list[bool] = []
    before = threading.active_count()
    stream = in_background(lambda _: started.append(True), places)
    assert next(stream) is None
    stream.close()
    wait_until(lambda: threading.active_count() <= before)
    assert started == []


def test_stopping_one_s_own_work_ends_it_quietly() -> None:
    stop = threading.Event()

    def work(job: Job) -> None:
        job.tell("begun")
        while True:
            job.go_on()
            time.sleep(0.001)

    stream = in_background(work, threading.Semaphore(1), stop)
    assert next(part for part in stream if part) == "begun"
    stop.set()
    assert [part for part in stream if part] == []


def test_work_for_a_stream_that_nobody_opens_ends_after_a_while() -> None:
    now = [0.0]
    listening = Listening(clock=lambda: now[0])
    wanted = listening.is_wanted("s1")
    ended: list[bool] = []

    def work(job: Job) -> None:
        try:
            while True:
                job.go_on()
                time.sleep(0.001)
        finally:
            ended.append(True)

    stream = in_background(work, threading.Semaphore(1), heartbeat_seconds=0.01, is_wanted=wanted)
    assert next(stream) is None
    now[0] = GRACE_SECONDS + 1
    with listening.to("s1"):
        assert next(stream) is None, "somebody listens"
    with listening.to("s2"):
        assert list(stream) == [], "but not to this one"
    wait_until(lambda: ended == [True])
