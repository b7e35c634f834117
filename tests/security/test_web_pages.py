"""What a visitor may have fetched: how often, for whom it is kept, and that nobody else can take it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from e2e.fake_assistant import WEB_TEXT, FakeAssistant

from assistant.errors import ArticleError
from assistant.loaders.loaded import Loaded
from assistant.loaders.web import WebPage
from assistant.settings import Settings
from assistant.ui.web_pages import (
    BUSY_SECONDS,
    MAX_AGE_SECONDS,
    MAX_KEPT,
    MAX_KEPT_OF_ONE,
    MAX_OF_ADDRESS,
    MAX_OF_ALL,
    MAX_OF_HOST,
    MAX_OF_OWNER,
    MAX_SHOWN,
    WINDOW_SECONDS,
    FetchBrake,
    FetchedPages,
    shown,
)
from security.conftest import Enter

BRIDGE = "https://example.org/bridge"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def page_of(text: str = "Words.") -> WebPage:
    from datetime import UTC, datetime

    return WebPage(Loaded(text, "T"), BRIDGE, datetime(2026, 1, 2, tzinfo=UTC))


def fetch_many(brake: FetchBrake, n: int, owner: str = "o{}", address: str = "a{}", host: str = "h{}") -> None:
    """Starts and ends fetches."""
    for i in range(n):
        who = owner.format(i)
        brake.start(who, address.format(i), host.format(i))
        brake.end(who)


@pytest.mark.parametrize(
    ("most", "same", "told"),
    [
        (MAX_OF_OWNER, {"owner": "o"}, r"for you in the last minutes. Try again in 5 minutes"),
        (MAX_OF_ADDRESS, {"address": "a"}, r"for your address in the last minutes"),
        (MAX_OF_HOST, {"host": "h.example"}, r"for h\.example, by all who use this page"),
        (MAX_OF_ALL, {}, r"for all who use this page"),
    ],
)
def test_nobody_can_have_more_fetched_than_a_reader_needs(most: int, same: dict[str, str], told: str) -> None:
    clock = Clock()
    brake = FetchBrake(clock)
    fetch_many(brake, most, **same)
    last = {"owner": "last", "address": "last", "host": "last"} | same
    with pytest.raises(ArticleError, match=told):
        brake.start(**last)
    clock.now += WINDOW_SECONDS
    brake.start(**last)


def test_one_page_is_fetched_for_a_visitor_at_a_time() -> None:
    clock = Clock()
    brake = FetchBrake(clock)
    brake.start("o", "a", "h")
    with pytest.raises(ArticleError, match="is being fetched for you already"):
        brake.start("o", "a", "other")
    brake.start("p", "a", "h")
    brake.end("o")
    brake.start("o", "a", "h")
    clock.now += BUSY_SECONDS
    brake.start("o", "a", "h")


def test_a_page_is_kept_for_who_had_it_fetched_and_not_for_ever() -> None:
    clock = Clock()
    pages = FetchedPages(clock)
    token = pages.keep(page_of(), "ann")
    assert pages.of(token, "ann") == page_of()
    for wrong, owner in ((token, "bob"), (token, ""), ("", "ann"), ("x", "ann")):
        with pytest.raises(ArticleError, match="not kept any more"):
            pages.of(wrong, owner)
    assert pages.of(token, "ann") == page_of(), "looking does not take it away"
    clock.now += MAX_AGE_SECONDS + 1
    with pytest.raises(ArticleError, match="not kept any more"):
        pages.of(token, "ann")


def test_the_oldest_pages_make_room() -> None:
    pages = FetchedPages(Clock())
    own = [pages.keep(page_of(), "ann") for _ in range(MAX_KEPT_OF_ONE + 1)]
    with pytest.raises(ArticleError):
        pages.of(own[0], "ann")
    assert pages.of(own[1], "ann") == page_of()
    for n in range(MAX_KEPT):
        pages.keep(page_of(), f"o{n}")
    with pytest.raises(ArticleError):
        pages.of(own[-1], "ann")


def test_of_a_long_text_the_beginning_is_shown() -> None:
    reply = shown(page_of("x" * (MAX_SHOWN + 1)))
    assert (len(reply["text"]), reply["is_whole"]) == (MAX_SHOWN, False)
    assert shown(page_of())["is_whole"]


def test_a_page_is_added_by_who_had_it_fetched_as_it_is_or_mended(enter: Enter, fake: FakeAssistant) -> None:
    ann, bob = enter(), enter()
    got = ann.stream("fetch_page", BRIDGE)[-1][0]
    assert (got["text"], got["url"], got["date"]) == (WEB_TEXT, BRIDGE, "2024-05-01")
    assert got["page"] not in str(bob.call("list_articles"))
    assert "not kept any more" in str(bob.stream("add_article", "", "", got["page"]))
    assert len(fake.contents()) == 1
    other = bob.send(b"Mended by another.").json()["upload"]
    assert "not here any more" in str(ann.stream("add_article", other, "", got["page"]))
    assert "article" in str(ann.stream("add_article", ann.send(b"Mended.").json()["upload"], "My title", got["page"]))
    added = fake.articles()[-1]
    assert (added.text, added.title, added.url, added.author) == ("Mended.", "My title", BRIDGE, "Ann Lee")
    shown_there = ann.call("open_article", added.id)
    assert (shown_there["url"], shown_there["fetched"]) == (BRIDGE, "2026-11-27T09:30:00+00:00")
    assert "not kept any more" in str(ann.stream("add_article", "", "", got["page"])), "once"


def test_a_text_that_was_mended_badly_can_be_mended_again(enter: Enter, fake: FakeAssistant) -> None:
    ann = enter()
    token = ann.stream("fetch_page", BRIDGE)[-1][0]["page"]
    assert "is empty" in str(ann.stream("add_article", ann.send(b" - ").json()["upload"], "", token))
    assert "article" in str(ann.stream("add_article", "", "", token))
    assert fake.articles()[-1].text == WEB_TEXT


@pytest.mark.parametrize(
    "address", ["", "x", "file:///etc/passwd", "http://a:b@example.org/", "http://example.org:22/", "x" * 5000]
)
def test_what_is_no_address_is_refused_before_anything_is_fetched(
    enter: Enter, fake: FakeAssistant, address: str
) -> None:
    assert "error" in str(enter().stream("fetch_page", address))
    assert fake.fetched == []


def test_a_second_fetch_waits_for_the_first_and_many_are_refused(enter: Enter, fake: FakeAssistant) -> None:
    fake.slow_seconds = 30.0
    ann = enter()
    streamed: list[str] = []
    first = threading.Thread(target=lambda: streamed.append(str(ann.stream("fetch_page", f"{BRIDGE}/slow"))))
    first.start()
    while not fake.fetched:
        assert first.is_alive()
        first.join(0.01)
    assert "already" in str(ann.stream("fetch_page", BRIDGE, session="s2"))
    fake.wait_for.set()
    first.join()
    assert WEB_TEXT[:20] in streamed[0]
    for _ in range(MAX_OF_OWNER - 1):
        assert "Sandholm" in str(ann.stream("fetch_page", BRIDGE))
    assert "Enough pages were fetched for you" in str(ann.stream("fetch_page", BRIDGE))
    assert len(fake.fetched) == MAX_OF_OWNER


def test_the_page_asks_only_the_public_internet(tmp_path: Path) -> None:
    from assistant.assistant import Assistant

    assistant = Assistant.__new__(Assistant)
    assistant.settings = Settings(library=tmp_path)
    for url in (
        "http://127.0.0.1:9000/",
        "http://localhost:9000/",
        "http://[::1]:9000/",
        "http://169.254.169.254/latest/meta-data/",
    ):
        with pytest.raises(ArticleError, match="is not on the public internet"):
            assistant.fetch_page(url)
