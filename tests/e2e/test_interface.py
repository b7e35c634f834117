"""What programs get: the same answer as the page, through gradio_client and plain HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError, ValidationError

from assistant.answer import Answer
from e2e.browsing import Server

ENGINE = "Who said the engine could not be repaired?"
KEYS = set(Answer("", "", "").to_dict())


@pytest.fixture(scope="module")
def client(fake_server: Server) -> Client:
    return Client(fake_server.url, verbose=False, analytics_enabled=False)


def test_a_client_gets_the_answer_with_its_citation(served: Server, client: Client) -> None:
    answer: dict[str, Any] = client.predict(ENGINE, "", [], api_name="/ask")
    assert set(answer) == KEYS
    assert [one["text"] for one in answer["citations"]] == ["Captain Ida Brandt said the engine could not be repaired."]
    article = served.call("open_article", answer["citations"][0]["article_id"])
    assert article["pieces"][answer["citations"][0]["position"] * 2 + 1] == answer["citations"][0]["text"]


def test_article_and_history_are_taken_into_account(served: Server, client: Client) -> None:
    other = served.call("add", "The bridge opened in 1931.", "", "")["id"]
    assert client.predict(ENGINE, other, [], api_name="/ask")["abstained"] is True
    answer = client.predict("Why did she say so?", "", [[ENGINE, "Captain"]], api_name="/ask")
    assert answer["standalone_question"] == f"Why did she say so? ({ENGINE})"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("", "", []), "The question is empty"),
        ((ENGINE, "0123456789abcdef", []), "There is no article"),
    ],
)
def test_an_error_says_what_is_wrong(served: Server, client: Client, arguments: tuple[Any, ...], message: str) -> None:
    assert served.url
    with pytest.raises(AppError, match=message):
        client.predict(*arguments, api_name="/ask")


def test_a_history_of_another_shape_is_refused_with_a_sentence(served: Server, client: Client) -> None:
    assert served.url
    with pytest.raises(ValidationError, match=r"expected a list of .question, answer. pairs"):
        client.predict(ENGINE, "", [["only a question"]], api_name="/ask")


TESTS_OWN = ("/reset", "/add", "/add_markdown", "/add_lines", "/fill_chat", "/fetched", "/set_slow_seconds")


def test_only_ask_is_public(served: Server) -> None:
    with urllib.request.urlopen(f"{served.url}gradio_api/info", timeout=30) as response:
        named = json.load(response)["named_endpoints"]
    assert set(named) == {"/ask", *TESTS_OWN}
    assert [one["parameter_name"] for one in named["/ask"]["parameters"]] == ["question", "article_id", "history"]
    assert [one["parameter_has_default"] for one in named["/ask"]["parameters"]] == [False, True, True]


def test_wrong_input_of_a_page_call_is_an_answer_not_a_crash(served: Server) -> None:
    assert "is not a carefulness" in served.call("save_settings", "very", "")["error"]
    assert "Nothing was deleted" in served.call("delete_everything", "no")["error"]
    assert "no conversation" in served.call("open_chat", "x")["error"]
    assert "no article" in served.call("open_article", "x")["error"]
    assert "too long ago" in served.call("restore_article", "x")["error"]
    assert "no conversation" in served.call("export_chat", served.call("fill_chat", 1)["id"], "pdf")["error"]
    with pytest.raises(urllib.error.HTTPError):
        served.call("no_such_call")
