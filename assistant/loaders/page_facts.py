"""What a web page states about its article for programs: JSON-LD, Open Graph, `<meta>`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_ENTRIES = 2000
_DAY = re.compile(r"\s{0,9}(\d{4})-(\d{2})-(\d{2})(?!\d)")
_ARTICLE = re.compile(
    r"(?:article|newsarticle|blogposting|report|techarticle|scholarlyarticle|socialmediaposting|discussionforumposting|"
    r"webpage|recipe|liveblogposting|opinionnewsarticle|reportagenewsarticle|analysisnewsarticle|reviewnewsarticle)",
    re.I,
)
_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title")
_AUTHORS = ("author", "article:author", "dc.creator", "citation_author", "parsely-author", "byl")
_DATES = (
    "article:published_time", "date", "dc.date", "dc.date.issued", "dcterms.created", "citation_publication_date",
    "parsely-pub-date", "datepublished", "pubdate", "publish-date", "sailthru.date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page states.

    Attributes:
        title, author: "" if it does not.
        date: of publication.
        body: the article's text, "" if it is not stated.
        n_words: that the article has, 0 if it is not stated.
        is_free: False where it is stated that not everybody may read it all.
    """

    title: str = ""
    author: str = ""
    date: date | None = None
    body: str = ""
    n_words: int = 0
    is_free: bool = True


def page_facts(root: HtmlElement) -> PageFacts:
    """Returns what a page states about its article; what is of no known form counts as not stated."""
    articles = [entry for entry in _entries(root) if _is_article(entry)]
    # A page may state the site beside the article: the entry with a headline is the article's.
    articles.sort(key=lambda entry: not (entry.get("headline") or entry.get("articleBody")))
    stated = _stated_in_meta(root)
    title = _first(_text(entry.get("headline") or entry.get("name")) for entry in articles[:1])
    author = _first(_names(entry.get("author")) for entry in articles)
    day = _first(day_of(_text(entry.get("datePublished") or entry.get("dateCreated"))) for entry in articles)
    body = max((_text(entry.get("articleBody"), 5_000_000) for entry in articles), key=len, default="")
    words = [entry.get("wordCount") for entry in articles]
    return PageFacts(
        title or _first(stated.get(name, "") for name in _TITLES) or "",
        author or _first(_name(stated.get(name, "")) for name in _AUTHORS) or "",
        day or _first(day_of(stated.get(name, "")) for name in _DATES) or _day_in_text(root),
        body,
        next((int(n) for n in words if isinstance(n, int | str) and re.fullmatch(r"[0-9]{1,7}", str(n))), 0),
        not any(_is_false(entry.get("isAccessibleForFree")) for entry in articles),
    )


def day_of(text: str) -> date | None:
    """Returns the day that a date of ISO 8601 begins with.

    >>> day_of("2024-05-01T08:00:00Z")
    datetime.date(2024, 5, 1)
    """
    found = _DAY.match(text)
    if found:
        with suppress(ValueError):
            return date(int(found[1]), int(found[2]), int(found[3]))
    return None


def _entries(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yields the JSON-LD entries of a page, those inside others too."""
    waiting: list[Any] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            text = script.text.strip().removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[")
            with suppress(ValueError, RecursionError):
                waiting.append(json.loads(text.strip().removesuffix("//]]>"), strict=False))
    for _ in range(_MAX_ENTRIES):
        if not waiting:
            return
        entry = waiting.pop(0)
        if isinstance(entry, list):
            waiting = entry[:100] + waiting
        elif isinstance(entry, dict):
            yield entry
            waiting += [entry[name] for name in ("@graph", "mainEntity", "mainEntityOfPage") if name in entry]


def _is_article(entry: dict[str, Any]) -> bool:
    kinds = entry.get("@type")
    return any(
        isinstance(kind, str) and _ARTICLE.fullmatch(kind.rpartition("/")[2])
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _stated_in_meta(root: HtmlElement) -> dict[str, str]:
    """Returns what `<meta>` states, by lower-case name; the first of a name counts."""
    stated: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        content = " ".join((meta.get("content") or "")[:1000].split())
        if name and content:
            stated.setdefault(name, content)
    return stated


def _day_in_text(root: HtmlElement) -> date | None:
    """Returns the day of the first `<time datetime>` of the page that says that it is the publication's, or stands alone."""
    times = [element for element in root.iter("time") if day_of(element.get("datetime") or "")]
    said = [
        element
        for element in times
        if "publi" in f"{element.get('class', '')} {element.get('itemprop', '')}".lower() or element.get("pubdate") is not None
    ]  # fmt: skip
    days = [day_of(element.get("datetime")) for element in said] or list({day_of(t.get("datetime")) for t in times})
    return days[0] if len(days) == 1 or said else None


def _first(values: Iterator[Any]) -> Any:
    return next((value for value in values if value), None)


def _text(value: Any, max_characters: int = 1000) -> str:
    """Returns a stated text in one line, without entities that were escaped twice."""
    from html import unescape

    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    return unescape(value)[:max_characters].strip() if isinstance(value, str) else ""


def _names(value: Any) -> str:
    """Returns the names of one author or several."""
    values = value if isinstance(value, list) else [value]
    found = [_name(_text(one)) for one in values[:20]]
    return ", ".join(dict.fromkeys(name for name in found if name))


def _name(text: str) -> str:
    """Returns a name, "" for an address of a profile, which is often given in its place."""
    text = re.sub(r"^\s{0,9}by\s{1,9}", "", " ".join(text.split()), flags=re.I)
    return "" if "://" in text or text.startswith("@") or len(text) > 200 else text


def _is_false(value: Any) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")
