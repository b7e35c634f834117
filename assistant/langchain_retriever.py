"""LangChain's retriever interface over an Assistant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from assistant.retrieval import Evidence

if TYPE_CHECKING:
    from assistant.assistant import Assistant


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
        assistant: Assistant = self.assistant
        return [document_of(evidence) for evidence in assistant.retrieve(query, self.k, self.article)]


def document_of(evidence: Evidence) -> Document:
    """Returns the evidence as a LangChain Document: the sentence, with all else as metadata."""
    metadata = evidence.to_dict()
    text = metadata.pop("text")
    return Document(page_content=text, metadata=metadata)
