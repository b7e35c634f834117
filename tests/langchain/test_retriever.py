"""LangChain's interfaces give what the assistant gives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fakes import ScriptedReader
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.errors import ArticleError, AssistantError

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


def test_the_retriever_gives_what_search_alone_finds(assistant: Assistant) -> None:
    found = assistant.retrieve(QUESTION, 2, rerank=False)
    documents = assistant.as_retriever(2, rerank=False).invoke(QUESTION)
    assert [(d.page_content, d.metadata["score"]) for d in documents] == [
        (e.sentence.text, round(e.score, 4)) for e in found
    ]
    assert [d.metadata["score"] for d in assistant.as_retriever(2).invoke(QUESTION)] != [
        round(e.score, 4) for e in found
    ]


def test_the_retriever_keeps_to_an_article(assistant: Assistant) -> None:
    other = assistant.add("The base of a pear is wide.")
    retriever = assistant.as_retriever(k=5).model_copy(update={"article": other.id})
    assert {d.metadata["article_id"] for d in retriever.invoke(QUESTION)} == {other.id}
    with pytest.raises(ArticleError):
        assistant.as_retriever().model_copy(update={"article": "none"}).invoke(QUESTION)


def test_retriever_and_tool_keep_to_the_articles_that_are_chosen(assistant: Assistant) -> None:
    pear = assistant.add("The base of a pear is wide.", tags="fruit", author="Ann Lee", date="2024-02-29")
    bee = assistant.add("The base of Gyumri has bees.", tags="bees", date="2020-01-01")

    def found(**only: Any) -> set[str]:
        return {d.metadata["article_id"] for d in assistant.as_retriever(5, **only).invoke(QUESTION)}

    assert found(tags="fruit") == found(author="lee") == found(since="2024-01-01", until="2024-12-31") == {pear.id}
    assert found(article=[pear.id, bee.id]) == {pear.id, bee.id}
    assert found(article=[pear.id, bee.id], until="2020-12-31") == found(article=bee.id) == {bee.id}
    assert found(tags="meat") == set()
    assert len(found()) == 3
    assert assistant.as_tool(tags="bees").invoke({"question": QUESTION}) == "The base of Gyumri has bees. [1]"
    assert assistant.as_tool(pear.id).invoke({"question": QUESTION}) == "The article does not say."
    assert set(assistant.as_tool(tags="bees").args) == {"question"}


@pytest.mark.parametrize("make", ["as_retriever", "as_tool"])
def test_a_wrong_filter_is_told_when_it_is_given(assistant: Assistant, make: str) -> None:
    with pytest.raises(ArticleError, match="The day since is 'soon', expected a day as 2024-02-29"):
        getattr(assistant, make)(since="soon")
    with pytest.raises(
        AssistantError, match=r"cannot be chosen by 'tag'\. Choose them by tags, since, until, author, source or title"
    ):
        getattr(assistant, make)(tag="bees")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"query": "Who?"}, "was given 'query' in its dict"),
        ({"article": None}, "was given a dict without `question`"),
        ({"question": "Who?", 5: 1}, "was given 5 in its dict"),
        (["Who?"], r"was given \['Who\?'\], a list"),
        (None, "was given None, a NoneType"),
    ],
)
def test_the_runnable_says_what_it_takes(assistant: Assistant, given: Any, said: str) -> None:
    takes = r"\. It takes a question, or a dict with `question` and, if wanted, `article`, `history`, `tags`, .* and `title`\."
    with pytest.raises(AssistantError, match=said + takes):
        assistant.as_runnable().invoke(given)


def test_the_runnable_takes_filters(assistant: Assistant) -> None:
    answer = assistant.as_runnable().invoke({"question": QUESTION, "tags": ["bees"]})
    assert answer.text == "No article is tagged “bees”."


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


def test_retriever_runnable_and_chain_give_the_same_in_every_way_that_langchain_calls_them(
    assistant: Assistant,
) -> None:
    from assistant.chain import build_chain

    questions = [QUESTION, "What did Mirzoyan say?"]
    inquiries = [assistant.inquire(question, last="none") for question in questions]

    def told(given: Any) -> Any:
        return getattr(given, "answer", given) if not isinstance(given, Answer) else replace(given, seconds=0.0)

    async def all_ways(runnable: Any, inputs: list[Any]) -> None:
        expected = [told(runnable.invoke(one)) for one in inputs]
        assert [told(one) for one in runnable.batch(inputs)] == expected
        assert [told(one) for one in runnable.stream(inputs[0])] == expected[:1]
        assert told(await runnable.ainvoke(inputs[1])) == expected[1]
        assert [told(one) for one in await runnable.abatch(inputs)] == expected
        assert [told(one) async for one in runnable.astream(inputs[0])] == expected[:1]
        assert expected[0] != expected[1]

    for runnable, inputs in (
        (assistant.as_retriever(2), questions),
        (assistant.as_runnable(), questions),
        (build_chain(), inquiries),
    ):
        asyncio.run(all_ways(runnable, inputs))


def test_the_message_of_the_tool_has_the_answer_with_it(assistant: Assistant) -> None:
    call = {"name": "ask_article", "args": {"question": QUESTION}, "id": "1", "type": "tool_call"}
    message = assistant.as_tool().invoke(call)
    assert message.content == "The base stays in Gyumri. [1]"
    assert message.artifact.citations[0].sentence.text == "The base stays in Gyumri."


def test_a_retriever_takes_another_k_for_one_question(assistant: Assistant) -> None:
    retriever = assistant.as_retriever(1)
    assert [len(retriever.invoke(QUESTION)), len(retriever.invoke(QUESTION, k=3))] == [1, 3]
