"""Prints how fast the chat starts, loads and answers, beside an empty Gradio app in the same run.

    python -m benchmarks.chat_speed [--rounds 3] [--questions 15] [--json]

Server up: from `python app.py` to the first page served. Page usable: from the address to a box that takes a question,
with a browser that has nothing cached. Answer shown: from Enter to the answer with its citations on the screen.
"""

from __future__ import annotations

import argparse
import json
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks.chat_server import BROWSER_ARGUMENTS, Running, find_browser, running

QUESTIONS = (
    "What did Mirzoyan say?",
    "Who is the Armenian foreign minister?",
    "What happened in 2020?",
    "What did Kopyrkin say about the base?",
    "Which countries border Armenia?",
    "Which newspaper interviewed the ambassador?",
    "Why is the base important to Moscow?",
    "What does Yerevan not intend to do?",
    "Who is the Russian ambassador to Armenia?",
    "What is on the agenda of bilateral relations?",
    "Who won the World Cup in 1998?",
    "What is this article about?",
    "How many soldiers are at the base?",
    "In which areas should cooperation be strengthened?",
    "When was the base founded?",
)
BARS = {"server_up": 8.0, "page_usable": 3.0, "answer_shown": 0.8}


def main() -> None:
    """Measures and prints medians, with the bar of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="servers started, and pages loaded in each (default 3)")
    parser.add_argument("--questions", type=int, default=len(QUESTIONS), help="questions asked in each round")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    figures = measure(arguments.rounds, QUESTIONS[: arguments.questions])
    if arguments.json:
        print(json.dumps(figures, indent=2))
        return
    print(f"{'':14} {'chat':>8} {'empty app':>10} {'bar':>7}   (median seconds)")
    for name, bar in BARS.items():
        empty = figures.get(f"{name}_empty")
        beside = f"{empty:10.2f}" if empty else f"{'':10}"
        print(f"{name.replace('_', ' '):14} {figures[name]:8.2f} {beside} {bar:7.1f}   {verdict(figures[name], bar)}")
    print(f"{'answer p95':14} {figures['answer_shown_p95']:8.2f}")


def measure(rounds: int, questions: tuple[str, ...]) -> dict[str, float]:
    """Returns the medians over all rounds, in seconds."""
    up: list[float] = []
    usable: list[float] = []
    shown: list[float] = []
    up_empty: list[float] = []
    usable_empty: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_ARGUMENTS)
        for _ in range(rounds):
            with running(empty=True) as server:
                up_empty.append(server.start_seconds)
                usable_empty += [load_seconds(browser, server, "#ready") for _ in range(rounds)]
            with running() as server:
                up.append(server.start_seconds)
                usable += [load_seconds(browser, server, "[data-ready] textarea") for _ in range(rounds)]
                shown += answer_seconds(browser, server, questions)
        browser.close()
    return {
        "server_up": median(up),
        "server_up_empty": median(up_empty),
        "page_usable": median(usable),
        "page_usable_empty": median(usable_empty),
        "answer_shown": median(shown),
        "answer_shown_p95": sorted(shown)[int(0.95 * (len(shown) - 1))],
    }


def load_seconds(browser: Browser, server: Running, selector: str) -> float:
    """Returns how long a page takes until `selector` is there, in a context that has nothing cached."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(server.url, wait_until="commit")
    page.locator(selector).wait_for(timeout=60_000)
    seconds = float(page.evaluate("performance.now()")) / 1000
    context.close()
    return seconds


def answer_seconds(browser: Browser, server: Running, questions: tuple[str, ...]) -> list[float]:
    """Returns how long each answer takes from Enter to the screen, by the browser's own clock."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(server.url)
    page.locator("[data-ready]").wait_for(timeout=60_000)
    seconds = []
    for n, question in enumerate(questions):
        page.get_by_label("Your question").fill(question)
        page.evaluate("window.began = performance.now()")
        page.keyboard.press("Enter")
        page.locator(".turn").nth(n).locator(".foot").wait_for(timeout=60_000)
        seconds.append(float(page.evaluate("performance.now() - window.began")) / 1000)
    context.close()
    return seconds


def verdict(value: float, bar: float) -> str:
    """Returns whether a figure keeps its bar."""
    return "ok" if value <= bar else f"over the bar by {value - bar:.2f} s"


if __name__ == "__main__":
    main()
