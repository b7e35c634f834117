"""The library: listing, reading, adding, replacing, describing and removing articles."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from assistant.api.access import Caller, caller_of
from assistant.api.addresses import REST
from assistant.api.cursors import cursor_of, place_after
from assistant.api.desk import PROBLEMS, Desk, request_id_of
from assistant.api.forms import AddBody, Described, ReplaceBody, article_form
from assistant.api.reply_forms import ArticleReply, ArticlesReply
from assistant.api.sending import body_told, sent_article, sent_text
from assistant.audit import audit
from assistant.library.entry_form import entry_form
from assistant.library.filter import FilterOptions

MAX_LISTED = 200


class Articles:
    """The addresses of articles."""

    def __init__(self, desk: Desk) -> None:
        """Stores what they work on."""
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Adds the addresses to a router."""
        one: dict[int | str, dict[str, Any]] = {200: {"model": ArticleReply}, **PROBLEMS}
        new = {201: {"model": ArticleReply, "description": "Added; 200 where the same text was there already"}} | one
        add = router.add_api_route
        all_of_them, single = f"{REST}/articles", f"{REST}/articles/{{id}}"
        listed: dict[int | str, dict[str, Any]] = {200: {"model": ArticlesReply}, **PROBLEMS}
        add(all_of_them, self.list, methods=["GET"], operation_id="list_articles", responses=listed)
        add(all_of_them, self.add, methods=["POST"], operation_id="add_article", status_code=201,
            responses=new, openapi_extra=body_told(AddBody))  # fmt: skip
        add(single, self.read, methods=["GET"], operation_id="read_article", responses=one)
        add(single, self.replace, methods=["PUT"], operation_id="replace_article", responses=one,
            openapi_extra=body_told(ReplaceBody))  # fmt: skip
        add(single, self.describe, methods=["PATCH"], operation_id="describe_article", responses=one)
        add(single, self.remove, methods=["DELETE"], operation_id="remove_article", responses=one)

    async def list(
        self,
        request: Request,
        tag: Annotated[list[str], Query(description="may be repeated: all of them")] = [],  # noqa: B006 - FastAPI's form
        since: str = "",
        until: str = "",
        author: str = "",
        source: str = "",
        title: Annotated[str, Query(description="words of the title")] = "",
        limit: Annotated[int, Query(ge=1, le=MAX_LISTED)] = 50,
        cursor: Annotated[str, Query(description="`next` of the part before")] = "",
    ) -> Response:
        """Returns articles without their texts, the oldest first, a part at a time."""
        only: FilterOptions = {
            "tags": tag, "since": since, "until": until, "author": author, "source": source, "title": title
        }  # fmt: skip
        entries = await self._desk.quickly(request, lambda _: self._desk.assistant.contents(**only))
        first = place_after(cursor, entries)
        part = entries[first : first + limit]
        following = cursor_of(part[-1]) if first + limit < len(entries) else None
        listed = [entry_form(entry) for entry in part]
        return JSONResponse({"articles": listed, "n_articles": len(entries), "next": following})

    async def read(
        self, id: str, request: Request, sentences: Annotated[bool, Query(description="with its sentences")] = False
    ) -> Response:
        """Returns an article with its text."""

        def work(_: Caller) -> dict[str, Any]:
            return article_form(self._desk.assistant.article(id), with_text=True, with_sentences=sentences)

        return JSONResponse(await self._desk.quickly(request, work))

    async def add(self, request: Request) -> Response:
        """Adds an article: a text, a file (multipart/form-data), or the page at an address."""
        desk, caller = self._desk, caller_of(request)
        add_it = await sent_article(request, desk, caller)

        def work(progress: Any) -> tuple[dict[str, Any], bool]:
            known = {entry.id for entry in desk.assistant.contents()}
            article = add_it(progress)
            return article_form(article), article.id in known

        form, was_there = await desk.add(request, work)
        if not was_there:
            audit(caller.name, "added", form["id"], request_id_of(request))
        location = {"Location": f"{REST}/articles/{quote(form['id'])}"}
        return JSONResponse(form, 200 if was_there else 201, location)

    async def replace(self, id: str, request: Request) -> Response:
        """Puts a new text, or a file, in the place of an article's, which gets another id."""
        content, name = await sent_text(request)

        def work(progress: Any) -> dict[str, Any]:
            return article_form(self._desk.assistant.replace(id, content, name, progress))

        form = await self._desk.add(request, work)
        audit(caller_of(request).name, "replaced", f"{id} by {form['id']}", request_id_of(request))
        return JSONResponse(form)

    async def describe(self, id: str, body: Described, request: Request) -> Response:
        """Changes title, author, date or tags; what is left out stays."""
        given = body.model_dump(exclude_none=True)
        work = lambda _: article_form(self._desk.assistant.describe(id, **given))  # noqa: E731
        form = await self._desk.quickly(request, work)
        audit(caller_of(request).name, "described", id, request_id_of(request))
        return JSONResponse(form)

    async def remove(
        self,
        id: str,
        request: Request,
        for_good: Annotated[
            bool, Query(description="leaves nothing of it in the library; needs the scope admin")
        ] = False,
    ) -> Response:
        """Removes an article and returns what it was."""
        if for_good:
            caller_of(request).check("admin")
        work = lambda _: article_form(self._desk.assistant.remove(id, for_good))  # noqa: E731
        form = await self._desk.quickly(request, work)
        audit(caller_of(request).name, "removed for good" if for_good else "removed", id, request_id_of(request))
        return JSONResponse(form)
