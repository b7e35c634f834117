"""Which articles of a library are asked, or listed: by tag, day, author, source or title."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from assistant.articles.article import clean
from assistant.articles.tags import Day, Tags, day_of, tags_of
from assistant.errors import ArticleError
from assistant.library.store import Entry


class FilterOptions(TypedDict, total=False):
    """What `Filter.of` takes."""

    tags: Tags
    since: Day
    until: Day
    author: str
    source: str
    title: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article must have to be chosen; nothing chooses all.

    Attributes:
        tags: all of them, as they are kept.
        since, until: its own date, or else the day on which it was added, is not before or after; both included.
        author: stands in its author's name.
        source: stands in its source or its address.
        title: words that stand in its title.
    """

    tags: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    author: str = ""
    source: str = ""
    title: str = ""

    @classmethod
    def of(
        cls, tags: Tags = (), since: Day = None, until: Day = None, author: str = "", source: str = "", title: str = ""
    ) -> Filter:
        """Returns the filter of what a caller gives: tags in any case, days also as ISO 8601.

        Raises:
            ArticleError: if one of them is not what it should be.
        """
        for name, value in (("author", author), ("source", source), ("title", title)):
            if not isinstance(value, str):
                raise ArticleError(f"The {name} is {value!r:.80}, expected a text.")
        texts = (" ".join(clean(text).split()) for text in (author, source, title))
        return cls(tags_of(tags), day_of(since, "day since"), day_of(until, "day until"), *texts)

    def fits(self, entry: Entry) -> bool:
        """Whether an article is chosen."""
        day = entry.date or entry.added.date()
        source = f"{entry.source}\n{entry.url}".lower()
        return (
            set(self.tags) <= set(entry.tags)
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
            and self.author.lower() in entry.author.lower()
            and self.source.lower() in source
            and all(word in entry.title.lower() for word in self.title.lower().split())
        )

    def nothing(self) -> str:
        """Returns the sentence that no article has what is wanted.

        >>> Filter.of(tags="bees", since="2024-01-01").nothing()
        'No article is tagged “bees” and dated 2024-01-01 or later.'
        """
        parts = [f"tagged “{'”, “'.join(self.tags)}”"] if self.tags else []
        parts += [f"dated {self.since} or later"] if self.since else []
        parts += [f"dated {self.until} or earlier"] if self.until else []
        parts += [f"by “{self.author}”"] if self.author else []
        parts += [f"from “{self.source}”"] if self.source else []
        parts += [f"titled “{self.title}”"] if self.title else []
        return f"No article is {' and '.join(parts)}." if parts else "No article is chosen."
