"""Asking, and checking the answer against the article: the main journeys, on the real assistant and on a fake one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from e2e.browsing import SCREENS, Screen, Server

Open = Callable[..., Screen]


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS)
def test_a_citation_of_the_sample_article_leads_to_its_sentence(
    real_server: Server, open_page: Open, width: int, height: int, scheme: str
) -> None:
    screen = open_page(real_server.url, width, height, scheme)
    turn = screen.ask("What did Mirzoyan say?")
    quotes = turn.locator(".quote blockquote").all_text_contents()
    assert any("no intention" in quote for quote in quotes)
    marker = turn.locator(".quote .marker").last
    marker.click()
    target = screen.page.locator(".sentence.target")
    target.wait_for()  # on a phone the sheet with it slides in
    expect(target).to_have_text(f"{len(quotes)}{quotes[-1]}")  # its marker stands in front of it
    assert screen.is_in_view(".sentence.target")
    expect(screen.page.locator(".margin-marker")).to_have_text([str(n + 1) for n in range(len(quotes))])


def test_what_the_sample_article_does_not_say_is_refused(real_server: Server, open_page: Open) -> None:
    screen = open_page(real_server.url)
    turn = screen.ask("Who won the football World Cup in 1998?")
    expect(turn.locator(".refusal .headline")).to_have_text("The article does not say.")
    expect(turn.locator(".marker")).to_have_count(0)
    turn.locator("summary").click()
    assert turn.locator(".closest li").count() >= 1


def test_a_greeting_gets_a_hint_and_no_word_on_how_sure_it_is(real_server: Server, open_page: Open) -> None:
    screen = open_page(real_server.url)
    turn = screen.ask("hello")
    expect(turn.locator(".refusal .headline")).to_contain_text("Ask")
    turn.locator(".foot .seconds").wait_for()
    expect(turn.locator(".confidence")).to_have_count(0)


def test_suggested_questions_are_answered_with_confidence(real_server: Server, open_page: Open) -> None:
    screen = open_page(real_server.url)
    screen.page.locator(".suggestion").first.wait_for(timeout=60_000)
    question = str(screen.page.locator(".suggestion").first.text_content())
    screen.page.locator(".suggestion").first.click()
    turn = screen.page.locator(".turn").first
    turn.locator(".foot").wait_for()
    expect(turn.locator(".question p")).to_have_text(question)
    assert turn.locator(".quote").count() >= 1
    assert str(turn.locator(".confidence").text_content()).split(",")[0] in ("Very likely right", "Probably right")


def test_an_answer_shows_its_parts(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    turn = screen.ask("Who said the engine could not be repaired?")
    expect(turn.locator(".headline")).to_have_text(re.compile(r"^Captain\s*1$"))
    expect(turn.locator(".quote blockquote")).to_have_text(
        ["Captain Ida Brandt said the engine could not be repaired."]
    )
    expect(turn.locator(".quote mark")).to_have_text("Captain")
    expect(turn.locator(".confidence")).to_have_text("Very likely right, 87 % sure")
    expect(turn.locator(".seconds")).to_have_text("0.4 s")
    cited = screen.page.locator(".sentence.cited")
    expect(cited).to_have_count(1)
    expect(cited.locator("mark.short")).to_have_text("Captain")
    # It is announced a moment after it is shown.
    expect(screen.page.locator(".shell [aria-live]")).to_have_text("Answer: Captain. 1 citation.")


@pytest.mark.parametrize("way", ["click", "tap", "Enter"])
def test_a_marker_works_by_mouse_finger_and_key(served: Server, open_page: Open, way: str) -> None:
    served.call("reset", False)
    filler = "\n\n".join(f"Filler paragraph number {n} with nothing in it." for n in range(200))
    served.call("add", f"{filler}\n\nThe lighthouse keeper painted the door green.", "Long", "")
    screen = open_page(served.url, *((390, 844) if way == "tap" else (1400, 900)))
    marker = screen.ask("Which lighthouse door was painted green?").locator(".quote .marker").first
    if way == "Enter":
        marker.focus()
        screen.page.keyboard.press("Enter")
    else:
        getattr(marker, way)()
    screen.page.locator(".sentence.target").wait_for()
    assert screen.is_in_view(".sentence.target")
    assert screen.page.url.endswith("#s201")


def test_back_returns_to_where_the_reader_was(served: Server, open_page: Open) -> None:
    filler = "\n\n".join(f"Filler paragraph number {n} with nothing in it." for n in range(120))
    served.call("reset", False)
    served.call("add", f"{filler}\n\nThe lighthouse keeper painted the door green.", "Long", "")
    screen = open_page(served.url)
    marker = screen.ask("Which lighthouse door was painted green?").locator(".quote .marker").first
    pane = screen.page.locator(".article-panel .scroller:not(.pages)")
    pane.evaluate("e => e.scrollTop = 900")
    before = pane.evaluate("e => e.scrollTop")
    marker.click()
    assert screen.is_in_view(".sentence.target")
    screen.page.go_back()
    screen.page.wait_for_function("!location.hash")
    screen.page.wait_for_timeout(300)
    assert abs(pane.evaluate("e => e.scrollTop") - before) < 120
    screen.page.go_forward()
    screen.page.wait_for_function("location.hash === '#s121'")
    assert screen.is_in_view(".sentence.target")


def test_a_margin_marker_leads_back_to_the_answer(served: Server, open_page: Open) -> None:
    screen = open_page(served.url, 390, 844)
    turn = screen.ask("Who said the engine could not be repaired?")
    turn.locator(".quote .marker").click()
    screen.page.locator(".margin-marker").click()
    expect(turn.locator(".quote .marker")).to_be_focused()
    expect(turn.locator(".quote .marker")).to_be_visible()


def test_on_a_phone_the_article_is_a_sheet_that_back_closes(served: Server, open_page: Open) -> None:
    screen = open_page(served.url, 390, 844)
    panel = screen.page.locator(".article-panel")
    expect(panel).not_to_be_visible()
    screen.ask("Who said the engine could not be repaired?").locator(".quote .marker").tap()
    panel.wait_for(state="visible")
    screen.page.go_back()
    panel.wait_for(state="hidden")
    screen.page.get_by_role("button", name="Article", exact=True).tap()
    panel.wait_for(state="visible")
    screen.page.get_by_role("button", name="Close the article").tap()
    panel.wait_for(state="hidden")


def test_on_a_phone_an_answer_leaves_everything_in_its_place(real_server: Server, open_page: Open) -> None:
    screen = open_page(real_server.url, 390, 844)
    for question in ("What did Mirzoyan say?", "Who is the Armenian foreign minister?"):
        screen.ask(question)  # cited sentences lie far down in the article, which is hidden here
        screen.page.wait_for_timeout(400)
        assert screen.page.locator(".bar").bounding_box()["y"] == 0
        composer = screen.page.locator(".composer-box").bounding_box()
        assert 844 - 60 < composer["y"] + composer["height"] <= 844
        assert screen.page.locator(".shell").evaluate("e => e.scrollTop") == 0


def test_a_link_to_a_sentence_can_be_shared(served: Server, open_page: Open) -> None:
    screen = open_page(f"{served.url}#s3")
    expect(screen.page.locator(".sentence.target")).to_have_text(
        "Captain Ida Brandt said the engine could not be repaired."
    )


def test_a_sentence_can_be_asked_about_and_copied(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    page.locator("#s3").click()
    page.get_by_role("menuitem", name="Copy quote with reference").click()
    page.locator(".notice").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == (
        "“Captain Ida Brandt said the engine could not be repaired.” — “The ferry to Norwick”, sentence 3"
    )
    page.locator("#s3").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Ask what is said about this").click()
    expect(page.get_by_label("Your question")).to_have_value(
        "What is said about “The harbour office sold the vessel to a museum”?"
    )


def test_the_closest_sentences_of_a_refusal_are_under_a_fold(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    turn = screen.ask("Which football team won yesterday?")
    assert "refusal" in (turn.locator(".answer").get_attribute("class") or "")
    expect(turn.locator(".closest li").first).not_to_be_visible()
    turn.locator("summary").click()
    turn.locator(".closest .show").first.click()
    assert screen.is_in_view(".sentence.target")
    expect(screen.page.locator(".sentence.cited")).to_have_count(0)
