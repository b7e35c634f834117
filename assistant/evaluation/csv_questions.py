"""Question sets as tables: a question and its answer a row; an empty answer means that the article does not say.

Columns are parted by commas, semicolons or tabs. Two columns need no heading; one that names them may name more.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.evaluation.question_builder import FieldError, QuestionBuilder, locate, needs_of_answers, tags_of_texts
from assistant.evaluation.questions import Question
from assistant.loaders.csv_table import delimiter_of, told_delimiter

if TYPE_CHECKING:
    from _csv import Reader

SEPARATOR = "|"
"""Between several accepted answers in one cell."""

DELIMITERS = ",;\t"
COLUMNS = ("question", "answer", "id", "kind", "tags", "article")
_NAMES = {"questions": "question", "answers": "answer", "tag": "tags"}
_DEFAULT = COLUMNS[:2]


def read_csv(builder: QuestionBuilder, text: str, expected: str = ",") -> None:
    """Adds the rows to the builder; a first row that names its columns, `question` among them, is a heading.

    Args:
        builder: where to.
        text: of the file.
        expected: the delimiter, where the rows do not tell another.
    """
    rows, n_before = table_of(text, expected)
    columns: Sequence[str] = ()
    try:
        for number, row in enumerate(rows, start=1):
            if not any(cell.strip() for cell in row):
                continue
            if not columns:
                columns = heading_of(row, COLUMNS) or _DEFAULT
                if columns is not _DEFAULT:
                    continue
            place = f"line {rows.line_num + n_before}"
            try:
                _add(builder, place, row, columns, number)
            except FieldError as error:
                builder.mistake(place, str(error))
    except csv.Error as error:
        builder.mistake(f"line {rows.line_num + n_before}", f"expected a table of two columns ({error})")


def table_of(text: str, expected: str = ",") -> tuple[Reader, int]:
    """Returns the rows of a table by the delimiter that they tell, and how many lines stand before the first."""
    delimiter, rest = told_delimiter(text)
    delimiter = delimiter or delimiter_of(text, expected, DELIMITERS)
    return csv.reader(io.StringIO(rest, newline=""), delimiter=delimiter), int(rest is not text)


def heading_of(row: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Returns the columns that a row names, if all its cells are names that are `known` and the first of these is there."""
    names = [" ".join(cell.split()).lower() for cell in row]
    columns = tuple(_NAMES.get(name, name) for name in names)
    named = known[0] in columns and set(columns) <= set(known) and len(set(columns)) == len(columns)
    return columns if named and len(columns) > 1 else ()


def _add(builder: QuestionBuilder, place: str, row: list[str], columns: Sequence[str], number: int) -> None:
    if len(row) != len(columns):
        named = " and ".join([", ".join(columns[:-1]), columns[-1]])
        raise FieldError(
            "", f"expected {len(columns)} columns, {named}, got {len(row)}; quote a cell that holds the separator"
        )
    cells = {name: cell.strip() for name, cell in zip(columns, row, strict=True)}
    if not cells["question"]:
        raise FieldError("question", "expected a question, got an empty cell")
    article = builder.article_of_name(cells.get("article", ""))
    answers = tuple(dict.fromkeys(part.strip() for part in cells.get("answer", "").split(SEPARATOR) if part.strip()))
    spans = [locate("answer", answer, article) for answer in answers if answer in article.text]
    question = Question(
        id=cells.get("id") or str(number),
        text=cells["question"],
        article_id=article.id,
        answerable=bool(answers),
        answers=answers,
        needs=needs_of_answers(article, spans),
        kind=cells.get("kind", ""),
        tags=tags_of_texts(cells.get("tags", "").split(",")),
    )
    builder.add(place, question, labelled=False)
    builder.warn_of_answers(place, "answer", answers, article)
