"""What the page needs to start, and the settings that people choose on it; none of them needs a restart."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, get_args

import gradio as gr

from assistant.errors import AssistantError
from assistant.library.chats import Chats
from assistant.settings import Carefulness
from assistant.ui.endpoints import BROWSER, Endpoint, Reply, note, owner_of, replies, serve_quickly
from assistant.ui.kept_settings import apply_kept
from assistant.ui.library import Library
from assistant.ui.own_questions import former_file, take_over

if TYPE_CHECKING:
    from assistant.assistant import Assistant


class Preferences:
    """Endpoints of the settings panel."""

    def __init__(self, assistant: Assistant, chats: Chats, library: Library, is_for_this_machine: bool) -> None:
        """Stores what the endpoints work on."""
        self._assistant = assistant
        self._chats = chats
        self._library = library
        self._is_for_this_machine = is_for_this_machine

    def register(self, _: int) -> list[Endpoint]:
        """Adds the endpoints to the current Blocks."""
        return serve_quickly(self.start, self.save_settings, self.delete_everything)

    def apply_kept(self) -> None:
        """Applies what was chosen earlier, except where the environment says otherwise."""
        apply_kept(self._assistant, self._chats)

    @replies
    def start(self, request: gr.Request) -> dict[str, Any]:
        """Returns everything that the first view shows."""
        self.apply_kept()
        owner = owner_of(request)
        if self._is_for_this_machine and owner.startswith(BROWSER):
            # What was kept before browsers were told apart belongs to who sits at this machine.
            self._chats.adopt(owner)
            take_over(self._assistant, self._chats, owner)
        return {
            "articles": self._library.entries(),
            "chats": [chat.to_dict() for chat in self._chats.of(owner)],
            "settings": self._shown(owner_of(request)),
            "user": "" if owner.startswith(BROWSER) else owner,
        }

    @replies
    def save_settings(self, carefulness: str, language_model: str, request: gr.Request) -> dict[str, Any]:
        """Returns the settings after a change; they hold from the next question on, and after a restart."""
        if carefulness not in get_args(Carefulness):
            raise AssistantError(
                f"{carefulness!r} is not a carefulness: expected one of {', '.join(get_args(Carefulness))}."
            )
        language_model = language_model.strip()
        if language_model != self._assistant.settings.language_model and not self._is_for_this_machine:
            raise AssistantError(
                "The language model of a page that others reach is chosen where it is served: ASSISTANT_LANGUAGE_MODEL."
            )
        chosen = {"carefulness": carefulness, "language_model": language_model}
        self._assistant.configure(**chosen)
        self._chats.keep_choices(chosen)
        return {"settings": self._shown(owner_of(request))}

    @replies
    def delete_everything(self, confirmation: str, request: gr.Request) -> dict[str, Any]:
        """Deletes all articles, and the caller's conversations and questions, for good; `confirmation` is the word "delete"."""
        if confirmation.strip().lower() != "delete":
            raise AssistantError("Nothing was deleted. Type the word delete to confirm.")
        for entry in self._assistant.contents():
            self._assistant.remove(entry.id)
            note(request, "removed", entry.id)
        self._library.forget_removed()
        self._chats.clear(owner_of(request))
        if path := former_file(self._assistant.settings):
            path.unlink(missing_ok=True)
        return {"articles": [], "chats": []}

    def _shown(self, owner: str) -> Reply:
        settings = self._assistant.settings
        return {
            "carefulness": settings.carefulness,
            "language_model": settings.language_model,
            "library": os.fsencode(str(settings.library)).decode("utf-8", errors="replace")
            if self._is_for_this_machine
            else "",
            "chooses_model": self._is_for_this_machine,
            "n_questions": self._chats.questions.count(owner),
            "max_question_characters": settings.max_question_characters,
            "max_article_megabytes": settings.max_article_megabytes,
        }
