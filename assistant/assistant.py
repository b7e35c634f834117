"""Assistant: ties the stages together."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.adding import with_sentences
from assistant.answer import Answer
from assistant.answering.inquiry import Inquiry, Parts, article_ids_of, history_of, question_of
from assistant.articles.article import MAX_TITLE_CHARACTERS, Article, clean, make_article, shorten
from assistant.chain import DETAILS, STEPS, StepFunction, run_chain
from assistant.errors import ArticleError, AssistantError
from assistant.finding.search import Evidence
from assistant.library.store import Entry, Store
from assistant.loaders import Loaded, load_bytes, load_file, load_text
from assistant.networks.embeddings import Embedder, Progress, load_embedder
from assistant.networks.reader import Reader
from assistant.question.follow_ups import History
from assistant.settings import Settings, read_settings, shipped

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable
    from langchain_core.tools import BaseTool

    from assistant.langchain_retriever import ArticleRetriever

ArticleChoice = str | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Step:
    """What the assistant is doing now: the step's name, and a line for the reader of the chat."""

    name: str
    detail: str


class Assistant:
    """Answers questions about the articles of a library. May be shared by threads.

    Attributes:
        settings: as opened; `configure` replaces them.
        store: the library.
        steps: the chain's steps by name; a step may be replaced by a function of the same kind.
        rules_off: names of rules that are passed over, to see what they are worth; see `answering.decision`.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        embedder: Embedder,
        reader: Reader,
        language_model: BaseChatModel | None = None,
    ) -> None:
        self.settings = settings
        self.store = store
        self.steps: dict[str, StepFunction] = dict(STEPS)
        self.rules_off: frozenset[str] = frozenset()
        self._embedder = embedder
        self._reader = reader
        self._language_model = language_model
        self._language_model_name = settings.language_model if language_model is not None else ""
        self._lock = threading.Lock()

    @classmethod
    def open(cls, settings: Settings | None = None) -> Assistant:
        """Returns an assistant on the library of `settings`; the default library holds the sample from the start.

        Raises:
            StoreError: if the library cannot be used.
            ModelError: if a model is missing or not the one expected.
        """
        from assistant.library.open_library import open_store
        from assistant.networks.reader import OnnxReader

        settings = settings or read_settings()
        embedder = load_embedder(settings.embedding_model, settings.threads)
        store = open_store(settings, embedder)
        try:
            assistant = cls(settings, store, embedder, OnnxReader.load(settings.threads))
            if settings.holds_sample and not store.marked("sample_added") and not store.read_only:
                for path in sorted(shipped("articles").glob("*.txt")):
                    assistant.add_file(path)
                # Only now: a process that was killed before has added nothing, and the next one does.
                store.mark("sample_added")
        except BaseException:
            store.close()
            raise
        return assistant

    def close(self) -> None:
        """Writes what is derived and lets go of the library; closing twice does nothing."""
        self.store.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def configure(self, **changes: Any) -> None:
        """Replaces settings by name, from the next question on. The library and the models stay those opened.

        Raises:
            ValueError: if a setting is unknown or its value is not allowed.
        """
        values = self.settings.model_dump() | changes
        self.settings = Settings(**values)

    # -- articles --------------------------------------------------------------------------------------------------

    def add(self, text: str, title: str = "", source: str = "", progress: Progress | None = None) -> Article:
        """Adds a plain text and returns its article; the same text twice is one article.

        Args:
            text: the article.
            title: "" for its first line.
            source: where it comes from.
            progress: called with (sentences embedded, all sentences).

        Raises:
            ArticleError: if the text is empty, too large, or not text.
            StoreError: if the library cannot be written.
        """
        return self._add(load_text(text, self.settings.max_article_megabytes), title, source, progress)

    def add_file(self, path: str | Path, title: str = "", progress: Progress | None = None) -> Article:
        """Adds a text, Markdown or PDF file and returns its article.

        Raises:
            ArticleError: if it cannot be read as text.
            StoreError: if the library cannot be written.
        """
        loaded = load_file(path, self.settings.max_article_megabytes)
        return self._add(loaded, title, Path(path).name, progress)

    def add_bytes(self, data: bytes, name: str, title: str = "", progress: Progress | None = None) -> Article:
        """Adds a file's content; the suffix of `name` tells its format. Raises as `add_file`."""
        return self._add(load_bytes(data, name, self.settings.max_article_megabytes), title, name, progress)

    def articles(self) -> list[Article]:
        """Returns all articles with their text and sentences, oldest first."""
        return [self.store.article(entry.id) for entry in self.contents()]

    def contents(self) -> list[Entry]:
        """Returns all articles without their text, oldest first."""
        return self.store.contents()

    def article(self, article_id: str) -> Article:
        """Returns one article. Raises ArticleError if there is none of that id."""
        return self.store.article(_one_id(article_id))

    def rename(self, article_id: str, title: str) -> None:
        """Changes an article's title. Raises ArticleError if there is none of that id, or the title is blank."""
        title = " ".join(clean(title).split()) if isinstance(title, str) else ""
        if not title:
            raise ArticleError("The title is empty. Give some words.")
        self.store.rename(_one_id(article_id), shorten(title, MAX_TITLE_CHARACTERS))

    def remove(self, article_id: str) -> Article:
        """Removes an article and returns it. Raises ArticleError if there is none of that id."""
        return self.store.remove(_one_id(article_id))

    # -- questions -------------------------------------------------------------------------------------------------

    def retrieve(
        self, question: str, k: int | None = None, article: ArticleChoice = None, history: History = ()
    ) -> list[Evidence]:
        """Returns up to k sentences that help to answer, best first.

        Raises:
            ArticleError: if there is no article of that id.
            AssistantError: if question or history is no text.
            ValueError: if k is no whole number from 1.
        """
        k = self.settings.k if k is None else k
        if not isinstance(k, int) or isinstance(k, bool) or k < 1:
            raise ValueError(f"k is {k!r:.80}, expected 1 or more, a whole number")
        return [r.evidence() for r in self.inquire(question, article, history).ranked[:k]]

    def inquire(
        self, question: str, article: ArticleChoice = None, history: History = (), last: str = "read"
    ) -> Inquiry:
        """Returns the question with all that the chain finds up to the step `last`: candidates, readings, ranking."""
        return self._run(self._inquiry(question, article, history), last)

    def ask(self, question: str, article: ArticleChoice = None, history: History = ()) -> Answer:
        """Returns the answer with its citations, or that the article does not say.

        Args:
            question: in English.
            article: an id, several ids, or None for all.
            history: earlier (question, answer) turns, oldest first.

        Raises:
            ArticleError: if there is no article of that id.
            AssistantError: if question or history is no text.
        """
        started = time.perf_counter()
        inquiry = self._run(self._inquiry(question, article, history), "write")
        return self._timed(inquiry, question, started)

    def stream(self, question: str, article: ArticleChoice = None, history: History = ()) -> Iterator[Step | Answer]:
        """Yields a Step as each begins, then the Answer that `ask` returns."""
        started = time.perf_counter()
        inquiry = self._inquiry(question, article, history)
        for name, step in self.steps.items():
            if name == "write" and not self.settings.language_model:
                continue
            yield Step(name, DETAILS.get(name, name))
            inquiry = self._run(inquiry, name, {name: step})
        yield self._timed(inquiry, question, started)

    # -- LangChain -------------------------------------------------------------------------------------------------

    def as_retriever(self, k: int | None = None) -> ArticleRetriever:
        """Returns a LangChain retriever: a question in, up to k Documents of one sentence each out."""
        from assistant.langchain_retriever import ArticleRetriever

        return ArticleRetriever(assistant=self, k=self.settings.k if k is None else k)

    def as_runnable(self) -> Runnable[Any, Answer]:
        """Returns a Runnable: a question, or a dict with question, article and history, in; an Answer out."""
        from assistant.langchain_retriever import runnable_of

        return runnable_of(self)

    def as_tool(self) -> BaseTool:
        """Returns a LangChain tool that an agent may call with a question; it gets the answer as Markdown."""
        from assistant.langchain_retriever import tool_of

        return tool_of(self)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _add(self, loaded: Loaded, title: str, source: str, progress: Progress | None) -> Article:
        article = replace(
            make_article(loaded.text, title or loaded.title, source),
            author=loaded.author,
            date=loaded.date,
            tags=loaded.tags,
            notes=loaded.notes,
            blocks=loaded.blocks,
        )
        if any(entry.id == article.id for entry in self.store.contents()):
            return self.store.article(article.id)
        article = with_sentences(article, loaded.marks, self.settings.max_article_sentences, loaded.words)
        vectors = self._embedder.embed([s.text for s in article.sentences], progress)
        self.store.add(article, vectors)
        return self.store.article(article.id)

    def _inquiry(self, question: str, article: ArticleChoice, history: History) -> Inquiry:
        parts = Parts(
            self.store, self._embedder, self._reader, self.settings, self._open_language_model, self.rules_off
        )
        asked = question_of(question, self.settings.max_question_characters)
        return Inquiry(parts, asked, history_of(history), self._chosen(article))

    def _chosen(self, article: ArticleChoice) -> tuple[str, ...] | None:
        ids = article_ids_of(article)
        if ids is None:
            return None
        known = {entry.id for entry in self.store.contents()}
        for article_id in ids:
            if article_id not in known:
                raise ArticleError(
                    f"There is no article {article_id!r} in the library. `assistant list` shows what there is."
                )
        return ids

    def _run(self, inquiry: Inquiry, last: str, steps: dict[str, StepFunction] | None = None) -> Inquiry:
        return run_chain(inquiry, steps or self.steps, last)

    def _timed(self, inquiry: Inquiry, question: str, started: float) -> Answer:
        if inquiry.answer is None:
            raise AssistantError("The chain ended without an answer. A replaced step must return an Inquiry with one.")
        return replace(inquiry.answer, question=clean(question), seconds=time.perf_counter() - started)

    def _open_language_model(self) -> BaseChatModel:
        from assistant.answering.writer import open_language_model

        with self._lock:
            name = self.settings.language_model
            if self._language_model is None or self._language_model_name != name:
                self._language_model = open_language_model(name)
                self._language_model_name = name
            return self._language_model


def _one_id(article_id: object) -> str:
    ids = article_ids_of([article_id])
    return ids[0] if ids else ""
