"""An Assistant as LangChain's retriever, runnable and tool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import Field

from assistant.answer import Answer
from assistant.finding.search import Evidence
from assistant.question.follow_ups import History


class Asked(Protocol):
    """What is put into LangChain: an `Assistant`, or anything that is asked like one."""

    def ask(self, question: str, article: str | Sequence[str] | None = None, history: History = ()) -> Answer:
        """Returns the answer to a question."""
        ...

    def retrieve(
        self, question: str, k: int | None = None, article: str | Sequence[str] | None = None, history: History = ()
    ) -> list[Evidence]:
        """Returns the sentences that help to answer."""
        ...


class ArticleRetriever(BaseRetriever):
    """Returns the best sentences for a question as Documents, best first.

    Attributes:
        assistant: whose library is searched.
        k: at most so many documents.
        article: an article's id, several, or None for all.
    """

    assistant: Any = Field(exclude=True)
    k: int = Field(5, ge=1)
    article: str | list[str] | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002
        assistant: Asked = self.assistant
        return [document_of(evidence) for evidence in assistant.retrieve(query, self.k, self.article)]


def document_of(evidence: Evidence) -> Document:
    """Returns the evidence as a LangChain Document: the sentence, with all else as metadata."""
    metadata = evidence.to_dict()
    text = metadata.pop("text")
    return Document(page_content=text, metadata=metadata)


def runnable_of(assistant: Asked) -> Runnable[Any, Answer]:
    """Returns a Runnable: a question, or a dict of `ask`'s arguments, in; an Answer out."""

    def run(given: str | dict[str, Any]) -> Answer:
        return assistant.ask(given) if isinstance(given, str) else assistant.ask(**given)

    return RunnableLambda(run).with_config(run_name="article_assistant")


def tool_of(assistant: Asked) -> BaseTool:
    """Returns a tool that an agent may call with a question; it gets the answer as Markdown."""

    def ask_article(question: str) -> str:
        """Answers a question about the stored articles with their own sentences, cited; says so if they do not."""
        return assistant.ask(question).as_markdown()

    return StructuredTool.from_function(ask_article)
