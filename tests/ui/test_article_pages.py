"""The page view's endpoints: pictures are made once, and only of what has pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from e2e.fake_assistant import FakeAssistant

from assistant.errors import ArticleError
from assistant.settings import Settings
from assistant.ui import article_pages
from assistant.ui.article_pages import WIDTHS, ArticlePages

PDF = (Path(__file__).parents[1] / "loaders" / "pdf" / "typst.pdf").read_bytes()


class Drawing:
    """Draws nothing, and notes what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def draw(self, data: bytes, page: int, width: int) -> bytes:
        assert data == PDF
        self.asked.append((page, width))
        return f"{page} at {width}".encode()

    def measure(self, _: bytes) -> list[tuple[float, float]]:
        self.asked.append((0, 0))
        return [(420.0, 595.0)]


@pytest.fixture
def assistant(tmp_path: Path) -> FakeAssistant:
    assistant = FakeAssistant(Settings(library=tmp_path))
    assistant.add("The ferry sails. It is red.", "Ferry")
    assistant.add_bytes(PDF, "lighthouse.pdf")
    return assistant


def pages_of(assistant: FakeAssistant) -> tuple[ArticlePages, Drawing, list[str]]:
    drawing = Drawing()
    pages = ArticlePages(assistant, drawing.draw, drawing.measure)  # type: ignore[arg-type]
    return pages, drawing, [entry.id for entry in assistant.contents()]


def test_a_picture_is_drawn_once_at_one_of_two_widths(assistant: FakeAssistant) -> None:
    pages, drawing, [_, article] = pages_of(assistant)
    assert pages.picture(article, 2, 500) == pages.picture(article, 2, 900) == b"2 at 900"
    assert pages.picture(article, 2, 901) == pages.picture(article, 2, 99_999) == b"2 at 1600"
    assert drawing.asked == [(2, WIDTHS[0]), (2, WIDTHS[1])]
    assert pages.open_pages(article) == pages.open_pages(article) == {"sizes": [(420.0, 595.0)]}
    assert drawing.asked[2:] == [(0, 0)]


def test_what_is_kept_has_a_limit(assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article_pages, "MAX_KEPT_BYTES", 20)
    pages, drawing, [_, article] = pages_of(assistant)
    for page in (1, 2, 3, 1, 3):
        pages.picture(article, page, 900)
    assert [page for page, _ in drawing.asked] == [1, 2, 3, 1]


def test_nothing_is_shown_of_an_article_that_was_removed(assistant: FakeAssistant) -> None:
    pages, drawing, [_, article] = pages_of(assistant)
    assert (pages.picture(article, 1, 900), pages.open_pages(article)) == (b"1 at 900", {"sizes": [(420.0, 595.0)]})
    assistant.remove(article)
    with pytest.raises(ArticleError, match="There is no article"):
        pages.picture(article, 1, 900)
    assert pages.open_pages(article)["error"].startswith("There is no article")
    assert assistant.add_bytes(PDF, "lighthouse.pdf").id == article
    pages.picture(article, 1, 900)
    pages.open_pages(article)
    assert drawing.asked == [(1, 900), (0, 0), (1, 900), (0, 0)]


def test_an_article_without_pages_says_so(assistant: FakeAssistant) -> None:
    pages, drawing, [text, _] = pages_of(assistant)
    with pytest.raises(ArticleError, match="This article has no pages to show"):
        pages.picture(text, 1, 900)
    assert pages.open_pages(text)["error"].startswith("This article has no pages to show")
    assert pages.open_pages("nothing")["error"].startswith("There is no article 'nothing'")
    assert drawing.asked == []


def test_sentences_are_placed_in_shares_of_their_page(assistant: FakeAssistant) -> None:
    pages, _, [_, article] = pages_of(assistant)
    sentences = assistant.article(article).sentences
    reply = pages.place_sentences(article, ["1", "99999", "-1", "x", "", "²", "123456789"])
    assert list(reply["boxes"]) == ["1"]
    assert reply["boxes"]["1"] == [[b.page, b.left, b.top, b.right, b.bottom] for b in sentences[1].boxes]
    assert all(0 <= share <= 1 for box in reply["boxes"]["1"] for share in box[1:])
