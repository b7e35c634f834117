"""The awaited assistant: the same values, an event loop that goes on, and work that stops when nobody waits for it."""

from __future__ import annotations

import asyncio
import inspect
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fakes import ScriptedReader, WordEmbedder

from assistant import AsyncAssistant
from assistant.answer import Answer
from assistant.answering.inquiry import Inquiry
from assistant.assistant import Assistant
from assistant.chain import Step
from assistant.errors import ArticleError, AssistantError
from assistant.networks.embeddings import Progress, Vectors
from assistant.settings import Settings

Open = Callable[..., Assistant]
BEES = "Bees hum in May. The hive is old. Ann keeps nine hives. Honey is sold in June."
QUESTIONS = ["When do bees hum?", "Who keeps hives?", "What is old?", "When is honey sold?", "What did Ann say?"]


def timeless(answer: Answer) -> Answer:
    return replace(answer, seconds=0.0)


@pytest.fixture
def assistant(quick: Open) -> Assistant:
    opened = quick(ScriptedReader("hum"))
    opened.add(BEES, tags="work")
    return opened


async def test_fifty_questions_at_once_have_the_answers_that_they_have_one_after_another(assistant: Assistant) -> None:
    async with AsyncAssistant(assistant) as a:
        questions = [QUESTIONS[n % 5] for n in range(50)]
        expected = {question: timeless(assistant.ask(question)) for question in QUESTIONS}
        answers = await asyncio.gather(*(a.ask(question) for question in questions))
        assert [timeless(answer) for answer in answers] == [expected[question] for question in questions]
        found = await asyncio.gather(*(a.retrieve(question, 3, tags="work") for question in questions))
        assert found == [assistant.retrieve(question, 3) for question in questions]
        assert len({answer.text for answer in answers}) > 1


@pytest.mark.models
async def test_questions_asked_at_once_of_the_shipped_models(sample: Assistant) -> None:
    asked = ["What did Mirzoyan say?", "What happened in 2020?", "Who baked the bread?"]
    a = AsyncAssistant(sample)
    answers = await asyncio.gather(*(a.ask(asked[n % 3]) for n in range(6)))
    expected = [timeless(sample.ask(question)) for question in asked]
    assert [timeless(answer) for answer in answers] == [expected[n % 3] for n in range(6)]


def gated(assistant: Assistant, step: str) -> tuple[threading.Event, threading.Event, list[str]]:
    """Makes a step wait; returns what tells that it waits, what lets it go, and the steps that were taken."""
    waits, go, taken = threading.Event(), threading.Event(), list[str]()

    def wrapped(name: str, do: Callable[[Inquiry], Inquiry]) -> Callable[[Inquiry], Inquiry]:
        def run(inquiry: Inquiry) -> Inquiry:
            taken.append(name)
            if name == step:
                waits.set()
                assert go.wait(30)
            return do(inquiry)

        return run

    assistant.steps |= {name: wrapped(name, do) for name, do in assistant.steps.items()}
    return waits, go, taken


async def told(event: threading.Event) -> None:
    while not event.is_set():
        await asyncio.sleep(0.005)


async def test_the_event_loop_goes_on_while_an_answer_is_made(assistant: Assistant) -> None:
    waits, go, _ = gated(assistant, "search")
    async with AsyncAssistant(assistant) as a:
        task = asyncio.create_task(a.ask(QUESTIONS[0]))
        await told(waits)
        assert not task.done()
        # What asks no question does not wait for it either.
        assert len(await a.contents()) == 1
        go.set()
        assert (await task).text == "Bees hum in May."


async def test_a_cancelled_question_takes_no_further_step_and_one_that_waits_none(assistant: Assistant) -> None:
    waits, go, taken = gated(assistant, "search")
    async with AsyncAssistant(assistant, at_once=1) as a:
        running = asyncio.create_task(a.ask(QUESTIONS[0]))
        waiting = asyncio.create_task(a.ask(QUESTIONS[1]))
        await told(waits)
        running.cancel()
        waiting.cancel()
        for task in (running, waiting):
            with pytest.raises(asyncio.CancelledError):
                await task
        go.set()
        # The one thread is free again only once the work has ended.
        await a.contents()
        assert taken == ["understand", "search"]
        assert (await a.ask(QUESTIONS[0])).text == "Bees hum in May."


async def test_a_stream_tells_its_steps_and_may_be_left_early(assistant: Assistant) -> None:
    _, go, taken = gated(assistant, "none")
    go.set()
    async with AsyncAssistant(assistant) as a:
        parts = [part async for part in a.stream(QUESTIONS[0])]
        assert [part.name for part in parts if isinstance(part, Step)] == taken
        assert isinstance(parts[-1], Answer)
        assert timeless(parts[-1]) == timeless(assistant.ask(QUESTIONS[0]))
        taken.clear()
        async for _part in a.stream(QUESTIONS[0]):
            break
        await a.contents()
        assert taken == []


class WaitingEmbedder(WordEmbedder):
    """Waits after its first text for `go`, where it has several."""

    def __init__(self) -> None:
        super().__init__()
        self.waits, self.go = threading.Event(), threading.Event()

    def embed(self, texts: Any, progress: Progress | None = None) -> Vectors:
        """Returns unit vectors."""

        def tell(done: int, total: int) -> None:
            if total > 1:
                self.waits.set()
                assert self.go.wait(30)
            if progress is not None:
                progress(done, total)

        return super().embed(texts, tell)


async def test_adding_that_is_cancelled_adds_nothing(quick: Open) -> None:
    embedder = WaitingEmbedder()
    assistant = quick(embedder=embedder)
    async with AsyncAssistant(assistant, at_once=1) as a:
        task = asyncio.create_task(a.add(BEES))
        await told(embedder.waits)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        embedder.go.set()
        assert await a.contents() == []
        seen: list[tuple[int, int]] = []
        article = await a.add(BEES, progress=lambda done, total: seen.append((done, total)))
        assert (len(article.sentences), seen) == (4, [(n, 4) for n in range(1, 5)])


async def test_what_is_done_with_articles_is_what_the_assistant_does(assistant: Assistant, tmp_path: Any) -> None:
    path = tmp_path / "pears.txt"
    path.write_text("Pears are green.", encoding="utf-8")
    async with AsyncAssistant(assistant) as a:
        one = await a.add_file(path, tags="fruit")
        assert one == assistant.article(one.id) == await a.article(one.id)
        assert (await a.describe(one.id, author="Ann")).author == "Ann"
        await a.rename(one.id, "On pears")
        new = await a.replace(one.id, "Pears are yellow.")
        assert [entry.id for entry in await a.contents(tags="fruit")] == [new.id]
        assert (await a.remove(new.id)).id == new.id
        assert [article.text for article in await a.articles()] == [BEES]
        assert await a.add_bytes(b"# Plums", "plums.md") == assistant.articles()[-1]
        with pytest.raises(ArticleError, match="There is no article"):
            await a.article("none")
        with pytest.raises(AssistantError, match="The question is 5"):
            await a.ask(5)  # type: ignore[arg-type]
        assert a.settings is assistant.settings


async def test_it_may_be_used_from_several_event_loops_and_threads(assistant: Assistant) -> None:
    a = AsyncAssistant(assistant)
    found: list[str] = []

    def run() -> None:
        found.append(asyncio.run(a.ask(QUESTIONS[0])).text)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    mine = await a.ask(QUESTIONS[0])
    for thread in threads:
        await asyncio.to_thread(thread.join)
    assert [mine.text, *found] == ["Bees hum in May."] * 5


async def test_closing_waits_for_what_runs(assistant: Assistant) -> None:
    waits, go, _ = gated(assistant, "search")
    a = AsyncAssistant(assistant)
    task = asyncio.create_task(a.ask(QUESTIONS[0]))
    await told(waits)
    closing = asyncio.create_task(a.aclose())
    await asyncio.sleep(0.05)
    assert not closing.done()
    go.set()
    await closing
    assert (await task).text == "Bees hum in May."


@pytest.mark.usefixtures("with_sample")
async def test_open_does_not_hold_up_the_event_loop(library: Any) -> None:
    ticks: list[float] = []

    async def tick() -> None:
        while True:
            ticks.append(time.monotonic())
            await asyncio.sleep(0.005)

    ticking = asyncio.create_task(tick())
    async with await AsyncAssistant.open(Settings(library=library)) as a:
        assert len(ticks) > 1
        assert "Mnatsakan Safaryan" not in (await a.ask("What did Mirzoyan say?")).text
    ticking.cancel()


def test_every_method_of_the_assistant_that_does_work_can_be_awaited() -> None:
    quick = {"close", "configure", "fetch_page", "add_page", "inquire", "restore", "embeddings"}
    names = {n for n, _ in inspect.getmembers(Assistant) if not n.startswith(("_", "as_"))} - quick - {"open"}
    assert names <= set(dir(AsyncAssistant))
    for name in names - {"stream"}:
        assert inspect.iscoroutinefunction(getattr(AsyncAssistant, name)), name
        assert inspect.getdoc(getattr(AsyncAssistant, name))
    with pytest.raises(ValueError, match="at_once is 0"):
        AsyncAssistant(object(), at_once=0)  # type: ignore[arg-type]
