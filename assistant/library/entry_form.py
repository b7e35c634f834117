"""The form of an article in a list, as the page and programs get it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.library.store import Entry


def entry_form(entry: Entry) -> dict[str, Any]:
    """Returns what the page and a program get of an article in a list; of a path only the file's name."""
    return {
        "id": entry.id,
        "title": entry.title,
        "source": shown_source(entry.source),
        "added": entry.added.isoformat(),
        "author": entry.author,
        "date": entry.date and entry.date.isoformat(),
        "tags": list(entry.tags),
        "url": entry.url,
        "n_sentences": entry.n_sentences,
        "n_words": entry.n_words,
        "n_pages": entry.n_pages,
    }


def shown_source(source: str) -> str:
    """Returns an address as it is, and of a path only the file's name.

    >>> shown_source("/home/ann/bees.txt"), shown_source("https://example.org/bees")
    ('bees.txt', 'https://example.org/bees')
    """
    return source if "://" in source else Path(source).name
