"""What is answered instead of the page: one sentence in JSON, as every error of the server."""

from __future__ import annotations

import logging

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from assistant.api.addresses import is_for_programs
from assistant.api.problems import ProblemError, response_of
from assistant.audit import REQUEST_ID

_LOG = logging.getLogger("assistant.server")


async def refuse(
    status: int, text: str, scope: Scope, receive: Receive, send: Send, headers: dict[str, str] | None = None
) -> None:
    """Answers a request with a status and a sentence: {"error": text}, and as `detail`, where Gradio's clients look.

    Programs get it in the form of their addresses.
    """
    request_id = str(scope.get(REQUEST_ID, ""))
    _LOG.info("%s %.200r refused: %d (request %s)", scope["method"], scope["path"], status, request_id)
    if is_for_programs(scope["path"]):
        problem = ProblemError(status, text, headers=headers)
        return await response_of(problem, scope["path"], request_id)(scope, receive, send)
    # Gradio's Python client shows a 422 in this form alone.
    detail: object = text if status != 422 else [{"__type__": "validate", "is_valid": False, "message": text}]
    return await JSONResponse({"error": text, "detail": detail}, status, headers)(scope, receive, send)
