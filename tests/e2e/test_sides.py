"""Two articles that are compared stand side by side, and one below the other on a phone; an archive adds what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loaders.test_archives import archive
from playwright.sync_api import expect

from assistant.assistant import Assistant
from assistant.settings import Settings
from e2e.browsing import ROOT, SCREENS, Screen, Server, find_browser, serious

Open = Callable[..., Screen]
TABLE = (
    "Harbour,Opened,Berths for visitors,Fuel on the quay,Depth at low water in metres,Telephone of the harbour master\n"
    + "".join(
        f"Port {n},19{n + 10},{n} berths,{'diesel and petrol' if n % 2 else 'none'},{n / 2:g},+47 55 01 0{n:02}\n"
        for n in range(1, 9)
    )
)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a library of two articles."""
    find_browser()
    library: Path = tmp_path_factory.mktemp("two")
    with Assistant.open(Settings(library=library)) as assistant:
        assistant.add(
            "The ferry sails from April on. A ticket costs seven euros. Its horn woke everybody.", "The ferry"
        )
        assistant.add(
            "Bees live on the roof. A jar of their honey costs nine euros. A violinist keeps them.", "The bees"
        )
    server = Server(library, ROOT / "app.py")
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS)
def test_what_is_compared_stands_side_by_side_or_stacked(
    two: Server, open_page: Open, width: int, height: int, scheme: str
) -> None:
    screen = open_page(two.url, width, height, scheme)
    turn = screen.ask("Compare the ferry and the bees on the cost in euros.")
    expect(turn.locator(".side h3")).to_have_text(["The ferry", "The bees"])
    expect(turn.locator(".side blockquote")).to_have_text(
        ["A ticket costs seven euros.", "A jar of their honey costs nine euros."]
    )
    first, second = (turn.locator(".side").nth(n).bounding_box() for n in (0, 1))
    assert first is not None
    assert second is not None
    assert (first["y"] == second["y"]) == (width > 800)
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious(screen) == []
    turn.locator(".marker").last.click()
    expect(screen.page.locator(".sentence.target")).to_contain_text("A jar of their honey costs nine euros.")


def test_an_archive_is_added_and_what_cannot_be_read_is_listed(two: Server, open_page: Open) -> None:
    screen = open_page(two.url)
    screen.page.get_by_role("button", name="Add an article").first.click()
    files = {"harbours.csv": TABLE.encode(), "bad.txt": b"\x00\x00"}
    screen.page.get_by_label("Files").set_input_files({"name": "all.zip", "mimeType": "application/zip", "buffer": archive(files)})  # fmt: skip
    expect(screen.page.locator(".job.failed")).to_contain_text("1 of 2 files are in the library")
    expect(screen.page.locator(".job-files li")).to_contain_text("bad.txt is binary")
    screen.page.get_by_placeholder("Paste the text of an article").fill("example.org/a")
    screen.page.get_by_role("button", name="Add text").click()
    expect(screen.page.get_by_placeholder("Address of a page")).to_have_value("example.org/a")
    expect(screen.page.locator(".job.failed")).to_contain_text("This looks like an address")
