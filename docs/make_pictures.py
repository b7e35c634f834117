"""Makes the pictures of docs/tour.md from the real page: `python docs/make_pictures.py`. Needs Chromium and playwright."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from e2e.browsing import ARGUMENTS, Server, find_browser  # noqa: E402

from assistant import Assistant, Settings, evaluate  # noqa: E402
from assistant.settings import shipped  # noqa: E402

TO = ROOT / "docs" / "pictures"
QUESTION = "What did Mirzoyan say?"


def opened(browser: Browser, url: str, width: int = 1280, height: int = 760, scheme: str = "light") -> Page:
    """Returns the page, ready to be used; colours as `scheme` says."""
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, color_scheme=scheme, has_touch=width < 800)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    page.locator("[data-ready]").wait_for()
    return page


def ask(page: Page, question: str) -> None:
    """Asks and waits for the answer."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.locator(".turn").last.locator(".foot, .problem").wait_for(timeout=60_000)
    page.wait_for_timeout(600)


def keep(page: Page, name: str) -> None:
    """Keeps what is seen."""
    page.screenshot(path=TO / f"{name}.png")


def main() -> None:
    """Makes all of them, in a library of their own."""
    TO.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        library = Path(folder)
        with Assistant.open(Settings(library=library)) as assistant:
            assistant.add_file(next(shipped("articles").glob("*.txt")))
        server = Server(library, ROOT / "app.py")
        server.start()
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        try:
            page = opened(browser, server.url)
            ask(page, QUESTION)
            keep(page, "answer")
            ask(page, "How much did the base cost?")
            keep(page, "refusal")
            page.get_by_role("button", name="Add an article").click()
            page.locator("dialog[open]").wait_for()
            keep(page, "add")
            page = opened(browser, server.url, 390, 760, "dark")
            ask(page, QUESTION)
            keep(page, "phone")
            evaluate(ROOT / "tests/quality/sample.jsonl", report=library / "report")
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.goto((library / "report" / "report.html").as_uri())
            keep(page, "report")
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
