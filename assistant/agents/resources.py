"""The resources: articles as text, and their sentences as JSON with their offsets."""

from __future__ import annotations

import json
import re
from typing import Any

from mcp_types import (
    ListResourcesResult,
    ListResourceTemplatesResult,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextResourceContents,
)

from assistant.agents.calls import Call, Workplace
from assistant.agents.readable import ARTICLE, SENTENCE
from assistant.api.cursors import cursor_of, place_after
from assistant.errors import ArticleError
from assistant.finding.search import Evidence
from assistant.library.store import Entry

MAX_LISTED = 200
TEXT, JSON = "text/plain", "application/json"

_ADDRESS = re.compile(r"article://([\w-]{1,64})(?:/sentences/(\d{1,9}))?", re.ASCII)


async def list_resources(place: Workplace, call: Call, cursor: str) -> ListResourcesResult:
    """Returns a part of the articles, oldest first."""
    entries = await place.look(call, place.assistant.contents)
    first = place_after(cursor, entries)
    part = entries[first : first + MAX_LISTED]
    following = cursor_of(part[-1]) if first + MAX_LISTED < len(entries) else None
    return ListResourcesResult(resources=[_told(entry) for entry in part], next_cursor=following)


def templates() -> ListResourceTemplatesResult:
    """Returns what may be read beside what is listed."""
    return ListResourceTemplatesResult(
        resource_templates=[
            ResourceTemplate(
                uri_template=ARTICLE,
                name="article",
                title="An article",
                description="The text of an article, by its id; offsets of sentences count its characters.",
                mime_type=TEXT,
            ),
            ResourceTemplate(
                uri_template=SENTENCE,
                name="sentence",
                title="A sentence of an article",
                description="A sentence by its position from 0, with its offsets, its speaker and its place.",
                mime_type=JSON,
            ),
        ]
    )


async def read(place: Workplace, call: Call, uri: str) -> ReadResourceResult:
    """Returns an article, or a sentence.

    Raises:
        ArticleError: if there is none at this address.
    """
    found = _ADDRESS.fullmatch(uri)
    if not found:
        raise ArticleError(f"There is nothing at {uri!r:.100}: expected {ARTICLE} or {SENTENCE}.", "missing")
    article_id, position = found[1], found[2]
    article = await place.look(call, lambda: place.assistant.article(article_id))
    if position is None:
        return _contents(uri, article.text, TEXT)
    if int(position) >= len(article.sentences):
        n = len(article.sentences)
        raise ArticleError(
            f"The article {article_id} has {n:,} sentences, from 0 on: there is no {position}.", "missing"
        )
    sentence = article.sentences[int(position)]
    value: dict[str, Any] = Evidence(sentence, article.id, article.title, 0.0, url=article.url).to_dict()
    del value["score"]
    return _contents(uri, json.dumps(value, ensure_ascii=False), JSON)


def _contents(uri: str, text: str, kind: str) -> ReadResourceResult:
    return ReadResourceResult(contents=[TextResourceContents(uri=uri, text=text, mime_type=kind)])


def _told(entry: Entry) -> Resource:
    known = [entry.author, entry.date.isoformat() if entry.date else "", ", ".join(entry.tags), entry.url]
    about = "; ".join(filter(None, [f"{entry.n_sentences:,} sentences", *known]))
    return Resource(
        uri=ARTICLE.format(id=entry.id), name=entry.id, title=entry.title, description=about, mime_type=TEXT
    )
