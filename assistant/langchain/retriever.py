"""An Assistant as LangChain's retriever, runnable and tool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, Unpack

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import Field, field_validator

from assistant.answer import Answer
from assistant.errors import AssistantError
from assistant.finding.search import Evidence
from assistant.langchain.chat_history import turns_of
from assistant.langchain.searching import FILTERS, filters_of
from assistant.library.filter import FilterOptions
from assistant.question.follow_ups import History

TAKES = ("question", "article", "history", *FILTERS)


class Asked(Protocol):
    """What is put into LangChain: an `Assistant`, or anything that is asked like one."""

    def ask(
        self,
        question: str,
        article: str | Sequence[str] | None = None,
        history: History = (),
        **only: Unpack[FilterOptions],
    ) -> Answer:
        """Returns the answer to a question."""
        ...

    def retrieve(
        self,
        question: str,
        k: int | None = None,
        article: str | Sequence[str] | None = None,
        history: History = (),
        rerank: bool = True,
        **only: Unpack[FilterOptions],
    ) -> list[Evidence]:
        """Returns the sentences that help to answer."""
        ...


class ArticleRetriever(BaseRetriever):
    """Returns the best sentences for a question as Documents, best first.

    Attributes:
        assistant: whose library is searched.
        k: at most so many documents; `invoke(question, k=3)` takes another.
        article: an article's id, several, or None for all.
        rerank: whether the reader ranks what search finds; without it search alone answers, in a fraction of the time.
        only: which articles, as for `Assistant.ask`: `tags`, `since`, `until`, `author`, `source`, `title`. (`tags` of a
            retriever itself are LangChain's, for tracing.)
    """

    assistant: Any = Field(exclude=True)
    k: int = Field(5, ge=1)
    article: str | list[str] | None = None
    rerank: bool = True
    only: dict[str, Any] = Field(default_factory=dict)

    @field_validator("only")
    @classmethod
    def _checked(cls, only: dict[str, Any]) -> dict[str, Any]:
        return filters_of(only)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - what retrievers are given
        k: int | None = None,
    ) -> list[Document]:
        assistant: Asked = self.assistant
        k = self.k if k is None else k
        found = assistant.retrieve(query, k, self.article, rerank=self.rerank, **self.only)
        return [document_of(evidence) for evidence in found]


def document_of(evidence: Evidence) -> Document:
    """Returns the evidence as a LangChain Document: the sentence, with all else as metadata."""
    metadata = evidence.to_dict()
    text = metadata.pop("text")
    return Document(page_content=text, metadata=metadata)


def runnable_of(assistant: Asked) -> Runnable[Any, Answer]:
    """Returns a Runnable: a question, or a dict of `ask`'s arguments, in; an Answer out.

    `history` may also be messages, as a chat history of LangChain's gives them.
    It raises an AssistantError that says what it takes where it is given something else.
    """

    def run(given: str | dict[str, Any]) -> Answer:
        if isinstance(given, str):
            return assistant.ask(given)
        arguments = _arguments(given)
        return assistant.ask(**{**arguments, "history": turns_of(arguments.get("history", ()))})

    return RunnableLambda(run).with_config(run_name="article_assistant")


def tool_of(assistant: Asked, article: str | Sequence[str] | None = None, **only: Unpack[FilterOptions]) -> BaseTool:
    """Returns a tool that an agent may call with a question; it gets the answer as Markdown, its message the Answer too.

    Args:
        assistant: who answers.
        article: an article's id, several, or None for all.
        only: which articles, as for `Assistant.ask`; the agent cannot choose others.
    """
    chosen = filters_of(dict(only))

    def ask_article(question: str) -> tuple[str, Answer]:
        """Answers a question about the stored articles with their own sentences, cited; says so if they do not."""
        answer = assistant.ask(question, article, **chosen)
        return answer.as_markdown(), answer

    return StructuredTool.from_function(ask_article, response_format="content_and_artifact")


def _arguments(given: object) -> dict[str, Any]:
    """Returns the arguments of `ask` that a runnable was given."""
    takes = (
        "It takes a question, or a dict with `question` and, if wanted, "
        f"{', '.join(f'`{name}`' for name in TAKES[1:-1])} and `{TAKES[-1]}`."
    )
    if not isinstance(given, dict):
        raise AssistantError(f"The runnable was given {given!r:.80}, a {type(given).__name__}. {takes}")
    unknown = [name for name in given if name not in TAKES]
    if unknown:
        raise AssistantError(f"The runnable was given {unknown[0]!r:.80} in its dict. {takes}")
    if "question" not in given:
        raise AssistantError(f"The runnable was given a dict without `question`. {takes}")
    return given
