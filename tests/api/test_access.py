"""Who may call what: every route of the application, without a token and with each scope; cookies alone change nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.conftest import QUESTION, Served, served_by, served_without_page
from assistant.api.addresses import ADDRESSES, MCP, Address, addresses_at
from assistant.api.routes import add_addresses
from assistant.assistant import Assistant
from assistant.library.tokens import SCOPES

ACCOUNTS = [("ann", "a long password")]
BEFORE_SIGN_IN = {
    # The page, which then asks for a password; what it is made of; and what it must ask before.
    ("GET", "/"), ("HEAD", "/"), ("GET", "/evaluate"), ("HEAD", "/evaluate"), ("GET", "/evaluate/"), ("HEAD", "/evaluate/"),
    ("GET", "/api/v1/health"), ("GET", "/api/v1/version"),
}  # fmt: skip
STATIC = re.compile(r"/(theme\.css|manifest\.json|robots\.txt|favicon\.ico|pwa_icon|static|assets|svelte|logout|login_check|"
                    r"gradio_api/(startup-events|user|login_check|theme\.css))")  # fmt: skip


def routes_of(app: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yields (method, path) of all routes of an application, those mounted in it included."""
    for route in app.routes:
        inner = getattr(route, "original_router", None) or getattr(route, "app", None)
        if getattr(route, "methods", None):
            for method in sorted(route.methods):
                yield method, prefix + route.path
        elif inner is not None and hasattr(inner, "routes"):
            yield from routes_of(inner, prefix + getattr(route, "path", "").rstrip("/"))
        else:
            yield "GET", prefix + getattr(route, "path", "") + "/x"


def filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "x", path)


def test_the_list_of_addresses_is_what_the_application_has() -> None:
    app = FastAPI(openapi_url=None)

    class Nobody:
        settings = type("S", (), {"threads": 2})()

    from assistant.api.desk import Desk

    add_addresses(app, Desk(Nobody(), None, None))  # type: ignore[arg-type]
    found = {(method, path) for method, path in routes_of(app) if method != "HEAD"}
    assert found == {(address.method, address.path) for address in ADDRESSES if address.path != MCP}
    for address in ADDRESSES:
        assert addresses_at(filled(address.path))[address.method] == address


def test_no_route_answers_without_sign_in_but_those_that_must(ferry: Assistant) -> None:
    routes: set[tuple[str, str]] = set()
    with served_by(ferry, ACCOUNTS, look=lambda app: routes.update(routes_of(app))) as served:
        client = served.client()
        assert len(routes) > 60, "Gradio's own are among them"
        assert {("POST", "/gradio_api/run/{api_name}"), ("POST", "/mcp")} <= routes
        for method, path in sorted(routes | {(a.method, a.path) for a in ADDRESSES}):
            reply = client.request(method, filled(path), json={} if method in ("POST", "PUT", "PATCH") else None)
            if reply.status_code < 400:
                assert (method, path) in BEFORE_SIGN_IN or STATIC.match(path), (method, path, reply.text[:200])
            is_for_programs = path.startswith(("/api/v1", "/v1", "/openapi", "/mcp")) and method != "HEAD"
            if is_for_programs and (method, path) not in BEFORE_SIGN_IN:
                assert reply.status_code == 401, (method, path)
                assert reply.headers["www-authenticate"] == "Bearer"
        assert "ferry" not in client.get("/").text.lower()


def call(client: httpx.Client, address: Address) -> httpx.Response:
    body: Any = {} if address.method in ("POST", "PUT", "PATCH") else None
    return client.request(address.method, filled(address.path), json=body)


@pytest.mark.parametrize("scope", SCOPES)
def test_each_scope_opens_its_addresses_and_no_other(ferry: Assistant, scope: str) -> None:
    with served_without_page(ferry, is_open=False) as served:
        client = served.client(served.token(scope))
        for address in ADDRESSES:
            reply = call(client, address)
            may = address.needed in ("nothing", "any", scope)
            assert (reply.status_code not in (401, 403)) is may, (address, reply.text)
        for_good = client.delete(f"/api/v1/articles/{served.article_id}?for_good=true")
        assert for_good.status_code == 403, "it needs add and admin"
        assert len(ferry.contents()) == 1
        if scope == "admin":
            both = served.client(served.token("add", "admin"))
            assert both.delete(f"/api/v1/articles/{served.article_id}?for_good=true").status_code == 200
            assert ferry.contents() == []


def test_it_is_open_to_this_machine_until_there_is_a_token_or_an_account(ferry: Assistant) -> None:
    with served_by(ferry) as served:
        assert served.client().get("/api/v1/articles").status_code == 200
        assert served.client("sk-anything").get("/v1/models").status_code == 200, "OpenAI's clients must send one"
        assert served.client("aa_" + "x" * 43).get("/v1/models").status_code == 401
        token, secret = served.chats.tokens.create("job")
        for client in (served.client(), served.client("sk-anything"), served.client("aa_" + "x" * 43)):
            assert client.get("/api/v1/articles").status_code == 401
            assert client.get("/v1/models").json()["error"]["type"] == "authentication_error"
            assert client.get("/api/v1/health").json() == {"status": "ok"}
        assert served.client(secret).get("/api/v1/articles").status_code == 200
        assert served.client().post("/gradio_api/run/list_articles", json={"data": []}).status_code == 200, (
            "the page is"
        )
        served.chats.tokens.revoke(token.id)
        assert served.client(secret).get("/api/v1/articles").status_code == 401
        assert served.client().get("/api/v1/articles").status_code == 200
    with served_by(ferry, is_for_this_machine=False) as served:
        assert served.client().get("/api/v1/articles").status_code == 401
        assert served.client().get("/api/v1/health").status_code == 200


def test_a_session_of_the_page_may_call_but_a_cookie_alone_changes_nothing(ferry: Assistant) -> None:
    with served_by(ferry, ACCOUNTS) as served:
        browser = served.client()
        assert browser.post("/login", data={"username": "ann", "password": "a long password"}).status_code == 200
        assert browser.get("/api/v1/articles").status_code == 200
        sent = {"text": "Bees hum. Wasps do not."}
        from_page = {"Origin": served.address}
        for headers in ({}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://evil.example"}, {"Origin": "null"},
                        {"Origin": "http://127.0.0.1:1"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "cross-site"}):  # fmt: skip
            for reply in (
                browser.post("/api/v1/articles", json=sent, headers=headers),
                browser.post("/api/v1/articles", files={"file": ("a.txt", b"Bees hum.")}, headers=headers),
                browser.delete(f"/api/v1/articles/{served.article_id}", headers=headers),
                browser.post("/v1/chat/completions", json={}, headers=headers),
            ):
                assert reply.status_code == 403, (headers, reply.text)
                assert not any(name.startswith("access-control") for name in reply.headers)
        assert len(ferry.contents()) == 1
        assert browser.post("/api/v1/articles", json=sent, headers=from_page).status_code == 201
        assert browser.post("/api/v1/articles", json=sent, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
        assert browser.delete(f"/api/v1/articles/{served.article_id}?for_good=1", headers=from_page).status_code == 403
        kept = browser.post("/api/v1/ask", json={"question": QUESTION, "chat": ""}, headers=from_page).json()
        assert [chat.id for chat in served.chats.of("ann")] == [kept["chat"]["id"]], "the page shows it"


def test_another_page_and_a_foreign_name_are_refused_with_a_token_too(served: Served) -> None:
    client = served.client(served.token("ask", "add", "admin"))
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}):
        reply = client.get("/api/v1/articles", headers=headers)
        assert (reply.status_code, reply.headers["content-type"]) == (403, "application/problem+json")
        assert client.get("/v1/models", headers=headers).json()["error"]["type"] == "permission_error"
    assert client.options("/api/v1/ask", headers={"Origin": "http://evil.example"}).status_code == 403
    assert "set-cookie" not in client.get("/api/v1/version").headers


def test_conversations_are_those_of_the_token(served: Served) -> None:
    one, two = served.client(served.token("ask")), served.client(served.chats.tokens.create("other", ["ask"])[1])
    chat = one.post("/api/v1/ask", json={"question": QUESTION, "chat": ""}).json()["chat"]["id"]
    assert [c["id"] for c in one.get("/api/v1/chats").json()["chats"]] == [chat]
    assert two.get("/api/v1/chats").json() == {"chats": []}
    assert two.get(f"/api/v1/chats/{chat}").status_code == 404


def test_tokens_are_made_listed_and_revoked_by_an_admin(served: Served) -> None:
    admin = served.client(served.token("admin"))
    made = admin.post("/api/v1/tokens", json={"name": "nightly", "scopes": ["ask"], "days": 2}).json()
    assert served.client(made["token"]).get("/api/v1/articles").status_code == 200
    listed = admin.get("/api/v1/tokens")
    assert [token["name"] for token in listed.json()["tokens"]] == ["admin", "nightly"]
    assert made["token"] not in listed.text
    assert admin.post("/api/v1/tokens", json={"name": "nightly"}).status_code == 422
    assert admin.post("/api/v1/tokens", json={"name": "x", "scopes": ["root"]}).status_code == 422
    assert admin.delete(f"/api/v1/tokens/{made['id']}").status_code == 200
    assert served.client(made["token"]).get("/api/v1/articles").status_code == 401


def test_what_changes_the_library_is_noted_and_never_a_text(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    secret = served.token("ask", "add", "admin")
    client = served.client(secret, **{"X-Request-ID": "r1"})
    article = client.post("/api/v1/articles", json={"text": "Bees hum.", "title": "Buzz"}).json()["id"]
    client.post("/api/v1/ask", json={"question": "Why hum?"})
    client.patch(f"/api/v1/articles/{article}", json={"title": "Hiss"})
    new = client.put(f"/api/v1/articles/{article}", json={"text": "Wasps hum."}).json()["id"]
    client.delete(f"/api/v1/articles/{new}")
    client.delete(f"/api/v1/articles/{served.article_id}?for_good=true")
    client.delete(f"/api/v1/articles/{new}")
    audit = [record.getMessage() for record in caplog.records if record.name == "assistant.audit"]
    assert audit == [
        f"token ask-add-admin: {what} (request r1)"
        for what in (f"added {article}", f"described {article}", f"replaced {article} by {new}", f"removed {new}",
                     f"removed for good {served.article_id}")
    ]  # fmt: skip
    calls = [record.getMessage() for record in caplog.records if record.name == "assistant.api"]
    assert re.fullmatch(r"POST /api/v1/articles 201 \d+\.\d{3} s, token ask-add-admin \(request r1\)", calls[0])
    assert "DELETE /api/v1/articles" in calls[-1]
    assert " 404 " in calls[-1]
    told = "\n".join(audit + calls)
    for text in ("hum", "Buzz", "Hiss", secret):
        assert text not in told


def test_who_calls_too_often_waits(ferry: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    import assistant.server.gate as gate

    monkeypatch.setattr(gate, "OF_CALLER", 5)
    monkeypatch.setattr(gate, "OF_ADDRESS", 12)
    with served_without_page(ferry) as served:
        one, two = (served.client(served.chats.tokens.create(name)[1]) for name in ("one", "two"))
        statuses = [one.get("/v1/models").status_code for _ in range(7)]
        assert statuses == [200] * 5 + [429] * 2
        refused = two.get("/api/v1/chats"), one.get("/api/v1/chats")
        assert [reply.status_code for reply in refused] == [200, 429]
        assert 1 <= int(refused[1].headers["retry-after"]) <= 13
        assert refused[1].json()["code"] == "too_many"
        last = [two.get("/api/v1/version").status_code for _ in range(5)]
        assert last[:3] == [200] * 3, "the address has twelve"
        assert last[-1] == 429
