"""LangChain's own suites on our parts: what every retriever, tool, embedding model and vector store must do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fakes import ScriptedReader
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool
from langchain_core.vectorstores import VectorStore
from langchain_tests.integration_tests import (
    EmbeddingsIntegrationTests,
    RetrieversIntegrationTests,
    ToolsIntegrationTests,
    VectorStoreIntegrationTests,
)
from langchain_tests.unit_tests import EmbeddingsUnitTests, ToolsUnitTests

from assistant.assistant import Assistant
from assistant.langchain import AnyEmbeddings, ArticleRetriever, LibraryVectorStore
from assistant.networks.embeddings import OnnxEmbedder

Open = Callable[..., Assistant]
TEXT = "The base stays in Gyumri. Mirzoyan said so in May. Bananas are yellow. The base is old."
QUESTION = "Where does the base stay?"


@pytest.fixture
def assistant(quick: Open) -> Assistant:
    opened = quick(ScriptedReader("Gyumri"))
    opened.add(TEXT, title="Base")
    return opened


class TestTheVectorStore(VectorStoreIntegrationTests):
    """With the embedding model of the suite, its vectors kept in a library."""

    @pytest.fixture
    def vectorstore(self, quick: Open) -> VectorStore:
        """A vector store on an empty library."""
        return quick(embedder=AnyEmbeddings(self.get_embeddings())).as_vector_store()


class TestTheVectorStoreOfTexts(VectorStoreIntegrationTests):
    """As `from_texts` opens it, without reader."""

    @pytest.fixture
    def vectorstore(self, library: Any) -> Iterator[VectorStore]:  # noqa: ARG002 - the library that it opens
        """A vector store on an empty library of the environment's settings."""
        with LibraryVectorStore.from_texts([], self.get_embeddings()) as store:
            yield store


class TestTheRetriever(RetrieversIntegrationTests):
    """The retriever on a library of four sentences."""

    @pytest.fixture(autouse=True)
    def _opened(self, assistant: Assistant) -> None:
        self._assistant = assistant

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        """What is tested."""
        return ArticleRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        """What it is made with."""
        return {"assistant": self._assistant}

    @property
    def retriever_query_example(self) -> str:
        """What it is asked."""
        return QUESTION


class TestTheRetrieverOfTheVectorStore(TestTheRetriever):
    """`as_retriever` of the vector store, which has LangChain's own class: `k` is one of its search's arguments."""

    @property
    def retriever_constructor(self) -> Any:
        """What is tested."""
        return lambda **given: self._assistant.as_vector_store(passages=True).as_retriever(search_kwargs=given)

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        """What it is made with: as many documents as there are."""
        return {}

    @pytest.fixture(autouse=True)
    def _more(self, _opened: None) -> None:
        for text in ("Bees hum.", "Pears are green."):
            self._assistant.add(text)


class _ToolSuite:
    @pytest.fixture(autouse=True)
    def _opened(self, assistant: Assistant) -> None:
        self._assistant = assistant

    @property
    def tool_constructor(self) -> BaseTool:
        """What is tested."""
        return self._assistant.as_tool()

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        """What it is called with."""
        return {"question": QUESTION}


class TestTheTool(_ToolSuite, ToolsUnitTests):
    """What it says of itself."""


class TestTheToolAtWork(_ToolSuite, ToolsIntegrationTests):
    """What it returns."""


class _Shipped:
    @property
    def embeddings_class(self) -> Any:
        """What is tested, as it is opened."""
        return OnnxEmbedder.load


@pytest.mark.models
class TestTheShippedEmbeddings(_Shipped, EmbeddingsUnitTests):
    """The model that ships."""


@pytest.mark.models
class TestTheShippedEmbeddingsAtWork(_Shipped, EmbeddingsIntegrationTests):
    """What its vectors are."""


class _Other:
    @property
    def embeddings_class(self) -> type[Embeddings]:
        """What is tested."""
        return AnyEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        """What it is made with."""
        return {"embeddings": DeterministicFakeEmbedding(size=6)}


class TestOtherEmbeddings(_Other, EmbeddingsUnitTests):
    """A model of LangChain's, as a library's."""


class TestOtherEmbeddingsAtWork(_Other, EmbeddingsIntegrationTests):
    """What its vectors are."""
