"""An article as a program sends it: a text, an address, or a file; and any other file."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.requests import Request

from assistant.api.access import Caller, Calling
from assistant.api.adding import AddIt, adder_of, told_of
from assistant.api.desk import Desk, form_of
from assistant.api.forms import AddBody, ReplaceBody
from assistant.api.problems import ProblemError, too_many
from assistant.errors import ArticleError
from assistant.loaders.addresses import read_address
from assistant.loaders.web import WebPage

MAX_FIELD_BYTES = 100_000
MAX_FIELDS = 60

_SEPARATOR = re.compile(r"[/\\]")


async def sent_article(request: Request, desk: Desk, caller: Caller) -> AddIt:
    """Returns what adds the article that a request carries, its page fetched.

    Raises:
        ProblemError: if it is none.
        ArticleError: if its address is not allowed, or cannot be fetched.
    """
    assistant = desk.assistant
    if _is_form(request):
        name, data, fields = await sent_file(request, ("title", "author", "date", "tags"))
        title, told = fields.pop("title", ""), told_of(fields)
        return lambda progress: assistant.add_bytes(data, name, title, progress, **told)
    body = await form_of(request, AddBody)
    return await adder_of(body, assistant, lambda url: fetched(url, request, desk, caller))


async def sent_text(request: Request) -> tuple[str | bytes, str]:
    """Returns the new text of an article, or a file's bytes, and the file's name, "" for none. Raises as `sent_article`."""
    if _is_form(request):
        name, data, _ = await sent_file(request, ())
        return data, name
    return (await form_of(request, ReplaceBody)).text, ""


def body_told(form: type[BaseModel]) -> dict[str, Any]:
    """Returns what the documents of the interface say of a request that carries JSON or a file."""
    schema = form.model_json_schema()
    file = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}}
        | {name: {"type": "string"} for name in ("title", "author", "date", "tags") if name in schema["properties"]},
    }
    content = {"application/json": {"schema": schema}, "multipart/form-data": {"schema": file}}
    return {"requestBody": {"required": True, "content": content}}


async def fetched(url: str, request: Calling, desk: Desk, caller: Caller) -> WebPage:
    """Returns the page at an address, fetched for a caller.

    Raises:
        ProblemError: if enough was fetched for them, or of that host.
        ArticleError: as `Assistant.fetch_page`.
    """
    host = read_address(url).host
    client = request.scope["client"][0] if request.scope.get("client") else ""
    try:
        desk.brake.start(caller.key, client, host)
    except ArticleError as error:
        raise too_many(str(error), 60) from error
    try:
        return await desk.fetching.run(request, caller.key, lambda _: desk.assistant.fetch_page(url))
    finally:
        desk.brake.end(caller.key)


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


async def sent_file(request: Request, names: tuple[str, ...]) -> tuple[str, bytes, dict[str, str]]:
    """Returns a file's name, its content, and the fields beside it; tags that come one by one are joined.

    Raises:
        ProblemError: if there is no file, or a field is not known.
    """
    async with request.form(max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES) as form:
        fields: dict[str, str] = {}
        file: UploadFile | None = None
        for name, value in form.multi_items():
            if isinstance(value, UploadFile) and name == "file":
                file = value
            elif isinstance(value, UploadFile) or name not in names:
                known = ", ".join(("file", *names))
                raise ProblemError(422, f"`{name[:60]}` is not expected here: the fields are {known}.")
            else:
                fields[name] = f"{fields[name]},{value}" if name == "tags" and name in fields else value
        if file is None:
            raise ProblemError(422, "`file` is missing: send a file, with its name.")
        # Whatever a client calls it, its last part is a name.
        name = _SEPARATOR.split(file.filename or "")[-1]
        return name or "file", await file.read(), fields
