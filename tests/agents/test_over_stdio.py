"""Agents over standard input and output: the same tools, nothing but the protocol, and an end in order."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from conftest import ROOT
from mcp import Client, MCPError, StdioServerParameters

from agents.conftest import text_of

SERVER = str(Path(__file__).with_name("stdio_server.py"))
SOLD = "The harbour office sold the vessel to a museum."
QUESTION = "What did the harbour office sell to a museum?"


def talk(arguments: list[str], ask: Any, mode: str = "auto") -> None:
    async def run() -> None:
        server = StdioServerParameters(command=sys.executable, args=arguments, cwd=ROOT)
        async with Client(server, mode=mode) as agent:
            await ask(agent)

    anyio.run(run)


@pytest.mark.parametrize("mode", ["auto", pytest.param("legacy", marks=pytest.mark.soak)])
def test_an_agent_asks_adds_reads_and_is_told_what_is_wrong(tmp_path: Path, mode: str) -> None:
    async def ask(agent: Client) -> None:
        answer = await agent.call_tool("ask", {"question": QUESTION})
        assert answer.structured_content["text"] == SOLD
        article = answer.structured_content["citations"][0]["article_id"]
        bees = (await agent.call_tool("add_article", {"text": "Bees hum. Wasps do not."})).structured_content["id"]
        refused = await agent.call_tool("ask", {"question": "Who won the football match?", "article": bees})
        assert text_of(refused).startswith("The article does not say.")
        added = await agent.call_tool("add_article", {"text": "The tug sold the vessel twice."})
        new = added.structured_content["id"]
        about = await agent.call_tool("ask", {"question": "What did the tug sell?", "article": new})
        assert about.structured_content["text"] == "The tug sold the vessel twice."
        wrong = await agent.call_tool("ask", {"question": "x", "article": "none"})
        assert (wrong.is_error, text_of(wrong)[:34]) == (True, "There is no article 'none' in the ")
        assert [r.uri for r in (await agent.list_resources()).resources] == [
            f"article://{i}" for i in (article, bees, new)
        ]  # fmt: skip
        with pytest.raises(MCPError, match="There is no article 'none'"):
            await agent.read_resource("article://none")

    talk([SERVER, str(tmp_path)], ask, mode)


def test_a_call_that_is_cancelled_stops(tmp_path: Path) -> None:
    async def ask(agent: Client) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(agent.call_tool, "ask", {"question": "What did the office sell slowly?"})
            with anyio.fail_after(60):
                while not (tmp_path / "begun").exists():
                    await anyio.sleep(0.02)
            group.cancel_scope.cancel()
        answer = await agent.call_tool("ask", {"question": QUESTION})
        assert answer.structured_content["text"] == SOLD
        await anyio.sleep(2)
        assert not (tmp_path / "weighed").exists()
        slow = await agent.call_tool("ask", {"question": "What did the office sell slowly?"})
        assert not slow.is_error
        assert (tmp_path / "weighed").exists()

    talk([SERVER, str(tmp_path)], ask)


def started(tmp_path: Path) -> subprocess.Popen[str]:
    """Returns a server that has answered its first message."""
    process = subprocess.Popen(
        [sys.executable, SERVER, str(tmp_path)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client}) + "\n")
    process.stdin.flush()
    first = json.loads(process.stdout.readline())
    assert first["result"]["serverInfo"]["name"] == "article-assistant"
    return process


def test_it_ends_in_order_with_its_input_and_when_it_is_told_to(tmp_path: Path) -> None:
    process = started(tmp_path / "one")
    output, error = process.communicate(timeout=60)
    assert (process.returncode, output) == (0, "")
    assert "Traceback" not in error
    assert (tmp_path / "one" / "closed").exists()
    process = started(tmp_path / "two")
    process.terminate()
    output, error = process.communicate(timeout=60)
    assert (process.returncode, output) == (143, "")
    assert "Traceback" not in error
    assert not {"library.sqlite3-wal", "library.sqlite3-shm"} & {path.name for path in (tmp_path / "two").iterdir()}


@pytest.mark.usefixtures("with_sample")
def test_the_command_answers_on_the_sample_article(library: Path) -> None:
    async def ask(agent: Client) -> None:
        said = await agent.call_tool("ask", {"question": "Who is the foreign minister of Armenia?"})
        assert said.structured_content["short_answer"] == "Ararat Mirzoyan"
        refused = await agent.call_tool("ask", {"question": "Who won the football match?"})
        assert refused.structured_content["text"] == "The article does not say."

    talk(["-m", "assistant", "mcp", "--library", str(library)], ask)
