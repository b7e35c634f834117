"""The Gradio app: one page, its endpoints, and how it is served."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

# Read by Gradio when it is imported: nothing leaves the machine unless the user asks for it.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio as gr

from assistant.chats import Chats
from assistant.errors import AssistantError
from assistant.ui import bundle
from assistant.ui.conversation import Conversation
from assistant.ui.evaluate import build_page
from assistant.ui.library import Library
from assistant.ui.own_questions import OwnQuestions
from assistant.ui.preferences import Preferences
from assistant.ui.suggestions import Suggestions

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings

TITLE = "Article Assistant"
MAX_WAITING = 100

_SYSTEM_FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]


def make_page(assistant: Assistant, chats: Chats | None = None) -> gr.Blocks:
    """Returns the page of `assistant`; conversations are kept in its library unless `chats` are given."""
    settings = assistant.settings
    chats = chats or open_chats(settings)
    library = Library(assistant, Suggestions(assistant, chats))
    preferences = Preferences(assistant, chats, library)
    preferences.apply_kept()
    page: gr.Blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(
            html_template='<div class="loading" role="status">Opening the library…</div>',
            js_on_load=bundle.script(),
            apply_default_css=False,
            elem_id="assistant",
        )
        Conversation(assistant, chats).register(n_at_once=max(2, settings.threads))
        library.register()
        preferences.register()
        OwnQuestions(assistant, chats).register()
    with page.route("Evaluate", "/evaluate"):
        build_page(assistant)
    page.queue(max_size=MAX_WAITING, api_open=False)
    return page


def launch_options(settings: Settings) -> dict[str, Any]:
    """Returns how the page is launched: quiet, private, with our colours before anything else is loaded."""
    return {
        "theme": _theme(),
        "head": bundle.head(),
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "share": None if "GRADIO_SHARE" in os.environ else False,
        "max_file_size": int(settings.max_article_megabytes * 1024 * 1024),
        "auth": accounts(os.environ.get("ASSISTANT_AUTH", "")),
        "auth_message": "Sign in to read and ask.",
        "quiet": True,
        "show_error": False,
    }


def accounts(text: str) -> list[tuple[str, str]] | None:
    """Returns the (name, password) pairs written as `name:password,name:password`, None if there are none.

    Raises:
        AssistantError: if a pair lacks its name or password.
    """
    pairs = [pair.partition(":") for pair in text.split(",") if pair.strip()]
    if any(not name.strip() or not password for name, _, password in pairs):
        raise AssistantError(
            "ASSISTANT_AUTH is not a list of accounts: expected name:password, several separated by commas."
        )
    return [(name.strip(), password) for name, _, password in pairs] or None


def open_chats(settings: Settings) -> Chats:
    """Returns the conversations of a library, which stand in the same file as its articles.

    Where the library can only be read, they are kept until the server stops.
    """
    path = settings.library.expanduser() / "library.sqlite3"
    if path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        print(f"{path.parent} can only be read: conversations are not kept.", file=sys.stderr)
        return Chats.open(None)
    return Chats.open(path, settings.busy_timeout_seconds)


def serve(settings: Settings | None = None, **options: Any) -> None:
    """Opens the library and serves the page until interrupted."""
    from assistant.assistant import Assistant

    with Assistant.open(settings) as assistant, closing(open_chats(assistant.settings)) as chats:
        page = make_page(assistant, chats)
        chosen = {**launch_options(assistant.settings), **options}
        _, address, _ = page.launch(prevent_thread_lock=True, **chosen)
        print(f"Article Assistant is open at {address}  (stop it with Ctrl+C)", flush=True)
        if not chosen["auth"] and not address.startswith(("http://127.", "http://localhost")):
            print("Everyone who can reach this address shares its articles and conversations;", file=sys.stderr)
            print("set ASSISTANT_AUTH=name:password to ask for a password.", file=sys.stderr)
        page.block_thread()


def _theme() -> gr.themes.Base:
    theme = gr.themes.Base(font=_SYSTEM_FONTS, font_mono=["ui-monospace", "monospace"])
    return theme.set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#17191c",
        body_text_color="#22262b",
        body_text_color_dark="#e7e5e0",
    )
