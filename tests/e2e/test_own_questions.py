"""From a bad answer to a question of one's own, and from a report back to the chat."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import expect

from e2e.browsing import Screen, Server

Open = Callable[..., Screen]


def test_a_bad_answer_becomes_a_question_of_ones_own(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    screen.ask("Who said the engine could not be repaired?")
    screen.page.get_by_role("button", name="Bad answer").click()
    screen.page.get_by_role("button", name="Add it to my questions").click()
    screen.page.get_by_label("Right answer, in the article’s words").fill("Captain Ida Brandt | Ida Brandt")
    screen.page.get_by_role("button", name="Add", exact=True).click()
    screen.page.get_by_text("Added to your questions.").wait_for()
    kept = (served.library / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    row = json.loads(kept[-1])
    assert row["question"] == "Who said the engine could not be repaired?"
    assert row["answers"] == ["Captain Ida Brandt", "Ida Brandt"]
    assert row["context"].startswith("The ferry to Norwick")


def test_an_address_asks_its_question_once(served: Server, open_page: Open) -> None:
    screen = open_page(f"{served.url}?ask=Who+said+the+engine+could+not+be+repaired%3F")
    screen.page.locator(".turn .foot").wait_for()
    assert screen.page.url == served.url
    expect(screen.page.get_by_role("link", name="Evaluate")).to_have_attribute("href", "./evaluate")
