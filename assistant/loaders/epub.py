"""EPUB -> the text of a book in the order of its reading, its chapters as sections."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any

from assistant.errors import ArticleError
from assistant.loaders.front_matter import written_day
from assistant.loaders.html_blocks import add_html
from assistant.loaders.html_tree import parse_html, tag_of
from assistant.loaders.loaded import Loaded
from assistant.loaders.page_encoding import decode_page
from assistant.loaders.text_builder import TextBuilder
from assistant.loaders.zip_parts import Packed, path_from, read_parts, xml_root

_EPUB = Packed(
    (".xml", ".opf", ".xhtml", ".html", ".htm", ".ncx"),
    "is damaged, or no EPUB. Open it in a reader to see whether it is whole.",
    "is protected by a password. Save it without one and add that.",
    "EPUB",
    may_declare=True,
)
_PAGES = ("application/xhtml+xml", "text/html", "application/xml")
BESIDE = "Notes"
"""The section of pages that stand beside the order of reading, and in no table of contents."""
_PROTECTED = "is protected against copying (DRM), and cannot be read. Add one that is not."


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of the book: its path in the archive, its kind, and what it is there for."""

    path: str
    kind: str
    properties: tuple[str, ...]


def load_epub(data: bytes, name: str) -> Loaded:
    """Returns the text of a book; title, author, date and tags are those of its metadata.

    A section is the heading that a sentence stands under; in a chapter without one, its title in the table of contents.

    Raises:
        ArticleError: if it is no EPUB, protected, damaged, empty, or much larger unpacked than packed.
    """
    parts = read_parts(data, name, _EPUB)
    package_path = _package_path(parts, name)
    package = xml_root(parts[package_path], name, _EPUB)
    items = _items(package, posixpath.dirname(package_path))
    spine, beside = _spine(package, items)
    encrypted = _encrypted(parts, name)
    titles = _chapter_titles(items, parts, name)
    builder = TextBuilder()
    missing = 0
    for item in [*spine, *beside]:
        if item.path in encrypted:
            raise ArticleError(f"{name} {_PROTECTED}")
        page = parts.get(item.path)
        if page is None:
            missing += 1
        elif page.strip():
            builder.mark(section=titles.get(item.path, BESIDE if item in beside else None))
            add_html(parse_html(decode_page(page, name)), builder)
    if not builder.texts():
        raise ArticleError(f"{name} has no text: its pages are empty, or pictures. Add one with text.")
    told = _metadata(package)
    chapters = "1 chapter is" if missing == 1 else f"{missing} chapters are"
    notes = (f"{chapters} named in the book but not in its file.",) if missing else ()
    return builder.loaded(told.title, told.author, told.date, told.tags, notes)


def _package_path(parts: dict[str, bytes], name: str) -> str:
    """Returns where the package document is: what the container names, else the only one."""
    container = parts.get("META-INF/container.xml")
    named = []
    if container is not None:
        named = [
            posixpath.normpath(e.get("full-path", ""))
            for e in xml_root(container, name, _EPUB).iter()
            if _is(e, "rootfile")
        ]
    for path in [*named, *(path for path in parts if path.lower().endswith(".opf"))]:
        if path in parts:
            return str(path)
    raise ArticleError(f"{name} {_EPUB.damaged}")


def _items(package: Any, folder: str) -> dict[str, _Item]:
    """Returns the files that the package lists, by their ids."""
    return {
        e.get("id", ""): _Item(path_from(folder, e.get("href", "")), e.get("media-type", ""), tuple(e.get("properties", "").split()))
        for e in package.iter()
        if _is(e, "item")
    }  # fmt: skip


def _spine(package: Any, items: dict[str, _Item]) -> tuple[list[_Item], list[_Item]]:
    """Returns the pages in the order of reading, each once, and those that stand beside it, as notes do."""
    first: list[_Item] = []
    beside: list[_Item] = []
    for e in package.iter():
        item = items.get(e.get("idref", "")) if _is(e, "itemref") else None
        if item and item.kind in _PAGES and "nav" not in item.properties:
            (beside if e.get("linear") == "no" else first).append(item)
    first = list(dict.fromkeys(first))
    return first, [item for item in dict.fromkeys(beside) if item not in first]


def _chapter_titles(items: dict[str, _Item], parts: dict[str, bytes], name: str) -> dict[str, str]:
    """Returns the title that the table of contents gives each file first."""
    titles: dict[str, str] = {}
    for item in items.values():
        data = parts.get(item.path)
        if data is None:
            continue
        if "nav" in item.properties:
            for nav in parse_html(decode_page(data, name)).iter("nav"):
                if "toc" in nav.get("epub:type", "toc").split():
                    for link in nav.iter("a"):
                        _note(titles, item.path, link.get("href", ""), "".join(link.itertext()))
        elif item.kind == "application/x-dtbncx+xml":
            for point in xml_root(data, name, _EPUB).iter():
                if _is(point, "navPoint"):
                    label = next(("".join(e.itertext()) for e in point if _is(e, "navLabel")), "")
                    _note(titles, item.path, next((e.get("src", "") for e in point if _is(e, "content")), ""), label)
    return titles


def _note(titles: dict[str, str], here: str, address: str, title: str) -> None:
    path, title = path_from(posixpath.dirname(here), address), " ".join(title.split())
    if title:
        titles.setdefault(path, title)


def _encrypted(parts: dict[str, bytes], name: str) -> set[str]:
    """Returns the paths that are said to be encrypted: fonts often, texts where the book is protected."""
    data = parts.get("META-INF/encryption.xml")
    if data is None:
        return set()
    return {path_from("", e.get("URI", "")) for e in xml_root(data, name, _EPUB).iter() if _is(e, "CipherReference")}


def _metadata(package: Any) -> Loaded:
    """Returns what the package tells: title, authors, day, subjects; its text is empty."""
    told: dict[str, list[Any]] = {"title": [], "creator": [], "date": [], "subject": []}
    roles: dict[str, str] = {}
    for e in package.iter():
        if tag_of(e) in told and (e.text or "").strip():
            told[tag_of(e)].append(e)
        elif _is(e, "meta") and e.get("property") == "role":
            roles[e.get("refines", "").removeprefix("#")] = (e.text or "").strip()
    people = [(_attribute(e, "role") or roles.get(e.get("id", ""), "aut"), e) for e in told["creator"]]
    authors = [e for role, e in people if role == "aut"] or told["creator"]
    days = sorted(told["date"], key=lambda e: _attribute(e, "event") != "publication")
    return Loaded(
        "",
        _words(told["title"][0]) if told["title"] else "",
        author=", ".join(dict.fromkeys(map(_words, authors))),
        date=next(filter(None, (written_day(_words(e)) for e in days)), None),
        tags=tuple(sorted({_words(e).lower() for e in told["subject"]})),
    )


def _attribute(element: Any, name: str) -> str:
    """Returns an attribute whatever its namespace is, "" if it is not there."""
    return next((str(value) for key, value in element.items() if key.rpartition("}")[2] == name), "")


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _is(element: Any, name: str) -> bool:
    return tag_of(element) == name.lower()
