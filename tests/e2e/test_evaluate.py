"""The report of an evaluation, and the page that makes one."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant.evaluation import evaluate
from e2e.browsing import SCREENS, Screen, Server, find_browser, serious

Open = Callable[..., Screen]
SAMPLE = Path(__file__).parents[1] / "quality" / "sample.jsonl"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, without telling."""

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        """Answers; browsers ask for an icon that no report has."""
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a report with every outcome in it."""
    folder = tmp_path_factory.mktemp("report")
    evaluate(SAMPLE, "first", report=folder, compare="lexical")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/report.html"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS)
def test_the_report_fits_the_screen_and_axe_finds_nothing_serious(
    report: str, open_page: Open, width: int, height: int, scheme: str
) -> None:
    screen = open_page(report, width, height, scheme, wait=False, reduced_motion="reduce")
    for summary in screen.page.locator("summary").all()[:2]:
        summary.click()
    assert screen.page.evaluate("document.documentElement.scrollWidth") == width
    expect(screen.page.locator("figure svg")).to_have_count(4)
    assert serious(screen) == []


def test_questions_are_filtered_searched_and_sorted(report: str, open_page: Open) -> None:
    page = open_page(report, wait=False).page
    shown = page.locator("details.row:visible")
    expect(shown).to_have_count(90)
    page.get_by_role("button", name="wrong answer").click()
    page.get_by_role("button", name="should have refused").click()
    assert 0 < shown.count() < 90
    assert {row.get_attribute("data-outcome") for row in shown.all()} == {"right"}
    page.get_by_label("Search questions and answers").fill("no such words")
    expect(shown).to_have_count(0)
    expect(page.get_by_text("No question is left.")).to_be_visible()
    page.get_by_label("Search questions and answers").fill("")
    page.get_by_role("button", name="wrong answer").click()
    page.get_by_label("Kind of question").select_option("name")
    assert {row.get_attribute("data-kind") for row in shown.all()} == {"name"}
    page.get_by_label("Kind of question").select_option("")
    page.get_by_label("Order").select_option("f1")
    scores = [float(row.get_attribute("data-f1") or "nan") for row in shown.all()]
    assert scores == sorted(scores)


@pytest.fixture(scope="module")
def evaluate_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    find_browser()
    server = Server(tmp_path_factory.mktemp("evaluate"), Path(__file__).parent / "evaluate_server.py")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def open_evaluate(evaluate_page: Server, open_page: Open) -> Iterator[Callable[[], Screen]]:
    """Opens the page that evaluates. Gradio's own client warns when a stream ends, and nothing can be done about it."""
    screens = []

    def open_screen() -> Screen:
        screen = open_page(f"{evaluate_page.url}evaluate", wait=False)
        screens.append(screen)
        screen.page.get_by_role("heading", name="Evaluate").wait_for()
        return screen

    yield open_screen
    for screen in screens:
        screen.problems[:] = [one for one in screen.problems if one != "console warning: Method not implemented."]


def test_a_set_is_uploaded_watched_and_a_failure_leads_back_to_the_chat(
    open_evaluate: Callable[[], Screen], tmp_path: Path
) -> None:
    rows = [
        {"question": "Who is the Armenian foreign minister?", "answers": ["Ararat Mirzoyan"]},
        {"question": "When was the base established?", "answers": ["a wrong label, so that there is a failure"]},
    ]
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    page = open_evaluate().page
    page.locator("#evaluate input[type=file]").set_input_files(path)
    page.get_by_text("Chosen: mine.jsonl").wait_for()
    page.get_by_role("button", name="Evaluate", exact=True).click()
    frame = page.frame_locator("iframe[title=Report]")
    frame.get_by_role("heading", name="Evaluation: mine").wait_for(timeout=120_000)
    expect(page.get_by_text("1 of 2 right")).to_be_visible()
    first = frame.locator("details.row").first
    expect(first.locator(".badge")).to_have_text(re.compile("^(wrong answer|wrongly refused)$"))
    first.locator("summary").click()
    address = first.get_by_role("link", name="Ask it in the chat").get_attribute("href")
    assert address is not None
    assert "ask=When+was+the+base+established" in address


def test_a_mistake_in_a_file_is_told_on_the_page(open_evaluate: Callable[[], Screen], tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"question": "Who?", "answers": "Ada"}\n')
    page = open_evaluate().page
    page.locator("#evaluate input[type=file]").set_input_files(path)
    page.get_by_text("Chosen: mine.jsonl").wait_for()
    page.get_by_role("button", name="Evaluate", exact=True).click()
    page.get_by_text("mine.jsonl, line 1: field `answers`: expected a list, got 'Ada'").wait_for()
