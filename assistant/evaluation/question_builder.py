"""Collects the questions of a file: checks each field, finds texts in their article, gathers every mistake."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from assistant.articles.article import Article, make_article
from assistant.errors import ArticleError, QuestionSetError
from assistant.evaluation.named_articles import FindArticle
from assistant.evaluation.questions import ArticleText, Need, Question, QuestionSet, Span

MAX_MISTAKES = 20
_WORD = re.compile(r"\S+")


class FieldError(Exception):
    """One wrong field: the message says what was given and what is expected."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"field `{name}`: {message}" if name else message)


class QuestionBuilder:
    """Gathers questions and mistakes; `build` gives the set or raises with all mistakes.

    Args:
        name: of the set.
        source: path shown in messages.
        find_article: gives the article that a question names.
        article: that of questions that name none, or its name; "" for none.
    """

    def __init__(self, name: str, source: str, find_article: FindArticle, article: str | Article = "") -> None:
        self.name = name
        self.source = source
        self.article = article
        self._find_article = find_article
        self._questions: dict[str, Question] = {}
        self._mistakes: list[str] = []
        self._warnings: list[str] = []
        self._n_warnings = 0
        self._n_mistakes = 0
        self._articles: dict[str, ArticleText] = {}
        self._ids_of_names: dict[str, str] = {}
        self._ids_of_texts: dict[str, str] = {}
        self._any_labelled = False

    def mistake(self, place: str, message: str) -> None:
        """Notes a mistake at `place`, such as "line 3"."""
        self._n_mistakes += 1
        if len(self._mistakes) < MAX_MISTAKES:
            self._mistakes.append(f"{self.source}, {place}: {message}")

    def add(self, place: str, question: Question, labelled: bool) -> None:
        """Adds a question; an id that is there already is a mistake."""
        if question.id in self._questions:
            self.mistake(place, f"field `id`: {question.id!r} is there already; each question needs its own id")
            return
        self._any_labelled |= labelled
        self._questions[question.id] = question

    def warn_of_answers(self, place: str, name: str, answers: Iterable[str], article: ArticleText) -> None:
        """Notes the accepted answers of the field `name` that stand nowhere in the article, in no capitals or blanks.

        Parts with `; ` between are looked for each by itself.
        """
        for answer in answers:
            parts = [part for part in answer.split("; ") if part.strip()]
            if all(stands_in(part, article.text) for part in parts):
                continue
            self._n_warnings += 1
            if len(self._warnings) < MAX_MISTAKES:
                self._warnings.append(
                    f"{self.source}, {place}: field `{name}`: {answer[:80]!r} stands nowhere in the article; is it a slip?"
                )

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
        """Returns the article that a question names; the one chosen for all for ""."""
        if not name and isinstance(self.article, Article):
            return self._kept(self.article)
        name = name or str(self.article)
        if not name:
            raise FieldError("article", "missing: name one by title, id or path, or choose one for all with --article")
        if name not in self._ids_of_names:
            try:
                article = self._find_article(name)
            except ArticleError as error:
                raise FieldError("article", str(error)) from error
            self._ids_of_names[name] = self._kept(article).id
        return self._articles[self._ids_of_names[name]]

    def _kept(self, article: Article) -> ArticleText:
        return self._articles.setdefault(article.id, ArticleText(article.id, article.title, article.text))

    def build(self, content: str) -> QuestionSet:
        """Returns the set; its digest is that of the file's `content` and of the articles.

        Raises:
            QuestionSetError: one line for each mistake.
        """
        if not self._questions and not self._mistakes:
            raise QuestionSetError(f"{self.source}: it holds no question; give at least one")
        if self._mistakes:
            n_more = self._n_mistakes - len(self._mistakes)
            raise QuestionSetError("\n".join(self._mistakes) + (f"\n… and {n_more} more mistakes" if n_more else ""))
        n_more = self._n_warnings - len(self._warnings)
        more = (f"… and {n_more} more warnings",) if n_more else ()
        used = {question.article_id for question in self._questions.values()}
        articles = {key: article for key, article in self._articles.items() if key in used}
        digest = hashlib.sha256("\n".join([content, *sorted(articles)]).encode()).hexdigest()
        return QuestionSet(
            self.name,
            tuple(self._questions.values()),
            articles,
            digest,
            derived_needs=not self._any_labelled,
            warnings=(*self._warnings, *more),
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
    spans = _places(" ".join(text.split()), article.text)
    found = min(spans, key=lambda span: abs(span[0] - (near or 0)), default=None)
    if found is None:
        raise FieldError(name, f"{text[:80]!r} does not stand in the article; copy it word for word")
    return found


def stands_in(words: str, text: str) -> bool:
    """Returns whether words stand in a text, capitals and blanks apart."""
    words = unicodedata.normalize("NFC", words.replace("\ufeff", ""))
    return " ".join(words.split()).casefold() in _folded(text)


@lru_cache(maxsize=4)
def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def tags_of_texts(texts: Iterable[str]) -> tuple[str, ...]:
    """Returns tags, each once, blanks around them gone."""
    return tuple(dict.fromkeys(filter(None, (" ".join(text.split()) for text in texts))))


def _places(words: str, text: str) -> Iterator[Span]:
    """Yields where words with single blanks stand in a text, whatever blanks it has."""
    flat, places, starts = _single_blanks(text)
    at = flat.find(words)
    while at >= 0:
        first, last = bisect_right(places, at) - 1, bisect_right(places, at + len(words) - 1) - 1
        yield starts[first] + at - places[first], starts[last] + at + len(words) - places[last]
        at = flat.find(words, at + len(words))


@lru_cache(maxsize=4)
def _single_blanks(text: str) -> tuple[str, list[int], list[int]]:
    """Returns a text with single blanks, and where each of its words begins in that and in the text."""
    words = [(match.group(), match.start()) for match in _WORD.finditer(text)]
    places, length = [], 0
    for word, _ in words:
        places.append(length)
        length += len(word) + 1
    return " ".join(word for word, _ in words), places, [start for _, start in words]


def needs_of_answers(article: ArticleText, spans: Iterable[Span]) -> tuple[Need, ...]:
    """Returns what the accepted answers at `spans` need: any sentence that holds one of them.

    Where an answer runs over several sentences, and none holds one whole, each sentence of the first answer is needed.
    """
    spans = list(spans)
    sentences = _sentence_spans(article.text)
    around = [(bisect_right(sentences, a, key=lambda span: span[0]) - 1, b) for a, b in spans]
    numbers = {number for number, b in around if number >= 0 and b <= sentences[number][1]}
    holding = tuple(sentences[number] for number in sorted(numbers))
    if holding or not spans:
        return (holding,) if holding else ()
    first, last = spans[0]
    return tuple(((start, end),) for start, end in sentences if start < last and end > first)


@lru_cache(maxsize=4)
def _sentence_spans(text: str) -> list[Span]:
    from assistant.articles.sentences import split_sentences

    return [(sentence.start, sentence.end) for sentence in split_sentences(text)]
