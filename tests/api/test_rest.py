"""REST: the values that come back, in the forms that the description tells, and errors that say what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fakes import ScriptedReader

from api.conftest import ARTICLE, QUESTION, Served, served_without_page
from assistant.api.reply_forms import AnswerReply, ArticleReply, ArticlesReply, EvidencesReply, ProblemReply
from assistant.assistant import Assistant
from assistant.errors import ModelError, StoreError

SOLD = "The harbour office sold the vessel to a museum."


def without_seconds(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "seconds"}


def problem(response: httpx.Response) -> ProblemReply:
    assert response.headers["content-type"] == "application/problem+json", response.text
    found = ProblemReply.model_validate(response.json())
    assert found.status == response.status_code
    assert found.type == f"urn:article-assistant:problem:{found.code}"
    return found


def events(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


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
    assert EvidencesReply.model_validate(reply.json()).evidence[0].text == SOLD
    assert problem(client.post("/api/v1/retrieve", json={"question": "x", "k": 0})).errors == [
        {"field": "k", "message": "Input should be greater than or equal to 1"}
    ]


def test_an_article_is_added_read_described_replaced_and_removed(served: Served, client: httpx.Client) -> None:
    sent = {
        "text": "Bees hum. Wasps do not.",
        "title": "Bees",
        "tags": "Insects, bees",
        "author": "Ann Lee",
        "date": "2024-02-29",
    }
    added = client.post("/api/v1/articles", json=sent)
    article = ArticleReply.model_validate(added.json())
    assert added.status_code == 201
    assert added.headers["location"] == f"/api/v1/articles/{article.id}"
    assert (article.title, article.tags, article.author, article.date) == (
        "Bees",
        ["bees", "insects"],
        "Ann Lee",
        "2024-02-29",
    )
    again = client.post("/api/v1/articles", json={"text": sent["text"], "title": "Other"})
    assert (again.status_code, again.json()["id"], again.json()["title"]) == (200, article.id, "Bees")
    read = client.get(f"/api/v1/articles/{article.id}?sentences=true").json()
    assert read["text"] == sent["text"]
    assert [(s["text"], s["start"], s["end"], s["position"]) for s in read["sentences"]] == [
        ("Bees hum.", 0, 9, 0), ("Wasps do not.", 10, 23, 1),
    ]  # fmt: skip
    assert "sentences" not in client.get(f"/api/v1/articles/{article.id}").json()
    changed = client.patch(f"/api/v1/articles/{article.id}", json={"author": "", "tags": []}).json()
    assert (changed["title"], changed["author"], changed["date"], changed["tags"]) == ("Bees", "", "2024-02-29", [])
    new = client.put(f"/api/v1/articles/{article.id}", json={"text": "Bees hum. Hornets hum too."})
    assert (new.status_code, new.json()["title"], new.json()["n_sentences"]) == (200, "Bees", 2)
    assert problem(client.get(f"/api/v1/articles/{article.id}")).status == 404
    gone = client.delete(f"/api/v1/articles/{new.json()['id']}")
    assert (gone.status_code, gone.json()["id"]) == (200, new.json()["id"])
    assert [entry.id for entry in served.assistant.contents()] == [served.article_id]


def test_a_file_is_added_and_replaced_by_its_format_and_a_path_is_only_a_name(
    served: Served, client: httpx.Client
) -> None:
    markdown = b"# On bees\n\nBees hum. Wasps do not.\n"
    fields = {"tags": ["bees", "insects"], "author": "Ann Lee"}
    added = client.post("/api/v1/articles", files={"file": ("../../etc/bees.md", markdown)}, data=fields)
    assert (added.status_code, added.json()["title"], added.json()["source"]) == (201, "On bees", "bees.md")
    assert (added.json()["tags"], added.json()["author"]) == (["bees", "insects"], "Ann Lee")
    new = client.put(
        f"/api/v1/articles/{added.json()['id']}", files={"file": ("wasps.md", b"# On wasps\n\nWasps sting.\n")}
    )
    assert (new.status_code, new.json()["title"], new.json()["author"]) == (200, "On wasps", "Ann Lee")
    for files, data, sentence in (
        ({"file": ("a.txt", b"\x00\x01")}, {}, "a.txt"),
        ({"file": ("a.txt", b"x y")}, {"owner": "me"}, "`owner` is not expected here: the fields are file, title"),
        ({"picture": ("a.txt", b"x y")}, {}, "`picture` is not expected here"),
        ({"file": ("a.txt", b"x y")}, {"date": "soon"}, "The date is 'soon', expected a day"),
    ):
        refused = problem(client.post("/api/v1/articles", files=files, data=data))
        assert refused.status == 422
        assert sentence in refused.detail
    assert len(served.assistant.contents()) == 2


def test_the_list_comes_in_parts_that_hold_when_an_article_goes(served: Served, client: httpx.Client) -> None:
    ids = [served.article_id]
    for n in range(6):
        ids.append(
            served.assistant.add(f"Station {n} reports rain.", f"Weather {n}", tags=["rain"] if n % 2 else []).id
        )
    got: list[str] = []
    cursor = ""
    while True:
        part = client.get("/api/v1/articles", params={"limit": 3, "cursor": cursor}).json()
        ArticlesReply.model_validate(part)
        got += [article["id"] for article in part["articles"]]
        if got[-1] == ids[2]:
            served.assistant.remove(ids[2])
        cursor = part["next"]
        if cursor is None:
            break
    assert got == ids
    rainy = client.get("/api/v1/articles", params={"tag": "rain", "title": "weather"}).json()
    assert ([a["id"] for a in rainy["articles"]], rainy["n_articles"], rainy["next"]) == (
        [ids[4], ids[6]],
        2,
        None,
    )
    assert problem(client.get("/api/v1/articles?cursor=x")).detail.startswith("`cursor`: It is none.")
    assert problem(client.get("/api/v1/articles?limit=0")).status == 422


def test_a_question_is_kept_where_a_conversation_is_named_and_may_be_rated(
    served: Served, client: httpx.Client
) -> None:
    assert client.post("/api/v1/ask", json={"question": QUESTION}).json().get("chat") is None
    first = client.post("/api/v1/ask", json={"question": QUESTION, "chat": "", "article": served.article_id}).json()
    AnswerReply.model_validate(first)
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


def test_a_call_has_an_id_and_an_error_tells_it(client: httpx.Client) -> None:
    named = client.get("/api/v1/articles/none", headers={"X-Request-ID": "job-17"})
    assert (named.headers["x-request-id"], problem(named).request_id) == ("job-17", "job-17")
    first, second = (
        client.get("/api/v1/version", headers={"X-Request-ID": "a b\tc"}).headers["x-request-id"] for _ in "12"
    )
    assert len(first) == len(second) == 32
    assert first != second


def test_errors_of_the_server_have_their_status_and_what_is_not_ours_tells_nothing(
    served: Served, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(error: Exception) -> Callable[..., Any]:
        def step(_: Any) -> Any:
            raise error

        return step

    for error, status, code, told in (
        (StoreError("The library is locked."), 503, "library", "The library is locked."),
        (ModelError("The weights are gone."), 500, "internal", "The weights are gone."),
        (KeyError("secret"), 500, "internal", "Something went wrong here."),
    ):
        served.assistant.steps["read"] = fail(error)
        reply = client.post("/api/v1/ask", json={"question": QUESTION}, headers={"X-Request-ID": f"id-{status}"})
        found = problem(reply)
        assert (found.status, found.code) == (status, code)
        assert told in found.detail
        assert "secret" not in reply.text
        assert f"failed (request id-{status})" in caplog.text
        streamed = client.post("/api/v1/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
        name, value = events(streamed.text)[-1]
        assert (streamed.status_code, name, value["status"], value["code"]) == (200, "error", status, code)
    assert client.post("/api/v1/ask", json={"question": QUESTION}).headers.get("retry-after") is None


def test_the_description_tells_every_address_and_its_examples_are_taken(client: httpx.Client) -> None:
    from assistant.api import forms, openai_form
    from assistant.api.addresses import ADDRESSES, OPENAPI

    document = client.get("/openapi.json").json()
    told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert told == {(address.method, address.path) for address in ADDRESSES if address.path != OPENAPI}
    assert document["security"] == [{"token": []}, {}]
    n_examples = 0
    for form in (
        *forms.Sent.__subclasses__(),
        forms.AskBody,
        forms.RetrieveBody,
        forms.AddBody,
        openai_form.CompletionBody,
    ):
        for example in form.model_json_schema().get("examples", []):
            form.model_validate(example)
            n_examples += 1
    assert n_examples >= 8
