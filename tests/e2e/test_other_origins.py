"""A page from elsewhere, in the same browser, reaches nothing: not by scripts, forms, pictures, frames or another name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page

from e2e.browsing import Screen, Server

Open = Callable[..., Screen]

ATTACK = """async (target) => {
    const tried = {};
    const note = async (name, attempt) => { try { tried[name] = await attempt(); } catch (error) { tried[name] = "failed"; } };
    const call = { method: "POST", body: JSON.stringify({ data: ["delete"] }) };
    await note("read", async () => (await fetch(target + "config")).status);
    await note("read with cookies", async () => (await fetch(target + "config", { credentials: "include" })).status);
    await note("call", async () => (await fetch(target + "gradio_api/run/delete_everything", { ...call, headers: { "content-type": "application/json" } })).status);
    await note("blind call", async () => (await fetch(target + "gradio_api/run/delete_everything", { ...call, mode: "no-cors", credentials: "include" })).type);
    await note("blind upload", async () => (await fetch(target + "uploads", { method: "POST", mode: "no-cors", body: "text" })).type);
    await note("beacon", async () => navigator.sendBeacon(target + "gradio_api/run/delete_everything", call.body));
    await note("picture", () => new Promise((resolve) => { const image = new Image(); image.onload = () => resolve("loaded"); image.onerror = () => resolve("failed"); image.src = target + "favicon.ico"; }));
    await note("script", () => new Promise((resolve) => { const script = document.createElement("script"); script.onload = () => resolve("loaded"); script.onerror = () => resolve("failed"); script.src = target + "config"; document.body.append(script); }));
    await note("events", () => new Promise((resolve) => { const events = new EventSource(target + "gradio_api/heartbeat/x"); events.onopen = () => resolve("opened"); events.onerror = () => { events.close(); resolve("failed"); }; }));
    await note("frame", () => new Promise((resolve) => { const frame = document.createElement("iframe"); frame.name = "framed"; frame.onload = () => resolve(frame.contentDocument ? "readable" : "closed"); frame.src = target; document.body.append(frame); setTimeout(() => resolve("closed"), 3000); }));
    const form = Object.assign(document.createElement("form"), { method: "post", action: target + "gradio_api/run/delete_everything", target: "framed", enctype: "text/plain" });
    form.append(Object.assign(document.createElement("input"), { name: '{"data": ["delete"], "x": "', value: '"}' }));
    document.body.append(form);
    form.submit();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return tried;
}"""


class Elsewhere(BaseHTTPRequestHandler):
    """An empty page of another origin."""

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        """Answers with the page."""
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Elsewhere</title><body></body>")


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[int]:
    """The port of a page that is not ours."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def attacked_from(page: Page, address: str, target: str) -> dict[str, object]:
    """Returns what a page at `address` gets out of our page."""
    page.goto(address)
    return dict(page.evaluate(ATTACK, target))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "evil.localhost"])
def test_a_page_of_another_port_or_name_reads_and_changes_nothing(
    served: Server, open_page: Open, elsewhere: int, host: str
) -> None:
    screen = open_page(served.url)
    screen.ask("Who said the engine could not be repaired?")
    other = screen.page.context.new_page()
    try:
        tried = attacked_from(other, f"http://{host}:{elsewhere}/", served.url)
        frames = [frame.url for frame in other.frames if frame.name == "framed"]
    finally:
        other.close()
    assert tried.pop("blind call") in ("opaque", "failed"), (
        "a browser sends it; what matters is that nothing comes of it"
    )
    assert tried.pop("blind upload") in ("opaque", "failed")
    assert tried.pop("beacon") in (True, False)
    assert tried.pop("frame") == "closed"
    assert set(tried.values()) == {"failed"}, tried
    assert not any(url.startswith(served.url) for url in frames if url.endswith("/"))
    assert len(screen.call("list_articles")["articles"]) == 1
    assert len(screen.call("list_chats")["chats"]) == 1


def test_a_name_that_was_pointed_at_this_machine_is_not_answered(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    response = screen.page.request.get(served.url, headers={"Host": f"evil.example:{served.port}"})
    assert response.status == 403


def test_our_own_script_runs_under_the_policy_and_an_inline_one_does_not(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    screen.page.evaluate(
        """() => { const script = document.createElement("script"); script.textContent = "window.hacked = 1";
        document.body.append(script); const button = document.createElement("button");
        button.setAttribute("onclick", "window.hacked = 1"); document.body.append(button); button.click(); }"""
    )
    assert screen.page.evaluate("window.hacked") is None
    refused = [one for one in screen.problems if "Content Security Policy" in one]
    assert len(refused) >= 2
    screen.problems[:] = [one for one in screen.problems if one not in refused]
