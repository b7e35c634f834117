"""Answers made elsewhere -> results: read from a file, judged as the assistant's are.

Nothing is known of them but the short answer, so what is cited and found is not measured; nor is confidence, unless every
answer has one.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from assistant.answer import NO_ANSWER, Answer
from assistant.errors import QuestionSetError
from assistant.evaluation.csv_questions import heading_of, table_of
from assistant.evaluation.figures import Figure
from assistant.evaluation.question_builder import FieldError, check
from assistant.evaluation.question_files import TABLES
from assistant.evaluation.question_text import parse_json, read_text
from assistant.evaluation.questions import Question, QuestionSet
from assistant.evaluation.results import Results, summarise
from assistant.evaluation.rows import Row, judge
from assistant.evaluation.run import notes_of

FORMS = (
    "JSON {id: answer} as SQuAD's, JSON lines {id, answer, confidence, abstained}, or CSV with a heading (id, answer, "
    "confidence, abstained)"
)
COLUMNS = ("id", "answer", "confidence", "abstained")
MAX_IDS_TOLD = 10
_YES, _NO = frozenset(("true", "yes", "1")), frozenset(("false", "no", "0", ""))


@dataclass(frozen=True, slots=True)
class Prediction:
    """An answer made elsewhere.

    Attributes:
        answer: "" for a refusal.
        confidence: from 0 to 1 that it is right, or, of a refusal, that the article does not say; None if none is given.
    """

    answer: str
    confidence: float | None = None


def read_predictions(path: Path) -> dict[str, Prediction]:
    """Returns the answers of a file by the id of their question.

    An empty answer, "abstained", and the assistant's own refusal are refusals.

    Raises:
        QuestionSetError: every mistake with its place, or that the file cannot be read.
    """
    name = path.name.removesuffix(".gz").lower()
    text = read_text(path, FORMS, any_encoding=name.endswith(TABLES))
    if name.endswith(TABLES):
        rows = _rows_of_table(text, "\t" if name.endswith(".tsv") else ",", path)
    else:
        rows = _rows_of_json(text)
    found: dict[str, Prediction] = {}
    for place, read in rows:
        try:
            key, prediction = read()
            if key in found:
                raise FieldError("id", f"{key[:80]!r} is there already; a question has one answer")
        except FieldError as error:
            raise QuestionSetError(f"{path}, {place}: {error}") from error
        found[key] = prediction
    if not found:
        raise QuestionSetError(f"{path}: it holds no answer; expected {FORMS}")
    n_sure = sum(prediction.confidence is not None for prediction in found.values())
    if 0 < n_sure < len(found):
        raise QuestionSetError(
            f"{path}: {n_sure:,} of {len(found):,} answers have a `confidence`; expected one in each, or in none"
        )
    return found


_Read = Callable[[], tuple[str, Prediction]]
"""Reads a row when it is called, so that what is wrong with it is told with its place."""


def _rows_of_json(text: str) -> Iterator[tuple[str, _Read]]:
    """Yields the rows of JSON lines, or of one object from ids to answers."""
    try:
        whole = parse_json(text)
    except ValueError:
        whole = None
    is_row = isinstance(whole, dict) and "id" in whole and set(whole) <= set(COLUMNS)
    if isinstance(whole, dict) and not is_row:
        for key, answer in whole.items():
            yield f"id {key[:80]!r}", partial(_prediction_of, {"id": key, "answer": answer})
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"line {number}", partial(_from_line, line)


def _from_line(line: str) -> tuple[str, Prediction]:
    try:
        row = parse_json(line)
    except ValueError as error:
        raise FieldError("", f"expected {FORMS}, got {line.strip()[:80]!r} ({error})") from error
    return _prediction_of(check("", row, dict))


def _rows_of_table(text: str, expected: str, path: Path) -> Iterator[tuple[str, _Read]]:
    rows, n_before = table_of(text, expected)
    columns: tuple[str, ...] = ()
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            place = f"line {rows.line_num + n_before}"
            if not columns:
                columns = heading_of(row, COLUMNS) or COLUMNS[:2]
                if heading_of(row, COLUMNS):
                    continue
            yield place, partial(_from_cells, row, columns)
    except csv.Error as error:
        raise QuestionSetError(f"{path}, line {rows.line_num + n_before}: expected a table ({error})") from error


def _from_cells(row: list[str], columns: tuple[str, ...]) -> tuple[str, Prediction]:
    if len(row) != len(columns):
        raise FieldError("", f"expected {len(columns)} columns ({', '.join(columns)}), got {len(row)}")
    cells: dict[str, Any] = {name: cell.strip() for name, cell in zip(columns, row, strict=True)}
    said = cells.pop("abstained", "").lower()
    if said not in _YES | _NO:
        raise FieldError("abstained", f"expected true or false, got {said[:80]!r}")
    given = cells.pop("confidence", "")
    try:
        sure = float(given) if given else None
    except ValueError as error:
        raise FieldError("confidence", f"expected a number from 0 to 1, got {given[:80]!r}") from error
    return _prediction_of({**cells, "confidence": sure, "abstained": said in _YES})


def _prediction_of(row: dict[str, Any]) -> tuple[str, Prediction]:
    key = row.get("id")
    key = str(key) if type(key) is int else check("id", key, str)
    answer = check("answer", row.get("answer"), str, "" if row.get("answer") is None and "answer" in row else None)
    refused = check("abstained", row.get("abstained"), bool, False) or _plain(answer) in ("", _plain(NO_ANSWER))
    sure = row.get("confidence")
    if sure is not None and (isinstance(sure, bool) or not isinstance(sure, int | float) or not 0 <= sure <= 1):
        raise FieldError("confidence", f"expected a number from 0 to 1, got {sure!r:.80}")
    return key, Prediction("" if refused else answer, None if sure is None else float(sure))


def _plain(answer: str) -> str:
    return " ".join(answer.split()).rstrip(".").casefold()


def score(questions: QuestionSet, path: Path, k: int = 5) -> Results:
    """Returns how good the answers in a file are; questions without one count as refused, and the notes say which.

    Raises:
        QuestionSetError: if the file is wrong, or is of another question set.
    """
    predictions = read_predictions(path)
    judged = [question for question in questions.questions if question.has_short_answer]
    ids = {question.id for question in questions.questions}
    if not ids & set(predictions):
        raise QuestionSetError(
            f"{path}: none of its {len(predictions):,} ids is one of the set {questions.name}, whose first is "
            f"{questions.questions[0].id!r}; expected {FORMS}"
        )
    is_sure = all(prediction.confidence is not None for prediction in predictions.values())
    missing = Prediction("", 0.5 if is_sure else None)
    rows = [_row(questions, question, predictions.get(question.id, missing)) for question in judged]
    notes = [*notes_of(questions), *_notes(path, questions, predictions, ids)]
    results = summarise(questions.name, questions.digest, f"answers of {path.name}", k, rows, 0.0, notes=notes)
    return replace(results, figures=_measured(results.figures, is_sure))


def _row(questions: QuestionSet, question: Question, prediction: Prediction) -> Row:
    refused = not prediction.answer
    text = NO_ANSWER if refused else prediction.answer
    sure = prediction.confidence or 0.0
    answer = Answer(
        question.text, question.text, text, prediction.answer, confidence=sure, abstained=refused, decided_by=""
    )
    # What they cite is not known, so that nothing of it is to be found wanting.
    return judge(replace(question, needs=(), also=()), questions.articles[question.article_id], answer, [], 0.0)


def _measured(figures: dict[str, Figure], is_sure: bool) -> dict[str, Figure]:
    """Returns the figures, those that nothing is known of empty."""
    unknown = ("citations.",) if is_sure else ("citations.", "confidence.", "abstention.auroc")
    nothing = Figure(float("nan"), float("nan"), float("nan"), 0)
    return {name: nothing if name.startswith(unknown) else figure for name, figure in figures.items()}


def _notes(path: Path, questions: QuestionSet, predictions: dict[str, Prediction], ids: set[str]) -> Iterator[str]:
    yield "The answers were made elsewhere: what they cite, what was found and how long it took is not measured."
    if any(prediction.confidence is None for prediction in predictions.values()):
        yield "They have no confidence, so that its figures are left out."
    missing = [q.id for q in questions.questions if q.id not in predictions and q.has_short_answer]
    if missing:
        yield f"{len(missing):,} questions have no answer in {path.name} and count as refused: {_some(missing)}."
    unjudged = [q.id for q in questions.questions if not q.has_short_answer]
    if unjudged:
        yield f"{len(unjudged):,} questions have no short answer labelled and are left out: {_some(unjudged)}."
    strange = [key for key in predictions if key not in ids]
    if strange:
        yield f"{len(strange):,} answers are to no question of the set and are left out: {_some(strange)}."


def _some(names: Iterable[str]) -> str:
    names = list(names)
    more = len(names) - MAX_IDS_TOLD
    return ", ".join(names[:MAX_IDS_TOLD]) + (f" and {more:,} more" if more > 0 else "")
