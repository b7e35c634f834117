"""The name of an article in a question set -> the article: an id or a title, and a path only where paths are allowed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.articles.article import Article, make_article
from assistant.errors import ArticleError
from assistant.settings import shipped

if TYPE_CHECKING:
    from assistant.assistant import Assistant

FindArticle = Callable[[str], Article]
"""Gives the article of an id or a title, or raises ArticleError."""


def find_by_name(folder: Path, paths_below: Path | None, find_article: FindArticle | None) -> FindArticle:
    """Returns what gives the article that a question set names.

    Args:
        folder: of the set; paths are counted from it.
        paths_below: files in this folder and below it may be read, links followed before that is looked at; None for none.
        find_article: gives an article of the library by id or title.
    """

    def find(name: str) -> Article:
        path = _allowed(folder, name, paths_below)
        if path is not None:
            return load_article(path)
        known = {key: article for article in _shipped() for key in (article.id, article.title)}
        if name in known:
            return known[name]
        if find_article is not None:
            try:
                return find_article(name)
            except ArticleError as error:
                raise ArticleError(f"{_not_found(name, paths_below)} ({error})") from error
        raise ArticleError(_not_found(name, paths_below))

    return find


def find_in(assistant: Assistant) -> FindArticle:
    """Returns what gives an article of an assistant's library by its id, or by its title where one article alone has it."""

    def find(name: str) -> Article:
        entries = assistant.contents()
        ids = [entry.id for entry in entries if entry.id == name] or [e.id for e in entries if e.title == name]
        if len(ids) > 1:
            raise ArticleError(
                f"{len(ids)} articles have the title {name[:80]!r}; name one by its id: {', '.join(ids)}."
            )
        return assistant.article(ids[0] if ids else name)

    return find


def load_article(path: Path) -> Article:
    """Returns the article of a file, read as the library reads it. Raises ArticleError if it cannot be read."""
    from assistant.loaders import load_file

    loaded = load_file(path)
    return make_article(loaded.text, loaded.title, str(path))


def _allowed(folder: Path, name: str, below: Path | None) -> Path | None:
    """Returns the file of a name that may be read, None if it is none.

    A file elsewhere is no file: whether it exists is nobody's business.
    """
    if below is None:
        return None
    try:
        path, root = (folder / name).resolve(), below.resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name too long, or one that is no path at all
        return None


def _not_found(name: str, below: Path | None) -> str:
    ways = "the id or title of an article in the library"
    if below is not None:
        ways = f"a file in the folder {below} (more with --paths-below), {ways}"
    return f"{name[:80]!r} names no article; expected {ways}"


@lru_cache(maxsize=1)
def _shipped() -> Sequence[Article]:
    """Returns the sample articles: a set may name them though they were removed from the library."""
    return [load_article(path) for path in sorted(shipped("articles").glob("*.txt"))]
