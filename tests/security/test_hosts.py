"""Only pages of our own reach the assistant, by names that are ours."""

from __future__ import annotations

import pytest

from assistant.server.hosts import is_ours
from security.conftest import Enter

NAMES = frozenset({"reading.example"})


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:7860",
        "127.0.0.1:7860",
        "[::1]:7860",
        "192.168.1.5",
        "app.localhost",
        "Reading.Example:80",
    ],
)
def test_names_that_are_ours(host: str) -> None:
    assert is_ours(host, NAMES)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "localhost.evil.example", "evil.example:7860", "127.0.0.1.evil.example", "0x7f.1", "2130706433",
        "127.1", "user@localhost", "localhost/x", "localhost:port", "", "[::1", "localhost, evil.example",
        "reading.example.evil.example", "localhost#evil.example",
    ],
)  # fmt: skip
def test_names_that_are_not(host: str) -> None:
    assert not is_ours(host, NAMES)


def test_a_page_under_a_foreign_name_is_refused_with_what_to_set(enter: Enter) -> None:
    response = enter({"Host": "evil.example"}).http.get("/")
    assert response.status_code == 403
    assert "ASSISTANT_ALLOWED_HOSTS" in response.json()["error"]


ELSEWHERE = {
    "another site": {"Origin": "https://evil.example"},
    "another port of this machine": {"Origin": "http://127.0.0.1:3000"},
    "this machine by another name": {"Origin": "http://localhost"},
    "no origin of its own": {"Origin": "null"},
    "a file": {"Origin": "file://"},
    "two origins": {"Origin": "http://127.0.0.1:7860, https://evil.example"},
    "without an origin, as the browser says": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    "another port, as the browser says": {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
    "a picture": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
    "a frame": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
}


@pytest.mark.parametrize("headers", [pytest.param(value, id=name) for name, value in ELSEWHERE.items()])
def test_what_another_page_causes_is_refused(enter: Enter, headers: dict[str, str]) -> None:
    visitor = enter(headers)
    assert visitor.post("start").status_code == 403
    assert visitor.http.get("/").status_code == 403
    assert visitor.http.get("/config").status_code == 403
    assert visitor.send(b"text").status_code == 403
    preflight = visitor.http.options("/gradio_api/run/start", headers={"Access-Control-Request-Method": "POST"})
    assert preflight.status_code in (403, 405)
    assert not [name for name in preflight.headers if name.startswith("access-control")]


def test_our_own_page_and_programs_are_answered_and_no_origin_is_ever_allowed(enter: Enter, served: str) -> None:
    for headers in (
        {"Origin": served, "Sec-Fetch-Site": "same-origin"},
        {"Origin": served.replace("http:", "https:")},  # a proxy that ends TLS stands between
        {},
    ):
        response = enter(headers).post("start")
        assert response.status_code == 200
        assert not [name for name in response.headers if name.startswith("access-control")]


def test_a_link_from_elsewhere_opens_the_page_and_nothing_else(enter: Enter) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    visitor = enter(link)
    assert visitor.http.get("/").status_code == 200
    assert visitor.http.get("/logout").status_code == 403
    assert visitor.http.post("/login").status_code == 403


def test_a_port_that_is_the_default_of_its_scheme_may_be_left_out(enter: Enter) -> None:
    assert enter({"Host": "localhost", "Origin": "http://localhost:80"}).post("start").status_code == 200
    assert enter({"Host": "localhost:443", "Origin": "https://localhost"}).post("start").status_code == 200
    assert enter({"Host": "localhost", "Origin": "http://localhost:81"}).post("start").status_code == 403


def test_signing_out_comes_from_our_own_page_also_where_a_browser_says_nothing(enter: Enter, served: str) -> None:
    visitor = enter()
    assert visitor.http.get("/logout").status_code == 403
    assert visitor.http.get("/logout", headers={"Referer": "http://evil.example/"}).status_code == 403
    assert visitor.http.get("/logout", headers={"Referer": f"{served}/"}).status_code != 403
