"""Conversations that a library keeps as LangChain's chat history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.chat_history import BaseChatMessageHistory
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from assistant.answer import Answer
from assistant.errors import AssistantError
from assistant.library.chats import Chats
from assistant.library.open_library import open_chats
from assistant.settings import Settings, read_settings

FROM_OUTSIDE = "Kept through LangChain: not an answer from the articles."
_PENDING = ""


class LibraryChatHistory(BaseChatMessageHistory):
    """A kept conversation as messages: a question is a HumanMessage, its answer an AIMessage. May be shared by threads.

    An AIMessage has the answer's own JSON, with its citations, under `additional_kwargs["answer"]`; one that is added with
    such is kept whole, so that the page shows its citations. LangChain means to drop this interface with its version 2, for
    the memory of LangGraph; until then it is there for those who use it.

    Attributes:
        chats: the conversations of a library.
        session: names the conversation; each session has its own, and reaches no other.
    """

    def __init__(self, chats: Chats, session: str) -> None:
        super().__init__()
        if not isinstance(session, str) or not session:
            raise AssistantError(f"The session is {session!r:.80}, expected a text that names the conversation.")
        self.chats = chats
        self.session = session

    @classmethod
    def open(cls, session: str, settings: Settings | None = None) -> LibraryChatHistory:
        """Returns the history of a session in the library of `settings`; `close` it in the end.

        Raises:
            StoreError: if the library cannot be used.
        """
        settings = settings or read_settings()
        return cls(open_chats(settings), session)

    def close(self) -> None:
        """Lets go of the library, where `open` has opened it."""
        self.chats.close()

    def __enter__(self) -> LibraryChatHistory:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def messages(self) -> list[BaseMessage]:  # type: ignore[override]
        """The messages so far, oldest first."""
        chat_id = self._chat()
        messages: list[BaseMessage] = []
        for turn in self.chats.turns(chat_id, self._owner) if chat_id else ():
            messages.append(HumanMessage(turn.question))
            text = str(turn.answer.get("text", ""))
            if text != _PENDING:
                messages.append(AIMessage(text, additional_kwargs={"answer": dict(turn.answer)}))
        return messages

    def add_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Keeps questions and answers; a question whose answer is not given yet waits for it.

        Raises:
            AssistantError: if a message is neither, or an answer has no question before it; nothing is kept then.
            StoreError: if the library cannot be written, or the conversation is full.
        """
        turns = self._turns_with(messages)
        if not turns:
            return
        chat_id = self._chat() or self.chats.start(self._owner).id
        for position, question, answer in turns:
            self.chats.keep(chat_id, position, question, answer, self._owner)

    def clear(self) -> None:
        """Forgets the conversation."""
        chat_id = self._chat()
        if chat_id:
            self.chats.delete(chat_id, self._owner)

    def _turns_with(self, messages: Sequence[BaseMessage]) -> list[tuple[int | None, str, dict[str, Any]]]:
        """Returns (position, question, answer) of the turns that messages make, the one that waits among them."""
        chat_id = self._chat()
        last = self.chats.turns(chat_id, self._owner)[-1:] if chat_id else []
        waiting = next((turn for turn in last if turn.answer.get("text") == _PENDING), None)
        question = waiting.question if waiting else None
        position: int | None = waiting.position if waiting else None
        turns: list[tuple[int | None, str, dict[str, Any]]] = []
        for message in messages:
            text = str(message.text)
            if isinstance(message, HumanMessage):
                if question is not None:
                    turns.append((position, question, _answer(question, _PENDING)))
                question, position = text, None
            elif isinstance(message, AIMessage) and question is not None:
                given = message.additional_kwargs.get("answer")
                whole = dict(given) if isinstance(given, Mapping) and given.get("text") == text else None
                turns.append((position, question, whole or _answer(question, text)))
                question = position = None
            else:
                raise AssistantError(
                    f"A message of type {message.type!r} cannot be kept here: a conversation is of questions "
                    "(HumanMessage), each followed by its answer (AIMessage)."
                )
        if question is not None:
            turns.append((position, question, _answer(question, _PENDING)))
        return turns

    def _chat(self) -> str:
        """Returns the id of the session's conversation, "" if it has none yet."""
        return next((chat.id for chat in self.chats.of(self._owner)), "")

    @property
    def _owner(self) -> str:
        return f"langchain:{self.session}"


def turns_of(history: Any) -> Any:
    """Returns (question, answer) turns of messages; what holds no messages as it is.

    >>> turns_of([HumanMessage("When?"), AIMessage("In May."), HumanMessage("Where?")])
    [('When?', 'In May.')]
    """
    if not isinstance(history, Sequence) or not any(isinstance(one, BaseMessage) for one in history):
        return history
    turns, question = [], None
    for message in history:
        if isinstance(message, HumanMessage):
            question = str(message.text)
        elif isinstance(message, AIMessage) and question is not None and message.text:
            turns.append((question, str(message.text)))
            question = None
    return turns


def _answer(question: str, text: str) -> dict[str, Any]:
    return Answer(question, question, text, mode="written", reason=FROM_OUTSIDE, decided_by="").to_dict()
