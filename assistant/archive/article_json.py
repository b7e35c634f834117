"""Article <-> JSON that a person can read; what others wrote is believed only as far as it fits the text."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from assistant.articles.article import (
    Article,
    article_id,
    clean,
    make_article,
    normalise,
)
from assistant.articles.boxes import Box
from assistant.articles.sentences import MAX_CHARACTERS, Sentence
from assistant.articles.tags import united
from assistant.errors import ArticleError
from assistant.library.sqlite_rows import stand_in
from assistant.loaders.loaded import from_json

MAX_NOTES = 100
MAX_PAGE = 1_000_000
_TOLD = ("speaker", "section", "place")


def article_to_json(article: Article) -> dict[str, Any]:
    """Returns what is known of an article but its text; the sentences say where in it they stand."""
    return {
        "id": article.id,
        "title": article.title,
        "author": article.author,
        "date": article.date and article.date.isoformat(),
        "tags": list(article.tags),
        "url": article.url,
        "fetched": article.fetched and article.fetched.isoformat(),
        "source": article.source,
        "added": article.added.isoformat(),
        "notes": list(article.notes),
        "blocks": [asdict(block) for block in article.blocks],
        "sentences": [_sentence_to_json(sentence) for sentence in article.sentences],
    }


def article_from_json(text: str, values: Any, max_sentences: int) -> Article:
    """Returns the article of a text and what is told of it.

    Raises:
        ArticleError: if the text has another id, or what is told does not fit it.
    """
    try:
        if normalise(text) != text or article_id(text) != values["id"]:
            raise ArticleError(f"its text is not the one of the id {values['id']!r:.40}: it was changed or is damaged")
        told = {"text": text, "title": values["title"], "author": values["author"], "date": values["date"]}
        lists = {"tags": values["tags"], "notes": values["notes"][:MAX_NOTES], "blocks": values["blocks"]}
        loaded = from_json(json.dumps({**told, **lists, "marks": [], "words": []}))
        sentences = values["sentences"]
        if len(sentences) > max_sentences:
            raise ArticleError(f"it has {len(sentences):,} sentences, the limit is {max_sentences:,}")
        article = replace(
            make_article(text, loaded.title, _told(values["source"])),
            added=_moment(values["added"]),
            sentences=tuple(_sentence(text, position, each) for position, each in enumerate(sentences)),
            author=clean(loaded.author),
            date=loaded.date,
            tags=united((), loaded.tags),
            url=_address(values["url"]),
            fetched=_moment(values["fetched"]) if values["fetched"] is not None else None,
            notes=tuple(map(_told, loaded.notes)),
            blocks=loaded.blocks,
        )
    except (ValueError, TypeError, KeyError, AttributeError, LookupError, OverflowError, RecursionError) as error:
        raise ArticleError("what is told of it is not of the form that an export has") from error
    if not stand_in(text, article.sentences):
        raise ArticleError("its sentences do not stand in its text where they should")
    return article


def _sentence_to_json(sentence: Sentence) -> dict[str, Any]:
    """Returns what is known of a sentence; what it has not is left out."""
    values = {"text": sentence.text, "start": sentence.start, "end": sentence.end}
    told = {name: getattr(sentence, name) for name in ("speaker", "page", "section", "place")}
    boxes = [[box.page, box.left, box.top, box.right, box.bottom] for box in sentence.boxes]
    return values | {name: value for name, value in (told | {"boxes": boxes}).items() if value}


def _sentence(text: str, position: int, values: Any) -> Sentence:
    start, end, page = values["start"], values["end"], values.get("page")
    told = {name: _told(values.get(name, "")) for name in _TOLD}
    _require(type(start) is int and type(end) is int and 0 <= start < end <= min(len(text), start + MAX_CHARACTERS))
    _require(page is None or (type(page) is int and 0 < page <= MAX_PAGE))
    boxes = tuple(_box(*box) for box in values.get("boxes", ()))
    return Sentence(values["text"], start, end, position, told["speaker"], page, told["section"], told["place"], boxes)


def _box(page: Any, *sides: Any) -> Box:
    left, top, right, bottom = sides
    _require(type(page) is int and 0 < page <= MAX_PAGE)
    _require(all(type(side) in (int, float) and isfinite(side) for side in sides))
    return Box(page, left, top, right, bottom)


def _told(value: Any) -> str:
    _require(isinstance(value, str))
    return clean(value)


def _address(value: Any) -> str:
    """Returns an address that a page may link to."""
    _require(value == "" or _told(value).lower().startswith(("http://", "https://")))
    return _told(value)


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    _require(moment.tzinfo is not None)
    return moment.astimezone(UTC)


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("a value that cannot be")
