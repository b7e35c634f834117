"""Agents over HTTP: what tools and resources give, who may call them, and what is given up."""

from __future__ import annotations

import json
import logging
import threading
from typing import Any

import anyio
import pytest
from api.conftest import QUESTION, SOLD, Served, served_without_page, without_seconds
from mcp import Client, MCPError

from agents.conftest import agent_at, text_of, told_by
from assistant.agents.http import AgentAddress
from assistant.agents.stdio import check_installed
from assistant.api.desk import Desk
from assistant.api.problems import ProblemError
from assistant.assistant import Assistant
from assistant.errors import AssistantError

MODES = ("auto", "legacy")


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_is_that_of_python_with_its_citations_to_read_and_as_json(served: Served, mode: str) -> None:
    expected = served.assistant.ask(QUESTION)

    async def ask(agent: Client) -> None:
        result = await agent.call_tool("ask", {"question": QUESTION})
        assert not result.is_error
        assert without_seconds(result.structured_content) == without_seconds(expected.to_dict())
        (citation,) = expected.citations
        where = f"article://{served.article_id}/sentences/{citation.sentence.position}"
        assert text_of(result) == f"{SOLD} [1]\n\n[1] The ferry, characters 105-152, {where}"
        cited = json.loads((await agent.read_resource(where)).contents[0].text)
        assert (cited["text"], cited["start"], cited["end"]) == (SOLD, 105, 152)
        whole = (await agent.read_resource(f"article://{served.article_id}")).contents[0]
        assert whole.text[105:152] == SOLD
        assert whole.mime_type == "text/plain"

    told_by(served.address, ask, mode=mode)


def test_a_refusal_and_what_steers_a_question(served: Served) -> None:
    bees = served.assistant.add("Bees hum. Wasps do not.").id

    async def ask(agent: Client) -> None:
        refused = await agent.call_tool("ask", {"question": "Who won the football match?", "article": bees})
        assert not refused.is_error
        assert refused.structured_content["text"] == "The article does not say."
        assert refused.structured_content["citations"] == []
        assert text_of(refused).startswith("The article does not say.")
        assert "Closest sentences, which do not answer:\n- " in text_of(refused)
        only = {"article": [served.article_id], "tags": "boats", "since": "2024-01-01", "until": "2024-12-31"}
        fits = await agent.call_tool("ask", {"question": QUESTION, **only})
        assert fits.structured_content["text"] == SOLD
        none = await agent.call_tool("ask", {"question": QUESTION, "tags": "bees"})
        assert none.structured_content["decided_by"] == "no_article"
        follow = {"question": "Who bought it?", "history": [["What was sold?", "The vessel."]]}
        standalone = served.assistant.ask("Who bought it?", history=[("What was sold?", "The vessel.")])
        told = (await agent.call_tool("ask", follow)).structured_content
        assert told["standalone_question"] == standalone.standalone_question
        found = await agent.call_tool("retrieve", {"question": QUESTION, "k": 2})
        assert found.structured_content == {"evidence": [e.to_dict() for e in served.assistant.retrieve(QUESTION, 2)]}
        assert text_of(found).startswith(f"- {SOLD} (0.")
        alone = await agent.call_tool("retrieve", {"question": QUESTION, "k": 2, "rerank": False})
        expected = [e.to_dict() for e in served.assistant.retrieve(QUESTION, 2, rerank=False)]
        assert alone.structured_content == {"evidence": expected} != found.structured_content

    told_by(served.address, ask)


def test_an_article_is_added_listed_and_asked(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    secret = served.token("ask", "add")

    async def ask(agent: Client) -> None:
        body = {"text": "The tug sold the vessel twice.", "title": "The tug", "tags": ["boats", "new"]}
        added = await agent.call_tool("add_article", body)
        article = added.structured_content["id"]
        assert text_of(added) == f"Added: {article}, “The tug”, 1 sentences."
        again = await agent.call_tool("add_article", body)
        assert text_of(again).startswith("This text was in the library already")
        answer = await agent.call_tool("ask", {"question": "What did the tug sell?", "article": article})
        assert answer.structured_content["text"] == "The tug sold the vessel twice."
        first = (await agent.call_tool("list_articles", {"limit": 1})).structured_content
        assert ([a["title"] for a in first["articles"]], first["n_articles"]) == (["The ferry"], 2)
        second = await agent.call_tool("list_articles", {"limit": 1, "cursor": first["next"]})
        assert second.structured_content["articles"][0]["id"] == article
        assert second.structured_content["next"] is None
        assert f"- {article}: The tug (1 sentences; boats, new)" in text_of(second)
        listed = (await agent.list_resources()).resources
        assert [(r.uri, r.title) for r in listed] == [
            (f"article://{served.article_id}", "The ferry"), (f"article://{article}", "The tug")
        ]  # fmt: skip
        assert [t.uri_template for t in (await agent.list_resource_templates()).resource_templates] == [
            "article://{id}", "article://{id}/sentences/{position}"
        ]  # fmt: skip

    told_by(served.address, ask, secret)
    new = next(entry.id for entry in served.assistant.contents() if entry.title == "The tug")
    audit = [record.getMessage() for record in caplog.records if record.name == "assistant.audit"]
    assert len(audit) == 1
    assert audit[0].startswith(f"token ask-add: added {new} (request ")


def test_what_is_wrong_is_told_in_a_sentence(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    async def ask(agent: Client) -> None:
        for name, arguments, told in (
            ("ask", {"question": "x", "article": "none"}, "There is no article 'none' in the library."),
            ("ask", {}, "`question`: Field required."),
            ("ask", {"question": "x", "k": 3}, "`k`: Extra inputs are not permitted."),
            ("retrieve", {"question": "x", "k": 0}, "`k`: Input should be greater than or equal to 1."),
            ("ask", {"question": "x", "since": "yesterday"}, "yesterday"),
            ("add_article", {"title": "x"}, "Send one of `text` and `url`"),
            ("add_article", {"url": "http://127.0.0.1:1/"}, "127.0.0.1"),
            ("list_articles", {"cursor": "x"}, "`cursor`: It is none."),
        ):
            result = await agent.call_tool(name, arguments)
            assert result.is_error, name
            assert told in text_of(result), text_of(result)
        served.assistant.steps["read"] = lambda _: {}["secret"]
        failed = await agent.call_tool("ask", {"question": QUESTION})
        assert (failed.is_error, text_of(failed)) == (True, "Something went wrong here. The server's log tells what.")
        for uri in ("article://none", f"article://{served.article_id}/sentences/3", "file:///etc/passwd"):
            with pytest.raises(MCPError, match=r"There is no|has 3 sentences|There is nothing at"):
                await agent.read_resource(uri)
        with pytest.raises(MCPError, match="There is no tool 'remove'"):
            await agent.call_tool("remove", {})

    told_by(served.address, ask)
    assert "The tool ask failed" in caplog.text
    assert len(served.assistant.contents()) == 1


def test_tools_are_described_and_those_that_only_read_say_so(served: Served) -> None:
    async def ask(agent: Client) -> None:
        tools = {tool.name: tool for tool in (await agent.list_tools()).tools}
        assert list(tools) == ["ask", "retrieve", "list_articles", "add_article"]
        for name, tool in tools.items():
            assert len(tool.description or "") > 100
            assert tool.annotations
            assert tool.annotations.read_only_hint is (name != "add_article")
            assert tool.annotations.destructive_hint is False
            assert tool.output_schema
        assert set(tools["ask"].input_schema["properties"]) == {
            "question", "article", "history", "tags", "since", "until", "author", "source", "title", "carefulness"
        }  # fmt: skip

    told_by(served.address, ask)


def test_who_has_no_token_is_refused_and_a_scope_opens_its_tools_alone(ferry: Assistant) -> None:
    with served_without_page(ferry, is_open=False) as served:
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        for secret in ("", "aa_" + "x" * 43):
            reply = served.client(secret).post("/mcp", json=body)
            assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer")
            assert reply.json()["code"] == "no_token"
        assert served.client(served.token("add")).post("/mcp", json=body).status_code == 403
        secret = served.token("ask")
        assert served.client(secret).get("/mcp").status_code == 405
        evil = served.client(secret, Origin="http://evil.example").post("/mcp", json=body)
        assert evil.status_code == 403

        async def ask(agent: Client) -> None:
            assert [tool.name for tool in (await agent.list_tools()).tools] == ["ask", "retrieve", "list_articles"]
            result = await agent.call_tool("add_article", {"text": "Bees hum."})
            assert result.is_error
            assert "This needs a token with the scope 'add'" in text_of(result)

        told_by(served.address, ask, secret)
        assert len(ferry.contents()) == 1


class Held:
    """A step that waits until it may go on, and one after it that tells whether it was reached."""

    def __init__(self, assistant: Assistant) -> None:
        self.begun, self.go, self.reached = threading.Event(), threading.Event(), threading.Event()
        self._read, self._weigh = assistant.steps["read"], assistant.steps["weigh"]
        assistant.steps |= {"read": self.read, "weigh": self.weigh}

    def read(self, inquiry: Any) -> Any:
        self.begun.set()
        self.go.wait(20)
        return self._read(inquiry)

    def weigh(self, inquiry: Any) -> Any:
        self.reached.set()
        return self._weigh(inquiry)


def test_a_call_that_is_cancelled_stops(served: Served) -> None:
    held = Held(served.assistant)

    async def talk() -> None:
        async with agent_at(served.address) as agent:
            async with anyio.create_task_group() as group:
                group.start_soon(agent.call_tool, "ask", {"question": QUESTION})
                await anyio.to_thread.run_sync(held.begun.wait, 20)
                group.cancel_scope.cancel()
            await anyio.sleep(1.5)  # more than it takes to be noticed
            held.go.set()
            await anyio.sleep(0.5)
            assert not held.reached.is_set()
            result = await agent.call_tool("ask", {"question": QUESTION})
            assert result.structured_content["text"] == SOLD

    anyio.run(talk)
    assert held.reached.is_set()


def test_without_the_package_the_address_says_what_to_install(served: Served) -> None:
    desk = Desk(served.assistant, served.chats, served.chats.tokens)
    with pytest.raises(ProblemError) as caught:
        anyio.run(AgentAddress(desk, "no_such_package"), {}, None, None)
    assert (caught.value.status, caught.value.code) == (501, "not_installed")
    assert "pip install 'article-assistant[mcp]'" in caught.value.detail
    with pytest.raises(AssistantError, match="pip install"):
        check_installed("no_such_package")
