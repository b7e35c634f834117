"""The form of OpenAI's chat completions, so that programs made for it can ask: the model is `assistant`.

Source: OpenAI API reference, chat completions; annotations of type `url_citation`.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from assistant.answer import Answer
from assistant.api.access import caller_of
from assistant.api.addresses import OPENAI
from assistant.api.desk import Desk, body_of_error
from assistant.api.forms import Chosen, Whole
from assistant.api.places import EventStream
from assistant.api.problems import ProblemError
from assistant.settings import Carefulness
from assistant.ui.kept_settings import apply_kept

MODEL = "assistant"
MAX_MESSAGES = 2000

_ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "What is wrong with the request, in OpenAI's form"},
    "5XX": {"description": "What is wrong with the server, in OpenAI's form"},
}
_MARKER = re.compile(r" \[\d{1,3}\](?= |$)")


class Extension(Chosen):
    """What OpenAI's form has no place for: which articles are asked, and how careful the answer is."""

    carefulness: Carefulness | None = None


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str | None = None


class Message(BaseModel):
    """One message of the conversation."""

    role: str
    content: str | list[Part] | None = None


class StreamOptions(BaseModel):
    """What is streamed besides."""

    include_usage: bool | None = None


class CompletionBody(Whole):
    """A conversation that ends with the question; what steers a language model (`temperature` …) says nothing here."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": MODEL, "messages": [{"role": "user", "content": "What did Mirzoyan say?"}]}]
        }
    )

    model: str
    messages: list[Message] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = Field(default=None, description="one answer is given")
    assistant: Extension | None = None


class OpenAIForm:
    """The addresses under /v1."""

    def __init__(self, desk: Desk) -> None:
        """Stores what they work on."""
        self._desk = desk
        self._created = int(time.time())

    def add_to(self, router: APIRouter) -> None:
        """Adds the addresses to a router."""
        add = router.add_api_route
        add(f"{OPENAI}/models", self.models, methods=["GET"], operation_id="list_models", responses=_ERRORS)
        add(f"{OPENAI}/models/{{id}}", self.model, methods=["GET"], operation_id="read_model", responses=_ERRORS)
        add(
            f"{OPENAI}/chat/completions",
            self.complete,
            methods=["POST"],
            operation_id="complete_chat",
            responses=_ERRORS,
        )

    async def models(self) -> Response:
        """Returns the one model."""
        return JSONResponse({"object": "list", "data": [self._model()]})

    async def model(self, id: str) -> Response:
        """Returns the model."""
        _check_model(id)
        return JSONResponse(self._model())

    def _model(self) -> dict[str, Any]:
        return {"id": MODEL, "object": "model", "created": self._created, "owned_by": "article-assistant"}

    async def complete(self, body: CompletionBody, request: Request) -> Response:
        """Answers the last message, as `ask` does, with its citations as annotations."""
        _check_model(body.model)
        question, history = conversation_of(body.messages)
        head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        n_words = sum(len(_text_of(message).split()) for message in body.messages)
        key = caller_of(request).key

        def parts() -> Iterator[Any]:
            apply_kept(self._desk.assistant, self._desk.chats)
            extension = body.assistant or Extension()
            return self._desk.assistant.stream(
                question, extension.article, history, carefulness=extension.carefulness, **extension.only()
            )

        if body.stream:
            with_usage = bool(body.stream_options and body.stream_options.include_usage)

            def events() -> Iterator[bytes]:
                for part in parts():
                    if isinstance(part, Answer):
                        for chunk in chunks_of(part, head, n_words if with_usage else None):
                            yield f"data: {json.dumps(chunk)}\n\n".encode()
                        yield b"data: [DONE]\n\n"
                    else:
                        yield f": {part.name}\n\n".encode()  # a comment: the connection lives

            return EventStream(
                self._desk.asking, key, events, lambda error: b"data: " + body_of_error(request, error) + b"\n\n"
            )

        def work(go_on: Any) -> Answer | None:
            answer = None
            for part in parts():
                go_on()
                answer = part if isinstance(part, Answer) else None
            return answer

        answer = await self._desk.asking.run(request, key, work)
        if answer is None:
            raise ProblemError(500, "The chain ended without an answer.")
        message = {"role": "assistant", "content": answer.as_markdown(), "refusal": None,
                   "annotations": annotations_of(answer), "assistant": answer.to_dict()}  # fmt: skip
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return JSONResponse(
            {**head, "object": "chat.completion", "choices": [choice], "usage": usage_of(n_words, answer)}
        )


def conversation_of(messages: Sequence[Message]) -> tuple[str, list[tuple[str, str]]]:
    """Returns the question, which is the last message, and the turns before: (question, answer), oldest first.

    What the system says is passed over. An answer is taken without the markers of its citations, as it was given.

    Raises:
        ProblemError: if a role or a part of a message is none that is read, or the last message is not a user's.
    """
    turns: list[tuple[str, str]] = []
    asked: str | None = None
    for n, message in enumerate(messages):
        if message.role in ("system", "developer"):
            continue
        if message.role not in ("user", "assistant"):
            raise ProblemError(
                400, f"The role {message.role!r:.40} is not read here: user, assistant, system.",
                param=f"messages[{n}].role",
            )  # fmt: skip
        text = _text_of(message, f"messages[{n}].content")
        if message.role == "user":
            asked = text
        elif asked is not None:
            turns.append((asked, without_markers(text)))
            asked = None
    if asked is None or messages[-1].role != "user":
        raise ProblemError(400, "The last message is not a user's: it is the question.", param="messages")
    return asked, turns


def without_markers(content: str) -> str:
    """Returns an answer as it was before its citations were marked.

    >>> without_markers("Bees hum. [1] Wasps do not. [2]")
    'Bees hum. Wasps do not.'
    """
    return _MARKER.sub("", content.partition("\n\n[1] ")[0])


def annotations_of(answer: Answer) -> list[dict[str, Any]]:
    """Returns the citations: where each marker stands in the content, and what it stands for."""
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": start,
                "end_index": end,
                "title": citation.title,
                "url": citation.url or f"urn:article:{citation.article_id}#{citation.sentence.position}",
            },
        }
        for citation, (start, end) in zip(answer.citations, answer.marker_spans(), strict=True)
    ]


def usage_of(n_words_asked: int, answer: Answer) -> dict[str, int]:
    """Returns words, as nothing here counts tokens."""
    n_words = len(answer.as_markdown().split())
    return {
        "prompt_tokens": n_words_asked,
        "completion_tokens": n_words,
        "total_tokens": n_words_asked + n_words,
    }


def chunks_of(answer: Answer, head: dict[str, Any], n_words_asked: int | None) -> Iterator[dict[str, Any]]:
    """Yields the chunks of a stream: a cited sentence each, then the annotations, then the usage if it is asked for."""
    head = {**head, "object": "chat.completion.chunk"}

    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]}

    content, place = answer.as_markdown(), 0
    yield chunk({"role": "assistant", "content": ""})
    for _, end in [*answer.marker_spans(), (0, len(content))]:
        if content[place:end]:
            yield chunk({"content": content[place:end]})
        place = end
    yield chunk({"annotations": annotations_of(answer), "assistant": answer.to_dict()})
    yield chunk({}, "stop")
    if n_words_asked is not None:
        yield {**head, "choices": [], "usage": usage_of(n_words_asked, answer)}


def _text_of(message: Message, where: str = "") -> str:
    if not isinstance(message.content, list):
        return message.content or ""
    for n, part in enumerate(message.content):
        if where and (part.type != "text" or part.text is None):
            text = f"A part of the type {part.type!r:.40} is not read here: send text."
            raise ProblemError(400, text, param=f"{where}[{n}].type")
    return "\n".join(part.text or "" for part in message.content)


def _check_model(model: str) -> None:
    if model != MODEL:
        raise ProblemError(
            404, f"There is no model {model!r:.60} here: it is {MODEL!r}.", "model_not_found", param="model"
        )
