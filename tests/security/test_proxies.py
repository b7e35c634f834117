"""Whose request it is behind a reverse proxy, and who may say so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.server.proxies import Proxies, networks_of

TRUSTED = networks_of("10.0.0.1, 10.1.0.0/16, 2001:db8::/32")


def passed_on(client: str, path: str = "/", root_path: str = "", **headers: str) -> Scope | int:
    """Returns the request as it comes out behind the middleware, or the status that it was answered with."""
    seen: list[Any] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            seen.append(message["status"])

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http", "method": "GET", "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"host", b"inner:7860"), *sent], "client": (client, 5000), "server": ("inner", 7860),
    }  # fmt: skip
    asyncio.run(Proxies(app, TRUSTED, root_path)(scope, receive, send))
    assert len(seen) == 1
    return seen[0]


def client_of(client: str, **headers: str) -> str:
    scope = passed_on(client, **headers)
    assert not isinstance(scope, int)
    return str(scope["client"][0])


@pytest.mark.parametrize(
    ("client", "forwarded", "visitor"),
    [
        ("10.0.0.1", "8.8.8.8", "8.8.8.8"),
        ("10.0.0.1", "6.6.6.6, 8.8.8.8", "8.8.8.8"),  # the first was made up by who sent it
        ("10.0.0.1", "6.6.6.6, 8.8.8.8, 10.1.2.3", "8.8.8.8"),  # two proxies, one behind the other
        ("10.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("10.0.0.1", "8.8.8.8:4711", "8.8.8.8"),
        ("10.0.0.1", "[2606:4700::1]:443", "2606:4700::1"),
        ("10.0.0.1", "2606:4700::1", "2606:4700::1"),
        ("10.0.0.1", "8.8.8.8, unknown", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("2001:db8::7", "8.8.8.8", "8.8.8.8"),
        ("::ffff:10.0.0.1", "8.8.8.8", "8.8.8.8"),
        ("10.0.0.2", "8.8.8.8", "10.0.0.2"),
        ("127.0.0.1", "8.8.8.8", "127.0.0.1"),
        ("testclient", "8.8.8.8", "testclient"),
    ],
)
def test_an_address_counts_from_a_trusted_proxy_alone(client: str, forwarded: str, visitor: str) -> None:
    assert client_of(client, x_forwarded_for=forwarded) == visitor


def test_name_and_scheme_of_a_trusted_proxy_are_those_of_the_request() -> None:
    scope = passed_on("10.0.0.1", x_forwarded_host="made.up, reading.example", x_forwarded_proto="https")
    assert not isinstance(scope, int)
    assert [value for name, value in scope["headers"] if name == b"host"] == [b"reading.example"]
    assert scope["scheme"] == "https"


def test_what_somebody_else_forwards_reaches_nobody() -> None:
    scope = passed_on(
        "9.9.9.9", x_forwarded_host="evil.example", x_forwarded_for="1.1.1.1", forwarded="for=1.1.1.1", x_real_ip="1.1.1.1",
        x_forwarded_prefix="/evil", x_forwarded_proto="https", accept="*/*",
    )  # fmt: skip
    assert not isinstance(scope, int)
    assert [name for name, _ in scope["headers"]] == [b"host", b"x-forwarded-proto", b"accept"]
    assert dict(scope["headers"])[b"host"] == b"inner:7860"
    assert (scope["client"][0], scope["scheme"]) == ("9.9.9.9", "http")


@pytest.mark.parametrize(
    ("root", "path", "inside"),
    [
        ("/reading", "/reading/config", "/config"),
        ("/reading", "/config", "/config"),
        ("/reading/", "/reading/", "/"),
        ("https://a.example/reading", "/reading/v1/models", "/v1/models"),
        ("/reading", "/readings", "/readings"),
        ("", "/reading/config", "/reading/config"),
    ],
)
def test_the_path_that_it_is_served_under_may_be_kept_or_taken_away(root: str, path: str, inside: str) -> None:
    scope = passed_on("9.9.9.9", path, root)
    assert not isinstance(scope, int)
    assert (scope["path"], scope["raw_path"]) == (inside, inside.encode())


def test_the_path_without_its_slash_leads_to_the_one_with_it() -> None:
    assert passed_on("9.9.9.9", "/reading", "/reading") == 307


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.1/8", "10.0.0.1 10.0.0.2", "999.1.1.1"])
def test_what_is_no_address_is_said(text: str) -> None:
    with pytest.raises(AssistantError, match="ASSISTANT_TRUSTED_PROXIES names"):
        networks_of(text)
