"""Errors and ids of calls, and the description of the interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.conftest import QUESTION, Served, events, problem
from assistant.api import forms, openai_form
from assistant.api.addresses import ADDRESSES, MCP, OPENAPI
from assistant.errors import ModelError, StoreError


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
    document = client.get("/openapi.json").json()
    told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert told == {(address.method, address.path) for address in ADDRESSES if address.path not in (OPENAPI, MCP)}
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
