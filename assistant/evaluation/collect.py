"""A question set of the user's own, question by question: what the chat's thumbs down adds."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.articles.article import Article
from assistant.errors import QuestionSetError
from assistant.evaluation.jsonl_questions import read_jsonl
from assistant.evaluation.question_builder import QuestionBuilder


def add_question(
    path: Path,
    question: str,
    article: Article,
    *,
    answers: Sequence[str] = (),
    support: Sequence[str] = (),
    history: Sequence[tuple[str, str]] = (),
    answerable: bool = True,
) -> str:
    """Adds a question with what is right to the set at `path`, made if it is not there, and returns its id.

    The line carries the article's text, so that the set stays whole when the article leaves the library.

    Args:
        path: a JSONL file.
        question: as asked.
        article: the article it was asked of.
        answers: short answers that are right.
        support: the sentences that a right answer cites, word for word; may be empty if there are answers.
        history: the turns before it, oldest first.
        answerable: False if the article does not say; then there are no answers and no support.

    Raises:
        QuestionSetError: if a sentence does not stand in the article, what is right is missing, or the file cannot be
            written; the file stays as it was.
    """
    row = {
        **question_row(question, article, answers, support, history, answerable),
        "title": article.title,
        "context": article.text,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    except OSError as error:
        raise QuestionSetError(f"{path}: the question cannot be added ({error}); choose another file") from error
    return str(row["id"])


def question_row(
    question: str,
    article: Article,
    answers: Sequence[str] = (),
    support: Sequence[str] = (),
    history: Sequence[tuple[str, str]] = (),
    answerable: bool = True,
) -> dict[str, Any]:
    """Returns a question as a row of a question set, all but its article; arguments as of `add_question`.

    Raises:
        QuestionSetError: if a sentence does not stand in the article, or what is right is missing.
    """
    row = {
        "id": uuid.uuid4().hex[:12],
        "kind": "chat",
        "question": question.strip(),
        "history": [list(turn) for turn in history],
        "answers": list(answers),
        "support": list(support),
        "answerable": answerable,
    }
    builder = QuestionBuilder("questions", "The question", lambda _: article)
    line = json.dumps({**row, "article": article.id}, ensure_ascii=False)
    read_jsonl(builder, [line])
    builder.build(line)
    return row
