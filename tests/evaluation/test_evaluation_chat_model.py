"""The baseline on a chat model, with a scripted one."""

from __future__ import annotations

import pytest
from langchain_core.language_models import FakeListChatModel

from assistant.answer import NO_ANSWER, Answer
from assistant.errors import LanguageModelError
from assistant.evaluation.chat_model_baseline import ChatModelBaseline
from assistant.evaluation.systems import open_baseline

TEXT = "Ada wrote the first program. It ran in 1843. Charles built the engine."


def asked(reply: str, question: str = "Who wrote the first program?") -> Answer:
    baseline = ChatModelBaseline(FakeListChatModel(responses=[reply]))
    article = baseline.add(TEXT)
    return baseline.ask(question, article.id, [("Who built the engine?", "Charles")])


def test_words_and_numbers_become_short_answer_and_citations() -> None:
    answer = asked("Ada [1][2]")
    assert (answer.short_answer, answer.abstained) == ("Ada", False)
    assert [(c.marker, c.sentence.text) for c in answer.citations] == [
        (1, "Ada wrote the first program."),
        (2, "It ran in 1843."),
    ]


def test_the_refusal_is_recognised_and_has_no_citation() -> None:
    for reply in (NO_ANSWER, "the article does not say [1]", ""):
        answer = asked(reply)
        assert answer.abstained
        assert answer.citations == ()


def test_numbers_that_were_not_given_are_dropped() -> None:
    assert [c.marker for c in asked("Ada [1] [99] [0]").citations] == [1]


def test_a_model_that_fails_or_is_not_known_is_told() -> None:
    class Failing(FakeListChatModel):
        def invoke(self, *_: object, **__: object) -> object:
            raise TimeoutError("too slow")

    baseline = ChatModelBaseline(Failing(responses=[]))
    article = baseline.add(TEXT)
    with pytest.raises(LanguageModelError, match="The chat model failed: too slow"):
        baseline.ask("Who?", article.id)
    with pytest.raises(LanguageModelError, match="'nobody' is no baseline"):
        open_baseline("nobody")
