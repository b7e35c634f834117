"""Questions by REST: the values of Python, in one piece and in events, in the form that is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from fakes import ScriptedReader

from api.conftest import ARTICLE, QUESTION, SOLD, Served, events, problem, served_without_page, without_seconds
from assistant.api.reply_forms import AnswerReply, EvidencesReply
from assistant.assistant import Assistant


def test_an_answer_is_that_of_python_in_one_piece_and_in_events(served: Served, client: httpx.Client) -> None:
    expected = without_seconds(served.assistant.ask(QUESTION).to_dict())
    assert expected["text"] == SOLD
    reply = client.post("/api/v1/ask", json={"question": QUESTION})
    assert reply.status_code == 200
    assert without_seconds(reply.json()) == expected
    AnswerReply.model_validate(reply.json())
    streamed = client.post("/api/v1/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
    assert streamed.headers["content-type"] == "text/event-stream; charset=utf-8"
    told = events(streamed.text)
    assert [(name, value["name"]) for name, value in told[:-1]] == [
        ("step", name) for name in ("understand", "search", "read", "weigh", "answer")
    ]
    assert (told[-1][0], without_seconds(told[-1][1])) == ("answer", expected)
    wrong = client.post("/api/v1/ask", json={"question": "?", "article": "x"}, headers={"Accept": "text/event-stream"})
    assert (wrong.status_code, problem(wrong).code) == (404, "missing")


def test_what_steers_a_question_reaches_it(served: Served, client: httpx.Client) -> None:
    def ask(**more: Any) -> Any:
        return client.post("/api/v1/ask", json={"question": QUESTION, **more}).json()

    assert ask(tags="boats", since="2024-01-01", until="2024-12-31", source="ferry", title="Ferry")["text"] == SOLD
    assert ask(article=[served.article_id])["text"] == SOLD
    for wrong in ({"tags": ["bees"]}, {"since": "2025-01-01"}, {"until": "2023-01-01"}, {"author": "Lee"}):
        assert ask(**wrong)["decided_by"] == "no_article", wrong
    history = [["What was sold?", "The vessel."]]
    expected = served.assistant.ask("Who bought it?", history=[("What was sold?", "The vessel.")])
    got = client.post("/api/v1/ask", json={"question": "Who bought it?", "history": history}).json()
    assert got["standalone_question"] == expected.standalone_question != "Who bought it?"


def test_carefulness_is_that_of_one_question(quick: Callable[..., Assistant]) -> None:
    assistant = quick(ScriptedReader("sold the vessel"))
    assistant.add(ARTICLE)
    with served_without_page(assistant) as served:
        client = served.client()
        given: list[str] = []
        weigh = assistant.steps["weigh"]
        assistant.steps["weigh"] = lambda inquiry: given.append(inquiry.parts.settings.carefulness) or weigh(inquiry)
        for carefulness in ("high", None, "low"):
            reply = client.post("/api/v1/ask", json={"question": QUESTION, "carefulness": carefulness})
            assert reply.status_code == 200
        assert given == ["high", "normal", "low"]
        assert problem(client.post("/api/v1/ask", json={"question": "x", "carefulness": "no"})).errors[0]["field"] == (
            "carefulness"
        )


def test_sentences_are_those_of_python(served: Served, client: httpx.Client) -> None:
    reply = client.post("/api/v1/retrieve", json={"question": QUESTION, "k": 2})
    assert reply.json()["evidence"] == [e.to_dict() for e in served.assistant.retrieve(QUESTION, 2)]
    alone = client.post("/api/v1/retrieve", json={"question": QUESTION, "k": 2, "rerank": False})
    expected = [e.to_dict() for e in served.assistant.retrieve(QUESTION, 2, rerank=False)]
    assert alone.json()["evidence"] == expected != reply.json()["evidence"]
    assert EvidencesReply.model_validate(reply.json()).evidence[0].text == SOLD
    assert problem(client.post("/api/v1/retrieve", json={"question": "x", "k": 0})).errors == [
        {"field": "k", "message": "Input should be greater than or equal to 1"}
    ]
