"""Questions of one's own: a bad answer becomes one, with what would have been right, and all can be saved as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.articles.article import make_article
from assistant.errors import AssistantError
from assistant.evaluation.collect import question_row
from assistant.evaluation.jsonl_questions import read_jsonl
from assistant.evaluation.question_builder import QuestionBuilder
from assistant.evaluation.questions import QuestionSet
from assistant.library.chats import Chats
from assistant.library.kept_questions import MAX_OF_ONE
from assistant.ui.endpoints import Endpoint, owner_of, replies, serve_quickly

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings

MAX_ANSWER_CHARACTERS = 4000
MAX_FILE_CHARACTERS = 50_000_000
FORMER_FILE = "questions.jsonl"
"""Where the questions of all stood before each had their own, in the library's folder."""


class OwnQuestions:
    """The endpoints behind "Add it to my questions" and "Save my questions"."""

    def __init__(self, assistant: Assistant, chats: Chats) -> None:
        """Stores what the endpoints work on."""
        self._assistant = assistant
        self._chats = chats

    def register(self, _: int) -> list[Endpoint]:
        """Adds the endpoints to the current Blocks."""
        return serve_quickly(self.collect_question, self.export_questions)

    @replies
    def collect_question(
        self, chat_id: str, turn_id: int, article_id: str, answer: str, request: gr.Request
    ) -> dict[str, Any]:
        """Adds the question of a turn, asked of an article; an empty `answer` means that the article does not say."""
        owner = owner_of(request)
        turns = self._chats.turns(chat_id, owner)
        place = next((n for n, turn in enumerate(turns) if turn.id == turn_id), None)
        if place is None:
            return {"error": "This question is not in the conversation any more. Ask it again."}
        if len(answer) > MAX_ANSWER_CHARACTERS:
            return {
                "error": f"The answer is longer than {MAX_ANSWER_CHARACTERS:,} characters. Give the words that matter."
            }
        answers = [part.strip() for part in answer.split("|") if part.strip()]
        article = self._assistant.article(article_id)
        history = [(turn.question, str(turn.answer.get("text", ""))) for turn in turns[:place]]
        row = question_row(turns[place].question, article, answers=answers, history=history, answerable=bool(answers))
        self._chats.questions.add(owner, row, article)
        return {"n_questions": self._chats.questions.count(owner)}

    @replies
    def export_questions(self, request: gr.Request) -> dict[str, Any]:
        """Returns the caller's questions as a file that `assistant evaluate` reads, their articles in it."""
        lines, size = [], 0
        for line in with_articles(self._chats, owner_of(request)):
            lines.append(line)
            size += len(line)
            if size > MAX_FILE_CHARACTERS:
                return {"error": "Your questions and their articles are too long for one file. Evaluate them here."}
        return {"name": "my-questions.jsonl", "type": "application/jsonl", "text": "".join(lines)}


def own_set(chats: Chats, owner: str) -> QuestionSet:
    """Returns the owner's questions as a set.

    Raises:
        QuestionSetError: if there are none, or an article of theirs is damaged.
    """
    lines = [json.dumps(row) for row in chats.questions.rows(owner)]
    builder = QuestionBuilder(
        "my-questions", "Your questions", lambda article_id: chats.questions.article(owner, article_id)
    )
    read_jsonl(builder, lines)
    return builder.build("\n".join(lines))


def with_articles(chats: Chats, owner: str) -> Iterator[str]:
    """Yields the owner's questions as lines of a file that stands alone."""
    for row in chats.questions.rows(owner):
        article = chats.questions.article(owner, row.pop("article"))
        row |= {"title": article.title, "context": article.text}
        yield json.dumps(row, ensure_ascii=False) + "\n"


def former_file(settings: Settings) -> Path | None:
    """Returns the file that the questions of all once stood in, None for a library that is in no folder."""
    library = settings.library
    return library.expanduser() / FORMER_FILE if isinstance(library, Path) else None


def take_over(assistant: Assistant, chats: Chats, owner: str) -> None:
    """Gives this owner the questions that were kept before each user had their own; the file goes, once all are kept."""
    path = former_file(assistant.settings)
    if path is None or not path.is_file():
        return
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, AssistantError):  # it stays as it is
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        found = [(make_article(row.pop("context"), row.pop("title", "")), row) for row in rows]
        if chats.questions.count(owner) + len(found) <= MAX_OF_ONE:
            for article, row in found:
                chats.questions.add(owner, row, article)
            path.unlink()
