"""Whatever a caller gives for a question, a history, an article or a text: a clear error, or an answer that is one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from conftest import ROOT
from fakes import ScriptedReader

import assistant as package
from assistant.answer import NO_ANSWER
from assistant.answering.inquiry import MAX_TURN_CHARACTERS
from assistant.assistant import Assistant
from assistant.errors import ArticleError, AssistantError
from assistant.question.follow_ups import stand_alone
from assistant.question.intent import intent_of

WRONG: list[Any] = [None, 5, 1.5, True, b"bytes", ["a"], {"question": "a"}, object(), float("nan")]


@pytest.fixture
def opened(quick: Callable[..., Assistant]) -> Assistant:
    assistant = quick(ScriptedReader("Gyumri"))
    assistant.add("The base stays in Gyumri. Mirzoyan said so in May.")
    return assistant


@pytest.mark.parametrize("question", WRONG, ids=lambda value: type(value).__name__)
def test_a_question_that_is_no_text_is_told(opened: Assistant, question: Any) -> None:
    for ask in (opened.ask, opened.retrieve, opened.inquire, lambda q: list(opened.stream(q))):
        with pytest.raises(AssistantError, match=r"The question is .*, expected a text"):
            ask(question)


@pytest.mark.parametrize(
    "history",
    [
        None, 5, "ab", b"ab", {"a": "b"}, [5], [None], ["ab"], [b"ab"], [("a",)], [("a", "b", "c")], [("a", None)], [(5, "b")],
        [["a", ["b"]]], [{"a": "b"}], [("a", "b"), 5], [{"question": "a", "answer": "b"}], [{"a", "b"}],
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_history_that_is_none_is_told(opened: Assistant, history: Any) -> None:
    for ask in (opened.ask, opened.retrieve):
        with pytest.raises(AssistantError, match=r"expected (\(question, answer\) pairs|a question and an answer)"):
            ask("Where is the base?", history=history)


@pytest.mark.parametrize(
    "article",
    [5, True, 1.5, b"id", {"id": 1}, [None], [5], ["", 5], [["id"]], object()],
    ids=lambda value: type(value).__name__,
)
def test_an_article_id_that_is_none_is_told(opened: Assistant, article: Any) -> None:
    for ask in (opened.ask, opened.retrieve):
        with pytest.raises(ArticleError, match=r"An article id is|There is no article"):
            ask("Where is the base?", article=article)
    for use in (opened.article, opened.remove, lambda i: opened.rename(i, "A title")):
        with pytest.raises(ArticleError):
            use(article)
    assert len(opened.contents()) == 1


@pytest.mark.parametrize("k", [0, -1, 1.5, "5", True, [5], float("nan")], ids=lambda value: type(value).__name__)
def test_a_wrong_k_is_told(opened: Assistant, k: Any) -> None:
    with pytest.raises(ValueError, match=r"k is .*, expected 1 or more, a whole number"):
        opened.retrieve("Where is the base?", k)


@pytest.mark.parametrize("value", [v for v in WRONG if v is not None], ids=lambda value: type(value).__name__)
def test_a_text_title_or_file_that_is_none_is_told(opened: Assistant, value: Any) -> None:
    uses: list[Callable[[], object]] = [
        lambda: opened.add(value),
        lambda: opened.add(None),  # type: ignore[arg-type]
        lambda: opened.add("Some text.", title=value),
        lambda: opened.add("Some text.", source=value),
        lambda: opened.add_file(value),
        lambda: opened.add_bytes(value, "a.txt"),
        lambda: opened.add_bytes(b"Some text.", value),
        lambda: opened.rename(opened.contents()[0].id, value),
    ]
    for number, use in enumerate(uses):
        if number == 5 and isinstance(value, bytes):
            continue
        with pytest.raises(ArticleError):
            use()
    assert len(opened.contents()) == 1


@pytest.mark.parametrize(
    "question", ["x", "X?", "hm", "Hm …", "1", " 12 ", "a b", "?", "", "…", "uh, um", "x\ny", "7."]
)
def test_what_says_nothing_gets_a_hint(opened: Assistant, question: str) -> None:
    answer = opened.ask(question)
    assert (answer.abstained, answer.text, answer.citations) == (True, NO_ANSWER, ())
    assert answer.reason.startswith("Ask in a few words something about the article")
    assert opened.retrieve(question) == []
    follow_up = opened.ask(question, history=[("Where is the base?", "In Gyumri.")])
    assert follow_up.reason == answer.reason


@pytest.mark.parametrize("question", ["Why?", "Who", "EU?", "1990", "base", "水", "What is C?", "Is it 5?", "Où"])
def test_what_says_something_is_asked(question: str) -> None:
    assert intent_of(question).kind != "nothing"


def test_a_history_is_kept_short(opened: Assistant) -> None:
    turns = [("Who is Mirzoyan?", "x" * 5_000_000)] * 500
    inquiry = opened.inquire("Where is the base?", history=turns, last="understand")
    assert len(inquiry.history) == 20
    assert all(len(part) <= MAX_TURN_CHARACTERS + 10 for turn in inquiry.history for part in turn)
    assert stand_alone("What did he say?", inquiry.history).text == "What did Mirzoyan say?"


def test_a_bad_setting_is_told_by_ask_and_retrieve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_K", "many")
    for use in (lambda: package.ask("Where?"), lambda: package.retrieve("Where?"), Assistant.open):
        with pytest.raises(AssistantError, match=r"ASSISTANT_K is 'many': .*\. Correct it or leave it out"):
            use()


def test_no_setting_is_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MAX_ARTICLE_SENTENCES", "0"), ("MAX_ARTICLE_MEGABYTES", "nan"), ("N_THREADS", "x" * 10_000)):
        monkeypatch.setenv(f"ASSISTANT_{name}", value)
        with pytest.raises(AssistantError, match=f"ASSISTANT_{name} is") as told:
            package.ask("Where?")
        assert len(str(told.value)) < 500
        monkeypatch.delenv(f"ASSISTANT_{name}")


def test_a_bad_setting_ends_a_script_without_names_of_pydantic() -> None:
    script = "import assistant\ntry:\n    assistant.ask('Where?')\nexcept assistant.AssistantError as error:\n    print(error)"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True,
        env={**os.environ, "ASSISTANT_CAREFULNESS": "extreme"},
    )  # fmt: skip
    assert run.stdout.startswith("ASSISTANT_CAREFULNESS is 'extreme': Input should be 'low', 'normal' or 'high'.")
    assert run.stderr == ""
