"""The pages of a PDF: the text first, then its pictures, and what is cited marked over the right words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import expect

from e2e.browsing import ROOT, Screen, Server, serious

Open = Callable[..., Screen]
PDF = ROOT / "tests" / "loaders" / "pdf" / "latex-columns.pdf"
QUESTION = "Which seabirds occupied the abandoned vegetable garden meanwhile?"
SENTENCE = "Seabirds have meanwhile occupied the abandoned vegetable garden."


def show_pages(screen: Screen) -> None:
    screen.page.get_by_role("button", name="Pages", exact=True).click()
    screen.page.locator(".sheet").first.wait_for()


@pytest.fixture
def asked(served: Server, open_page: Open) -> Screen:
    """A PDF was dropped, and a question about it answered."""
    served.call("reset", False)
    screen = open_page(served.url)
    screen.drop(PDF)
    turn = screen.ask(QUESTION)
    expect(turn.locator(".quote blockquote").first).to_have_text(SENTENCE)
    expect(turn.locator(".where").first).to_contain_text("page 2")
    return screen


def test_a_citation_leads_to_the_box_over_its_words_on_the_page(asked: Screen) -> None:
    page = asked.page
    expect(page.locator(".article-text")).to_be_visible()  # the text is the first view
    expect(page.locator(".scroller.pages")).to_be_hidden()
    show_pages(asked)
    page.locator(".quote .marker").first.click()
    boxes = page.locator(".page-box.target")
    expect(boxes).to_have_count(3)
    # The third line stands at the head of the next page.
    expect(page.locator(".sheet:nth-of-type(2) .page-box.target")).to_have_count(2)
    assert asked.is_in_view(".page-box.target")
    picture = page.locator(".sheet:nth-of-type(2) img")
    expect(picture).to_have_attribute("alt", "Page 2 of The Lighthouse at Skarvik")
    picture.evaluate("image => image.decode()")
    document = pypdfium2.PdfDocument(PDF.read_bytes())
    found = []
    for n in range(3):
        place = boxes.nth(n).evaluate(
            """box => { const sheet = box.parentElement.getBoundingClientRect(), own = box.getBoundingClientRect();
                const rim = 3;  // a box is drawn a little wider than the ink
                return [box.parentElement.number, (own.left + rim - sheet.left) / sheet.width, (own.top + rim - sheet.top) / sheet.height,
                    (own.right - rim - sheet.left) / sheet.width, (own.bottom - rim - sheet.top) / sheet.height]; }"""
        )
        found.append(text_in(document, *place))
        if place[0] == 2:
            assert ink_in(asked, place) > 0.02
    assert re.sub(r"-\s*", "", " ".join(found)) == SENTENCE


def text_in(document: pypdfium2.PdfDocument, number: int, left: float, top: float, right: float, bottom: float) -> str:
    """Returns the words that pdfium finds in a part of a page, given in shares of it."""
    page = document[number - 1]
    width, height = page.get_size()
    text = page.get_textpage().get_text_bounded(left * width, (1 - bottom) * height, right * width, (1 - top) * height)
    return " ".join(text.replace("\x02", "-").replace("\ufffe", "-").split())


def ink_in(screen: Screen, place: list[float]) -> float:
    """Returns the share of dark pixels of the shown picture inside a box."""
    number, *box = place
    share: float = screen.page.locator(f".sheet:nth-of-type({int(number)}) img").evaluate(
        """(image, [left, top, right, bottom]) => {
            const canvas = document.createElement("canvas");
            const width = canvas.width = Math.round((right - left) * image.naturalWidth);
            const height = canvas.height = Math.round((bottom - top) * image.naturalHeight);
            const drawn = canvas.getContext("2d");
            drawn.drawImage(image, -left * image.naturalWidth, -top * image.naturalHeight);
            const pixels = drawn.getImageData(0, 0, width, height).data;
            let dark = 0;
            for (let at = 0; at < pixels.length; at += 4) dark += pixels[at] < 128;
            return dark / (width * height);
        }""",
        box,
    )
    return share


def test_the_marker_on_a_page_leads_back_and_the_switch_keeps_the_place(asked: Screen) -> None:
    page = asked.page
    page.locator(".quote .marker").first.click()
    expect(page.locator(".sentence.target")).to_have_text(re.compile("Seabirds have meanwhile"))
    show_pages(asked)
    expect(page.locator(".page-box.target")).to_have_count(3)
    assert asked.is_in_view(".page-box.target")
    page.get_by_role("link", name="Cited as 1: back to the answer").click()
    expect(page.locator(".quote .marker").first).to_be_focused()
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator(".scroller.pages")).to_be_hidden()
    assert asked.is_in_view(".sentence.target")


def test_paper_is_white_by_day_and_dimmer_by_night(asked: Screen) -> None:
    page = asked.page
    show_pages(asked)
    picture = page.locator(".sheet img").first
    expect(picture).to_have_css("filter", "none")
    page.locator(".shell").evaluate("shell => { shell.dataset.theme = 'dark'; }")
    expect(picture).to_have_css("filter", "brightness(0.9)")


def test_the_list_shows_which_article_a_citation_has_opened(asked: Screen, tmp_path: Path) -> None:
    page = asked.page
    page.locator(".notice").wait_for(state="detached")
    (tmp_path / "bees.txt").write_text("Bees make honey.")
    asked.drop(tmp_path / "bees.txt")
    current = page.locator(".article-list .row.current .row-name")
    expect(current).to_have_text("Bees make honey.")
    page.locator(".quote .marker").first.click()
    expect(current).to_have_text("The Lighthouse at Skarvik")
    expect(page.locator('.article-list [aria-current="true"]')).to_have_count(1)


def test_the_pages_can_be_larger_than_the_pane_and_stay_at_the_sentence(asked: Screen) -> None:
    page = asked.page
    page.locator(".quote .marker").first.click()
    show_pages(asked)
    expect(page.locator(".page-box.target")).to_have_count(3)
    before = page.locator(".sheet").first.evaluate("e => e.clientWidth")
    page.get_by_role("button", name="Larger").click()
    assert page.locator(".sheet").first.evaluate("e => e.clientWidth") > 1.7 * before
    assert asked.is_in_view(".page-box.target")
    page.get_by_role("button", name="Larger").click()
    assert page.locator(".sheet").first.evaluate("e => e.clientWidth") == before


def test_back_returns_to_the_sentence_before_on_the_pages(asked: Screen) -> None:
    page = asked.page
    show_pages(asked)
    page.locator(".quote .marker").first.click()
    expect(page.locator(".page-box.target")).to_have_count(3)
    page.go_back()
    expect(page.locator(".page-box.target")).to_have_count(0)
    page.go_forward()
    expect(page.locator(".page-box.target")).to_have_count(3)


def test_the_pages_can_be_used_by_keyboard_and_read_aloud(asked: Screen) -> None:
    page = asked.page
    page.get_by_role("button", name="Text", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".sheet img").first.wait_for()
    expect(page.get_by_role("button", name="Pages", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("region", name="Pages of the article")).to_be_visible()
    assert serious(asked) == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_fit_every_screen(served: Server, open_page: Open, width: int, scheme: str) -> None:
    served.call("reset", False)
    screen = open_page(served.url, width=width, height=860, scheme=scheme)
    screen.drop(PDF)
    screen.ask(QUESTION)
    screen.page.locator(".quote .marker").first.click()
    show_pages(screen)
    expect(screen.page.locator(".page-box.target")).to_have_count(3)
    assert screen.is_in_view(".page-box.target")
    # Drawn only once they come near.
    screen.page.locator(".sheet:nth-of-type(2) img").evaluate("image => image.decode()")
    sides = screen.page.locator(".sheet").first.evaluate(
        "e => [e.getBoundingClientRect().left, e.getBoundingClientRect().right]"
    )
    assert 0 <= sides[0] < sides[1] <= width
    assert serious(screen) == []


def test_what_has_no_pages_has_no_switch(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    expect(screen.page.locator(".article-text")).to_contain_text("The ferry to Norwick")
    expect(screen.page.get_by_role("button", name="Pages", exact=True)).to_be_hidden()


def test_a_page_that_cannot_be_drawn_says_so(asked: Screen) -> None:
    asked.page.route("**/pages/**", lambda route: route.fulfill(status=404, body=""))
    show_pages(asked)
    failed = asked.page.locator(".sheet.failed").first
    expect(failed).to_have_attribute("data-problem", "This page could not be drawn. Its words are in the text.")
    asked.page.wait_for_timeout(500)
    asked.problems.clear()  # the browser tells of the reply in its console
