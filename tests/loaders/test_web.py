"""An address gives an article, whatever its format; what can be told of it is kept, and what is none is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from web_server import WebServer, serving_web

from assistant.assistant import Assistant
from assistant.cli import FAILED, main
from assistant.errors import ArticleError
from assistant.loaders.fetching import Fetched
from assistant.loaders.loaded import Loaded, Mark
from assistant.loaders.web import WebPage, as_file, load_url, mended

PARAGRAPHS = (
    "The ferry to Norwick stopped sailing in March, and nobody on the island knows when it will come back.",
    "Captain Ida Brandt said the engine could not be repaired. The harbour office sold the vessel to a museum.",
)
PAGE = (
    "<html><head><title>The ferry | Times</title><script type='application/ld+json'>"
    '{"@type":"NewsArticle","headline":"The ferry","datePublished":"2024-05-01","author":{"name":"Ann Lee"}}</script></head>'
    f"<body><nav><a href=/>Home</a></nav><article><h1>The ferry</h1><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></article></body></html>"
)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with serving_web() as server:
        yield server


def fetched(data: bytes, content_type: str = "", charset: str = "", name: str = "page") -> Fetched:
    return Fetched("https://example.org/page", data, content_type, charset, name, datetime.now(UTC))


def zipped(name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (fetched(b"<!DOCTYPE html><p>x", "text/plain"), "page.html"),
        (fetched(b"\xef\xbb\xbf \n<!-- a --><HTML>x", "application/octet-stream", name="a.html"), "a.html"),
        (fetched(b"<?xml version='1.0'?><!DOCTYPE html><html>", "application/xhtml+xml"), "page.html"),
        (fetched(b"A text.", "text/html"), "page.html"),
        (fetched(b"# A\n\nb", "text/markdown; charset=utf-8".partition(";")[0]), "page.md"),
        (fetched(b"# A\n\nb", "text/plain", name="README.md"), "README.md"),
        (fetched(b"A text.", "text/plain", name=""), "example.org.txt"),
        (fetched(b"A text.", ""), "page.txt"),
        (fetched(b"a,b\n1,2", "text/csv"), "page.csv"),
        (fetched(b"%PDF-1.7 ...", "text/html"), "page.pdf"),
        (fetched(b"\n%PDF-1.7 ...", "", name="report.PDF"), "report.PDF"),
        (fetched(zipped("word/document.xml"), "application/zip", name="letter.docx"), "letter.docx"),
    ],
)
def test_the_bytes_tell_the_format_and_the_server_the_kind_of_text(given: Fetched, name: str) -> None:
    assert as_file(given)[1] == name


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (fetched(b" \n", "text/html"), "gives an empty page"),
        (fetched(b"\x89PNG\r\n\x1a\n", "image/png"), "gives image/png, no article"),
        (fetched(b"\x00\x01\x02", "application/octet-stream"), "gives application/octet-stream, no article"),
        (fetched(b"\x00\x01\x02"), "gives data of an unknown kind, no article"),
        (fetched(zipped("a.txt"), "application/zip"), "gives application/zip, no article"),
        (fetched(b"PK\x03\x04 no zip", ""), "no article"),
        (fetched(b"<?xml version='1.0'?>\n<rss version='2.0'>", "application/rss+xml"), "a list of pages for programs"),
        (fetched(b"<feed xmlns='x'>", "text/html"), "a list of pages for programs"),
    ],
)
def test_what_is_no_article_is_told(given: Fetched, told: str) -> None:
    with pytest.raises(ArticleError, match=rf"^https://example\.org/page .*{told}"):
        as_file(given)


@pytest.mark.parametrize(
    ("charset", "encoding"), [("iso-8859-2", "iso8859-2"), ("", "utf-8"), ("utf-8", "cp1252"), ("no-such", "cp1252")]
)
def test_a_text_is_in_the_encoding_that_its_server_states_if_it_can_be(charset: str, encoding: str) -> None:
    text = "Grüße aus München, schöne Äpfel und süße Öle – für alle."
    if encoding == "iso8859-2":
        text = "Příliš žluťoučký kůň úpěl ďábelské ódy a zase mlčel."
    data, _ = as_file(fetched(text.encode(encoding), "text/plain", charset))
    assert data.decode("utf-8-sig") == text


def test_a_page_is_loaded_with_its_address_and_what_it_states(web: WebServer) -> None:
    web.page("/ferry", PAGE)
    before = datetime.now(UTC)
    page = load_url(web.redirect("/start", "/ferry"), allow_private=True)
    assert page.loaded.text == "\n\n".join(["The ferry", *PARAGRAPHS])
    assert (page.loaded.title, page.loaded.author, page.loaded.date) == ("The ferry", "Ann Lee", date(2024, 5, 1))
    assert page.url == web.url("/ferry")
    assert before <= page.fetched <= datetime.now(UTC)
    with pytest.raises(ArticleError, match="not on the public internet"):
        load_url(web.url("/ferry"))


def test_a_text_mended_by_hand_keeps_what_the_page_stated() -> None:
    loaded = Loaded("A.\n\nB.", "T", (Mark(0, "A."),), "Ann", date(2024, 1, 2), (), ("Note.",))
    page = WebPage(loaded, "https://example.org/", datetime.now(UTC))
    assert mended(page, " A.\r\n\r\nB.\n") is page
    assert mended(page, "A. C.").loaded == Loaded("A. C.", "T", (), "Ann", date(2024, 1, 2), (), ("Note.",))
    with pytest.raises(ArticleError, match="is empty"):
        mended(page, " ")


def test_add_url_adds_the_article_with_its_address_and_time(web: WebServer, quick: Callable[..., Assistant]) -> None:
    url = web.page("/ferry", PAGE)
    assistant = quick(allow_private_addresses=True)
    told: list[tuple[int, int]] = []
    before = datetime.now(UTC).replace(microsecond=0)
    added = assistant.add_url(url, progress=lambda done, total: told.append((done, total)), tags="islands")
    article = assistant.article(added.id)
    assert (article.title, article.source, article.text) == ("The ferry", url, "\n\n".join(["The ferry", *PARAGRAPHS]))
    assert (article.url, article.author, article.date, article.tags) == (url, "Ann Lee", date(2024, 5, 1), ("islands",))
    assert article.fetched is not None
    assert before <= article.fetched <= datetime.now(UTC)
    assert told[-1] == (len(article.sentences), len(article.sentences))
    assert assistant.add_url(url, title="Other", date="2020-01-01").id == article.id
    with pytest.raises(ArticleError, match="not on the public internet"):
        quick().add_url(url)


def test_the_command_line_takes_an_address_for_what_it_is(
    web: WebServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", web.page("/ferry", PAGE)]) == FAILED
    assert "127.0.0.1 is not on the public internet" in capsys.readouterr().err
    assert web.requests == []
    monkeypatch.setenv("ASSISTANT_ALLOW_PRIVATE_ADDRESSES", "true")
    assert main(["add", web.url("/ferry").replace("http", "HTTP"), web.url("/missing")]) == FAILED
    printed = capsys.readouterr()
    assert "  The ferry  (4 sentences)\n" in printed.out
    assert "There is no page at" in printed.err


def test_a_saved_page_is_added_as_any_file(quick: Callable[..., Assistant]) -> None:
    article = quick().add_bytes(PAGE.encode(), "saved.html")
    assert (article.title, article.source, article.text) == (
        "The ferry",
        "saved.html",
        "\n\n".join(["The ferry", *PARAGRAPHS]),
    )
    assert [sentence.section for sentence in article.sentences] == ["The ferry"] * len(article.sentences)
