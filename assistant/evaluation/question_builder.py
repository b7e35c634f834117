"""Collects the questions of a file: checks each field, finds texts in their article, gathers every mistake."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from assistant.articles.article import Article, make_article
from assistant.errors import ArticleError, QuestionSetError
from assistant.evaluation.questions import ArticleText, Need, Question, QuestionSet, Span

FindArticle = Callable[[str], Article]
"""Gives the article of a path or id, or raises ArticleError."""

MAX_MISTAKES = 20


class FieldError(Exception):
    """One wrong field: the message says what was given and what is expected."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"field `{name}`: {message}" if name else message)


class QuestionBuilder:
    """Gathers questions and mistakes; `build` gives the set or raises with all mistakes.

    Args:
        name: of the set.
        source: path shown in messages.
        find_article: gives the article of a path or id.
        article: path or id for questions that name no article; "" for none.
    """

    def __init__(self, name: str, source: str, find_article: FindArticle, article: str = "") -> None:
        self.name = name
        self.source = source
        self.article = article
        self._find_article = find_article
        self._questions: dict[str, Question] = {}
        self._mistakes: list[str] = []
        self._articles: dict[str, ArticleText] = {}
        self._ids_of_names: dict[str, str] = {}
        self._ids_of_texts: dict[str, str] = {}
        self._any_labelled = False

    def mistake(self, place: str, message: str) -> None:
        """Notes a mistake at `place`, such as "line 3"."""
        self._mistakes.append(f"{self.source}, {place}: {message}")

    def add(self, place: str, question: Question, labelled: bool) -> None:
        """Adds a question; an id that is there already is a mistake."""
        if question.id in self._questions:
            self.mistake(place, f"field `id`: {question.id!r} is there already; each question needs its own id")
            return
        self._any_labelled |= labelled
        self._questions[question.id] = question

    def article_of_text(self, text: str, title: str = "") -> ArticleText:
        """Returns the article of a text given in the file; the same text gives the same article."""
        if text not in self._ids_of_texts:
            try:
                article = make_article(text, title)
            except ArticleError as error:
                raise FieldError("context", str(error)) from error
            self._articles.setdefault(article.id, ArticleText(article.id, title, article.text))
            self._ids_of_texts[text] = article.id
        return self._articles[self._ids_of_texts[text]]

    def article_of_name(self, name: str) -> ArticleText:
        """Returns the article of a path or id; the set's own article for ""."""
        name = name or self.article
        if not name:
            raise FieldError("article", "missing: name a path or an id, or choose one for all with --article")
        if name not in self._ids_of_names:
            try:
                article = self._find_article(name)
            except ArticleError as error:
                raise FieldError("article", str(error)) from error
            self._articles.setdefault(article.id, ArticleText(article.id, article.title, article.text))
            self._ids_of_names[name] = article.id
        return self._articles[self._ids_of_names[name]]

    def build(self, content: str) -> QuestionSet:
        """Returns the set; its digest is that of the file's `content` and of the articles.

        Raises:
            QuestionSetError: one line for each mistake.
        """
        if not self._questions and not self._mistakes:
            self._mistakes.append(f"{self.source}: it holds no question; give at least one")
        if self._mistakes:
            shown = self._mistakes[:MAX_MISTAKES]
            n_more = len(self._mistakes) - len(shown)
            raise QuestionSetError("\n".join([*shown, *([f"… and {n_more} more mistakes"] if n_more else [])]))
        used = {question.article_id for question in self._questions.values()}
        articles = {key: article for key, article in self._articles.items() if key in used}
        digest = hashlib.sha256("\n".join([content, *sorted(articles)]).encode()).hexdigest()
        return QuestionSet(
            self.name, tuple(self._questions.values()), articles, digest, derived_needs=not self._any_labelled
        )


def check(name: str, value: object, expected: type, default: Any = None) -> Any:
    """Returns `value` if it is of the `expected` type, `default` if it is None and there is one."""
    if value is None and default is not None:
        return default
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        words = {str: "a text", list: "a list", bool: "true or false", dict: "an object", int: "a whole number"}
        given = "nothing" if value is None else repr(value)
        raise FieldError(name, f"expected {words[expected]}, got {given[:80]}")
    return value


def locate(name: str, text: str, article: ArticleText, near: int | None = None) -> Span:
    """Returns where `text` stands in the article, blanks counting as equal; the place nearest to `near` if given."""
    text = unicodedata.normalize("NFC", text.replace("\ufeff", "")).strip()
    if not text:
        raise FieldError(name, "expected words of the article, got an empty text")
    if near is not None and article.text.startswith(text, near):
        return near, near + len(text)
    pattern = r"\s+".join(re.escape(word) for word in text.split())
    spans = [match.span() for match in re.finditer(pattern, article.text)]
    if not spans:
        raise FieldError(name, f"{text[:80]!r} does not stand in the article; copy it word for word")
    return min(spans, key=lambda span: abs(span[0] - (near or 0)))


def needs_of_answers(article: ArticleText, spans: Iterable[Span]) -> tuple[Need, ...]:
    """Returns what the accepted answers at `spans` need: any sentence that holds one of them.

    Where an answer runs over several sentences, and none holds one whole, each sentence of the first answer is needed.
    """
    spans = list(spans)
    sentences = _sentence_spans(article.text)
    holding = tuple((start, end) for start, end in sentences if any(start <= a and b <= end for a, b in spans))
    if holding or not spans:
        return (holding,) if holding else ()
    first, last = spans[0]
    return tuple(((start, end),) for start, end in sentences if start < last and end > first)


@lru_cache(maxsize=4)
def _sentence_spans(text: str) -> list[Span]:
    from assistant.articles.sentences import split_sentences

    return [(sentence.start, sentence.end) for sentence in split_sentences(text)]
