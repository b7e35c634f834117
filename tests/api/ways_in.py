"""Every way in to one assistant: the same question asked through each, and what of it differs from Python's answer."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import openai
from agents.conftest import agent_at, text_of
from anyio.from_thread import start_blocking_portal
from conftest import ROOT
from gradio_client import Client
from mcp import Client as Agent
from mcp import StdioServerParameters

from api.conftest import Served, without_seconds
from assistant.cli import main

Turns = Sequence[tuple[str, str]]
Told = tuple[dict[str, Any], str | None]
"""An answer as JSON, and as a person reads it; None where a way in gives the JSON alone."""
Way = Callable[[str, Turns], Told]

COMMAND = "command line"


@contextmanager
def ways_in(served: Served) -> Iterator[dict[str, Way]]:
    """Gives every way in to what is served, by name; each takes a question and the conversation before it.

    The command line, and agents over stdio, open the library that the environment names: it has to hold the same.
    """
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "assistant", "mcp"], env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    with ExitStack() as stack:
        client = served.client()
        page = Client(served.address, verbose=False)
        stack.callback(page.close)
        program = stack.enter_context(openai.OpenAI(base_url=f"{served.address}/v1", api_key="-"))
        portal = stack.enter_context(start_blocking_portal())

        def by_python(question: str, history: Turns) -> Told:
            answer = served.assistant.ask(question, history=history)
            return answer.to_dict(), answer.as_markdown()

        def by_rest(question: str, history: Turns) -> Told:
            return client.post("/api/v1/ask", json={"question": question, "history": history}).json(), None

        def by_page(question: str, history: Turns) -> Told:
            return page.predict(question, "", [list(turn) for turn in history], api_name="/ask"), None

        def by_openai(question: str, history: Turns) -> Told:
            messages: list[Any] = []
            for asked, said in history:
                messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": said}]
            messages.append({"role": "user", "content": question})
            message: Any = program.chat.completions.create(model="assistant", messages=messages).choices[0].message
            return message.assistant, message.content

        def by(agent: Agent) -> Way:
            def ask(question: str, history: Turns) -> Told:
                given = {"question": question, "history": [list(turn) for turn in history]}
                told: Any = portal.call(agent.call_tool, "ask", given)
                answer, read = told.structured_content, text_of(told)
                # Behind the answer stands what it rests on, or why there is none, or what comes closest.
                behind = "[1] " if answer["citations"] else answer["reason"] or "Closest sentences"
                return answer, read.partition(f"\n\n{behind}")[0]

            return ask

        yield {
            "Python": by_python,
            "REST": by_rest,
            "OpenAI's form": by_openai,
            "agents over HTTP": by(stack.enter_context(portal.wrap_async_context_manager(agent_at(served.address)))),
            "agents over stdio": by(stack.enter_context(portal.wrap_async_context_manager(Agent(server)))),
            "Gradio's client": by_page,
            COMMAND: by_command,
        }


def by_command(question: str, _: Turns) -> Told:
    """Returns the answer of the command line, which takes no conversation."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["ask", question, "--json"]) == 0
    return json.loads(out.getvalue()), None


def differing(ways: dict[str, Way], question: str, history: Turns = ()) -> dict[str, Told]:
    """Returns the answers that are not Python's, times apart, by way in; {} where all are the same."""
    told = {name: way(question, history) for name, way in ways.items() if not (history and name == COMMAND)}
    expected, to_read = told["Python"]
    return {
        name: (answer, read)
        for name, (answer, read) in told.items()
        if without_seconds(answer) != without_seconds(expected) or read not in (None, to_read)
    }
