"""Documents of LangChain's and the articles that hold them: ids and metadata of any kind, kept with the article.

A library has one article for a text, with a title, an author, a day and tags. A document may have any id and any metadata,
and two may have the same text. So an article that documents were added as has them, as JSON, in the place of its source:
they are changed in the same transaction, backed up and exported with it, whatever kind of store the library is. An article
that was added otherwise is a document too: its id is the article's, its metadata what is known of the article.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypedDict

from assistant.articles.tags import Day, day_of, tags_of
from assistant.errors import ArticleError, AssistantError

PREFIX = "langchain:"


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """What is kept of a document beside its text."""

    id: str
    metadata: dict[str, Any]


class Known(Protocol):
    """What documents are told from: an article, or its entry in a list."""

    @property
    def id(self) -> str:
        """The article's id."""
        ...

    @property
    def title(self) -> str:
        """Its title."""
        ...

    @property
    def source(self) -> str:
        """Where it came from, or the documents that it was added as."""
        ...

    @property
    def author(self) -> str:
        """Its author, "" if unknown."""
        ...

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags."""
        ...

    @property
    def url(self) -> str:
        """Its address, "" if it was not fetched."""
        ...


class Description(TypedDict):
    """What `Collection.add` takes of a document's metadata."""

    title: str
    author: str
    date: Day
    tags: tuple[str, ...]


def documents_of(article: Known) -> tuple[KeptDocument, ...]:
    """Returns the documents that an article holds: those that it was added as, or the one that it is itself."""
    if article.source.startswith(PREFIX):
        try:
            kept = tuple(KeptDocument(i, metadata) for i, metadata in json.loads(article.source[len(PREFIX) :]))
        except (ValueError, TypeError, RecursionError):
            kept = ()
        if kept and all(isinstance(one.id, str) and isinstance(one.metadata, dict) for one in kept):
            return kept
    return (KeptDocument(article.id, metadata_of(article)),)


def source_of(documents: Iterable[KeptDocument]) -> str:
    """Returns what keeps documents in the place of an article's source; `documents_of` reads it.

    Raises:
        AssistantError: if a document's metadata is not JSON.
    """
    return PREFIX + json.dumps([[one.id, checked(one.metadata)] for one in documents], ensure_ascii=False)


def checked(metadata: object) -> dict[str, Any]:
    """Returns a document's metadata, once it is found to be what can be kept: JSON types, as they come back.

    Raises:
        AssistantError: if it is not.
    """
    what = "expected a dict with texts as names, and texts, numbers, booleans, None, lists and dicts of them as values"
    if not isinstance(metadata, dict):
        raise AssistantError(f"A document's metadata is {metadata!r:.80}, {what}.")
    for name, value in metadata.items():
        try:
            again = json.loads(json.dumps({name: value}, allow_nan=False))
        except (TypeError, ValueError, RecursionError) as error:
            raise AssistantError(f"The metadata {name!r:.40} of a document is {value!r:.80}, {what}.") from error
        if again != {name: value}:
            raise AssistantError(f"The metadata {name!r:.40} of a document is {value!r:.80}, {what}.")
    return metadata


def described_by(metadata: dict[str, Any]) -> Description:
    """Returns what a document's metadata says of the article: title, author, date and tags, where they are such.

    >>> described_by({"title": "Bees", "date": "2024-02-29", "tags": ["Work"], "author": 7})["tags"]
    ('work',)
    """
    title, author = (text if isinstance(text := metadata.get(name), str) else "" for name in ("title", "author"))
    try:
        date = day_of(metadata.get("date"))
    except ArticleError:
        date = None
    try:
        tags = tags_of(metadata.get("tags") or ())
    except ArticleError:
        tags = ()
    return {"title": title, "author": author, "date": date, "tags": tags}


def metadata_of(article: Known) -> dict[str, Any]:
    """Returns what is known of an article as a document's metadata, JSON types; what is not known is left out."""
    date = getattr(article, "date", None)
    values = {
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "date": date and date.isoformat(),
        "tags": list(article.tags),
        "url": article.url,
    }
    return {name: value for name, value in values.items() if value}
