"""The settings that docs/mcp.md gives to an agent work, as they stand, but for the address, the token and the library."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import anyio
from api.conftest import QUESTION, SOLD, Served
from conftest import ROOT
from mcp import Client, StdioServerParameters

from agents.conftest import told_by


def servers() -> list[dict[str, Any]]:
    text = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    blocks = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)]
    return [block["mcpServers"]["articles"] for block in blocks]


async def n_tools(agent: Client) -> int:
    return len((await agent.list_tools()).tools)


def test_the_settings_for_this_machine_start_a_server(tmp_path: Path) -> None:
    local, _ = servers()
    assert (local["command"], local["args"][-1]) == ("assistant", "my-library")
    arguments = ["-m", "assistant", *local["args"][:-1], str(tmp_path)]

    async def run() -> None:
        async with Client(StdioServerParameters(command=sys.executable, args=arguments, cwd=ROOT)) as agent:
            assert await n_tools(agent) == 4

    anyio.run(run)


def test_the_settings_for_a_server_reach_it_with_a_token(served: Served) -> None:
    _, remote = servers()
    secret = served.token("ask", "add")
    assert remote["url"].replace("http://127.0.0.1:7860", served.address) == f"{served.address}/mcp"
    assert remote["headers"]["Authorization"].replace("aa_…", secret) == f"Bearer {secret}"

    async def ask(agent: Client) -> None:
        assert await n_tools(agent) == 4
        assert (await agent.call_tool("ask", {"question": QUESTION})).structured_content["text"] == SOLD

    told_by(served.address, ask, secret)
