"""The tools: what an agent may call, what each takes and gives, and how it is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from mcp_types import CallToolResult, TextContent, Tool, ToolAnnotations
from pydantic import BaseModel, Field

from assistant.agents.calls import Call, GoOn, Workplace
from assistant.agents.readable import answer_told, entries_told, sentences_told
from assistant.answer import Answer
from assistant.api.adding import adder_of
from assistant.api.cursors import cursor_of, place_after
from assistant.api.forms import AddBody, Filtered, Question, RetrieveBody, article_form
from assistant.api.reply_forms import AnswerReply, ArticleReply, ArticlesReply, EvidencesReply
from assistant.finding.search import Evidence
from assistant.library.entry_form import entry_form
from assistant.library.store import Entry
from assistant.library.tokens import TokenScope

MAX_LISTED = 200


class Listed(Filtered):
    """Which articles to list."""

    limit: int = Field(default=50, ge=1, le=MAX_LISTED, description="at most so many")
    cursor: str = Field(default="", description="`next` of the part before")


@dataclass(frozen=True)
class AgentTool:
    """A tool.

    Attributes:
        told: as agents are told of it.
        form: what it takes.
        needed: the scope that it needs.
        do: calls it.
    """

    told: Tool
    form: type[BaseModel]
    needed: TokenScope
    do: Callable[[Workplace, Call, Any], Awaitable[CallToolResult]]


async def ask(place: Workplace, call: Call, body: Question) -> CallToolResult:
    """Answers a question."""

    def work(go_on: GoOn) -> Answer | None:
        answer = None
        for part in place.assistant.stream(
            body.question, body.article, body.turns(), carefulness=body.carefulness, **body.only()
        ):
            go_on()
            answer = part if isinstance(part, Answer) else None
        return answer

    answer = await place.ask(call, work)
    if answer is None:
        raise RuntimeError("A question had no answer.")
    return given(answer_told(answer), answer.to_dict())


async def retrieve(place: Workplace, call: Call, body: RetrieveBody) -> CallToolResult:
    """Finds sentences."""

    def work(_: GoOn) -> list[Evidence]:
        return place.assistant.retrieve(
            body.question, body.k, body.article, body.turns(), rerank=body.rerank, **body.only()
        )

    found = await place.ask(call, work)
    return given(sentences_told(found) or "No article has sentences.", {"evidence": [e.to_dict() for e in found]})


async def list_articles(place: Workplace, call: Call, body: Listed) -> CallToolResult:
    """Lists articles without their texts."""

    def work() -> list[Entry]:
        return place.assistant.contents(**body.only())

    entries = await place.look(call, work)
    first = place_after(body.cursor, entries)
    part = entries[first : first + body.limit]
    following = cursor_of(part[-1]) if first + body.limit < len(entries) else None
    forms = [entry_form(entry) for entry in part]
    told = {"articles": forms, "n_articles": len(entries), "next": following}
    return given(entries_told(part, len(entries), following), told)


async def add_article(place: Workplace, call: Call, body: AddBody) -> CallToolResult:
    """Adds an article."""
    add_it = await adder_of(body, place.assistant, lambda url: place.fetch(call, url))

    def work(progress: Callable[[int, int], None]) -> tuple[dict[str, Any], bool]:
        known = {entry.id for entry in place.assistant.contents()}
        article = add_it(progress)
        return article_form(article), article.id in known

    form, was_there = await place.add(call, work)
    if not was_there:
        place.note(call, "added", form["id"])
    done = "This text was in the library already" if was_there else "Added"
    return given(f"{done}: {form['id']}, “{form['title']}”, {form['n_sentences']:,} sentences.", form)


def given(text: str, value: dict[str, Any]) -> CallToolResult:
    """Returns what a tool gives: text to read, and the same as JSON."""
    return CallToolResult(content=[TextContent(text=text)], structured_content=value)


def _tool(
    do: Callable[[Workplace, Call, Any], Awaitable[CallToolResult]],
    title: str,
    description: str,
    form: type[BaseModel],
    gives: type[BaseModel],
    needed: TokenScope = "ask",
) -> AgentTool:
    reads = needed == "ask"
    hints = ToolAnnotations(
        title=title, read_only_hint=reads, destructive_hint=False, idempotent_hint=True, open_world_hint=not reads
    )
    told = Tool(
        name=do.__name__,
        title=title,
        description=description,
        input_schema=form.model_json_schema(),
        output_schema=gives.model_json_schema(),
        annotations=hints,
    )
    return AgentTool(told, form, needed, do)


def all_tools() -> dict[str, AgentTool]:
    """Returns the tools by name, the one that is wanted most first."""
    tools = (
        _tool(
            ask,
            "Ask the articles",
            "Answers a question with sentences of the stored articles, word for word, each cited with its article, its place "
            "and its characters; or says “The article does not say.”, with the closest sentences. It finds what a text says: "
            "it does not reason, count, translate or know anything else. Ask in English, one thing at a time. Leave out "
            "`article` to ask all articles; give earlier questions with their answers as `history` where the question "
            "points back to them.",
            Question,
            AnswerReply,
        ),
        _tool(
            retrieve,
            "Find sentences",
            "Returns the sentences of the stored articles that help most with a question, best first, each with a score from 0 "
            "to 1 and where it stands. Use it to read around a matter, or where `ask` says that the article does not say.",
            RetrieveBody,
            EvidencesReply,
        ),
        _tool(
            list_articles,
            "List the articles",
            "Lists the stored articles, the oldest first, with ids, titles, authors, days and tags, not their texts: those "
            "are the resources article://ID.",
            Listed,
            ArticlesReply,
        ),
        _tool(
            add_article,
            "Add an article",
            "Adds an article to the library, so that it can be asked: its `text`, or the `url` of a page of the public web, "
            "which is fetched once. The same text twice is one article. Returns its id.",
            AddBody,
            ArticleReply,
            "add",
        ),
    )
    return {tool.told.name: tool for tool in tools}
