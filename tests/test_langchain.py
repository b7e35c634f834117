"""LangChain's interfaces give what the assistant gives."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fakes import ScriptedReader
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.errors import ArticleError

TEXT = "The base stays in Gyumri. Mirzoyan said so in May. Bananas are yellow."
QUESTION = "Where does the base stay?"
Open = Callable[..., Assistant]


@pytest.fixture
def assistant(quick: Open) -> Assistant:
    opened = quick(ScriptedReader("Gyumri"))
    opened.add(TEXT, title="Base")
    return opened


def test_the_retriever_gives_one_document_a_sentence_best_first(assistant: Assistant) -> None:
    retriever = assistant.as_retriever(k=2)
    assert isinstance(retriever, BaseRetriever)
    documents = retriever.invoke(QUESTION)
    evidence = assistant.retrieve(QUESTION, 2)
    assert [d.page_content for d in documents] == [e.sentence.text for e in evidence]
    first = documents[0]
    assert isinstance(first, Document)
    assert first.metadata == {
        "article_id": evidence[0].article_id, "title": "Base", "start": 0, "end": 25, "position": 0,
        "speaker": "", "page": None, "section": "", "place": "", "boxes": [], "url": "",
        "score": round(evidence[0].score, 4),
    }  # fmt: skip


def test_the_retriever_keeps_to_an_article(assistant: Assistant) -> None:
    other = assistant.add("The base of a pear is wide.")
    retriever = assistant.as_retriever(k=5).model_copy(update={"article": other.id})
    assert {d.metadata["article_id"] for d in retriever.invoke(QUESTION)} == {other.id}
    with pytest.raises(ArticleError):
        assistant.as_retriever().model_copy(update={"article": "none"}).invoke(QUESTION)


def test_the_retriever_takes_part_in_a_chain(assistant: Assistant) -> None:
    prompt = ChatPromptTemplate.from_messages([("human", "{documents}")])
    model = FakeListChatModel(responses=["done"])
    chain = {"documents": assistant.as_retriever(1)} | prompt | model | StrOutputParser()
    assert chain.invoke(QUESTION) == "done"
    assert [len(found) for found in assistant.as_retriever(3).batch([QUESTION, "bananas"])] == [3, 3]


def test_the_runnable_takes_a_question_or_all_that_ask_takes(assistant: Assistant) -> None:
    runnable = assistant.as_runnable()
    answer = runnable.invoke(QUESTION)
    assert isinstance(answer, Answer)
    assert answer.text == "The base stays in Gyumri."
    turns = [("What did Mirzoyan say?", "It stays.")]
    followed = runnable.invoke({"question": "And Kopyrkin?", "history": turns, "article": None})
    assert followed.standalone_question == "What did Kopyrkin say?"


def test_the_tool_answers_in_markdown_with_markers(assistant: Assistant) -> None:
    tool = assistant.as_tool()
    assert tool.name == "ask_article"
    assert set(tool.args) == {"question"}
    assert tool.invoke({"question": QUESTION}) == "The base stays in Gyumri. [1]"


async def _asked(assistant: Assistant) -> list[Document]:
    return await assistant.as_retriever(1).ainvoke(QUESTION)


def test_the_retriever_may_be_awaited(assistant: Assistant) -> None:
    import asyncio

    (document,) = asyncio.run(_asked(assistant))
    assert document.page_content == "The base stays in Gyumri."
