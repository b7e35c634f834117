"""The conversation: steps, stop, retry, edit, follow-ups; kept, renamed, deleted, exported, rated."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2e.browsing import Screen, Server

Open = Callable[..., Screen]
ENGINE = "Who said the engine could not be repaired?"


def test_steps_are_shown_until_the_answer_takes_their_place(served: Server, open_page: Open) -> None:
    served.call("set_slow_seconds", 1.5)
    page = open_page(served.url).page
    page.get_by_label("Your question").fill("Who said slowly the engine could not be repaired?")
    page.keyboard.press("Enter")
    page.locator(".status-text", has_text="Searching the article…").wait_for()
    top = page.locator(".question").bounding_box()
    page.locator(".quote").wait_for()
    expect(page.locator(".status")).to_have_count(0)
    after = page.locator(".question").bounding_box()
    assert top is not None
    assert after is not None
    assert abs(after["y"] - top["y"]) < 2, "the answer arrives without moving what is above it"


def test_stop_then_try_again(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    page.get_by_label("Your question").fill("Who said slowly the engine could not be repaired?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".problem p")).to_have_text("Stopped.")
    served.call("set_slow_seconds", 0.1)
    page.get_by_role("button", name="Try again").click()
    page.locator(".quote").wait_for()
    expect(page.locator(".turn")).to_have_count(1)


def test_edit_replaces_the_question_and_what_follows(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    screen.ask(ENGINE)
    screen.ask("What does a seaplane ticket cost?")
    page.get_by_label("Edit this question").first.click()
    expect(page.locator(".composer-note")).to_contain_text("Editing: this and 1 later answer will be replaced.")
    page.get_by_label("Your question").fill("What did the harbour office sell?")
    page.keyboard.press("Enter")
    page.locator(".quote", has_text="museum").wait_for()
    expect(page.locator(".question p")).to_have_text(["What did the harbour office sell?"])
    screen.reload()
    expect(page.locator(".question p")).to_have_text(["What did the harbour office sell?"])


def test_two_windows_on_one_conversation_lose_nothing(served: Server, open_page: Open) -> None:
    first, second = open_page(served.url), open_page(served.url)
    first.ask(ENGINE)
    second.reload()
    first.ask("What does a seaplane ticket cost?")
    second.ask("What did the harbour office sell?")
    first.reload()
    expect(first.page.locator(".question p")).to_have_text(
        [
            ENGINE,
            "What does a seaplane ticket cost?",
            "What did the harbour office sell?",
        ]
    )


def test_asking_again_keeps_one_turn(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    screen.ask(ENGINE)
    screen.page.get_by_label("Ask again").click()
    screen.page.locator(".quote").wait_for()
    chat = screen.call("list_chats")["chats"][0]
    assert (screen.page.locator(".turn").count(), chat["n_turns"]) == (1, 1)


def test_a_follow_up_shows_how_it_was_understood(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    expect(screen.ask(ENGINE).locator(".understood")).to_have_count(0)
    turn = screen.ask("Why did she say that about the engine, which could not be repaired?")
    expect(turn.locator(".understood")).to_contain_text("Understood as: Why did she say that")


def test_conversations_are_kept_renamed_deleted_and_brought_back(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    screen.ask(ENGINE)
    page.get_by_role("button", name="New conversation").click()
    screen.ask("What does a seaplane ticket cost?")
    names = page.locator(".chat-list .row-name")
    expect(names).to_have_text(["What does a seaplane ticket cost?", ENGINE])
    screen.reload()
    expect(page.locator(".question p")).to_have_text("What does a seaplane ticket cost?")
    screen.choose("Actions for this conversation", "Rename")
    page.get_by_label("Name", exact=True).fill("Seaplanes")
    page.keyboard.press("Enter")
    page.locator(".bar h1", has_text="Seaplanes").wait_for()
    screen.choose("Actions for this conversation", "Delete")
    page.locator(".notice", has_text="Conversation deleted.").wait_for()
    expect(names).to_have_text([ENGINE])
    page.get_by_role("button", name="Undo").click()
    page.locator(".bar h1", has_text="Seaplanes").wait_for()
    expect(names).to_have_text(["Seaplanes", ENGINE])
    names.nth(1).click()
    page.locator(".question p", has_text=ENGINE).wait_for()


def test_a_thumb_is_kept(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    screen.ask(ENGINE)
    page.get_by_label("Good answer").click()
    page.locator('[aria-label="Good answer"][aria-pressed="true"]').wait_for()
    page.get_by_label("Bad answer").click()
    page.locator('[aria-label="Bad answer"][aria-pressed="true"]').wait_for()
    screen.reload()
    expect(page.get_by_label("Bad answer")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Good answer")).to_have_attribute("aria-pressed", "false")
    chat = screen.call("list_chats")["chats"][0]
    assert screen.call("open_chat", chat["id"])["turns"][0]["rating"] == -1


@pytest.mark.parametrize(
    ("form", "ending", "expected"),
    [
        ("Export as Markdown", ".md", "> Captain Ida Brandt said the engine could not be repaired. \\[1\\]"),
        ("Export as a web page", ".html", '<blockquote dir="auto" id="t0c1">[1] Captain Ida Brandt said'),
        ("Export as JSON", ".json", '"text": "Captain Ida Brandt said the engine could not be repaired."'),
    ],
)
def test_a_conversation_is_exported_with_its_citations(
    served: Server, open_page: Open, form: str, ending: str, expected: str
) -> None:
    screen = open_page(served.url)
    screen.ask(ENGINE)
    with screen.page.expect_download() as download:
        screen.choose("Actions for this conversation", form)
    assert download.value.suggested_filename == f"Who-said-the-engine-could-not-be-repaired{ending}"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert expected in text
    if ending == ".json":
        assert json.loads(text)["turns"][0]["question"] == ENGINE


def test_an_answer_is_copied_with_its_citations(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    screen.ask(ENGINE)
    screen.page.get_by_label("Copy this answer").click()
    screen.page.locator(".notice").wait_for()
    assert screen.page.evaluate("navigator.clipboard.readText()") == (
        f"{ENGINE}\n\nCaptain\n\n[1] “Captain Ida Brandt said the engine could not be repaired.”"
    )


def test_a_conversation_of_300_turns_opens_at_its_end(served: Server, open_page: Open) -> None:
    served.call("fill_chat", 300)
    screen = open_page(served.url)
    screen.page.locator(".chat-list .row-name").first.click()
    screen.page.locator("#turn-new, .turn").nth(299).wait_for()
    expect(screen.page.locator(".turn")).to_have_count(300)
    assert screen.is_in_view(".turn:last-child .foot")
    screen.ask("What does a seaplane ticket cost?")
    expect(screen.page.locator(".turn")).to_have_count(301)
    assert screen.is_in_view(".turn:last-child .foot")
