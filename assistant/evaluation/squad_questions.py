"""Question sets in the JSON of SQuAD 1.1 and 2.0.

Source: https://rajpurkar.github.io/SQuAD-explorer/
"""

from __future__ import annotations

from typing import Any

from assistant.evaluation.question_builder import FieldError, QuestionBuilder, check, locate, needs_of_answers
from assistant.evaluation.question_text import parse_json
from assistant.evaluation.questions import ArticleText, Question


def read_squad(builder: QuestionBuilder, text: str) -> None:
    """Adds the questions of a SQuAD file to the builder; every paragraph is an article of its own."""
    try:
        whole = parse_json(text)
    except ValueError as error:
        builder.mistake("whole file", f"expected the JSON of SQuAD, got something else ({error})")
        return
    try:
        pages = check("data", check("", whole, dict).get("data"), list)
    except FieldError as error:
        builder.mistake("whole file", str(error))
        return
    for page_number, page in enumerate(pages):
        place = f"data[{page_number}]"
        try:
            title = check("title", check("", page, dict).get("title"), str, "").replace("_", " ")
            paragraphs = check("paragraphs", page.get("paragraphs"), list)
        except FieldError as error:
            builder.mistake(place, str(error))
            continue
        for number, paragraph in enumerate(paragraphs):
            _add_paragraph(builder, f"{place}.paragraphs[{number}]", paragraph, title)


def _add_paragraph(builder: QuestionBuilder, place: str, paragraph: Any, title: str) -> None:
    try:
        article = builder.article_of_text(check("context", check("", paragraph, dict).get("context"), str), title)
        questions = check("qas", paragraph.get("qas"), list)
    except FieldError as error:
        builder.mistake(place, str(error))
        return
    for number, row in enumerate(questions):
        try:
            builder.add(f"{place}.qas[{number}]", _question_of(check("", row, dict), article), labelled=False)
        except FieldError as error:
            builder.mistake(f"{place}.qas[{number}]", str(error))


def _question_of(row: dict[str, Any], article: ArticleText) -> Question:
    impossible = check("is_impossible", row.get("is_impossible"), bool, False)
    spans, texts = [], []
    for answer in [] if impossible else check("answers", row.get("answers"), list):
        text = check("answers.text", check("answers", answer, dict).get("text"), str)
        start = check("answers.answer_start", answer.get("answer_start"), int)
        spans.append(locate("answers.text", text, article, start))
        texts.append(text)
    if not impossible and not texts:
        raise FieldError("answers", "expected at least one answer, since `is_impossible` is not true")
    question = check("question", row.get("question"), str).strip()
    if not question:
        raise FieldError("question", "expected a question, got an empty text")
    return Question(
        id=str(check("id", row.get("id"), str)),
        text=question,
        article_id=article.id,
        answerable=not impossible,
        answers=tuple(dict.fromkeys(texts)),
        needs=needs_of_answers(article, spans),
    )
