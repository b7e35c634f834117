"""The door of pages' pictures: open for pages of articles alone, to whoever may use the page, and to no other web page."""

from __future__ import annotations

from pathlib import Path

import httpx
from e2e.fake_assistant import FakeAssistant

from assistant.server.application import around
from assistant.ui.page import Page
from security.conftest import Enter, built, serving

PDF = (Path(__file__).parents[1] / "loaders" / "pdf" / "typst.pdf").read_bytes()


def test_the_door_opens_for_pages_alone(enter: Enter, fake: FakeAssistant) -> None:
    text = fake.contents()[0].id
    article = fake.add_bytes(PDF, "lighthouse.pdf").id
    http = enter().http
    found = http.get(f"/pages/{article}/1?width=300")
    assert (found.status_code, found.headers["content-type"]) == (200, "image/png")
    assert found.content.startswith(b"\x89PNG")
    assert found.headers["cache-control"] == "private, max-age=3600"
    assert found.headers["x-content-type-options"] == "nosniff"
    for width in ("-1", "x", "99999", "900%00"):
        assert http.get(f"/pages/{article}/1?width={width}").content == found.content
    closed = ("0", "99999", "1/2", "%D9%A3", "1.png", "..", "1%2f..")
    for path in (*(f"{article}/{page}" for page in closed), "x/1", f"{article[:15]}g/1", f"{article}0/1", article):
        assert http.get(f"/pages/{path}").status_code == 404, path
    for path in (f"{text}/1", f"{article}/99", f"{'0' * 16}/1"):
        refused = http.get(f"/pages/{path}")
        assert refused.status_code == 404
        assert len(refused.json()["error"]) > 20
    assert http.post(f"/pages/{article}/1").status_code == 404
    elsewhere = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    assert http.get(f"/pages/{article}/1", headers=elsewhere).status_code == 403


def test_nobody_sees_a_page_before_signing_in(fake: FakeAssistant, page: Page) -> None:
    article = fake.add_bytes(PDF, "lighthouse.pdf").id
    with serving(built(around, page, fake.settings, [("ada", "secret")])) as address:
        refused = httpx.get(f"{address}/pages/{article}/1")
        assert (refused.status_code, refused.json()) == (401, {"error": "Sign in first."})
        with httpx.Client(base_url=address) as http:
            http.post("/login", data={"username": "ada", "password": "secret"})
            assert http.get(f"/pages/{article}/1").status_code == 200
