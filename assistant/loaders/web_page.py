"""A web page -> its article: title, author, date, paragraphs, lists and tables, without menus, notices and comments."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.articles.article import normalise
from assistant.articles.blocks import Block
from assistant.errors import ArticleError
from assistant.loaders.html_blocks import read_html
from assistant.loaders.html_tree import parse_html
from assistant.loaders.loaded import Loaded, Mark
from assistant.loaders.main_part import take_main_part
from assistant.loaders.page_encoding import decode_page
from assistant.loaders.page_facts import PageFacts, day_of, page_facts

if TYPE_CHECKING:
    from lxml.html import HtmlElement

TEASER = "The page shows only the beginning of the article; the rest is for those who sign in or pay."
PART = "The page states that its article is longer than what was found of it: about {n:,} words."
FROM_FACTS = "The text is the one that the page states for programs: what it shows is made by a script."
_SHORT_WORDS = 80
_SHARE_OF_PAGE = 0.3
_SHARE_OF_STATED = 0.7
_TEASER_WORDS = 250
_WORD = re.compile(r"\w+")
_NO_ARTICLE = (
    "{name} holds no article's text; it may be made by a script, or stand in another page that it frames. "
    "Open it in a browser, and add its text, or save the page there once it is shown."
)


def load_web_page(data: bytes, name: str) -> Loaded:
    """Returns the article of a web page.

    Raises:
        ArticleError: if it holds none, or is no text.
    """
    root = parse_html(decode_page(data, name))
    facts = page_facts(root)
    extracted, guessed = _extracted(root)
    n_seen = _n_words(_seen(root))
    root, is_walled = take_main_part(root, extracted)
    try:
        loaded = read_html(root)
    except ArticleError:
        loaded = None
    n_words = _n_words(loaded.text) if loaded else 0
    if facts.is_free and n_words < _SHORT_WORDS and _n_words(facts.body) > 2 * n_words:
        return _with_facts(Loaded(normalise(facts.body)), facts, guessed, (FROM_FACTS,))
    if loaded is None or (n_words < 5 and n_seen > 0):
        raise ArticleError(_NO_ARTICLE.format(name=name))
    return _with_facts(loaded, facts, guessed, _notes(facts, n_words, is_walled))


def _extracted(root: HtmlElement) -> tuple[str, PageFacts]:
    """Returns what trafilatura takes for the article, once more with less care where that is little; and its metadata."""
    import trafilatura

    best, facts = "", PageFacts()
    n_seen = _n_words(_seen(root))
    for more in (False, True):
        found = trafilatura.bare_extraction(
            copy.deepcopy(root),
            # Its second opinion takes time with the square of the page, and changes no figure of the benchmark.
            fast=True,
            favor_recall=more,
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            date_extraction_params={"original_date": True, "extensive_search": False, "max_date": "2100-01-01"},
        )
        if found is not None:
            if not more:
                facts = PageFacts(found.title or "", found.author or "", day_of(found.date or ""))
            best = max(best, found.text or "", key=len)
        n_words = _n_words(best)
        if n_words >= _SHORT_WORDS and n_words >= _SHARE_OF_PAGE * n_seen:
            break
    return best, facts


def _with_facts(loaded: Loaded, facts: PageFacts, guessed: PageFacts, notes: tuple[str, ...]) -> Loaded:
    """Returns what was loaded with title, author and date, as the page states them, else as they stand in it."""
    title = " ".join((facts.title or guessed.title or loaded.title).split()).rstrip("¶# ")
    author = facts.author or guessed.author.replace("; ", ", ")
    return replace(
        _headed(loaded, title), title=title, author=author, date=facts.date or guessed.date, notes=loaded.notes + notes
    )


def _headed(loaded: Loaded, title: str) -> Loaded:
    """Returns the text below its title, where it does not begin with it: a page's head often stands apart."""
    title = normalise(title) if _WORD.search(title) else ""
    lines = loaded.text[: len(title) + 400].lower().split("\n")[:5]
    has_head = bool(loaded.blocks) and loaded.blocks[0].level == 1
    if not title or has_head or any(line.startswith(title.lower()) for line in lines):
        return loaded
    more = len(title) + 2
    blocks = tuple(
        replace(
            block,
            start=block.start + more,
            end=block.end + more,
            cells=tuple(replace(cell, start=cell.start + more, end=cell.end + more) for cell in block.cells),
        )
        for block in loaded.blocks
    )
    marks = tuple(replace(mark, start=mark.start + more) for mark in loaded.marks)
    first = (Block(0, len(title), level=1),) if blocks else ()
    return replace(
        loaded,
        text=f"{title}\n\n{loaded.text}",
        blocks=first + blocks,
        marks=(Mark(0, title), *marks),
    )


def _notes(facts: PageFacts, n_words: int, is_walled: bool) -> tuple[str, ...]:
    """Returns what a reader should know of how much of the article was got."""
    stated = max(facts.n_words, _n_words(facts.body))
    is_part = bool(stated) and n_words < _SHARE_OF_STATED * stated
    if not facts.is_free and (is_part or (not stated and n_words < _TEASER_WORDS)):
        return (TEASER,)
    if is_walled and (is_part or n_words < _TEASER_WORDS):
        return (TEASER,)
    return (PART.format(n=stated),) if is_part else ()


def _seen(root: Any) -> str:
    """Returns all that a page shows, without any order."""
    return " ".join(root.xpath("//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]"))


def _n_words(text: str) -> int:
    return len(_WORD.findall(text))
