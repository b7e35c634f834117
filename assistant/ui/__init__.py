"""The chat: `build` makes the page for an assistant, `launch` serves it. Gradio is imported when either is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio

    from assistant.assistant import Assistant
    from assistant.chats import Chats
    from assistant.settings import Settings

__all__ = ["build", "launch"]


def build(assistant: Assistant, chats: Chats | None = None) -> gradio.Blocks:
    """Returns the chat page of `assistant`; conversations are kept in its library unless `chats` are given."""
    from assistant.ui.page import make_page

    return make_page(assistant, chats)


def launch(settings: Settings | None = None, **options: Any) -> None:
    """Opens the library and serves the chat until interrupted; Gradio's own variables are honoured.

    Args:
        settings: None for the defaults and the environment.
        options: passed on to Gradio's `launch`, `auth` and `server_port` among them.

    Raises:
        AssistantError: if the library or the models cannot be opened.
    """
    from assistant.ui.page import serve

    serve(settings, **options)
