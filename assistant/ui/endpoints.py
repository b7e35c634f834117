"""What every endpoint of the page has in common: who calls, and how an error reaches the page."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
from gradio.events import api

from assistant.errors import AssistantError

Reply = dict[str, Any]


def owner_of(request: gr.Request) -> str:
    """Returns the name the caller signed in with, "" where the page has no password."""
    return getattr(request, "username", None) or ""


def replies(function: Callable[..., Reply]) -> Callable[..., Reply]:
    """Wraps an endpoint so that an error of ours becomes `{"error": message}`, which the page shows in place."""

    @functools.wraps(function)
    def reply(*arguments: Any, **named: Any) -> Reply:
        try:
            return function(*arguments, **named)
        except AssistantError as error:
            return {"error": str(error)}

    return reply


def streams(function: Callable[..., Iterator[Reply]]) -> Callable[..., Iterator[Reply]]:
    """Wraps a streaming endpoint in the same way: the error is the last thing streamed."""

    @functools.wraps(function)
    def stream(*arguments: Any, **named: Any) -> Iterator[Reply]:
        try:
            yield from function(*arguments, **named)
        except AssistantError as error:
            yield {"error": str(error)}

    return stream


def serve_quickly(*functions: Callable[..., Reply]) -> None:
    """Registers endpoints that answer at once, past the queue and hidden from the public interface."""
    for function in functions:
        api(function, queue=False, api_visibility="private")
