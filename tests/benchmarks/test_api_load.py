"""The load that `python -m benchmarks.api_load` makes, in its short form, on an assistant without models."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from api.conftest import ARTICLE, served_without_page
from fakes import ScriptedReader

from assistant.api.rates import Rate
from assistant.assistant import Assistant
from benchmarks.api_load import BAR_MEMORY_GROWTH, BAR_UNEVEN, load
from benchmarks.chat_server import memory_of

N_CLIENTS = 8
SECONDS = 3.0


def test_eight_programs_that_ask_again_and_again_are_all_answered_and_in_turn(quick: Callable[..., Assistant]) -> None:
    assistant = quick(ScriptedReader("sold the vessel"))
    assistant.add(ARTICLE, "The ferry")
    with served_without_page(assistant, of_caller=Rate(10**9), of_address=Rate(10**9)) as served:
        assistant.ask("What was sold?")  # what is imported and read at the first question is not measured
        tokens = [served.chats.tokens.create(f"client {n}", ["ask"])[1] for n in range(N_CLIENTS)]
        figures = load(served.address, tokens, SECONDS, lambda: memory_of(os.getpid()))
    assert figures["errors"] == 0
    assert figures["answers"] >= 3 * N_CLIENTS
    assert figures["uneven"] <= BAR_UNEVEN
    assert figures["memory_growth"] <= BAR_MEMORY_GROWTH


def test_who_is_refused_is_counted(quick: Callable[..., Assistant], capsys: pytest.CaptureFixture[str]) -> None:
    assistant = quick(ScriptedReader("sold the vessel"))
    assistant.add(ARTICLE, "The ferry")
    with served_without_page(assistant, of_caller=Rate(2), of_address=Rate(10**9)) as served:
        figures = load(served.address, [served.token("ask")], 0.5, lambda: 1.0)
    assert figures["answers"] == 2
    assert figures["errors"] >= 1
    assert "429 Too Many Requests" in capsys.readouterr().out
    assert figures["memory_growth"] == 1.0
