"""What is answered instead of the page: one sentence in JSON, as every error of the server."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from assistant.api.addresses import is_for_programs
from assistant.api.problems import ProblemError, response_of


async def refuse(
    status: int, text: str, scope: Scope, receive: Receive, send: Send, headers: dict[str, str] | None = None
) -> None:
    """Answers a request with a status and a sentence: {"error": text}, and as `detail`, where Gradio's clients look.

    Programs get it in the form of their addresses.
    """
    if is_for_programs(scope["path"]):
        return await response_of(ProblemError(status, text, headers=headers), scope["path"])(scope, receive, send)
    # Gradio's Python client shows a 422 in this form alone.
    detail: object = text if status != 422 else [{"__type__": "validate", "is_valid": False, "message": text}]
    return await JSONResponse({"error": text, "detail": detail}, status, headers)(scope, receive, send)
