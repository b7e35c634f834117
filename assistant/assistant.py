"""Assistant: ties the stages together."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack, get_args

from assistant.answer import Answer
from assistant.answering.context import in_context
from assistant.answering.inquiry import Inquiry, Parts, chosen_ids_of, history_of, question_of
from assistant.articles.article import clean
from assistant.chain import DETAILS, STEPS, Step, StepFunction, run_chain, searched
from assistant.collection import Collection
from assistant.errors import AssistantError
from assistant.finding.ranking import searched_evidence
from assistant.finding.search import Evidence
from assistant.library.filter import Filter, FilterOptions
from assistant.library.store import Store
from assistant.networks.embeddings import Embedder, load_embedder
from assistant.networks.onnx_model import Warmed
from assistant.networks.reader import Reader
from assistant.question.follow_ups import History
from assistant.settings import Carefulness, Settings, read_settings, shipped

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable
    from langchain_core.tools import BaseTool

    from assistant.langchain.retriever import ArticleRetriever
    from assistant.langchain.vector_store import LibraryVectorStore

ArticleChoice = str | Sequence[str] | None

__all__ = ["Assistant", "Step"]


class Assistant(Collection):
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
        super().__init__(settings, store, embedder)
        self.steps: dict[str, StepFunction] = dict(STEPS)
        self.rules_off: frozenset[str] = frozenset()
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
        embedder = load_embedder(settings.embedding_model, settings.threads, settings.n_kept_readings)
        store = open_store(settings, embedder)
        try:
            assistant = cls(
                settings, store, embedder, OnnxReader.load(settings.threads, n_kept=settings.n_kept_readings)
            )
            if settings.holds_sample and not store.marked("sample_added") and not store.read_only:
                for path in sorted(shipped("articles").glob("*.txt")):
                    assistant.add_file(path)
                # Only now: a process that was killed before has added nothing, and the next one does.
                store.mark("sample_added")
        except BaseException:
            store.close()
            raise
        return assistant

    def warm(self) -> None:
        """Opens the networks now; else they are with the first question. Raises ModelError if one cannot be opened."""
        for network in (self._embedder, self._reader):
            if isinstance(network, Warmed):
                network.warm()

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

    # -- questions -------------------------------------------------------------------------------------------------

    def retrieve(
        self,
        question: str,
        k: int | None = None,
        article: ArticleChoice = None,
        history: History = (),
        rerank: bool = True,
        **only: Unpack[FilterOptions],
    ) -> list[Evidence]:
        """Returns up to k sentences that help to answer, best first; `article` and `only` as for `ask`.

        Without `rerank` they are as search finds them: the reader, which takes most of the time, is left out, and the scores
        are probabilities of search alone.

        Raises:
            ArticleError: if there is no article of that id.
            AssistantError: if question or history is no text.
            ValueError: if k is no whole number from 1.
        """
        k = self.settings.k if k is None else k
        if not isinstance(k, int) or isinstance(k, bool) or k < 1:
            raise ValueError(f"k is {k!r:.80}, expected 1 or more, a whole number")
        if not rerank:
            found = searched(self.inquire(question, article, history, last="understand", **only)).candidates
            return [searched_evidence(candidate) for candidate in found[:k]]
        return self.inquire(question, article, history, **only).evidence()[:k]

    def inquire(
        self,
        question: str,
        article: ArticleChoice = None,
        history: History = (),
        last: str = "read",
        **only: Unpack[FilterOptions],
    ) -> Inquiry:
        """Returns the question with all that the chain finds up to the step `last`: candidates, readings, ranking."""
        return self._run(self._inquiry(question, article, history, only), last)

    def ask(
        self,
        question: str,
        article: ArticleChoice = None,
        history: History = (),
        *,
        carefulness: Carefulness | None = None,
        **only: Unpack[FilterOptions],
    ) -> Answer:
        """Returns the answer with its citations, or that the article does not say.

        Args:
            question: in English.
            article: an id, several ids, or None for all.
            history: earlier (question, answer) turns, oldest first.
            carefulness: of this question; None for that of the settings.
            only: articles with all of these `tags`, dated `since` and `until` these days, with `author`, `source` or `title` in
                theirs; where there are none, the answer says so.

        Raises:
            ArticleError: if there is no article of that id, or what they are chosen by is not what it should be.
            AssistantError: if question or history is no text.
        """
        started = time.perf_counter()
        inquiry = self._run(self._inquiry(question, article, history, only, carefulness), "write")
        return self._timed(inquiry, question, started)

    def stream(
        self,
        question: str,
        article: ArticleChoice = None,
        history: History = (),
        *,
        carefulness: Carefulness | None = None,
        **only: Unpack[FilterOptions],
    ) -> Iterator[Step | Answer]:
        """Yields a Step as each begins, then the Answer that `ask` returns."""
        started = time.perf_counter()
        inquiry = self._inquiry(question, article, history, only, carefulness)
        for name, step in self.steps.items():
            if name == "write" and not self.settings.language_model:
                continue
            yield Step(name, DETAILS.get(name, name))
            inquiry = self._run(inquiry, name, {name: step})
        yield self._timed(inquiry, question, started)

    # -- LangChain -------------------------------------------------------------------------------------------------

    def as_retriever(
        self,
        k: int | None = None,
        article: ArticleChoice = None,
        rerank: bool = True,
        **only: Unpack[FilterOptions],
    ) -> ArticleRetriever:
        """Returns a LangChain retriever: a question in, up to k Documents of one sentence each out; all as for `retrieve`."""
        from assistant.langchain.retriever import ArticleRetriever

        chosen = article if article is None or isinstance(article, str) else list(article)
        k = self.settings.k if k is None else k
        return ArticleRetriever(assistant=self, k=k, article=chosen, rerank=rerank, only=dict(only))

    def as_runnable(self) -> Runnable[Any, Answer]:
        """Returns a Runnable: a question, or a dict of what `ask` takes, in; an Answer out."""
        from assistant.langchain.retriever import runnable_of

        return runnable_of(self)

    def as_tool(self, article: ArticleChoice = None, **only: Unpack[FilterOptions]) -> BaseTool:
        """Returns a LangChain tool that an agent may call with a question; it gets the answer as Markdown."""
        from assistant.langchain.retriever import tool_of

        return tool_of(self, article, **only)

    def as_vector_store(self, passages: bool = False) -> LibraryVectorStore:
        """Returns the library as a LangChain vector store, which finds documents, or with `passages` what is near in them."""
        from assistant.langchain.vector_store import LibraryVectorStore

        return LibraryVectorStore(self, passages)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _inquiry(
        self,
        question: str,
        article: ArticleChoice,
        history: History,
        only: FilterOptions,
        carefulness: Carefulness | None = None,
    ) -> Inquiry:
        settings = self.settings
        if carefulness is not None and carefulness != settings.carefulness:
            if carefulness not in get_args(Carefulness):
                known = ", ".join(get_args(Carefulness))
                raise AssistantError(f"The carefulness is {carefulness!r:.40}, expected one of {known}.")
            settings = settings.model_copy(update={"carefulness": carefulness})
        parts = Parts(self.store, self._embedder, self._reader, settings, self._open_language_model, self.rules_off)
        asked = question_of(question, settings.max_question_characters)
        chosen = Filter.of(**only)
        return Inquiry(parts, asked, history_of(history), chosen_ids_of(article, chosen, self.store), chosen)

    def _run(self, inquiry: Inquiry, last: str, steps: dict[str, StepFunction] | None = None) -> Inquiry:
        return run_chain(inquiry, steps or self.steps, last)

    def _timed(self, inquiry: Inquiry, question: str, started: float) -> Answer:
        if inquiry.answer is None:
            raise AssistantError("The chain ended without an answer. A replaced step must return an Inquiry with one.")
        answer = in_context(inquiry.answer, inquiry)
        return replace(answer, question=clean(question), seconds=time.perf_counter() - started)

    def _open_language_model(self) -> BaseChatModel:
        from assistant.answering.writer import open_language_model

        with self._lock:
            name = self.settings.language_model
            if self._language_model is None or self._language_model_name != name:
                self._language_model = open_language_model(name)
                self._language_model_name = name
            return self._language_model
