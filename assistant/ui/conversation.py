"""The conversation: asking, with the steps streamed, and what is done with the conversations that are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from assistant.answer import Answer
from assistant.errors import ArticleError, AssistantError
from assistant.library.chats import Chats, Turn
from assistant.ui.endpoints import Endpoint, owner_of, replies, serve_quickly, streams
from assistant.ui.export import export
from assistant.ui.kept_settings import apply_kept

if TYPE_CHECKING:
    from assistant.assistant import Assistant

MAX_TURNS_OF_HISTORY = 20


class Conversation:
    """Endpoints of the conversation in the middle of the page."""

    def __init__(self, assistant: Assistant, chats: Chats) -> None:
        """Stores what the endpoints work on."""
        self._assistant = assistant
        self._chats = chats

    def register(self, n_at_once: int) -> list[Endpoint]:
        """Adds the endpoints to the current Blocks; so many questions are answered at a time, the others queue."""
        api(self.ask, concurrency_limit=n_at_once, concurrency_id="answers")
        api(self.answer, concurrency_limit=n_at_once, concurrency_id="answers", api_visibility="private")
        quick = serve_quickly(
            self.open_chat,
            self.list_chats,
            self.rename_chat,
            self.delete_chat,
            self.restore_chat,
            self.choose_articles,
            self.rate,
            self.export_chat,
        )
        return [self.ask, self.answer, *quick]

    def ask(self, question: str, article_id: str = "", history: list[list[str]] = []) -> dict[str, Any]:  # noqa: B006
        """Answers a question from one article, or from all; history is [[question, answer], …], oldest first."""
        try:
            self._check_question(question)
            apply_kept(self._assistant, self._chats)
            return self._assistant.ask(question, article=article_id or None, history=_pairs(history)).to_dict()
        except AssistantError as error:
            raise gr.Error(str(error), print_exception=False) from error

    @streams
    def answer(
        self, chat_id: str, question: str, articles: list[str], position: int, request: gr.Request
    ) -> Iterator[dict[str, Any]]:
        """Streams `{"step": name}` …, then `{"turn": …, "chat": …}`.

        A `position` makes all turns from there on give way; -1 adds to what is kept, also what another window kept.
        """
        self._check_question(question)
        apply_kept(self._assistant, self._chats)
        owner = owner_of(request)
        before = self._chats.turns(chat_id, owner) if chat_id else []
        before = before if position < 0 else before[:position]
        for part in self._assistant.stream(question, article=articles or None, history=_history(before)):
            if isinstance(part, Answer):
                chat = self._chats.get(chat_id, owner) if chat_id else self._chats.start(owner, self._known(articles))
                place = None if position < 0 else len(before)
                turn = self._chats.keep(chat.id, place, question, part.to_dict(), owner)
                yield {"turn": turn.to_dict(), "chat": self._chats.get(chat.id, owner).to_dict()}
            else:
                yield {"step": part.name, "detail": part.detail}

    @replies
    def list_chats(self, request: gr.Request) -> dict[str, Any]:
        """Returns the headings of the caller's conversations."""
        return {"chats": [chat.to_dict() for chat in self._chats.of(owner_of(request))]}

    @replies
    def open_chat(self, chat_id: str, request: gr.Request) -> dict[str, Any]:
        """Returns a conversation with its turns."""
        owner = owner_of(request)
        turns = [turn.to_dict() for turn in self._chats.turns(chat_id, owner)]
        return {"chat": self._chats.get(chat_id, owner).to_dict(), "turns": turns}

    @replies
    def rename_chat(self, chat_id: str, title: str, request: gr.Request) -> dict[str, Any]:
        """Returns the conversation under its new title."""
        return {"chat": self._chats.rename(chat_id, title, owner_of(request)).to_dict()}

    @replies
    def delete_chat(self, chat_id: str, request: gr.Request) -> dict[str, Any]:
        """Deletes a conversation; `restore_chat` undoes it."""
        self._chats.delete(chat_id, owner_of(request))
        return {}

    @replies
    def restore_chat(self, chat_id: str, request: gr.Request) -> dict[str, Any]:
        """Returns the conversation that was deleted by mistake."""
        return {"chat": self._chats.restore(chat_id, owner_of(request)).to_dict()}

    @replies
    def choose_articles(self, chat_id: str, articles: list[str], request: gr.Request) -> dict[str, Any]:
        """Keeps which articles a conversation is about."""
        self._chats.choose(chat_id, self._known(articles), owner_of(request))
        return {}

    @replies
    def rate(self, turn_id: int, rating: int, request: gr.Request) -> dict[str, Any]:
        """Keeps a thumb: 1 up, -1 down, 0 taken back."""
        self._chats.rate(turn_id, rating, owner_of(request))
        return {}

    @replies
    def export_chat(self, chat_id: str, form: str, request: gr.Request) -> dict[str, Any]:
        """Returns a conversation as a file to download, form being "markdown", "json" or "html"."""
        owner = owner_of(request)
        return export(self._chats.get(chat_id, owner), self._chats.turns(chat_id, owner), form)

    def _known(self, articles: list[str]) -> list[str]:
        """Returns those ids that are articles': nothing else is kept with a conversation."""
        known = {entry.id for entry in self._assistant.contents()}
        return [article_id for article_id in dict.fromkeys(articles) if article_id in known]

    def _check_question(self, question: str) -> None:
        limit = self._assistant.settings.max_question_characters
        if not question.strip():
            raise ArticleError("The question is empty. Write a question about the article.")
        if len(question) > limit:
            raise ArticleError(f"The question has {len(question):,} characters, the limit is {limit:,}. Shorten it.")


def _history(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    return [(turn.question, str(turn.answer.get("text", ""))) for turn in turns[-MAX_TURNS_OF_HISTORY:]]


def _pairs(history: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    try:
        return [(str(question), str(answer)) for question, answer in history]
    except (TypeError, ValueError) as error:
        raise ArticleError(
            f"The history is not a list of [question, answer] pairs: {str(history)[:80]}. Oldest pair first."
        ) from error
