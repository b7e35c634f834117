"""Tags and days as people and files give them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from assistant.articles.article import clean
from assistant.errors import ArticleError

MAX_TAGS = 30
MAX_TAG_CHARACTERS = 50

Tags = str | Iterable[str]
"""Some tags; in one text, commas separate them."""
Day = date | str | None


def tags_of(given: Tags) -> tuple[str, ...]:
    """Returns tags as they are kept: trimmed, in lower case, sorted, each once.

    >>> tags_of("Bees, honey , bees")
    ('bees', 'honey')

    Raises:
        ArticleError: if one is no text or too long, or there are too many.
    """
    if not isinstance(given, str | Iterable) or isinstance(given, bytes):
        raise ArticleError(f"The tags are {given!r:.80}, expected some texts, or one with commas between.")
    tags = set()
    for one in given.split(",") if isinstance(given, str) else given:
        if not isinstance(one, str):
            raise ArticleError(f"A tag is {one!r:.80}, expected a text.")
        tag = _normal(one)
        if len(tag) > MAX_TAG_CHARACTERS:
            raise ArticleError(
                f"The tag {tag[:60]!r} is longer than {MAX_TAG_CHARACTERS} characters. Give a short one."
            )
        tags.add(tag)
    tags.discard("")
    if len(tags) > MAX_TAGS:
        raise ArticleError(f"There are {len(tags)} tags, the limit is {MAX_TAGS}. Leave some out.")
    return tuple(sorted(tags))


def united(given: Tags, stated: Iterable[str]) -> tuple[str, ...]:
    """Returns the tags given, and those that a file states as far as there is room for them. Raises as `tags_of`."""
    tags = tags_of(given)
    more = dict.fromkeys(tag for tag in map(_normal, stated) if 0 < len(tag) <= MAX_TAG_CHARACTERS and tag not in tags)
    return tuple(sorted((*tags, *list(more)[: MAX_TAGS - len(tags)])))


def day_of(given: Day, name: str = "date") -> date | None:
    """Returns a day that is given as such or in ISO 8601; None for none, or an empty text.

    Raises:
        ArticleError: if it is neither; `name` says what it was given as.
    """
    if isinstance(given, datetime):
        return given.date()
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given.strip()) if given.strip() else None
    except (ValueError, AttributeError) as error:
        raise ArticleError(f"The {name} is {given!r:.40}, expected a day as 2024-02-29.") from error


def _normal(tag: str) -> str:
    return " ".join(clean(tag).replace(",", " ").split()).lower()
