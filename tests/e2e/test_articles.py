"""Articles: added from files and text with progress and errors in place, chosen, renamed, removed with undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, expect

from e2e.browsing import Screen, Server

Open = Callable[..., Screen]
BRIDGE = "The bridge to Sandholm\n\nThe bridge to Sandholm opened in 1931. Engineer Rosa Lind designed the arches."


def titles(screen: Screen) -> Locator:
    """Returns the titles in the list of articles."""
    return screen.page.locator(".article-list .row-name")


def test_pasted_text_is_added_shown_and_asked(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    page.get_by_role("button", name="Add an article").click()
    page.get_by_label("Or paste text").fill(BRIDGE)
    page.get_by_role("button", name="Add text").click()
    page.locator(".notice", has_text="Article added.").wait_for()
    expect(page.locator("dialog")).to_have_count(0)
    expect(titles(screen)).to_have_text(["The ferry to Norwick", "The bridge to Sandholm"])
    expect(page.locator(".about")).to_have_text(re.compile("^1 min read · 3 sentences · added .*pasted text$"))
    expect(screen.ask("Which engineer designed the arches?").locator(".quote")).to_have_count(1)


def test_files_are_added_and_errors_are_shown_in_place(served: Server, open_page: Open, tmp_path: Path) -> None:
    good, binary, empty = tmp_path / "bridge.txt", tmp_path / "picture.txt", tmp_path / "empty.txt"
    good.write_text(BRIDGE, encoding="utf-8")
    binary.write_bytes(b"\x00\x01\x02\x00 no text")
    empty.write_bytes(b"")
    screen = open_page(served.url)
    page = screen.page
    page.get_by_role("button", name="Add an article").click()
    page.locator("dialog input[type=file]").set_input_files([good, binary, empty])
    failed = page.locator(".job.failed")
    failed.nth(1).wait_for()
    expect(failed.locator(".job-name")).to_have_text(["picture.txt", "empty.txt"])
    expect(failed.locator(".job-state")).to_have_text(
        [
            "picture.txt is binary: it holds NUL bytes. Give plain text or Markdown.",
            "This file is empty. Choose one with text in it.",
        ]
    )
    page.keyboard.press("Escape")
    expect(titles(screen)).to_have_text(["The ferry to Norwick", "The bridge to Sandholm"])
    expect(page.locator(".about")).to_have_text(re.compile(r"bridge\.txt$"))


def test_a_file_can_be_dropped_anywhere(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    screen.page.locator(".conversation-panel").evaluate(
        """(panel, text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "bridge.txt", { type: "text/plain" }));
            panel.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, composed: true }));
        }""",
        BRIDGE,
    )
    screen.page.locator(".notice", has_text="Article added.").wait_for()
    expect(titles(screen)).to_have_text(["The ferry to Norwick", "The bridge to Sandholm"])


def test_the_same_text_twice_is_one_article(served: Server, open_page: Open) -> None:
    served.call("add", BRIDGE, "", "")
    screen = open_page(served.url)
    page = screen.page
    page.get_by_role("button", name="Add an article").click()
    page.get_by_label("Or paste text").fill(BRIDGE)
    page.get_by_role("button", name="Add text").click()
    page.locator(".notice", has_text="in the library already").wait_for()
    expect(titles(screen)).to_have_count(2)


def test_one_some_or_all_articles_are_asked(served: Server, open_page: Open) -> None:
    served.call("add", BRIDGE, "", "")
    screen = open_page(served.url)
    page = screen.page
    bridge = "Which engineer designed the arches?"
    expect(screen.ask(bridge).locator(".quote")).to_have_count(1)
    page.get_by_label("Ask The bridge to Sandholm").uncheck()
    expect(page.locator(".composer-note")).to_have_text("Asking 1 of 2 articles.")
    expect(screen.ask(bridge).locator(".refusal")).to_have_count(1)
    page.get_by_label("Ask The ferry to Norwick").click()
    page.locator(".notice", has_text="at least one").wait_for()
    expect(page.get_by_label("Ask The ferry to Norwick")).to_be_checked()
    screen.reload()
    expect(page.get_by_label("Ask The bridge to Sandholm")).not_to_be_checked()
    page.get_by_label("Ask The bridge to Sandholm").check()
    expect(page.locator(".composer-note")).to_have_text("")


def test_across_articles_the_title_is_shown_and_the_pane_changes(served: Server, open_page: Open) -> None:
    served.call("add", BRIDGE, "", "")
    screen = open_page(served.url)
    turn = screen.ask("When did the bridge to Sandholm open?")
    expect(turn.locator(".where").first).to_contain_text("The bridge to Sandholm")
    turn = screen.ask("What did the ferry captain Brandt say about the engine, repaired or not?")
    turn.locator(".quote .marker").first.click()
    screen.page.locator(".sentence.target").wait_for()
    expect(screen.page.get_by_label("Article shown").locator("option:checked")).to_have_text("The ferry to Norwick")
    assert "-s3" in screen.page.url
    screen.page.go_back()
    assert screen.is_in_view(".article-text .block")


def test_an_answer_from_another_article_is_highlighted_there_without_a_click(served: Server, open_page: Open) -> None:
    served.call("add", BRIDGE, "", "")
    screen = open_page(served.url)
    cited = screen.page.locator(".sentence.cited")
    screen.ask("When did the bridge to Sandholm open?")
    expect(cited.first).to_contain_text("bridge to Sandholm")
    screen.ask("What did the ferry captain Brandt say about the engine?")
    expect(screen.page.get_by_label("Article shown").locator("option:checked")).to_have_text("The ferry to Norwick")
    expect(cited).to_have_text(["1Captain Ida Brandt said the engine could not be repaired."])


def test_a_citation_followed_before_its_article_is_there_stays_highlighted(served: Server, open_page: Open) -> None:
    served.call("add", BRIDGE, "", "")
    screen = open_page(served.url)
    page = screen.page

    # The answer opens the article that it cites, and so does the click: here the answer's own call comes back last.
    page.evaluate(
        """() => {
            const fetched = window.fetch;
            let first = true;
            window.fetch = async (url, ...rest) => {
                if (first && String(url).includes("open_article")) { first = false; await new Promise((done) => setTimeout(done, 1500)); }
                return fetched(url, ...rest);
            };
        }"""
    )
    screen.ask("What did the ferry captain Brandt say about the engine?").locator(".quote .marker").first.click()
    page.locator(".sentence.target").wait_for()
    page.wait_for_timeout(2000)
    expect(page.locator(".sentence.target")).to_have_count(1)
    assert page.locator(".sentence.cited").count() >= 1


def test_an_article_is_renamed_removed_and_brought_back(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    screen.choose("Actions for article The ferry to Norwick", "Rename")
    page.get_by_label("Title").fill("Ferries")
    page.keyboard.press("Enter")
    page.locator(".article-list .row-name", has_text="Ferries").wait_for()
    screen.choose("Actions for article Ferries", "Remove")
    page.get_by_role("heading", name="No article yet").wait_for()
    expect(titles(screen)).to_have_text([])
    page.get_by_role("button", name="Undo").click()
    page.locator("#s3").wait_for()
    expect(titles(screen)).to_have_text(["Ferries"])


def test_an_empty_library_says_what_to_do(served: Server, open_page: Open) -> None:
    served.call("reset", False)
    screen = open_page(served.url)
    expect(screen.page.get_by_role("heading", name="Start with an article")).to_be_visible()
    screen.page.get_by_label("Your question").fill("Anything?")
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_role("dialog").get_by_role("heading", name="Add an article")).to_be_visible()


def test_an_article_of_20000_sentences_stays_light(served: Server, open_page: Open) -> None:
    served.call("reset", False)
    served.call("add_lines", 20_000)
    screen = open_page(f"{served.url}#s19990")
    page = screen.page
    expect(page.locator(".about")).to_contain_text(" · 20,000 sentences · ")
    assert screen.is_in_view(".sentence.target")
    expect(page.locator(".sentence.target")).to_have_text("Line 19989 speaks of the weather near station 19989.")
    assert page.locator(".sentence").count() < 2000, "only what is near is taken apart into sentences"
    longest = page.locator(".article-panel .scroller:not(.pages)").evaluate(
        """async (pane) => {
            let last = performance.now(), longest = 0;
            for (let n = 0; n < 60; n++) {
                pane.scrollTop -= 400;
                await new Promise(requestAnimationFrame);
                const now = performance.now();
                longest = Math.max(longest, now - last);
                last = now;
            }
            return longest;
        }"""
    )
    assert longest < 400, f"the longest frame while scrolling took {longest:.0f} ms"


def test_many_articles_are_found_by_title_author_or_tag(served: Server, open_page: Open) -> None:
    for n in range(6):
        served.call("add", f"Harbour number {n}\n\nThe harbour number {n} was built of granite.", "", "")
    screen = open_page(served.url)
    page = screen.page
    row = page.locator(".article-list .row", has_text="Harbour number 3")
    row.get_by_role("button", name="Actions for article").click()
    page.get_by_role("menuitem", name="Author, date, tags").click()
    page.get_by_label("Author", exact=True).fill("Rosa Lind")
    page.get_by_label("Date", exact=True).fill("2024-02-29")
    page.get_by_label("Tags, commas between").fill("Granite, x" + "y" * 60)
    page.get_by_role("button", name="Save").click()
    page.locator(".notice.error", has_text="is longer than 50 characters").wait_for()
    page.get_by_label("Tags, commas between").fill("Granite, sea")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".row-about")).to_have_text(["Rosa Lind · 2024-02-29 · #granite · #sea"])
    filter_ = page.get_by_label("Show only articles with")
    for words, found in (("#SEA", 1), ("harbour 4", 1), ("rosa number", 1), ("harbour", 6), ("ferry sea", 0), ("", 7)):
        filter_.fill(words)
        expect(titles(screen)).to_have_count(found)
