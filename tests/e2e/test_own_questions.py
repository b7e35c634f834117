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
    file = screen.call("export_questions")
    row = json.loads(file["text"].splitlines()[-1])
    assert row["question"] == "Who said the engine could not be repaired?"
    assert row["answers"] == ["Captain Ida Brandt", "Ida Brandt"]
    assert row["context"].startswith("The ferry to Norwick")


def test_own_questions_are_saved_as_a_file_from_the_settings(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    screen.ask("Who said the engine could not be repaired?")
    screen.page.get_by_role("button", name="Bad answer").click()
    screen.page.get_by_role("button", name="Add it to my questions").click()
    screen.page.get_by_label("The article does not say").check()
    screen.page.get_by_role("button", name="Add", exact=True).click()
    screen.page.get_by_text("Added to your questions.").wait_for()
    screen.page.get_by_role("button", name="Settings", exact=True).click()
    with screen.page.expect_download() as download:
        screen.page.get_by_role("button", name="Save my questions (1)").click()
    assert download.value.suggested_filename == "my-questions.jsonl"
    assert json.loads(download.value.path().read_text(encoding="utf-8"))["answerable"] is False


def test_an_address_fills_in_its_question_and_asks_nothing(served: Server, open_page: Open) -> None:
    screen = open_page(f"{served.url}?ask=Who+said+the+engine+could+not+be+repaired%3F")
    expect(screen.page.get_by_label("Your question")).to_have_value("Who said the engine could not be repaired?")
    assert screen.page.url == served.url
    assert screen.call("list_chats")["chats"] == []
    expect(screen.page.get_by_role("link", name="Evaluate")).to_have_attribute("href", "./evaluate")
