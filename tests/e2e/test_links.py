"""A link is fetched, shown, mended by hand and added; where it came from stands above the article."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.browsing import Screen, Server, serious

Open = Callable[..., Screen]
BRIDGE = "https://example.org/bridge"
TEXT = "The bridge to Sandholm opened in 1931. Engineer Rosa Lind designed the arches.\n\nRead our newsletter!"


def give_link(page: Page, link: str) -> None:
    """Opens the dialog and asks for the text of a link."""
    if page.get_by_role("button", name="Add an article").is_hidden():
        page.get_by_role("button", name="Conversations, articles and settings").click()
    page.get_by_role("button", name="Add an article").click()
    page.get_by_label("Or paste a link").fill(link)
    page.get_by_role("button", name="Get its text").click()


def test_a_link_is_shown_mended_and_added_with_where_it_came_from(served: Server, open_page: Open) -> None:
    served.call("fetched")
    screen = open_page(served.url)
    page = screen.page
    give_link(page, "example.org/bridge")
    expect(page.get_by_role("heading", name="This is the text that was got")).to_be_focused()
    expect(page.locator(".page-preview").get_by_label("Title")).to_have_value("The bridge to Sandholm")
    expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)
    expect(page.locator(".page-preview .origin")).to_have_text(
        re.compile(r"^By Ann Lee · published 1 May 2024 · from example\.org/bridge, fetched 27 Nov 2026 at \d\d:30$")
    )
    assert served.call("fetched") == {"urls": [BRIDGE]}
    assert served.call("list_articles")["articles"][-1]["title"] == "The ferry to Norwick", "nothing is added yet"
    page.get_by_label("Text", exact=True).fill(TEXT.partition("\n")[0])
    page.get_by_role("button", name="Add article").click()
    page.locator(".notice", has_text="Article added.").wait_for()
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".article-text")).not_to_contain_text("newsletter")
    expect(page.locator(".article-head .origin")).to_have_text(
        re.compile(r"^By Ann Lee · published 1 May 2024 · from example\.org/bridge, fetched 27 Nov 2026 at \d\d:30$")
    )
    link = page.locator(".article-head .origin a")
    assert (link.get_attribute("href"), link.get_attribute("rel")) == (BRIDGE, "noopener noreferrer nofollow")
    expect(page.locator(".article-head .about").first).to_have_text(re.compile("2 sentences · added [^·]*$"))
    expect(screen.ask("Which engineer designed the arches?").locator(".quote")).to_have_count(1)
    page.reload()
    expect(page.locator(".article-head .origin")).to_contain_text("example.org/bridge")


def test_a_link_in_the_text_field_is_taken_for_one_and_a_teaser_is_said_to_be_one(
    served: Server, open_page: Open
) -> None:
    page = open_page(served.url).page
    page.get_by_role("button", name="Add an article").click()
    page.get_by_label("Or paste text").fill("  https://example.org/teaser\n")
    page.get_by_role("button", name="Add text").click()
    note = "The page shows only the beginning of the article."
    expect(page.locator(".page-note")).to_have_text([note])
    page.locator(".page-preview").get_by_label("Title").fill("My bridge")
    page.get_by_role("button", name="Add article").click()
    page.locator(".notice", has_text="Article added.").wait_for()
    expect(page.locator(".article-head .notes li")).to_have_text([note])
    expect(page.locator(".article-list .row-name")).to_have_text(["The ferry to Norwick", "My bridge"])


def test_what_cannot_be_fetched_is_said_in_place_and_another_link_can_be_given(served: Server, open_page: Open) -> None:
    page = open_page(served.url).page
    give_link(page, "https://example.org/missing")
    expect(page.locator(".job.failed .job-state")).to_have_text(
        "There is no page at https://example.org/missing (status 404). Check the address."
    )
    page.get_by_label("Or paste a link").fill("ftp://example.org/")
    page.get_by_role("button", name="Get its text").click()
    expect(page.locator(".job.failed .job-state")).to_contain_text("is no address of the web")
    page.get_by_label("Or paste a link").fill(BRIDGE)
    page.get_by_role("button", name="Get its text").click()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Or paste a link")).to_be_focused()
    expect(page.locator(".page-preview")).to_have_count(0)
    expect(page.get_by_label("Or paste text")).to_be_visible()


def test_what_a_page_says_is_text_and_nothing_else(served: Server, open_page: Open) -> None:
    page = open_page(served.url).page
    give_link(page, "https://example.org/hostile?<script>")
    expect(page.get_by_label("Text", exact=True)).to_have_value("<b>Bold</b> & \u202eevil")
    page.get_by_role("button", name="Add article").click()
    page.locator(".notice", has_text="Article added.").wait_for()
    expect(page.locator(".article-text")).to_contain_text("<b>Bold</b>")
    assert page.locator(".article-text b").count() == 0


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_text_that_was_got_can_be_read_and_reached(
    served: Server, open_page: Open, width: int, scheme: str
) -> None:
    screen = open_page(served.url, width=width, height=844, scheme=scheme)
    give_link(screen.page, "https://example.org/teaser/" + "a-long-way-" * 8)
    screen.page.get_by_role("heading", name="This is the text that was got").wait_for()
    assert serious(screen) == []
    box = screen.page.locator("dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert screen.page.locator(".dialog-body").evaluate("e => e.scrollWidth <= e.clientWidth")
