"""Errors as programs get them: problem details (RFC 9457), or OpenAI's form at its addresses; made of one tree.

Source: RFC 9457, Problem Details for HTTP APIs.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse

from assistant.api.addresses import OPENAI
from assistant.articles.article import clean
from assistant.audit import REQUEST_ID
from assistant.errors import (
    ArticleError,
    AssistantError,
    LanguageModelError,
    ModelError,
    PromptError,
    QuestionSetError,
    StoreError,
)

MAX_TOLD = 20

TITLES = {
    "bad_request": "The request cannot be read",
    "no_token": "A token is needed",
    "not_allowed": "This is not allowed",
    "missing": "There is no such thing",
    "method": "This method is not answered here",
    "slow": "The request came too slowly",
    "conflict": "There is no place for more",
    "too_large": "Too large",
    "media_type": "Not a type of content that is taken",
    "invalid": "The request is not what is expected",
    "article": "The article cannot be taken",
    "too_many": "Too many requests",
    "internal": "An error of the server",
    "not_installed": "This was not installed",
    "language_model": "The language model failed",
    "library": "The library cannot be used",
}
"""By code; the type of a problem is `urn:article-assistant:problem:CODE`."""

_STATUS_CODES = {501: "not_installed", 400: "bad_request", 401: "no_token", 403: "not_allowed", 404: "missing", 405: "method", 408: "slow",
                 413: "too_large", 415: "media_type", 422: "invalid", 429: "too_many"}  # fmt: skip
_REASONS = {"missing": (404, "missing"), "too_large": (413, "too_large"), "full": (409, "conflict")}
_KINDS: tuple[tuple[type[AssistantError], int, str], ...] = (
    (ArticleError, 422, "article"),
    (QuestionSetError, 422, "invalid"),
    (StoreError, 503, "library"),
    (LanguageModelError, 502, "language_model"),
    (ModelError, 500, "internal"),
    (PromptError, 500, "internal"),
    (AssistantError, 422, "invalid"),
)
_OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}


_LOG = logging.getLogger("assistant.api")


class ProblemError(Exception):
    """A request that is not answered as it was meant: with this status, code and sentence."""

    def __init__(
        self, status: int, detail: str, code: str = "", headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code or _STATUS_CODES.get(status, "internal" if status >= 500 else "bad_request")
        self.headers = dict(headers or {})
        self.more = more


def too_many(detail: str, seconds: float) -> ProblemError:
    """Returns the problem that somebody must wait."""
    return ProblemError(429, detail, headers={"Retry-After": str(int(seconds) + 1)})


def problem_of(error: Exception) -> ProblemError:
    """Returns the problem that an error is; one that is not ours tells nothing of itself."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, RequestValidationError):
        return invalid(error.errors())
    if isinstance(error, AssistantError):
        status, code = _REASONS.get(error.reason) or next(
            (status, code) for kind, status, code in _KINDS if isinstance(error, kind)
        )
        return ProblemError(status, str(error), code, {"Retry-After": "5"} if status == 503 else None)
    return ProblemError(500, "Something went wrong here. Its log tells what, under the id of this request.")


def invalid(errors: Sequence[Any]) -> ProblemError:
    """Returns the problem that pydantic finds in what was sent, each with the field that it is in."""
    told = []
    for error in errors[:MAX_TOLD]:
        field = ".".join(str(part)[:40] for part in error["loc"] if part not in ("body", "query", "path"))
        if error["type"] == "json_invalid":
            return ProblemError(400, "The request is not JSON. Send an object with Content-Type: application/json.")
        told.append({"field": field, "message": str(error["msg"]).removeprefix("Value error, ")})
    first = told[0] if told else {"field": "", "message": "It is not what is expected"}
    where = f"`{first['field']}`: " if first["field"] else ""
    return ProblemError(422, f"{where}{first['message']}.", errors=told)


def response_of(error: Exception, path: str, request_id: str = "") -> JSONResponse:
    """Returns what a program gets of an error, in the form of the address that it called."""
    problem = problem_of(error)
    detail = clean(problem.detail)
    if path.startswith(f"{OPENAI}/"):
        status = 400 if problem.status == 422 else problem.status  # as its clients know it
        kind = _OPENAI_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
        param = problem.more.get("param") or next(
            (e["field"] for e in problem.more.get("errors", ()) if e["field"]), None
        )
        told = {"message": detail, "type": kind, "param": clean(param) if param else None, "code": problem.code}
        return JSONResponse({"error": told}, status, problem.headers)
    body = {
        "type": f"urn:article-assistant:problem:{problem.code}",
        "title": TITLES.get(problem.code, TITLES["bad_request"]),
        "status": problem.status,
        "detail": detail,
        "code": problem.code,
        **({"request_id": request_id} if request_id else {}),
        **_cleaned({name: value for name, value in problem.more.items() if name != "param"}),
    }
    return JSONResponse(body, problem.status, problem.headers, media_type="application/problem+json")


async def handle(request: Request, error: Exception) -> JSONResponse:
    """Answers an error that an address has raised; what is the server's fault stands in the log."""
    tell(request, error)
    return response_of(error, request.url.path, str(request.scope.get(REQUEST_ID, "")))


def tell(request: Request, error: Exception) -> None:
    """Notes an error that is the server's fault, under the id of its call."""
    if problem_of(error).status >= 500:
        _LOG.error("%s failed (request %s)", request.url.path, request.scope.get(REQUEST_ID, ""), exc_info=error)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: _cleaned(one) for name, one in value.items()}
    return [_cleaned(one) for one in value] if isinstance(value, list) else value
