"""Question sets of our own form: one JSON object a line.

question    required
article     id or title, or a path from the set's folder; or `context`: the article's text itself
answers     accepted short answers: texts, or [start, text]; default none
support     what an answer needs: texts or [start, end], or lists of these of which any one does
also        sentences that are neither right nor wrong: texts or [start, end]
answerable  true or false; default: whether there are answers or support
history     [[question, answer], …], oldest first
id, kind, tags (texts, or one with commas), title
accepted    more accepted answers, in words that need not stand in the article
note        {"draft": true} on a question that nobody has looked through; all else in it, and `source`, is not read
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assistant.evaluation.question_builder import (
    FieldError,
    QuestionBuilder,
    check,
    locate,
    needs_of_answers,
    tags_of_texts,
)
from assistant.evaluation.question_text import parse_json
from assistant.evaluation.questions import ArticleText, Need, Question, Span

FIELDS = frozenset(
    {"id", "kind", "question", "history", "answers", "accepted", "support", "also", "answerable"}
    | {"article", "context", "title", "source", "tags", "note"}
)


def read_jsonl(builder: QuestionBuilder, lines: Iterable[str]) -> None:
    """Adds the questions of `lines` to the builder."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = f"line {number}"
        try:
            row = parse_json(line)
        except ValueError as error:
            builder.mistake(place, f"expected one JSON object, got {line.strip()[:80]!r} ({error})")
            continue
        try:
            question, labelled = question_of(builder, check("", row, dict), number)
        except FieldError as error:
            builder.mistake(place, str(error))
            continue
        builder.add(place, question, labelled)
        _warn(builder, place, row)


def _warn(builder: QuestionBuilder, place: str, row: dict[str, Any]) -> None:
    texts = [item if isinstance(item, str) else item[1] for item in row.get("answers") or ()]
    builder.warn_of_answers(place, "answers", texts, _article_of(builder, row))


def question_of(builder: QuestionBuilder, row: dict[str, Any], number: int) -> tuple[Question, bool]:
    """Returns the question of a row and whether its supporting sentences are labelled."""
    unknown = sorted(set(row) - FIELDS)
    if unknown:
        raise FieldError(unknown[0], f"unknown; the fields are {', '.join(sorted(FIELDS))}")
    text = check("question", row.get("question"), str).strip()
    if not text:
        raise FieldError("question", "expected a question, got an empty text")
    article = _article_of(builder, row)
    spans, answers = _answers_of(row, article)
    support = check("support", row.get("support"), list, [])
    answerable = check("answerable", row.get("answerable"), bool, bool(answers or support))
    if not answerable and (answers or support):
        name = "answers" if answers else "support"
        raise FieldError(name, "expected an empty list, since `answerable` is false")
    if answerable and not answers and not support:
        raise FieldError("answers", "expected accepted answers or `support`, since `answerable` is true")
    raw = row.get("context") or article.text
    needs: tuple[Need, ...] = tuple(_need_of(item, article, raw) for item in support)
    return Question(
        id=_id_of(row, number),
        kind=check("kind", row.get("kind"), str, ""),
        text=text,
        history=_history_of(row),
        article_id=article.id,
        answers=answers,
        needs=needs or needs_of_answers(article, spans),
        also=tuple(_span_of("also", item, article, raw) for item in check("also", row.get("also"), list, [])),
        answerable=answerable,
        tags=_tags_of(row),
        is_draft=_is_draft(row),
    ), bool(support)


def _id_of(row: dict[str, Any], number: int) -> str:
    value = row.get("id")
    if value is None or value == "":
        return str(number)
    return str(value) if type(value) is int else str(check("id", value, str))


def _article_of(builder: QuestionBuilder, row: dict[str, Any]) -> ArticleText:
    if row.get("context") is not None:
        return builder.article_of_text(check("context", row["context"], str), check("title", row.get("title"), str, ""))
    return builder.article_of_name(check("article", row.get("article"), str, ""))


def _answers_of(row: dict[str, Any], article: ArticleText) -> tuple[list[Span], tuple[str, ...]]:
    """Returns where the answers stand, as far as they do, and the accepted texts, each once."""
    spans, texts = [], []
    for item in check("answers", row.get("answers"), list, []):
        if isinstance(item, list):
            if len(item) != 2 or type(item[0]) is not int or not isinstance(item[1], str):
                raise FieldError("answers", f"expected texts or [start, text], got {item!r:.80}")
            spans.append(locate("answers", item[1], article, item[0]))
            texts.append(item[1])
            continue
        text = check("answers", item, str).strip()
        if not text:
            raise FieldError("answers", "expected an answer, got an empty text")
        texts.append(text)
        if text in article.text:
            spans.append(locate("answers", text, article))
    texts.extend(check("accepted", item, str) for item in check("accepted", row.get("accepted"), list, []))
    return spans, tuple(dict.fromkeys(texts))


def _history_of(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    history = check("history", row.get("history"), list, [])
    for turn in history:
        if not isinstance(turn, list) or len(turn) != 2 or not all(isinstance(part, str) for part in turn):
            raise FieldError("history", f"expected [[question, answer], …], got {turn!r:.80}")
    return tuple((question, answer) for question, answer in history)


def _tags_of(row: dict[str, Any]) -> tuple[str, ...]:
    tags = row.get("tags")
    if isinstance(tags, str):
        tags = tags.split(",")
    return tags_of_texts(check("tags", tag, str) for tag in check("tags", tags, list, []))


def _is_draft(row: dict[str, Any]) -> bool:
    note = row.get("note")
    return isinstance(note, dict) and bool(check("note.draft", note.get("draft"), bool, False))


def _is_offsets(item: object) -> bool:
    return isinstance(item, list) and len(item) == 2 and all(type(part) is int for part in item)


def _need_of(item: object, article: ArticleText, raw: str) -> Need:
    if isinstance(item, list) and item and not _is_offsets(item):
        return tuple(_span_of("support", one, article, raw) for one in item)
    return (_span_of("support", item, article, raw),)


def _span_of(name: str, item: object, article: ArticleText, raw: str) -> Span:
    """Returns the span of a text or of offsets; offsets count in the text as given, before it was normalised."""
    if isinstance(item, str):
        return locate(name, item, article)
    if isinstance(item, list) and _is_offsets(item):
        start, end = item
        if not 0 <= start < end <= len(raw):
            raise FieldError(name, f"expected offsets from 0 to {len(raw)}, got [{start}, {end}]")
        return (start, end) if raw == article.text else locate(name, raw[start:end], article, start)
    raise FieldError(name, f"expected a sentence of the article or [start, end], got {item!r:.80}")
