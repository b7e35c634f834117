"""Baseline: a LangChain chat model that is given the best sentences and asked for a short answer or a refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.answer import NO_ANSWER, Answer, cite
from assistant.errors import LanguageModelError
from assistant.evaluation.baselines import LexicalBaseline
from assistant.finding.search import Evidence

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

SENTENCES_SHOWN = 12


class ChatModelBaseline(LexicalBaseline):
    """Shows the model numbered sentences; it answers in a few words with their numbers, or refuses.

    Its confidence is the same for every question: a chat model gives none.
    """

    def __init__(self, model: BaseChatModel) -> None:
        super().__init__()
        self._model = model

    def ask(self, question: str, article: str | None = None, history: Sequence[tuple[str, str]] = ()) -> Answer:
        """Returns the model's answer with the sentences whose numbers it gave.

        Raises:
            LanguageModelError: if the model fails.
        """
        from langchain_core.messages import HumanMessage

        from assistant.answering.prompts import load_prompt

        found = sorted(self.retrieve(question, SENTENCES_SHOWN, article, history), key=lambda e: e.sentence.position)
        shown = [f"[{n}] {e.sentence.text}" for n, e in enumerate(found, start=1)]
        turns = [line for asked, answered in history for line in (f"Q: {asked}", f"A: {answered}")]
        given = HumanMessage("\n".join([*shown, "", *turns, f"Q: {question}"]))
        messages = [*load_prompt("baseline").format_messages(), given]
        try:
            reply = self._model.invoke(messages)
        except Exception as error:
            raise LanguageModelError(f"The chat model failed: {error}. Check its key, quota and network.") from error
        return self._answer_of(question, str(reply.text).strip(), found)

    def _answer_of(self, question: str, reply: str, found: Sequence[Evidence]) -> Answer:
        numbers = dict.fromkeys(int(number) for number in re.findall(r"\[(\d+)\]", reply))
        cited = [found[number - 1] for number in numbers if 1 <= number <= len(found)]
        short = re.sub(r"(?<!\s)\s*\[\d+\]", "", reply).strip()
        if not short or short.rstrip(".").casefold() == NO_ANSWER.rstrip(".").casefold():
            return Answer(question, question, NO_ANSWER, abstained=True, confidence=0.5)
        return Answer(question, question, short, short, citations=cite(cited), confidence=0.5, mode="written")


def open_chat_model_baseline(name: str) -> ChatModelBaseline:
    """Returns the baseline on the chat model `name`, as LangChain's `init_chat_model` knows it.

    Raises:
        LanguageModelError: if it cannot be opened.
    """
    from langchain.chat_models import init_chat_model

    from assistant.answering.writer import missing_package

    try:
        return ChatModelBaseline(init_chat_model(name))
    except ImportError as error:
        raise LanguageModelError(f"The chat model {name!r} cannot be opened: {missing_package(name, error)}") from error
    except Exception as error:
        raise LanguageModelError(
            f"{name!r} is no baseline (lexical, dense, first, abstain) and no chat model could be opened by that name: "
            f"{error}"
        ) from error
