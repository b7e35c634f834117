"""EPUB: chapters in the order of reading, their titles as sections; what hurts, or is none, is refused in a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from conftest import ROOT

from assistant.errors import ArticleError
from assistant.loaders import load_bytes
from assistant.loaders.epub import load_epub

FILES = ROOT / "tests" / "loaders" / "files"
CONTAINER = '<container><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>'
PACKAGE = (
    "<package><metadata/><manifest><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/></manifest>"
    "<spine><itemref idref='a'/></spine></package>"
)


def book(**parts: str | bytes) -> bytes:
    """Returns a book of one page, with other parts by name, "/" written as "__" and "." as "_"."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        written = {"META-INF/container.xml": CONTAINER, "p.opf": PACKAGE, "a.xhtml": "<p>Some words.</p>"} | {
            name.replace("__", "/").replace("META_INF", "META-INF").replace("_", "."): text
            for name, text in parts.items()
        }
        for name, text in written.items():
            archive.writestr(name, text)
    return packed.getvalue()


def sections(name: str) -> list[tuple[str, str]]:
    loaded = load_bytes((FILES / name).read_bytes(), name)
    return [(loaded.text[mark.start :].split()[1], mark.section) for mark in loaded.marks]


def test_a_chapter_without_a_heading_has_its_title_of_the_contents() -> None:
    assert sections("nav.epub") == [
        ("road", "One road"), ("wells", "The wells"), ("Each", "Depth"), ("Measured", "Notes"),
    ]  # fmt: skip
    assert sections("ncx.epub") == [("spring", "Spring"), ("summer", "Summer")]


def test_a_chapter_that_is_not_there_is_told() -> None:
    loaded = load_bytes((FILES / "latin.epub").read_bytes(), "latin.epub")
    assert loaded.notes == ("1 chapter is named in the book but not in its file.",)


def test_elements_that_end_themselves_hold_nothing() -> None:
    page = (
        "<head><title/></head><body><p>One<a id='x'/> two<br/>three <i class='y'/>four.</p><script/><p>Five.</p></body>"
    )
    assert load_epub(book(a_xhtml=page), "a.epub").text == "One two\nthree four.\n\nFive."


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ArticleError, match=r"a\.epub is refused: unpacked it would have 30 MB in 3 parts"):
        load_epub(book(a_xhtml=b"<p>" + b"a" * 30_000_000), "a.epub")


def test_entities_are_refused() -> None:
    package = "<!DOCTYPE p [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>" + PACKAGE.replace("<metadata/>", "&b;")
    with pytest.raises(ArticleError, match="its XML defines entities"):
        load_epub(book(p_opf=package), "a.epub")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04 and no more", "is damaged, or no EPUB"),
        (b"words", "is damaged, or no EPUB"),
        (book(p_opf="<package"), "is damaged, or no EPUB"),
        (book(a_xhtml="<p><img src='a.png'/></p>"), "has no text: its pages are empty, or pictures"),
        (
            book(META_INF__encryption_xml="<e><CipherReference URI='a.xhtml'/></e>"),
            r"is protected against copying \(DRM\)",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data: bytes, message: str) -> None:
    with pytest.raises(ArticleError, match=rf"^a\.epub {message}"):
        load_epub(data, "a.epub")


def test_names_in_the_archive_lead_nowhere() -> None:
    package = PACKAGE.replace("a.xhtml", "../../../../etc/hostname")
    with pytest.raises(ArticleError, match="has no text"):
        load_epub(book(p_opf=package), "a.epub")
