"""An assistant without models: it answers by shared words, and slowly or not at all where a test wants that."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from assistant import Step
from assistant.adding import article_of, with_sentences
from assistant.answer import NO_ANSWER, Answer, cite
from assistant.articles.article import Article, make_article
from assistant.articles.blocks import Block
from assistant.articles.sentences import split_sentences
from assistant.articles.tags import day_of, tags_of
from assistant.errors import ArticleError, ModelError
from assistant.finding.search import Evidence
from assistant.library.store import Entry
from assistant.loaders import load_bytes
from assistant.loaders.loaded import Loaded
from assistant.loaders.web import WebPage
from assistant.settings import Settings

WEB_TEXT = "The bridge to Sandholm opened in 1931. Engineer Rosa Lind designed the arches.\n\nRead our newsletter!"


@dataclass(frozen=True)
class File:
    """The file that an article was read from."""

    name: str
    data: bytes


class FakeAssistant:
    """Holds articles in memory; a question with the word "slowly" takes a while, one with "broken" fails."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.slow_seconds = 3.0
        self.wait_for = threading.Event()
        self.fetched: list[str] = []
        self._articles: dict[str, Article] = {}
        self._files: dict[str, File] = {}
        self._lock = threading.Lock()

    def configure(self, **changes: Any) -> None:
        self.settings = self.settings.model_copy(update=changes)

    def add(
        self,
        text: str,
        title: str = "",
        source: str = "",
        progress: Callable[[int, int], None] | None = None,
        blocks: Sequence[Block] = (),
    ) -> Article:
        article = replace(make_article(text, title, source), blocks=tuple(blocks))
        article = replace(article, sentences=tuple(split_sentences(article.text, blocks=article.blocks)))
        if progress:
            progress(len(article.sentences), len(article.sentences))
        with self._lock:
            return self._articles.setdefault(article.id, article)

    def add_bytes(
        self, data: bytes, name: str, title: str = "", progress: Callable[[int, int], None] | None = None
    ) -> Article:
        loaded = load_bytes(data, name)
        article = with_sentences(article_of(loaded, title, name), loaded.marks, words=loaded.words)
        if progress:
            progress(len(article.sentences), len(article.sentences))
        if loaded.words:
            self._files[article.id] = File(name, data)
        with self._lock:
            return self._articles.setdefault(article.id, article)

    def fetch_page(self, url: str) -> WebPage:
        """Gives a page by a word in its address: none for "missing", a teaser, a slow one, one made of bad letters."""
        self.fetched.append(url)
        if "missing" in url:
            raise ArticleError(f"There is no page at {url} (status 404). Check the address.")
        if "slow" in url:
            self.wait_for.wait(self.slow_seconds)
        notes = ("The page shows only the beginning of the article.",) if "teaser" in url else ()
        text = "<b>Bold</b> & \u202eevil" if "hostile" in url else WEB_TEXT
        loaded = Loaded(text, "The bridge to Sandholm", (), "Ann Lee", date(2024, 5, 1), (), notes)
        return WebPage(loaded, url, datetime(2026, 11, 27, 9, 30, tzinfo=UTC))

    def add_page(self, page: WebPage, title: str = "", progress: Callable[[int, int], None] | None = None) -> Article:
        loaded = page.loaded
        article = self.add(loaded.text, title or loaded.title, page.url, progress)
        article = replace(
            article, url=page.url, fetched=page.fetched, author=loaded.author, date=loaded.date, notes=loaded.notes
        )
        self._articles[article.id] = article
        return article

    def original(self, article_id: str) -> File | None:
        self.article(article_id)
        return self._files.get(article_id)

    def articles(self) -> list[Article]:
        return list(self._articles.values())

    def contents(self) -> list[Entry]:
        return [
            Entry(
                a.id, a.title, a.source, a.added, len(a.sentences), len(a.text), len(a.text.split()),
                a.author, a.date, a.tags, a.url,
            )
            for a in self._articles.values()
        ]  # fmt: skip

    def article(self, article_id: str) -> Article:
        if article_id not in self._articles:
            raise ArticleError(f"There is no article {article_id!r}. It was removed; choose another.")
        return self._articles[article_id]

    def rename(self, article_id: str, title: str) -> None:
        self._articles[article_id] = replace(self.article(article_id), title=" ".join(title.split()))

    def describe(self, article_id: str, author: str, date: str, tags: str) -> None:
        described = replace(self.article(article_id), author=author, date=day_of(date), tags=tags_of(tags))
        self._articles[article_id] = described

    def remove(self, article_id: str) -> Article:
        return self._articles.pop(self.article(article_id).id)

    def restore(self, article: Article, original: None) -> Article:  # noqa: ARG002
        return self._articles.setdefault(article.id, article)

    def stream(
        self, question: str, article: Any = None, history: Sequence[tuple[str, str]] = ()
    ) -> Iterator[Step | Answer]:
        yield Step("search", "")
        if "slowly" in question:
            self.wait_for.wait(self.slow_seconds)
        if "broken" in question:
            raise ModelError("The reader's weights are missing. Install the package again.")
        yield Step("read", "")
        yield self.ask(question, article, history)

    def ask(self, question: str, article: Any = None, history: Sequence[tuple[str, str]] = ()) -> Answer:
        chosen = [article] if isinstance(article, str) else list(article or self._articles)
        standalone = (
            f"{question} ({history[-1][0]})" if history and re.search(r"\b(he|she|it|they)\b", question) else question
        )
        asked = set(re.findall(r"\w{4,}", standalone.lower())) - {"what", "when", "said", "about", "does", "slowly"}
        evidence = [
            Evidence(s, a.id, a.title, len(asked & set(re.findall(r"\w{4,}", s.text.lower()))) / max(1, len(asked)))
            for a in (self.article(i) for i in chosen)
            for s in a.sentences
        ]
        evidence.sort(key=lambda e: -e.score)
        best = [e for e in evidence[:3] if e.score >= 0.5]
        if not best:
            return Answer(
                question,
                standalone,
                NO_ANSWER,
                closest=tuple(evidence[:3]),
                confidence=0.9,
                abstained=True,
                seconds=0.01,
            )
        citations = cite(best)
        first = best[0].sentence
        end = first.start + len(first.text.split(" ")[0])
        return Answer(
            question,
            standalone,
            " ".join(c.sentence.text for c in citations),
            short_answer=first.text.split(" ")[0],
            short_spans=((best[0].article_id, first.start, end),),
            citations=citations,
            confidence=0.87,
            seconds=0.42,
        )
