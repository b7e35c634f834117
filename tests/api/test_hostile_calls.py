"""Whatever is sent, a call gets a 4xx with a sentence, never a 5xx, and changes nothing."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from conftest import SOAKING
from security.test_endpoints import BODIES, WRONG

from api.conftest import Served, served_without_page
from assistant.assistant import Assistant

JSON = {"Content-Type": "application/json"}
FIELDS = {
    "/api/v1/ask": ("question", "article", "history", "tags", "since", "author", "carefulness", "chat"),
    "/api/v1/retrieve": ("question", "k", "title"),
    "/api/v1/articles": ("title", "tags", "date", "url"),
    "/api/v1/feedback": ("turn", "rating"),
    "/v1/chat/completions": ("model", "messages", "stream", "stream_options", "n", "assistant"),
}
RIGHT: dict[str, Any] = {
    "/api/v1/ask": {"question": "x"},
    "/api/v1/retrieve": {"question": "x"},
    "/api/v1/articles": {},
    "/api/v1/feedback": {"turn": 1, "rating": 1},
    "/v1/chat/completions": {"model": "assistant", "messages": [{"role": "user", "content": "x"}]},
}


def fine(response: httpx.Response, shown: object) -> None:
    told = f"{shown!r:.120}: {response.status_code} {response.text[:300]}"
    assert response.status_code < 500, told
    if response.status_code >= 400:
        value = response.json()
        assert len(value["detail"] if "detail" in value else value["error"]["message"]) > 10, told
    assert "Traceback" not in response.text, told
    assert "root:" not in response.text, told


@pytest.mark.parametrize("path", list(FIELDS))
def test_every_field_with_wrong_values(served: Served, client: httpx.Client, path: str) -> None:
    search = served.assistant.steps["search"]
    for n, field in enumerate(FIELDS[path]):
        # What is not a question is looked at before anything is searched for.
        served.assistant.steps["search"] = search if field in ("question", "messages") else lambda inquiry: inquiry
        for value in WRONG if SOAKING else WRONG[n % 4 :: 4]:
            body = json.dumps(RIGHT[path] | {field: value})
            fine(client.post(path, content=body, headers=JSON), (field, value))
    for body in BODIES if SOAKING else BODIES[len(path) % 4 :: 4]:
        fine(client.post(path, content=body, headers=JSON), body[:60])
    fine(client.post(path, json=RIGHT[path] | {"unknown": 1}), "unknown")
    assert len(served.assistant.contents()) == 1


def test_bodies_of_another_kind_and_addresses_that_are_none(served: Served, client: httpx.Client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        reply = client.post("/api/v1/ask", content=b'{"question": "x"}', headers={"Content-Type": kind})
        assert (reply.status_code, reply.json()["code"]) == (415, "media_type"), kind
    for boundary in ("", "; boundary=", "; boundary=x", "; boundary=" + "y" * 500):
        headers = {"Content-Type": f"multipart/form-data{boundary}"}
        for body in (b"", b"--x\r\n", b"--x--", b"\xff" * 100):
            reply = client.post("/api/v1/articles", content=body, headers=headers)
            fine(reply, (boundary, body))
            assert reply.status_code >= 400
    for path in ("/api/v1", "/api/v1/", "/v1/", "/api/v1/ask/", "/api/v1//ask", "/api/v1/articles/..", "/api/v1/articles/%2e%2e",
                 "/api/v1/articles/a%2Fb", "/API/v1/ask", "/api/v2/ask", f"/api/v1/articles/{'x' * 65}"):  # fmt: skip
        assert client.post(path, json={}).status_code in (404, 405), path
    for method in ("OPTIONS", "HEAD", "PUT", "TRACE", "FOO"):
        assert client.request(method, "/api/v1/ask").status_code == 405, method
    assert len(served.assistant.contents()) == 1


def test_what_is_too_large_is_refused(ferry: Assistant) -> None:
    ferry.configure(max_article_megabytes=1.5, max_article_sentences=50)
    with served_without_page(ferry) as served:
        client = served.client()

        def sent(path: str, text: str) -> tuple[int, str]:
            reply = client.post(path, json={"text" if "articles" in path else "question": text})
            return reply.status_code, reply.json().get("detail", "")

        assert sent("/api/v1/ask", "x" * 1_000_001) == (
            413,
            "A call has at most 1,000,000 bytes here. Send less, or split it.",
        )
        assert sent("/api/v1/articles", "x " * 1_300_000)[0] == 413
        status, detail = sent("/api/v1/articles", "x " * 1_000_000)
        assert (status, "2.0 MB, the limit is 1.5 MB" in detail) == (413, True)
        assert sent("/api/v1/articles", "It rains. " * 60)[0] == 413
        parts = (b"x" * 100_000 for _ in range(30))
        chunked = client.post("/api/v1/articles", content=parts, headers=JSON)
        assert (chunked.status_code, chunked.json()["code"]) == (413, "too_large")
        assert sent("/api/v1/ask", "x" * 100_000)[0] == 200, "a long question is cut, as everywhere"
        assert len(ferry.contents()) == 1
