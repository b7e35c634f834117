"""A walk over every endpoint with what it does not expect: a sentence and a 4xx, never a 5xx; nothing is read or changed."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from e2e.fake_assistant import FakeAssistant

from assistant.library.chats import Chats
from assistant.server.application import around
from assistant.ui.page import Page
from security.conftest import Enter, Visitor, built, serving

WRONG: list[Any] = [
    None, True, 1, -1, 2**70, 1.5, [], [1], ["x"], [["x"]], {}, {"path": "/etc/hostname"}, "x", "", "\x00", "\ud800", "../..",
    "/etc/hostname", "file:///etc/hostname", "http://127.0.0.1:22/", "' OR 1=1 --", "x" * 30_000, ["x" * 30_000],
    [["a", "b"]] * 2000, [[[]]], "<script>", {"__type__": "update"},
]  # fmt: skip


def names(page: Page) -> list[str]:
    """Returns every endpoint of the page's own."""
    return list(page.parameters)


def fine(response: Any, name: str, data: Any) -> None:
    """Holds that a reply is a success or a 4xx with a sentence, and tells nothing of the server."""
    shown = f"{name} {str(data)[:80]}: {response.status_code} {response.text[:200]}"
    assert response.status_code < 500, shown
    if response.status_code >= 400:
        assert len(response.json()["error"]) > 10, shown
    assert "Traceback" not in response.text, shown
    assert "root:" not in response.text, shown


def tried(visitor: Visitor, way: str, name: str, data: Any) -> Any:
    """Calls an endpoint with whatever data, and returns the reply, which must be fine."""
    # Not `json=`: a lone surrogate is written as an escape, as a hostile client may write it.
    response = visitor.http.post(
        f"/gradio_api/{way}/{name}", content=json.dumps({"data": data}), headers={"Content-Type": "application/json"}
    )
    fine(response, name, data)
    return response


every_nth = pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.soak)], ids=["some", "all"])


def wrong_values(n_places: int, step: int) -> list[tuple[int, Any]]:
    """Returns (place, value) of the calls to try: every value at every place, or one in `step` of these."""
    return [(place, value) for n, value in enumerate(WRONG) for place in range(n_places) if (n + place) % step == 0]


@every_nth
def test_every_endpoint_with_every_wrong_value(enter: Enter, page: Page, step: int) -> None:
    visitor = enter()
    visitor.chat()
    for name in names(page):
        parameters = page.parameters[name]
        is_queued = next(fn for fn in page.blocks.fns.values() if fn.api_name == name).queue
        if is_queued:
            continue
        n = len(parameters)
        for place, value in wrong_values(n, step):
            right = ["x" if "text" in p.expected else 1 if "number" in p.expected else [] for p in parameters]
            data = [*right[:place], value, *right[place + 1 :]]
            tried(visitor, "run", name, data)
        for data in ([], ["x"] * (n + 1), "x", None, {}):
            fine(visitor.http.post(f"/gradio_api/run/{name}", json={"data": data}), name, data)
    assert len(visitor.call("list_articles")["articles"]) == 1


@every_nth
def test_every_streaming_endpoint_with_wrong_values(enter: Enter, page: Page, step: int) -> None:
    visitor = enter()
    for name in ("ask", "answer", "add_article", "fetch_page"):
        for place, value in wrong_values(len(page.parameters[name]), step):
            right: list[Any] = [{"a text": "x"}.get(p.expected[:6], []) for p in page.parameters[name]]
            if name == "answer":
                right[3] = -1
            data = [*right[:place], value, *right[place + 1 :]]
            response = tried(visitor, "call", name, data)
            if response.status_code == 200:
                got = visitor.http.get(f"/gradio_api/call/{name}/{response.json()['event_id']}").text
                assert "root:" not in got
    assert len(visitor.call("list_articles")["articles"]) == 1


BODIES = [
    b"", b"x", b"[]", b"null", b"1", b'"x"', b"{", b'{"data": NaN}', b'{"data": [1e999]}', b"\xff\xfe", b"[" * 200_000,
    b'{"data":' + b"[" * 100_000, b'{"data": []}' + b" " * 2_000_000, b'{"fn_index": 1e9}', b'{"fn_index": "0"}',
    b'{"fn_index": -1, "session_hash": "s"}', b'{"fn_index": true, "session_hash": "s", "data": []}',
    b'{"fn_index": 0, "session_hash": null, "data": []}', b'{"fn_index": 0, "session_hash": "../..", "data": []}',
    b'{"session_hash": "s", "event_id": 5}', b'{"data": [], "batched": true, "event_data": {"x": 1}, "trigger_id": []}',
]  # fmt: skip


@pytest.mark.parametrize(
    "path", ["run/start", "run/open_article", "api/start", "call/ask", "queue/join", "cancel", "run/none"]
)
def test_bodies_that_are_no_call(enter: Enter, path: str) -> None:
    visitor = enter()
    for body in BODIES:
        response = visitor.http.post(f"/gradio_api/{path}", content=body, headers={"Content-Type": "application/json"})
        fine(response, path, body[:60])


def test_a_call_says_what_it_takes(enter: Enter) -> None:
    visitor = enter()
    for name, data, sentence in (
        ("open_article", [5], "`article_id` is 5: expected a text of at most 20,000 characters."),
        ("open_article", [], "`article_id` is missing: expected a text of at most 20,000 characters."),
        ("rate", [1, "up"], "`rating` is 'up': expected a whole number."),
        ("choose_articles", ["x", [1]], "`articles` is [1]: expected a list of texts."),
        ("start", [1], "`data` is not a list of the 0 arguments that this takes: nothing."),
    ):
        response = visitor.post(name, *data)
        assert (response.status_code, response.json()["error"]) == (422, sentence)
    assert visitor.post("no_such_call").status_code == 404
    assert visitor.http.put("/gradio_api/run/start").status_code == 405


def test_a_lone_surrogate_is_replaced(enter: Enter) -> None:
    visitor = enter()
    chat = visitor.chat()
    body = json.dumps({"data": [chat, "a\ud800b"]})
    response = visitor.http.post(
        "/gradio_api/run/rename_chat", content=body, headers={"Content-Type": "application/json"}
    )
    assert response.json()["data"][0]["chat"]["title"] == "a?b"


def test_a_question_is_not_longer_than_allowed(enter: Enter) -> None:
    visitor = enter()
    streamed = json.dumps(visitor.stream("answer", "", "Who? " * 1000, [], -1))
    assert "The question has 5,000 characters, the limit is 2,000. Shorten it." in streamed
    assert visitor.call("list_chats")["chats"] == []


def test_the_page_of_others_shows_no_path_and_leaves_the_model_alone(fake: FakeAssistant, chats: Chats) -> None:
    page = built(Page, fake, chats, False)
    with serving(built(around, page, fake.settings)) as address, httpx.Client(base_url=address, timeout=30) as client:
        visitor = Visitor(client)
        settings = visitor.call("start")["settings"]
        assert (settings["library"], settings["chooses_model"]) == ("", False)
        reply = visitor.call("save_settings", "high", "openai:gpt")
        assert "ASSISTANT_LANGUAGE_MODEL" in reply["error"]
        assert visitor.call("save_settings", "high", "")["settings"]["carefulness"] == "high"


def test_arguments_that_have_a_default_may_be_left_out(enter: Enter) -> None:
    visitor = enter()
    sent = visitor.http.post("/gradio_api/call/ask", json={"data": ["Who said the engine could not be repaired?"]})
    got = visitor.http.get(f"/gradio_api/call/ask/{sent.json()['event_id']}").text
    assert "event: complete" in got
    assert "Captain Ida Brandt" in got


@pytest.mark.parametrize("session", ["x" * 65, "../../x", 5, ["x"]])
def test_a_session_is_a_short_name_on_every_way(enter: Enter, session: Any) -> None:
    visitor = enter()
    for path in ("run/start", "call/ask", "queue/join", "cancel"):
        body = {"data": ["Who?", "", []], "session_hash": session, "fn_index": 0, "event_id": "x"}
        response = visitor.http.post(f"/gradio_api/{path}", json=body)
        assert (response.status_code, "error" in response.json()) == (422, True), path


def test_a_path_too_long_for_a_file_is_not_there(enter: Enter) -> None:
    assert enter().http.get("/assets/" + "a" * 9000).status_code == 404


def test_a_call_that_is_not_there_is_not_waited_for(enter: Enter) -> None:
    visitor = enter()
    sent = visitor.http.post("/gradio_api/call/ask", json={"data": ["Who said the engine could not be repaired?"]})
    event = sent.json()["event_id"]
    assert "event: complete" in visitor.http.get(f"/gradio_api/call/ask/{event}").text
    for gone in (event, "0" * 32, "x"):
        response = visitor.http.get(f"/gradio_api/call/ask/{gone}")
        assert (response.status_code, response.json()["error"]) == (
            404, "There is no such call, or its answer was taken already. Call again.",
        )  # fmt: skip


def test_a_call_by_number_reaches_what_does_not_wait_in_the_queue_and_nothing_else(enter: Enter, page: Page) -> None:
    visitor = enter()
    queued = {fn.api_name: (number, fn.queue) for number, fn in page.blocks.fns.items()}

    def call(number: object) -> int:
        body = {"data": [], "fn_index": number, "session_hash": "s1"}
        return int(visitor.http.post("/gradio_api/run/predict", json=body).status_code)

    assert call(queued["stop"][0]) == 200
    assert call(next(number for number, is_queued in queued.values() if is_queued)) == 404
    assert [call(number) for number in (9999, "0", None, True)] == [404] * 4
