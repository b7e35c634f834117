"""The chat as a web server: `application` builds it, `serve` runs it. Gradio is imported when either is called.

What stands between the network and the page, outermost first:

    proxies    whose request it is that a proxy passed on, and under which path
    request_ids  an id for each request, which every answer and the log tell
    hosts      which names and which web pages may reach it
    headers    what the browser is told to allow
    visitors   whose request it is: an account, or one browser
    brakes     how often one may try a password, and how many questions one may have waiting
    doors      which addresses are open at all, and what their arguments look like
    gate       for the addresses of programs: who calls, how often, how much
    application  the page, the addresses of programs (`assistant.api`), files coming in, reports going out
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.assistant import Assistant
    from assistant.library.chats import Chats
    from assistant.settings import Settings

__all__ = ["application", "serve"]


def application(assistant: Assistant, chats: Chats | None = None, **options: Any) -> FastAPI:
    """Returns the page of `assistant` as an ASGI application; conversations are kept in its library unless `chats` are given."""
    from assistant.server.application import make_application

    return make_application(assistant, chats, **options)


def serve(settings: Settings | None = None, host: str = "", port: int | None = None) -> None:
    """Opens the library and serves the chat until interrupted.

    Args:
        settings: None for the defaults and the environment.
        host: address to listen on; "" for GRADIO_SERVER_NAME, or 127.0.0.1.
        port: None for GRADIO_SERVER_PORT, or the first free one from 7860 on.

    Raises:
        AssistantError: if the library, the models or the address cannot be opened, or others than this machine could
            reach the page without a password.
    """
    from assistant.server.running import run

    run(settings, host, port)
