"""What adds an article that was sent as JSON: over REST, or by an agent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.api.forms import AddBody
from assistant.articles.article import Article
from assistant.collection import Collection, described
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.loaders.web import WebPage

AddIt = Callable[[Any], Article]
"""Adds what was sent; takes the progress, as `Assistant.add` does."""


async def adder_of(body: AddBody, assistant: Collection, fetch: Callable[[str], Awaitable[WebPage]]) -> AddIt:
    """Returns what adds an article that is sent as JSON, its page fetched by `fetch`.

    Raises:
        AssistantError: if neither its text nor its address is given, or both; and what `fetch` raises.
    """
    told = told_of(body.model_dump(include={"author", "date", "tags"}, exclude_none=True))
    title = body.title or ""
    if (body.text is None) == (body.url is None):
        raise AssistantError("Send one of `text` and `url`, or over REST, as multipart/form-data, `file`.")
    if body.text is not None:
        text = body.text
        return lambda progress: assistant.add(text, title, body.source, progress, **told)
    page = await fetch(str(body.url))
    told_page = _described(page, told)
    return lambda progress: assistant.add_page(told_page, title, progress)


def _described(page: WebPage, told: dict[str, Any]) -> WebPage:
    """Returns the page with what the caller says of it, which wins over what it states."""
    return replace(page, loaded=described(page.loaded, told["tags"], told["author"], told["date"]))


def told_of(fields: dict[str, Any]) -> dict[str, Any]:
    """Returns what was said of an article, as `Assistant.add` takes it."""
    return {"tags": fields.get("tags", ()), "author": fields.get("author", ""), "date": fields.get("date")}
