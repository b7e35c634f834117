"""The Gradio app: one page, and its endpoints."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.library.chats import Chats
from assistant.ui import bundle
from assistant.ui.article_pages import ArticlePages
from assistant.ui.conversation import Conversation
from assistant.ui.endpoints import Parameter, parameters_of
from assistant.ui.evaluate import EvaluatePage
from assistant.ui.evaluations import Evaluations
from assistant.ui.library import N_ADDED_AT_ONCE, Library
from assistant.ui.listening import Listening
from assistant.ui.own_questions import OwnQuestions
from assistant.ui.preferences import Preferences
from assistant.ui.question_sets import QuestionSets
from assistant.ui.reports import Reports
from assistant.ui.suggestions import Suggestions
from assistant.ui.uploads import Uploads
from assistant.ui.web_pages import FetchBrake, FetchedPages, WebPages

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings

TITLE = "Article Assistant"
MAX_WAITING = 100
MAX_SESSIONS = 100
"""Pages whose state Gradio keeps; each takes about 80 KB, and a page that was forgotten starts anew."""

_SYSTEM_FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]


class Page:
    """The page of an assistant, and what it keeps while it is served.

    Attributes:
        assistant, chats: what it works on.
        is_for_this_machine: whether no other machine reaches it.
        blocks: the Gradio app.
        uploads: files that have come and are not used yet.
        reports: what evaluations have given.
        article_pages: pictures of articles that have pages.
        listening: who listens to which stream.
        question_sets: what can be evaluated.
        evaluations: those that run, one at a time.
        adding: whose turn it is to add an article.
        fetch_brake: how often pages are fetched.
        parameters: what each of the page's own endpoints takes, by name.
    """

    def __init__(self, assistant: Assistant, chats: Chats, is_for_this_machine: bool = True) -> None:
        """Builds the page."""
        settings = assistant.settings
        self.assistant = assistant
        self.chats = chats
        self.is_for_this_machine = is_for_this_machine
        self.adding = threading.Semaphore(N_ADDED_AT_ONCE)
        self.fetch_brake = FetchBrake()
        self.uploads = Uploads(int(settings.max_article_megabytes * 1_000_000))
        self.reports = Reports()
        self.listening = Listening()
        self.question_sets = QuestionSets(assistant, chats, self.uploads)
        self.evaluations = Evaluations(assistant, self.question_sets, self.reports)
        pages = FetchedPages()
        library = Library(assistant, Suggestions(assistant, chats), self.uploads, self.listening, pages, self.adding)
        web_pages = WebPages(assistant, pages, self.listening, self.fetch_brake)
        preferences = Preferences(assistant, chats, library, is_for_this_machine)
        preferences.apply_kept()
        self.article_pages = ArticlePages(assistant)
        parts = (
            Conversation(assistant, chats),
            library,
            web_pages,
            preferences,
            OwnQuestions(assistant, chats),
            self.article_pages,
        )
        self.blocks: gr.Blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
        self.parameters: dict[str, list[Parameter]] = {}
        with self.blocks:
            gr.HTML(
                html_template='<div class="loading" role="status">Opening the library…</div>',
                js_on_load=bundle.script(),
                apply_default_css=False,
                elem_id="assistant",
            )
            for part in parts:
                self._add(part.register(max(2, settings.threads)))
        with self.blocks.route("Evaluate", "/evaluate"):
            EvaluatePage(assistant, self.question_sets, self.evaluations, self.listening).build()
        # As `queue(max_size=…, api_open=False)` would, which builds an application anew that is not used.
        self.blocks._queue.max_size = MAX_WAITING
        self.blocks.api_open = False
        self.blocks.state_session_capacity = MAX_SESSIONS

    def close(self) -> None:
        """Ends evaluations, and removes what was kept while the page was served."""
        self.evaluations.close()
        self.uploads.close()

    def _add(self, functions: list[Callable[..., Any]]) -> None:
        for function in functions:
            self.parameters[function.__name__] = parameters_of(function)


def page_options(settings: Settings) -> dict[str, Any]:
    """Returns how the page is mounted: quiet, private, with our colours before anything else is loaded."""
    return {
        "theme": _theme(),
        "head": bundle.head(),
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "max_file_size": int(settings.max_article_megabytes * 1_000_000),
        "auth_message": "Sign in to read and ask.",
        "show_error": False,
        "ssr_mode": False,
        "mcp_server": False,
    }


def _theme() -> gr.themes.Base:
    theme = gr.themes.Base(font=_SYSTEM_FONTS, font_mono=["ui-monospace", "monospace"])
    return theme.set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#17191c",
        body_text_color="#22262b",
        body_text_color_dark="#e7e5e0",
    )
