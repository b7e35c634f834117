"""The chat history: messages in and out, what waits for its answer, whose it is, and the page's view of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import ScriptedReader
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.langchain import LibraryChatHistory
from assistant.library.chats import Chats
from assistant.settings import Settings

Open = Callable[..., Assistant]


@pytest.fixture
def chats(library: Path) -> Iterator[Chats]:
    library.mkdir()
    opened = Chats.open(library / "library.sqlite3")
    yield opened
    opened.close()


def told(history: LibraryChatHistory) -> list[tuple[str, str]]:
    return [(message.type, str(message.text)) for message in history.messages]


def test_messages_come_back_in_order_and_a_question_waits_for_its_answer(chats: Chats) -> None:
    history = LibraryChatHistory(chats, "ann")
    assert history.messages == []
    history.add_user_message("When?")
    assert told(history) == [("human", "When?")]
    history.add_ai_message("In May.")
    history.add_messages([HumanMessage("Where?"), AIMessage("Here."), HumanMessage("Why?")])
    expected = [("human", "When?"), ("ai", "In May."), ("human", "Where?"), ("ai", "Here."), ("human", "Why?")]
    assert told(history) == expected
    history.add_messages([AIMessage("So."), HumanMessage("What?"), HumanMessage("Who?")])
    assert told(history)[4:] == [("human", "Why?"), ("ai", "So."), ("human", "What?"), ("human", "Who?")]
    assert str(history).startswith("Human: When?\nAI: In May.")


def test_each_session_has_its_own_and_the_page_shows_none_of_them(chats: Chats) -> None:
    ann, ben = LibraryChatHistory(chats, "ann"), LibraryChatHistory(chats, "ben")
    ann.add_messages([HumanMessage("When?"), AIMessage("In May.")])
    assert ben.messages == []
    assert told(LibraryChatHistory(chats, "ann")) == [("human", "When?"), ("ai", "In May.")]
    assert chats.of("") == []
    ben.clear()
    ann.clear()
    assert ann.messages == []
    ann.add_user_message("Again?")
    assert told(ann) == [("human", "Again?")]


def test_an_answer_of_the_assistant_keeps_its_citations(chats: Chats, quick: Open) -> None:
    assistant = quick(ScriptedReader("hum"))
    assistant.add("Bees hum in May. Rain falls.")
    answer = assistant.ask("When do bees hum?")
    history = LibraryChatHistory(chats, "ann")
    history.add_messages(
        [HumanMessage(answer.question), AIMessage(answer.text, additional_kwargs={"answer": answer.to_dict()})]
    )
    (turn,) = chats.turns(chats.of("langchain:ann")[0].id, "langchain:ann")
    assert turn.answer == answer.to_dict()
    assert history.messages[1].additional_kwargs["answer"]["citations"][0]["text"] == "Bees hum in May."
    # JSON of another answer than the message's is not kept as its.
    history.add_messages([HumanMessage("And?"), AIMessage("No.", additional_kwargs={"answer": answer.to_dict()})])
    (_, turn) = chats.turns(chats.of("langchain:ann")[0].id, "langchain:ann")
    assert (turn.answer["text"], turn.answer["citations"]) == ("No.", [])
    assert turn.answer["reason"] == "Kept through LangChain: not an answer from the articles."
    assert set(turn.answer) == set(Answer("?", "?", "").to_dict())


@pytest.mark.parametrize("wrong", [[AIMessage("Hm.")], [HumanMessage("When?"), SystemMessage("Be brief.")]])
def test_what_is_no_question_or_answer_is_refused_and_nothing_is_kept(chats: Chats, wrong: list[AIMessage]) -> None:
    history = LibraryChatHistory(chats, "ann")
    with pytest.raises(AssistantError, match=f"A message of type '{wrong[-1].type}' cannot be kept here"):
        history.add_messages(wrong)
    assert history.messages == []
    with pytest.raises(AssistantError, match="The session is '', expected a text"):
        LibraryChatHistory(chats, "")


def test_a_runnable_takes_the_messages_as_history(chats: Chats, quick: Open) -> None:
    history = LibraryChatHistory(chats, "ann")
    history.add_messages(
        [HumanMessage("What did Mirzoyan say?"), AIMessage("It stays."), HumanMessage("And Kopyrkin?")]
    )
    runnable = quick().as_runnable()
    answer = runnable.invoke({"question": "And Kopyrkin?", "history": history.messages})
    assert answer.standalone_question == "What did Kopyrkin say?"


def test_it_may_be_awaited_and_outlasts_what_opened_it(quick: Open, library: Path) -> None:
    quick()
    settings = Settings(library=library)

    async def run() -> None:
        with LibraryChatHistory.open("ann", settings) as history:
            await history.aadd_messages([HumanMessage("When?"), AIMessage("In May.")])

    asyncio.run(run())

    async def read() -> list[str]:
        with LibraryChatHistory.open("ann", settings) as history:
            found = [str(message.text) for message in await history.aget_messages()]
            await history.aclear()
            return [*found, *(str(message.text) for message in await history.aget_messages())]

    assert asyncio.run(read()) == ["When?", "In May."]
