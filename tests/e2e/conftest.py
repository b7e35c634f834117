"""One browser and one server of each kind for all journeys; every page is watched for errors and outside requests."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from assistant.assistant import Assistant
from assistant.settings import Settings, shipped
from e2e.browsing import ARGUMENTS, ROOT, Contexts, Screen, Server, find_browser, watch

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


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
    library = tmp_path_factory.mktemp("real")
    with Assistant.open(Settings(library=library)) as assistant:
        assistant.add_file(next(shipped("articles").glob("*.txt")))
    server = Server(library, ROOT / "app.py")
    server.start()
    yield server
    server.stop()


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


def keep_screenshots(request: pytest.FixtureRequest, screens: list[Screen]) -> None:
    """Keeps the last view of each page in ASSISTANT_SCREENSHOTS, else under test-results/."""
    folder = Path(os.environ.get("ASSISTANT_SCREENSHOTS", ROOT / "test-results"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    name = re.sub(r"\W+", "-", request.node.name)[:80].strip("-")
    for n, screen in enumerate(screens):
        if not screen.page.is_closed():
            screen.page.screenshot(path=folder / f"{name}{f'-{n}' if n else ''}.png")
