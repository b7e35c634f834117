"""The user's own question set: a bad answer becomes a question with what would have been right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.evaluation.collect import add_question, own_set
from assistant.ui.endpoints import owner_of, replies, serve_quickly

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.chats import Chats


class OwnQuestions:
    """The endpoint behind "Add it to my questions"."""

    def __init__(self, assistant: Assistant, chats: Chats) -> None:
        """Stores what the endpoint works on."""
        self._assistant = assistant
        self._chats = chats

    def register(self) -> None:
        """Adds the endpoint to the current Blocks."""
        serve_quickly(self.collect_question)

    @replies
    def collect_question(
        self, chat_id: str, turn_id: int, article_id: str, answer: str, request: gr.Request
    ) -> dict[str, Any]:
        """Adds the question of a turn, asked of an article; an empty `answer` means that the article does not say."""
        turns = self._chats.turns(chat_id, owner_of(request))
        place = next((n for n, turn in enumerate(turns) if turn.id == turn_id), None)
        if place is None:
            return {"error": "This question is not in the conversation any more. Ask it again."}
        answers = [part.strip() for part in answer.split("|") if part.strip()]
        add_question(
            own_set(self._assistant.settings.library),
            turns[place].question,
            self._assistant.article(article_id),
            answers=answers,
            history=[(turn.question, str(turn.answer.get("text", ""))) for turn in turns[:place]],
            answerable=bool(answers),
        )
        return {}
