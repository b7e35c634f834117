"""Articles: added from files and text with progress and errors in place, chosen, renamed, removed with undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from e2e.browsing import Screen, Server

Open = Callable[..., Screen]
BRIDGE = "The bridge to Sandholm\n\nThe bridge to Sandholm opened in 1931. Engineer Rosa Lind designed the arches."


def titles(screen: Screen) -> list[str]:
    """Returns the titles in the list of articles."""
    return screen.page.locator(".article-list .row-name").all_inner_texts()


def test_pasted_text_is_added_shown_and_asked(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    page.get_by_role("button", name="Add an article").click()
    page.get_by_label("Or paste text").fill(BRIDGE)
    page.get_by_role("button", name="Add text").click()
    page.locator(".notice", has_text="Article added.").wait_for()
    assert page.locator("dialog").count() == 0
    assert titles(screen) == ["The ferry to Norwick", "The bridge to Sandholm"]
    assert page.locator(".about").inner_text().startswith("1 min read · 3 sentences · added ")
    assert page.locator(".about").inner_text().endswith("pasted text")
    assert screen.ask("Which engineer designed the arches?").locator(".quote").count() == 1


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
    assert failed.locator(".job-name").all_inner_texts() == ["picture.txt", "empty.txt"]
    assert failed.locator(".job-state").all_inner_texts() == [
        "picture.txt is not text. Give plain text or Markdown.",
        "This file is empty. Choose one with text in it.",
    ]
    page.keyboard.press("Escape")
    assert titles(screen) == ["The ferry to Norwick", "The bridge to Sandholm"]
    assert page.locator(".about").inner_text().endswith("bridge.txt")


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
    assert titles(screen) == ["The ferry to Norwick", "The bridge to Sandholm"]


def test_the_same_text_twice_is_one_article(served: Server, open_page: Open) -> None:
    served.call("add", BRIDGE, "", "")
    screen = open_page(served.url)
    page = screen.page
    page.get_by_role("button", name="Add an article").click()
    page.get_by_label("Or paste text").fill(BRIDGE)
    page.get_by_role("button", name="Add text").click()
    page.locator(".notice", has_text="in the library already").wait_for()
    assert len(titles(screen)) == 2


def test_one_some_or_all_articles_are_asked(served: Server, open_page: Open) -> None:
    served.call("add", BRIDGE, "", "")
    screen = open_page(served.url)
    page = screen.page
    bridge = "Which engineer designed the arches?"
    assert screen.ask(bridge).locator(".quote").count() == 1
    page.get_by_label("Ask The bridge to Sandholm").uncheck()
    assert page.locator(".composer-note").inner_text() == "Asking 1 of 2 articles."
    assert screen.ask(bridge).locator(".refusal").count() == 1
    page.get_by_label("Ask The ferry to Norwick").click()
    page.locator(".notice", has_text="at least one").wait_for()
    assert page.get_by_label("Ask The ferry to Norwick").is_checked()
    screen.reload()
    assert not page.get_by_label("Ask The bridge to Sandholm").is_checked()
    page.get_by_label("Ask The bridge to Sandholm").check()
    assert page.locator(".composer-note").inner_text() == ""


def test_across_articles_the_title_is_shown_and_the_pane_changes(served: Server, open_page: Open) -> None:
    served.call("add", BRIDGE, "", "")
    screen = open_page(served.url)
    turn = screen.ask("When did the bridge to Sandholm open?")
    assert "The bridge to Sandholm" in turn.locator(".where").first.inner_text()
    turn = screen.ask("What did the ferry captain Brandt say about the engine, repaired or not?")
    turn.locator(".quote .marker").first.click()
    screen.page.locator(".sentence.target").wait_for()
    assert screen.page.get_by_label("Article shown").locator("option:checked").inner_text() == "The ferry to Norwick"
    assert "-s3" in screen.page.url
    screen.page.go_back()
    assert screen.is_in_view(".article-text .block")


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
    assert page.locator(".sentence.target").count() == 1
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
    assert titles(screen) == []
    page.get_by_role("button", name="Undo").click()
    page.locator("#s3").wait_for()
    assert titles(screen) == ["Ferries"]


def test_an_empty_library_says_what_to_do(served: Server, open_page: Open) -> None:
    served.call("reset", False)
    screen = open_page(served.url)
    assert screen.page.get_by_role("heading", name="Start with an article").is_visible()
    screen.page.get_by_label("Your question").fill("Anything?")
    screen.page.keyboard.press("Enter")
    assert screen.page.get_by_role("dialog").get_by_role("heading", name="Add an article").is_visible()


def test_an_article_of_20000_sentences_stays_light(served: Server, open_page: Open) -> None:
    served.call("reset", False)
    text = "\n\n".join(
        " ".join(f"Line {n} speaks of the weather near station {n}." for n in range(first, first + 8))
        for first in range(0, 20_000, 8)
    )
    served.call("add", text, "Weather", "")
    screen = open_page(f"{served.url}#s19990")
    page = screen.page
    assert page.locator(".about").inner_text().split(" · ")[1] == "20,000 sentences"
    assert screen.is_in_view(".sentence.target")
    assert page.locator(".sentence.target").inner_text() == "Line 19989 speaks of the weather near station 19989."
    assert page.locator(".sentence").count() < 2000, "only what is near is taken apart into sentences"
    longest = page.locator(".article-panel .scroller").evaluate(
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
