"""Evaluations over REST: started, followed, read and stopped, each by whose it is alone; what may be sent."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import httpx
import pytest

from api.conftest import Served, by_first_sentence, problem, served_by, served_without_page
from assistant.api.addresses import QUESTION_FORMS
from assistant.api.reply_forms import EvaluationReply
from assistant.api.runs import MAX_OF_ONE
from assistant.articles.article import make_article
from assistant.assistant import Assistant
from assistant.evaluation.results import Results
from assistant.ui.question_sets import MAX_QUESTIONS

ADDRESS = "/api/v1/evaluations"
JSONL = {"Content-Type": "application/jsonl"}
ROW = {
    "question": "What opens in May?",
    "answers": ["The bridge"],
    "title": "On May",
    "context": "The bridge opens. Rain.",
}
NAMED = "question,answer\nWhat did the harbour office sell?,the vessel\nWho paid?,\n"


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def start(
    client: httpx.Client, content: str = lines(ROW), kind: str = "application/jsonl", **query: str
) -> dict[str, Any]:
    reply = client.post(ADDRESS, content=content, headers={"Content-Type": kind}, params=query)
    assert reply.status_code == 202, reply.text
    assert reply.headers["location"] == f"{ADDRESS}/{reply.json()['id']}"
    return checked(reply)


def checked(reply: httpx.Response) -> dict[str, Any]:
    EvaluationReply.model_validate(reply.json())
    return dict(reply.json())


def ended(client: httpx.Client, run: str) -> dict[str, Any]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = checked(client.get(f"{ADDRESS}/{run}"))
        if found["state"] not in ("waiting", "running"):
            return found
        time.sleep(0.02)
    raise AssertionError("it does not end")


class Held:
    """An evaluation whose first question waits until it may go on."""

    def __init__(self) -> None:
        self.begun, self.go, self.n_ended = threading.Event(), threading.Event(), 0

    def __call__(self, questions: Any, settings: Any, on_progress: Any, **options: Any) -> Any:
        def told(done: int, total: int) -> None:
            self.begun.set()
            self.go.wait(20)
            on_progress(done, total)

        try:
            return by_first_sentence(questions, settings, on_progress=told, **options)
        finally:
            self.n_ended += 1


def test_a_set_is_evaluated_and_its_results_are_those_of_an_evaluation(served: Served, client: httpx.Client) -> None:
    first = start(client, lines(ROW, ROW | {"question": "Who sings?", "answers": [], "answerable": False}))
    assert first["state"] in ("waiting", "running")  # it may have begun before the answer was written
    assert (first["n_questions"], first["questions"]) == (2, "questions")
    found = ended(client, first["id"])
    assert (found["state"], found["done"], found["total"]) == ("done", 2, 2)
    results = Results.from_dict(found["results"])
    assert [(row.question, row.right) for row in results.rows] == [("What opens in May?", True), ("Who sings?", False)]
    assert results.figures["outcome.right"].value == 0.5
    report = client.get(f"{ADDRESS}/{first['id']}/report")
    assert report.headers["content-type"] == "text/html; charset=utf-8"
    assert "sandbox" in report.headers["content-security-policy"]
    assert "What opens in May?" in report.text
    (listed,) = client.get(ADDRESS).json()["evaluations"]
    assert listed == {name: value for name, value in found.items() if name != "results"}
    assert len(served.assistant.contents()) == 1, "the library is not touched"


@pytest.mark.parametrize("kind", sorted(QUESTION_FORMS))
def test_every_form_is_read_as_a_body_and_as_a_file(served: Served, client: httpx.Client, kind: str) -> None:
    suffix = QUESTION_FORMS[kind]
    squad = {"data": [{"title": "On May", "paragraphs": [{"context": ROW["context"], "qas": [
        {"id": "1", "question": ROW["question"], "answers": [{"text": "The bridge", "answer_start": 0}]}]}]}]}  # fmt: skip
    sets = {"jsonl": lines(ROW), "csv": NAMED, "tsv": NAMED.replace(",", "\t"), "json": json.dumps(squad)}
    query = {"article": "The ferry"} if suffix in ("csv", "tsv") else {}
    body = start(client, sets[suffix], kind, **query)
    sent = client.post(ADDRESS, files={"file": (f"mine.{suffix}", sets[suffix].encode())}, params=query)
    assert (sent.status_code, sent.json()["questions"]) == (202, "mine")
    for run in (body["id"], sent.json()["id"]):
        found = ended(client, run)
        assert (found["state"], found["done"]) == ("done", 2 if query else 1), found
        article = served.article_id if query else make_article(ROW["context"]).id
        assert {row["article_id"] for row in found["results"]["rows"]} == {article}


def test_something_can_be_run_beside(client: httpx.Client) -> None:
    found = ended(client, start(client, compare="lexical")["id"])
    assert (found["state"], found["compare"]) == ("done", "lexical")
    assert found["results"]["differences"]
    refused = client.post(ADDRESS, content=lines(ROW), headers=JSONL, params={"compare": "gpt"})
    assert "'gpt' is none of lexical, dense, abstain" in problem(refused).detail


def test_what_is_wrong_with_a_set_is_told_at_once_and_never_a_path(
    served: Served, client: httpx.Client, tmp_path: Any
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The password is hunter2.")
    for content, told in (
        ("", "no question"),
        ("{}\n", "line 1"),
        (lines({"question": "What is it?", "answers": ["hunter2"], "article": str(secret)}), "names no article"),
        (lines({"question": "What is it?", "answers": ["hunter2"], "article": "../secret.txt"}), "names no article"),
        (lines(*[ROW | {"question": f"What is {n}?"} for n in range(MAX_QUESTIONS + 1)]), "2,000 questions"),
    ):
        refused = problem(client.post(ADDRESS, content=content, headers=JSONL))
        assert (refused.status, refused.code) == (422, "invalid")
        assert told in refused.detail
        assert "/tmp" not in refused.detail.replace(str(secret)[:80], "")
        assert "shm" not in refused.detail.replace(str(secret)[:80], "")
    named = client.post(ADDRESS, content=NAMED, headers={"Content-Type": "text/csv"}, params={"article": str(secret)})
    assert "names no article" in problem(named).detail
    assert problem(client.post(ADDRESS, content=b"x", headers={"Content-Type": "text/plain"})).status == 415
    assert problem(client.post(ADDRESS, files={"file": ("a.exe", b"x")})).status == 422
    assert problem(client.post(ADDRESS, files={"other": ("a.csv", b"x")})).status == 422
    assert client.get(ADDRESS).json() == {"evaluations": []}
    assert served.client().get(f"{ADDRESS}/none").status_code == 404


def test_a_stranger_s_is_not_there(ferry: Assistant) -> None:
    held = Held()
    with served_without_page(ferry, evaluated=held) as served:
        ann, bob = (served.client(served.chats.tokens.create(name, ["ask"])[1]) for name in ("ann", "bob"))
        run = start(ann)["id"]
        assert held.begun.wait(20)
        for reply in (
            bob.get(f"{ADDRESS}/{run}"),
            bob.get(f"{ADDRESS}/{run}/report"),
            bob.delete(f"{ADDRESS}/{run}"),
        ):
            assert problem(reply).status == 404
        assert bob.get(ADDRESS).json() == {"evaluations": []}
        assert problem(ann.get(f"{ADDRESS}/{run}/report")).detail.startswith(
            "This evaluation has no report: it is running"
        )
        held.go.set()
        assert ended(ann, run)["state"] == "done"
        assert bob.get(f"{ADDRESS}/{run}/report").status_code == 404
        assert ann.get(f"{ADDRESS}/{run}/report").status_code == 200


def test_one_runs_at_a_time_some_may_wait_and_a_deleted_one_ends_and_is_gone(ferry: Assistant) -> None:
    held = Held()
    with served_without_page(ferry, evaluated=held) as served:
        client = served.client(served.token("ask"))
        runs = [start(client)["id"] for _ in range(MAX_OF_ONE)]
        assert held.begun.wait(20)
        states = {one["id"]: one["state"] for one in client.get(ADDRESS).json()["evaluations"]}
        assert list(states) == runs[::-1]
        assert sorted(states.values()) == ["running"] + ["waiting"] * (MAX_OF_ONE - 1)
        refused = client.post(ADDRESS, content=lines(ROW), headers=JSONL)
        assert (problem(refused).status, refused.headers["retry-after"]) == (429, "31")
        other = served.client(served.chats.tokens.create("other", ["ask"])[1])
        waiting = start(other)["id"]
        running = next(run for run, state in states.items() if state == "running")
        assert checked(client.delete(f"{ADDRESS}/{running}"))["id"] == running
        assert client.get(f"{ADDRESS}/{running}").status_code == 404
        assert client.delete(f"{ADDRESS}/{running}").status_code == 404
        held.go.set()
        assert ended(other, waiting)["state"] == "done"
        assert {ended(client, run)["state"] for run in runs if run != running} == {"done"}
        found = client.get(ADDRESS).json()["evaluations"]
        assert running not in {one["id"] for one in found}


def test_what_fails_says_why(ferry: Assistant) -> None:
    def failing(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    with served_without_page(ferry, evaluated=failing) as served:
        client = served.client()
        found = ended(client, start(client)["id"])
        assert (found["state"], found["problem"]["code"]) == ("failed", "internal")
        assert "space" not in found["problem"]["detail"]


def test_a_server_that_stops_ends_them_after_the_question_at_hand(ferry: Assistant) -> None:
    held = Held()
    rows = [ROW | {"question": f"What is {n}?"} for n in range(500)]
    before = set(threading.enumerate())
    with served_without_page(ferry, evaluated=held) as served:
        client = served.client()
        start(client, lines(*rows))
        start(client)
        assert held.begun.wait(20)
        threading.Timer(3.0, held.go.set).start()  # by then the server has been told
    assert held.n_ended == 1, "the second was not begun, and the first was waited for"
    left = [thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()]
    # Not the threads that AnyIO keeps for a while: they have nothing to do, and end by themselves.
    assert [name for name in left if name.startswith("evaluation") or name == "work"] == []


@pytest.mark.models
def test_beside_the_page_it_is_the_assistant_that_is_evaluated(ferry: Assistant) -> None:
    with served_by(ferry) as served:
        client = served.client(served.token("ask"))
        run = start(client)["id"]
        assert ended(client, run)["state"] == "done"
        assert client.get(f"{ADDRESS}/{run}").json()["results"]["system"].startswith("assistant")
