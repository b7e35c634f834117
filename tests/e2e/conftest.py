"""One browser and one server of each kind for all journeys; every page is watched for errors and outside requests."""

from __future__ import annotations

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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The first is needed in a container; the others keep the browser itself from calling home.
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


REPEAT = int(os.environ.get("SOAK_REPEAT", "1"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks all journeys, before pytest chooses among them; repeated ones belong to the long runs."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if REPEAT > 1:
                item.add_marker(pytest.mark.soak)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`SOAK_REPEAT=20` runs every journey 20 times in a row."""
    if REPEAT > 1:
        metafunc.fixturenames.append("soak_round")
        metafunc.parametrize("soak_round", range(REPEAT))


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Server:
    """A page served by a process of its own, on a library of its own."""

    def __init__(self, library: Path, script: Path, *arguments: str, **environment: str) -> None:
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

    def stop(self) -> None:
        """Ends the server at once, as a crash would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def call(self, name: str, *data: Any) -> Any:
        """Calls an endpoint as the page does and returns its reply."""
        body = json.dumps({"data": data}).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(f"{self.url}gradio_api/run/{name}", body, headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["data"][0]


@pytest.fixture(scope="session")
def fake_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real page before an assistant without models: fast, and slow or failing on demand."""
    find_browser()
    library = tmp_path_factory.mktemp("fake")
    server = Server(library, Path(__file__).parent / "fake_server.py", "{port}", str(library))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def served(fake_server: Server) -> Server:
    """The fake server with one short article and no conversation."""
    fake_server.call("reset", True)
    return fake_server


@pytest.fixture(scope="session")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`python app.py` with the shipped models and the sample article."""
    find_browser()
    server = Server(tmp_path_factory.mktemp("real"), ROOT / "app.py")
    server.start()
    yield server
    server.stop()


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


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    return Contexts(browser)


@pytest.fixture
def open_page(contexts: Contexts, request: pytest.FixtureRequest) -> Iterator[Callable[..., Screen]]:
    """Opens pages of which each must end without an error in the console and without a request to elsewhere."""
    screens: list[Screen] = []

    def open_screen(
        url: str, width: int = 1400, height: int = 900, scheme: Any = "light", wait: bool = True, **options: Any
    ) -> Screen:
        size: Any = {"width": width, "height": height}
        context = contexts.get(viewport=size, color_scheme=scheme, has_touch=width < 800, **options)
        screen = Screen(context.new_page(), [])
        screens.append(screen)
        watch(screen)
        screen.page.goto(url)
        if wait:
            screen.page.locator("[data-ready]").wait_for()
        return screen

    yield open_screen
    keep_screenshots(request, screens)
    problems = [problem for screen in screens for problem in screen.problems]
    contexts.clean()
    assert problems == []


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


def keep_screenshots(request: pytest.FixtureRequest, screens: list[Screen]) -> None:
    """Keeps the last view of each page in ASSISTANT_SCREENSHOTS, else under test-results/."""
    folder = Path(os.environ.get("ASSISTANT_SCREENSHOTS", ROOT / "test-results"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    name = re.sub(r"\W+", "-", request.node.name)[:80].strip("-")
    for n, screen in enumerate(screens):
        if not screen.page.is_closed():
            screen.page.screenshot(path=folder / f"{name}{f'-{n}' if n else ''}.png")
