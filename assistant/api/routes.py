"""All addresses of programs on one router, and the document that describes them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.api.addresses import OPENAPI, is_for_programs
from assistant.api.articles import Articles
from assistant.api.conversations import Conversations
from assistant.api.desk import Desk
from assistant.api.evaluations import EvaluationAddresses
from assistant.api.openai_form import OpenAIForm
from assistant.api.problems import ProblemError, handle
from assistant.api.questions import Questions
from assistant.api.token_addresses import TokenAddresses
from assistant.errors import AssistantError

DESCRIPTION = (
    "Questions on articles, answered with their own sentences, cited. Every error is a problem detail (RFC 9457); under "
    "/v1 it has OpenAI's form."
)


def add_addresses(app: FastAPI, desk: Desk) -> None:
    """Adds the addresses of programs to an application, how their errors are answered, and their description."""
    router = APIRouter()
    for part in (Questions, Articles, Conversations, EvaluationAddresses, TokenAddresses, OpenAIForm):
        part(desk).add_to(router)
    app.include_router(router)
    app.title, app.description = "Article Assistant", DESCRIPTION

    @app.get(OPENAPI, include_in_schema=False)
    def openapi() -> Response:
        """Returns the description of the interface."""
        return JSONResponse(described(app))

    for error in (AssistantError, ProblemError, RequestValidationError):
        app.add_exception_handler(error, handle)
    app.add_exception_handler(HTTPException, _handle_status)


def described(app: FastAPI) -> dict[str, Any]:
    """Returns the description, with how a caller is known."""
    document = app.openapi()
    document.setdefault("components", {})["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "`assistant tokens create NAME` makes one"}
    }
    document["security"] = [{"token": []}, {}]
    return document


async def _handle_status(request: Request, error: Exception) -> Response:
    status = int(getattr(error, "status_code", 500))
    detail = str(getattr(error, "detail", ""))
    if not is_for_programs(request.url.path):
        return JSONResponse({"detail": detail}, status, getattr(error, "headers", None))
    return await handle(request, ProblemError(status, f"{detail}."))
