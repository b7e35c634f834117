"""What the page needs to start, and the settings that people choose on it; none of them needs a restart."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.chats import Chats
from assistant.errors import AssistantError
from assistant.ui.endpoints import Reply, owner_of, replies, serve_quickly
from assistant.ui.kept_settings import apply_kept
from assistant.ui.library import Library

if TYPE_CHECKING:
    from assistant.assistant import Assistant

CAREFULNESS = ("low", "normal", "high")


class Preferences:
    """Endpoints of the settings panel."""

    def __init__(self, assistant: Assistant, chats: Chats, library: Library) -> None:
        """Stores what the endpoints work on."""
        self._assistant = assistant
        self._chats = chats
        self._library = library

    def register(self) -> None:
        """Adds the endpoints to the current Blocks."""
        serve_quickly(self.start, self.save_settings, self.delete_everything)

    def apply_kept(self) -> None:
        """Applies what was chosen earlier, except where the environment says otherwise."""
        apply_kept(self._assistant, self._chats)

    @replies
    def start(self, request: gr.Request) -> dict[str, Any]:
        """Returns everything that the first view shows."""
        self.apply_kept()
        owner = owner_of(request)
        return {
            "articles": self._library.entries(),
            "chats": [chat.to_dict() for chat in self._chats.of(owner)],
            "settings": self._shown(),
            "user": owner,
        }

    @replies
    def save_settings(self, carefulness: str, language_model: str) -> dict[str, Any]:
        """Returns the settings after a change; they hold from the next question on, and after a restart."""
        if carefulness not in CAREFULNESS:
            raise AssistantError(f"{carefulness!r} is not a carefulness: expected one of {', '.join(CAREFULNESS)}.")
        chosen = {"carefulness": carefulness, "language_model": language_model.strip()}
        self._assistant.configure(**chosen)
        self._chats.keep_choices(chosen)
        return {"settings": self._shown()}

    @replies
    def delete_everything(self, confirmation: str, request: gr.Request) -> dict[str, Any]:
        """Deletes all articles, and the caller's conversations, for good; `confirmation` is the word "delete"."""
        if confirmation.strip().lower() != "delete":
            raise AssistantError("Nothing was deleted. Type the word delete to confirm.")
        for entry in self._assistant.contents():
            self._assistant.remove(entry.id)
        self._chats.clear(owner_of(request))
        return {"articles": [], "chats": []}

    def _shown(self) -> Reply:
        settings = self._assistant.settings
        return {
            "carefulness": settings.carefulness,
            "language_model": settings.language_model,
            "library": os.fsencode(settings.library).decode("utf-8", errors="replace"),
            "max_question_characters": settings.max_question_characters,
            "max_article_megabytes": settings.max_article_megabytes,
        }
