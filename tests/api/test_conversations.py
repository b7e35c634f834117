"""Conversations by REST, and how the server is."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from api.conftest import QUESTION, Served, problem
from assistant.api.reply_forms import KeptAnswerReply
from assistant.errors import StoreError


def test_a_question_is_kept_where_a_conversation_is_named_and_may_be_rated(
    served: Served, client: httpx.Client
) -> None:
    assert client.post("/api/v1/ask", json={"question": QUESTION}).json().get("chat") is None
    first = client.post("/api/v1/ask", json={"question": QUESTION, "chat": "", "article": served.article_id}).json()
    KeptAnswerReply.model_validate(first)
    chat = first["chat"]["id"]
    second = client.post("/api/v1/ask", json={"question": "Who bought it?", "chat": chat}).json()
    assert second["standalone_question"] != "Who bought it?"
    kept = client.get(f"/api/v1/chats/{chat}").json()
    assert [turn["question"] for turn in kept["turns"]] == [QUESTION, "Who bought it?"]
    assert kept["chat"]["articles"] == [served.article_id]
    assert client.post("/api/v1/feedback", json={"turn": second["turn"], "rating": -1}).status_code == 200
    assert [turn["rating"] for turn in client.get(f"/api/v1/chats/{chat}").json()["turns"]] == [0, -1]
    stranger = served.client()
    assert stranger.get("/api/v1/chats").json() == {"chats": []}
    for method, path in (("GET", f"/api/v1/chats/{chat}"), ("DELETE", f"/api/v1/chats/{chat}")):
        assert problem(stranger.request(method, path)).status == 404
    assert problem(stranger.post("/api/v1/feedback", json={"turn": second["turn"], "rating": 1})).status == 404
    assert problem(stranger.post("/api/v1/ask", json={"question": "x", "chat": chat})).status == 404
    both = {"question": "x", "chat": chat, "history": [["a", "b"]]}
    assert "either a `history` or a `chat`" in problem(client.post("/api/v1/ask", json=both)).detail
    assert client.delete(f"/api/v1/chats/{chat}").json() == {"id": chat}
    assert client.get("/api/v1/chats").json() == {"chats": []}


def test_health_tells_whether_the_library_can_be_read_and_nothing_else(
    served: Served, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> Any:
        raise StoreError("The library /home/ann/library is damaged.")

    assert client.get("/api/v1/health").json() == {"status": "ok"}
    assert set(client.get("/api/v1/version").json()) == {"version", "api"}
    monkeypatch.setattr(served.assistant, "contents", fail)
    reply = client.get("/api/v1/health")
    assert (reply.status_code, reply.headers["retry-after"], problem(reply).code) == (503, "5", "library")
    assert "/home" not in reply.text
