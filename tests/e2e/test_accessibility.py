"""Keyboard, names, contrast, motion, and scripts other than Latin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from e2e.browsing import SCREENS, Screen, Server, serious

Open = Callable[..., Screen]
OURS = "#assistant"  # Gradio's own page around it is not counted
ENGINE = "Who said the engine could not be repaired?"


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS)
def test_axe_finds_nothing_serious(served: Server, open_page: Open, width: int, height: int, scheme: str) -> None:
    served.call("add", "Second article.\n\nIt has two sentences.", "Second", "")
    screen = open_page(served.url, width, height, scheme, reduced_motion="reduce")
    page = screen.page
    assert serious(screen, OURS) == []
    screen.ask("Which football team won yesterday?").locator("summary").click()
    screen.ask(ENGINE)
    assert serious(screen, OURS) == []
    page.locator(".quote .marker").last.click()
    page.locator(".sentence.target").wait_for()
    assert serious(screen, OURS) == []
    page.go_back()
    if width < 800:
        page.get_by_label("Conversations, articles and settings").click()
    assert serious(screen, OURS) == []
    page.get_by_role("button", name="Settings", exact=True).click()
    assert serious(screen, OURS) == []
    page.keyboard.press("Escape")


def test_everything_of_an_answer_is_reached_by_keyboard(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(ENGINE)
    page.keyboard.press("Enter")
    page.locator(".foot").wait_for()
    reached = []
    page.get_by_label("Edit this question").focus()
    for _ in range(8):
        reached.append(
            page.locator(".shell").evaluate(
                "e => { const a = e.getRootNode().activeElement; return a.getAttribute('aria-label') || a.className; }"
            )
        )
        page.keyboard.press("Tab")
    assert reached == [
        "Edit this question",
        "Citation 1: show it in the article",
        "Citation 1: show it in the article",
        "confidence high",
        "Good answer",
        "Bad answer",
        "Copy this answer",
        "Ask again",
    ]


def test_a_menu_is_used_and_left_by_keyboard(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    screen.ask(ENGINE)
    button = page.get_by_role("button", name="Actions for this conversation")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(button).to_be_focused()


def test_focus_can_be_seen(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    screen.page.keyboard.press("Tab")
    outline = screen.page.locator(".shell").evaluate(
        "e => { const s = getComputedStyle(e.getRootNode().activeElement); return [s.outlineStyle, s.outlineWidth]; }"
    )
    assert outline == ["solid", "2px"]


def test_nothing_moves_for_those_who_asked_for_less_motion(served: Server, open_page: Open) -> None:
    screen = open_page(served.url, reduced_motion="reduce")
    screen.ask(ENGINE)
    assert screen.page.locator(".turn .answer").evaluate("e => getComputedStyle(e).animationName") == "none"


@pytest.mark.parametrize(
    ("text", "question", "quote", "direction"),
    [
        (
            "أعلنت المدينة افتتاح الجسر الجديد. قال المهندس إن الجسر متين.",
            "متى افتتاح الجسر الجديد المدينة؟",
            "أعلنت المدينة افتتاح الجسر الجديد.",
            "rtl",
        ),
        ("הגשר החדש נפתח במרץ. Nothing else.", "מתי נפתח הגשר החדש?", "הגשר החדש נפתח במרץ.", "rtl"),
        ("新しい橋は三月に開通した。 次の文です。", "新しい橋は三月に開通した", "新しい橋は三月に開通した。", "ltr"),
    ],
)
def test_other_scripts_are_shown_in_their_direction(
    served: Server, open_page: Open, text: str, question: str, quote: str, direction: str
) -> None:
    served.call("reset", False)
    served.call("add", text, "", "")
    screen = open_page(served.url)
    assert screen.page.locator(".paragraph").first.evaluate("e => getComputedStyle(e).direction") == direction
    turn = screen.ask(question)
    block = turn.locator(".quote blockquote").first
    expect(block).to_contain_text(quote)
    assert block.evaluate("e => getComputedStyle(e).direction") == direction
    turn.locator(".quote .marker").first.click()
    assert screen.is_in_view(".sentence.target")
