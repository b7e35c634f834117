"""Tools and resources as one server of the protocol, and errors as agents get them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import Any, TypeVar

import anyio
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    TextContent,
)
from pydantic import ValidationError

from assistant.agents.calls import Call, Workplace
from assistant.agents.resources import list_resources, read, templates
from assistant.agents.tools import all_tools
from assistant.articles.article import clean
from assistant.errors import AssistantError

T = TypeVar("T")
Context = ServerRequestContext[Any, Any]

NAME, TITLE = "article-assistant", "Article Assistant"
INSTRUCTIONS = (
    "Answers questions on a library of articles with the articles' own sentences, cited, or says that the article does not "
    "say. Quote the citations of an answer where you use it, and take a refusal for what it is: nothing in the articles "
    "answers, and nothing was made up. `list_articles` tells what there is to ask."
)
MAX_TOLD = 5
FAILED = "Something went wrong here. The server's log tells what."

_LOG = logging.getLogger("assistant.agents")


def make_server(place: Workplace, told_errors: tuple[type[Exception], ...] = ()) -> Server[Any]:
    """Returns a server whose work is done at `place`; `told_errors` tell agents what to do, beside errors of ours."""
    import assistant

    tools = all_tools()
    known: tuple[type[Exception], ...] = (AssistantError, *told_errors)

    async def on_list_tools(context: Context, _: PaginatedRequestParams | None) -> ListToolsResult:
        call = _call_of(context)
        return ListToolsResult(tools=[tool.told for tool in tools.values() if place.may(call, tool.needed)])

    async def on_call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        tool = tools.get(params.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"There is no tool {params.name!r:.60}: there are {', '.join(tools)}.")
        call = _call_of(context)
        try:
            place.check(call, tool.needed)
            body = tool.form.model_validate(params.arguments or {})
            return await stopping(call, tool.do(place, call, body))
        except ValidationError as error:
            return _wrong(_mistakes(error))
        except known as error:
            return _wrong(str(error))
        except Exception:  # noqa: BLE001 - an agent is told that it failed, the log why
            _LOG.exception("The tool %s failed", params.name)
            return _wrong(FAILED)

    async def on_list_resources(context: Context, params: PaginatedRequestParams | None) -> ListResourcesResult:
        call = _call_of(context)
        return await reading(list_resources(place, call, (params and params.cursor) or ""))

    async def on_templates(_: Context, __: PaginatedRequestParams | None) -> ListResourceTemplatesResult:
        return templates()

    async def on_read(context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        return await reading(read(place, _call_of(context), str(params.uri)))

    async def reading(work: Awaitable[T]) -> T:
        try:
            return await work
        except known as error:
            raise MCPError(INVALID_PARAMS, clean(str(error))) from error
        except Exception as error:
            _LOG.exception("A resource cannot be read")
            raise MCPError(INTERNAL_ERROR, FAILED) from error

    return Server(
        NAME,
        version=assistant.__version__,
        title=TITLE,
        instructions=INSTRUCTIONS,
        on_list_tools=on_list_tools,
        on_call_tool=on_call_tool,
        on_list_resources=on_list_resources,
        on_list_resource_templates=on_templates,
        on_read_resource=on_read,
    )


async def stopping(call: Call, work: Awaitable[T]) -> T:
    """Returns what work gives; where it is cancelled, the call is over, so that its thread ends soon."""
    failure: Exception | None = None
    value: list[T] = []
    async with anyio.create_task_group() as group:
        group.start_soon(_tell_end, call)
        try:
            value.append(await work)
        except Exception as error:  # noqa: BLE001 - raised below, outside of the group, which would wrap it
            failure = error
        group.cancel_scope.cancel()
    if failure is not None:
        raise failure
    return value[0]


async def _tell_end(call: Call) -> None:
    try:
        await anyio.sleep_forever()
    finally:
        call.is_over = True


def _call_of(context: Context) -> Call:
    return Call(context.request.scope if context.request is not None else None)


def _wrong(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=clean(text))], is_error=True)


def _mistakes(error: ValidationError) -> str:
    """Returns what is wrong with arguments, each mistake with its field."""
    told = []
    for one in error.errors()[:MAX_TOLD]:
        field = ".".join(str(part)[:40] for part in one["loc"])
        message = str(one["msg"]).removeprefix("Value error, ")
        told.append(f"`{field}`: {message}." if field else f"{message}.")
    return " ".join(told)
