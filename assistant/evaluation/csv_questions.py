"""Question sets as tables: two columns, question and answer; an empty answer means that the article does not say."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from assistant.evaluation.question_builder import FieldError, QuestionBuilder, locate, needs_of_answers
from assistant.evaluation.questions import Question

SEPARATOR = "|"
"""Between several accepted answers in one cell."""


def read_csv(builder: QuestionBuilder, lines: Iterable[str], delimiter: str = ",") -> None:
    """Adds the rows to the builder; a first row "question, answer" is a heading."""
    rows = csv.reader(lines, delimiter=delimiter)
    try:
        for number, row in enumerate(rows, start=1):
            if not any(cell.strip() for cell in row):
                continue
            if number == 1 and [cell.strip().lower().rstrip("s") for cell in row] == ["question", "answer"]:
                continue
            try:
                builder.add(f"line {rows.line_num}", _question_of(builder, row, number), labelled=False)
            except FieldError as error:
                builder.mistake(f"line {rows.line_num}", str(error))
    except csv.Error as error:
        builder.mistake(f"line {rows.line_num}", f"expected a table of two columns ({error})")


def _question_of(builder: QuestionBuilder, row: list[str], number: int) -> Question:
    if len(row) != 2:
        raise FieldError(
            "", f"expected 2 columns, question and answer, got {len(row)}; quote a cell that holds the separator"
        )
    text = row[0].strip()
    if not text:
        raise FieldError("question", "expected a question, got an empty cell")
    article = builder.article_of_name("")
    answers = tuple(dict.fromkeys(part.strip() for part in row[1].split(SEPARATOR) if part.strip()))
    spans = [locate("answer", answer, article) for answer in answers if answer in article.text]
    return Question(
        id=str(number),
        text=text,
        article_id=article.id,
        answerable=bool(answers),
        answers=answers,
        needs=needs_of_answers(article, spans),
    )
