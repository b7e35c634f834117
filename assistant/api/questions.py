"""Asking and retrieving."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from assistant.answer import Answer
from assistant.api.access import caller_of
from assistant.api.addresses import REST
from assistant.api.desk import PROBLEMS, Desk, body_of_error
from assistant.api.forms import AskBody, RetrieveBody
from assistant.api.places import EventStream
from assistant.api.reply_forms import EvidencesReply, KeptAnswerReply
from assistant.chain import Step
from assistant.errors import AssistantError
from assistant.ui.conversation import MAX_TURNS_OF_HISTORY
from assistant.ui.kept_settings import apply_kept

EVENTS = "text/event-stream"


class Questions:
    """The addresses of questions."""

    def __init__(self, desk: Desk) -> None:
        """Stores what they work on."""
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Adds the addresses to a router."""
        told = {
            "model": KeptAnswerReply,
            "description": "The answer; with `Accept: text/event-stream` the events `step` … and then `answer`, or `error`",
            "content": {
                EVENTS: {"example": 'event: step\ndata: {"name": "search", "detail": "Searching the article"}\n\n'}
            },
        }
        router.add_api_route(
            f"{REST}/ask", self.ask, methods=["POST"], operation_id="ask", responses={200: told, **PROBLEMS}
        )
        router.add_api_route(
            f"{REST}/retrieve",
            self.retrieve,
            methods=["POST"],
            operation_id="retrieve",
            responses={200: {"model": EvidencesReply}, **PROBLEMS},
        )

    async def ask(self, body: AskBody, request: Request) -> Response:
        """Answers a question with sentences of the articles, or that they do not say."""
        caller = caller_of(request)
        if EVENTS in request.headers.get("accept", "").lower():
            return EventStream(
                self._desk.asking,
                caller.key,
                lambda: (event_of(part) for part in self.parts(body, caller.owner)),
                lambda error: b"event: error\ndata: " + body_of_error(request, error) + b"\n\n",
            )

        def work(go_on: Any) -> dict[str, Any]:
            reply: dict[str, Any] = {}
            for part in self.parts(body, caller.owner):
                go_on()
                reply = part if isinstance(part, dict) else {}
            return reply

        return JSONResponse(await self._desk.asking.run(request, caller.key, work))

    async def retrieve(self, body: RetrieveBody, request: Request) -> Response:
        """Returns the sentences that help to answer a question, best first."""
        assistant = self._desk.assistant

        def work(_: Any) -> list[dict[str, Any]]:
            found = assistant.retrieve(
                body.question, body.k, body.article, body.turns(), rerank=body.rerank, **body.only()
            )
            return [evidence.to_dict() for evidence in found]

        return JSONResponse({"evidence": await self._desk.asking.run(request, caller_of(request).key, work)})

    def parts(self, body: AskBody, owner: str) -> Iterator[Step | dict[str, Any]]:
        """Yields each Step, then the answer as JSON types, kept where a conversation is named."""
        desk = self._desk
        apply_kept(desk.assistant, desk.chats)
        article, history = body.article, body.turns()
        if body.chat is not None and history:
            raise AssistantError("Give either a `history` or a `chat`, whose turns are its history.")
        if body.chat:
            turns = desk.chats.turns(body.chat, owner)[-MAX_TURNS_OF_HISTORY:]
            history = [(turn.question, str(turn.answer.get("text", ""))) for turn in turns]
            chosen = desk.chats.get(body.chat, owner).articles
            article = list(chosen) if article is None and chosen else article
        asked = desk.assistant.stream(body.question, article, history, carefulness=body.carefulness, **body.only())
        for part in asked:
            if not isinstance(part, Answer):
                yield part
            elif body.chat is None:
                yield part.to_dict()
            else:
                yield part.to_dict() | self._kept(body, article, part, owner)

    def _kept(self, body: AskBody, article: str | list[str] | None, answer: Answer, owner: str) -> dict[str, Any]:
        """Keeps an answer in its conversation, and returns which that is."""
        chats = self._desk.chats
        articles = [article] if isinstance(article, str) else article or []
        chat = chats.get(body.chat, owner) if body.chat else chats.start(owner, articles)
        turn = chats.keep(chat.id, None, answer.question, answer.to_dict(), owner)
        return {"chat": chats.get(chat.id, owner).to_dict(), "turn": turn.id}


def event_of(part: Step | dict[str, Any]) -> bytes:
    """Returns a part of an answer as a server-sent event."""
    name = "step" if isinstance(part, Step) else "answer"
    value = {"name": part.name, "detail": part.detail} if isinstance(part, Step) else part
    return f"event: {name}\ndata: {json.dumps(value)}\n\n".encode()
