"""What the browser is told: no frames, no foreign sources, cookies that stay with this page."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie

import httpx
from e2e.fake_assistant import FakeAssistant

from assistant.server.application import around
from assistant.ui.page import Page
from security.conftest import Enter, built, serving


def sources(policy: str) -> dict[str, list[str]]:
    """Returns the sources of each directive."""
    parts = [part.split() for part in policy.split(";")]
    return {name: values for name, *values in parts}


def test_a_page_names_its_sources_and_its_inline_scripts_carry_the_nonce(enter: Enter) -> None:
    visitor = enter()
    first, second = visitor.http.get("/"), visitor.http.get("/evaluate")
    policy = sources(first.headers["content-security-policy"])
    nonce = policy["script-src"][1].removeprefix("'nonce-").removesuffix("'")
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == ["'self'", f"'nonce-{nonce}'", "'unsafe-eval'"]
    assert "'unsafe-inline'" not in policy["script-src"]
    assert {*policy["connect-src"], *policy["form-action"], *policy["base-uri"]} == {"'self'"}
    scripts = re.findall(r"<script[^>]*>", first.text)
    assert len(scripts) > 3
    assert all(f'nonce="{nonce}"' in script for script in scripts)
    assert nonce not in second.text
    assert second.status_code == 200


def test_every_reply_is_kept_from_guessing_framing_and_telling(enter: Enter) -> None:
    visitor = enter()
    for response in (
        visitor.http.get("/"),
        visitor.http.get("/config"),
        visitor.http.get("/nothing"),
        visitor.post("start"),
        visitor.http.get("/reports/none"),
    ):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "same-origin"
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


def test_cookies_are_not_sent_along_by_other_sites(page: Page, fake: FakeAssistant) -> None:
    with (
        serving(built(around, page, fake.settings, [("ann", "secret")])) as address,
        httpx.Client(base_url=address, headers={"X-Forwarded-Proto": "https"}) as client,
    ):
        signed_in = client.post("/login", data={"username": "ann", "password": "secret"})
        assert signed_in.status_code == 200
        client.cookies.clear()
        cookies = signed_in.headers.get_list("set-cookie") + client.get("/").headers.get_list("set-cookie")
    assert len(cookies) >= 3
    for cookie in cookies:
        ((_, morsel),) = SimpleCookie(cookie).items()
        assert morsel["samesite"] == "Lax", cookie
        assert morsel["httponly"], cookie
        assert morsel["secure"], cookie


def test_by_tls_the_browser_is_known_by_a_cookie_that_no_other_host_can_set(enter: Enter) -> None:
    visitor = enter({"X-Forwarded-Proto": "https"})
    response = visitor.http.get("/", headers={"Cookie": f"assistant_browser={'C' * 43}"})
    (cookie,) = response.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-assistant_browser=")
    assert "Path=/;" in cookie
    assert "Secure" in cookie
