"""Tokens, for callers with the scope admin."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from assistant.api.access import caller_of
from assistant.api.addresses import REST
from assistant.api.desk import PROBLEMS, Desk, request_id_of
from assistant.api.forms import TokenBody
from assistant.audit import audit


class TokenAddresses:
    """The addresses of tokens."""

    def __init__(self, desk: Desk) -> None:
        """Stores what they work on."""
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Adds the addresses to a router."""
        add, path = router.add_api_route, f"{REST}/tokens"
        add(path, self.list, methods=["GET"], operation_id="list_tokens", responses=PROBLEMS)
        add(path, self.create, methods=["POST"], operation_id="create_token", status_code=201, responses=PROBLEMS)
        add(f"{path}/{{id}}", self.revoke, methods=["DELETE"], operation_id="revoke_token", responses=PROBLEMS)

    async def list(self, request: Request) -> Response:
        """Returns the tokens, never what they are shown by."""
        tokens = await self._desk.quickly(request, lambda _: self._desk.tokens.all())
        return JSONResponse({"tokens": [token.to_dict() for token in tokens]})

    async def create(self, body: TokenBody, request: Request) -> Response:
        """Makes a token; `token` is what it is sent by, and shown this once."""
        token, secret = await self._desk.quickly(
            request, lambda _: self._desk.tokens.create(body.name, body.scopes, body.days)
        )
        audit(caller_of(request).name, "made the token", token.id, request_id_of(request))
        return JSONResponse({**token.to_dict(), "token": secret}, 201)

    async def revoke(self, id: str, request: Request) -> Response:
        """Ends a token; its conversations go with it."""
        token = await self._desk.quickly(request, lambda _: self._desk.tokens.revoke(id))
        audit(caller_of(request).name, "revoked the token", token.id, request_id_of(request))
        return JSONResponse(token.to_dict())
