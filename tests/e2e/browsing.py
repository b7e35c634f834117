"""What journeys are made of: a server, a page in the browser, and what a reader does on it."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The first is needed in a container; the others keep the browser itself from calling home.
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()

# (width, height, scheme). What is wrong with a screen is nearly always wrong with its width or its colours, so each of these
# is seen once in every run, and all pairs in the long ones.
SCREENS = [
    (1400, 900, "light"),
    (390, 844, "dark"),
    pytest.param(1400, 900, "dark", marks=pytest.mark.soak),
    pytest.param(390, 844, "light", marks=pytest.mark.soak),
]


def find_browser() -> str:
    """Returns the path of an installed Chromium or Chrome; without one the journeys are skipped, or fail under CI."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        message = (
            f"No browser found: none of {', '.join(BROWSERS)} is on the PATH. Install Chromium to run the journeys."
        )
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


def free_port() -> int:
    """Returns a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A page served by a process of its own, on a library of its own."""

    def __init__(self, library: Path, script: Path, *arguments: str, **environment: str) -> None:
        self.library = library
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        named = {
            "ASSISTANT_LIBRARY": str(library),
            "GRADIO_TEMP_DIR": str(library / "uploads"),
            "PYTHONPATH": str(ROOT),
        }
        self._environment = {**os.environ, **named, "GRADIO_SERVER_PORT": str(self.port), **environment}
        self._command = [sys.executable, str(script), *(argument.format(port=self.port) for argument in arguments)]
        self._log = library / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(self.url, timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        self.stop()
        pytest.fail(f"The server did not come up: {self._log.read_text()[-2000:]}")

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Ends the server at once, as a crash would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def call(self, name: str, *data: Any) -> Any:
        """Calls an endpoint as a program does, one that no browser is known by, and returns its reply."""
        body = json.dumps({"data": data}).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(f"{self.url}gradio_api/run/{name}", body, headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["data"][0]


@dataclass
class Screen:
    """A page in the browser, with what a reader does on it."""

    page: Page
    problems: list[str]

    def ask(self, question: str) -> Any:
        """Asks, waits for the answer and returns its turn."""
        n = self.page.locator(".turn").count()
        self.page.get_by_label("Your question").fill(question)
        self.page.keyboard.press("Enter")
        turn = self.page.locator(".turn").nth(n)
        turn.locator(".foot, .problem").wait_for()
        return turn

    def drop(self, path: Path, told: str = "Article added.") -> None:
        """Drops a file onto the page and waits until it is told that it was added."""
        self.page.locator(".conversation-panel").evaluate(
            """(panel, [name, content]) => {
                const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
                const data = new DataTransfer();
                data.items.add(new File([bytes], name));
                panel.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, composed: true }));
            }""",
            [path.name, base64.b64encode(path.read_bytes()).decode()],
        )
        self.page.locator(".notice", has_text=told).wait_for()

    def call(self, name: str, *data: Any) -> Any:
        """Calls an endpoint as this page does and returns its reply."""
        root = self.page.evaluate("location.origin")
        response = self.page.request.post(f"{root}/gradio_api/run/{name}", data={"data": list(data)})
        assert response.ok, response.text()
        return response.json()["data"][0]

    def reload(self) -> None:
        """Loads the page again and waits until it can be used."""
        self.page.reload()
        self.page.locator("[data-ready]").wait_for()

    def choose(self, button: str, item: str) -> None:
        """Opens the menu under a button and chooses from it."""
        self.page.get_by_role("button", name=button, exact=True).first.click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def tops(self, selector: str) -> tuple[float, float, float]:
        """Returns the top of an element and the top and bottom of the scrolling pane around it."""
        return tuple(  # type: ignore[return-value]
            self.page.locator(selector).first.evaluate(
                "e => { const p = e.closest('.scroller').getBoundingClientRect();"
                " return [e.getBoundingClientRect().top, p.top, p.bottom]; }"
            )
        )

    def is_in_view(self, selector: str) -> bool:
        """Returns whether an element is in the visible part of its pane, once scrolling has ended."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            top, pane_top, pane_bottom = self.tops(selector)
            if pane_top <= top < pane_bottom:
                return True
            self.page.wait_for_timeout(50)
        return False


def serious(screen: Screen, inside: str = "") -> list[str]:
    """Returns what axe-core finds serious or critical.

    Args:
        screen: what is looked at.
        inside: only what is in a shadow root or under an element of this selector counts; "" for all.
    """
    found: list[dict[str, Any]] = Axe().run(screen.page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
        if not inside or isinstance(node["target"][0], list) or inside in str(node["target"])
    ]


class Contexts:
    """Browser contexts, kept for the session: a page that was loaded once loads faster the next time."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}

    def get(self, **options: Any) -> BrowserContext:
        """Returns the context with these options."""
        key = repr(sorted(options.items()))
        if key not in self._contexts:
            context = self._browser.new_context(**options)
            context.set_default_timeout(20_000)
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            self._contexts[key] = context
        return self._contexts[key]

    def clean(self) -> None:
        """Forgets what pages have kept, and closes them."""
        for context in self._contexts.values():
            context.set_offline(False)
            context.clear_cookies()
            for page in context.pages:
                page.evaluate("localStorage.clear()")
                page.close()


def watch(screen: Screen) -> None:
    """Notes errors in the console, uncaught exceptions, dialogs, and requests to anywhere but this machine."""
    page, problems = screen.page, screen.problems
    page.on(
        "console", lambda m: problems.append(f"console {m.type}: {m.text}") if m.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
    page.on("dialog", lambda dialog: (problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    allowed = re.compile(r"(http://(127\.0\.0\.1|localhost)[:/]|data:|blob:)")
    page.on("request", lambda r: None if allowed.match(r.url) else problems.append(f"outside request: {r.url}"))


@contextmanager
def one_page(server: Server, contexts: Contexts) -> Iterator[Screen]:
    """Opens a page that several tests share, ready to be asked."""
    screen = Screen(contexts.get(viewport={"width": 1400, "height": 900}).new_page(), [])
    watch(screen)
    screen.page.goto(server.url)
    screen.page.locator("[data-ready]").wait_for()
    yield screen
    screen.page.close()
