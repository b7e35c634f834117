"""The caller's conversations, what they thought of answers, and how the server is."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from assistant.api.access import Caller
from assistant.api.addresses import REST
from assistant.api.desk import PROBLEMS, Desk
from assistant.api.forms import FeedbackBody
from assistant.api.problems import ProblemError
from assistant.errors import StoreError


class Conversations:
    """The addresses of conversations, of feedback and of the server itself."""

    def __init__(self, desk: Desk) -> None:
        """Stores what they work on."""
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Adds the addresses to a router."""
        add = router.add_api_route
        add(f"{REST}/chats", self.list, methods=["GET"], operation_id="list_chats", responses=PROBLEMS)
        add(f"{REST}/chats/{{id}}", self.read, methods=["GET"], operation_id="read_chat", responses=PROBLEMS)
        add(f"{REST}/chats/{{id}}", self.delete, methods=["DELETE"], operation_id="delete_chat", responses=PROBLEMS)
        add(f"{REST}/feedback", self.feedback, methods=["POST"], operation_id="feedback", responses=PROBLEMS)
        add(f"{REST}/health", self.health, methods=["GET"], operation_id="health", responses=PROBLEMS)
        add(f"{REST}/version", self.version, methods=["GET"], operation_id="version", responses=PROBLEMS)

    async def list(self, request: Request) -> Response:
        """Returns the headings of the caller's conversations, the last used first."""
        chats = await self._desk.quickly(request, lambda caller: self._desk.chats.of(caller.owner))
        return JSONResponse({"chats": [chat.to_dict() for chat in chats]})

    async def read(self, id: str, request: Request) -> Response:
        """Returns a conversation with its questions and answers."""

        def work(caller: Caller) -> dict[str, Any]:
            turns = [turn.to_dict() for turn in self._desk.chats.turns(id, caller.owner)]
            return {"chat": self._desk.chats.get(id, caller.owner).to_dict(), "turns": turns}

        return JSONResponse(await self._desk.quickly(request, work))

    async def delete(self, id: str, request: Request) -> Response:
        """Deletes a conversation."""
        await self._desk.quickly(request, lambda caller: self._desk.chats.delete(id, caller.owner))
        return JSONResponse({"id": id})

    async def feedback(self, body: FeedbackBody, request: Request) -> Response:
        """Keeps what the caller thought of one of their answers: 1 good, -1 bad, 0 nothing."""
        await self._desk.quickly(request, lambda caller: self._desk.chats.rate(body.turn, body.rating, caller.owner))
        return JSONResponse({"turn": body.turn, "rating": body.rating})

    async def health(self) -> Response:
        """Returns whether the library can be read; needs no token, and tells nothing else."""
        try:
            await to_thread.run_sync(self._desk.assistant.contents)
        except StoreError as error:
            raise ProblemError(503, "The library cannot be used.", "library", {"Retry-After": "5"}) from error
        return JSONResponse({"status": "ok"})

    async def version(self) -> Response:
        """Returns the version of the program and of this interface; needs no token."""
        import assistant

        return JSONResponse({"version": assistant.__version__, "api": "v1"})
