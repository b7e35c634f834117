"""An assistant and its library as LangChain's parts: retriever, runnable, tool, vector store, chat history, embeddings.

Names are imported when they are first used: `from assistant.langchain import LibraryVectorStore`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.langchain.chat_history import LibraryChatHistory
    from assistant.langchain.embeddings import AnyEmbeddings
    from assistant.langchain.retriever import ArticleRetriever
    from assistant.langchain.vector_store import LibraryVectorStore

_HOMES = {
    "ArticleRetriever": "retriever",
    "LibraryVectorStore": "vector_store",
    "LibraryChatHistory": "chat_history",
    "AnyEmbeddings": "embeddings",
}

__all__ = ["AnyEmbeddings", "ArticleRetriever", "LibraryChatHistory", "LibraryVectorStore"]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'assistant.langchain' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"assistant.langchain.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
