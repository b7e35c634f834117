"""OpenAI's form, called by OpenAI's client: the conversation, the citations, the stream, the errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import openai
import pytest
from fakes import ScriptedReader

from api.conftest import ARTICLE, QUESTION, Served, served_without_page
from assistant.answer import Answer, cite
from assistant.api.openai_form import Message, annotations_of, conversation_of, without_markers
from assistant.articles.sentences import Sentence
from assistant.assistant import Assistant
from assistant.finding.search import Evidence

SOLD = "The harbour office sold the vessel to a museum."


@pytest.fixture
def program(served: Served) -> Iterator[openai.OpenAI]:
    """OpenAI's client, which insists on a key, before a server that needs none."""
    with openai.OpenAI(base_url=f"{served.address}/v1", api_key="none", max_retries=0) as client:
        yield client


def said(*texts: str) -> list[Any]:
    """Returns a conversation: user, assistant, user …"""
    return [{"role": "user" if n % 2 == 0 else "assistant", "content": text} for n, text in enumerate(texts)]


def test_the_model_is_the_assistant(program: openai.OpenAI) -> None:
    assert [model.id for model in program.models.list()] == ["assistant"]
    assert program.models.retrieve("assistant").owned_by == "article-assistant"
    with pytest.raises(openai.NotFoundError, match="There is no model 'gpt-5' here: it is 'assistant'") as caught:
        program.models.retrieve("gpt-5")
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")


def test_an_answer_has_its_citations(served: Served, program: openai.OpenAI) -> None:
    expected = served.assistant.ask(QUESTION)
    reply = program.chat.completions.create(model="assistant", messages=said(QUESTION))
    (choice,) = reply.choices
    content = choice.message.content
    assert (content, choice.finish_reason, choice.message.refusal) == (f"{SOLD} [1]", "stop", None)
    (note,) = choice.message.annotations
    cited = note.url_citation
    assert content[cited.start_index : cited.end_index] == "[1]"
    assert (cited.title, cited.url) == ("The ferry", f"urn:article:{served.article_id}#2")
    whole = choice.message.assistant  # type: ignore[union-attr]
    assert whole["text"] == SOLD
    assert whole | {"seconds": 0} == expected.to_dict() | {"seconds": 0}
    assert (reply.usage.prompt_tokens, reply.usage.completion_tokens, reply.usage.total_tokens) == (9, 10, 19)


def test_a_stream_is_the_same_in_pieces(served: Served, program: openai.OpenAI) -> None:
    whole = program.chat.completions.create(model="assistant", messages=said(QUESTION))
    chunks = list(
        program.chat.completions.create(
            model="assistant", messages=said(QUESTION), stream=True, stream_options={"include_usage": True}
        )
    )
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    (noted,) = [delta for delta in deltas if getattr(delta, "annotations", None)]
    assert noted.annotations == [note.model_dump() for note in whole.choices[0].message.annotations]
    assert noted.assistant["text"] == SOLD
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].usage == whole.usage
    raw = served.client().post(
        "/v1/chat/completions", json={"model": "assistant", "messages": said(QUESTION), "stream": True}
    )
    lines = [line for line in raw.text.split("\n") if line]
    assert lines[:2] == [": understand", ": search"]
    assert lines[-1] == "data: [DONE]"
    assert "usage" not in raw.text


def test_a_refusal_is_a_message(program: openai.OpenAI, served: Served) -> None:
    reply = program.chat.completions.create(
        model="assistant", messages=said(QUESTION), extra_body={"assistant": {"tags": ["bees"], "carefulness": "high"}}
    )
    message = reply.choices[0].message
    expected = served.assistant.ask(QUESTION, tags=["bees"], carefulness="high")
    assert (message.content, message.annotations, expected.abstained) == (expected.text, [], True)
    assert message.assistant["decided_by"] == "no_article"  # type: ignore[union-attr]


def test_the_messages_before_are_the_history(served: Served, program: openai.OpenAI) -> None:
    messages: list[Any] = [
        {"role": "system", "content": "Answer in French."},
        *said("What was sold?", f"{SOLD} [1]"),
        {"role": "user", "content": [{"type": "text", "text": "Who bought"}, {"type": "text", "text": "it?"}]},
    ]
    reply = program.chat.completions.create(model="assistant", messages=messages)
    expected = served.assistant.ask("Who bought\nit?", history=[("What was sold?", SOLD)])
    assert reply.choices[0].message.assistant["standalone_question"] == expected.standalone_question  # type: ignore[union-attr]
    assert "sold" in expected.standalone_question


def test_what_is_no_conversation_is_refused_in_its_form(program: openai.OpenAI) -> None:
    picture = {"type": "image_url", "image_url": {"url": "http://127.0.0.1/x.png"}}
    for messages, sentence, param in (
        ([{"role": "user", "content": [picture]}], "A part of the type 'image_url' is not read here", "messages[0].content[0].type"),
        ([{"role": "tool", "content": "x", "tool_call_id": "1"}], "The role 'tool' is not read here", "messages[0].role"),
        (said("x", "y"), "The last message is not a user's", "messages"),
        ([{"role": "system", "content": "x"}], "The last message is not a user's", "messages"),
        ([], "List should have at least 1 item", "messages"),
    ):  # fmt: skip
        for stream in (False, True):
            with pytest.raises(openai.BadRequestError, match=sentence) as caught:
                program.chat.completions.create(model="assistant", messages=messages, stream=stream)  # type: ignore[call-overload]
            assert (caught.value.type, caught.value.param) == ("invalid_request_error", param)
    with pytest.raises(openai.BadRequestError, match="`n`"):
        program.chat.completions.create(model="assistant", messages=said("x"), n=2)
    with pytest.raises(openai.NotFoundError, match="There is no article 'x'"):
        program.chat.completions.create(
            model="assistant", messages=said("x"), extra_body={"assistant": {"article": "x"}}
        )


def test_an_error_within_a_stream_reaches_the_client(served: Served, program: openai.OpenAI) -> None:
    def fail(_: Any) -> Any:
        raise KeyError("secret")

    served.assistant.steps["read"] = fail
    with pytest.raises(openai.APIError, match="Something went wrong here"):
        list(program.chat.completions.create(model="assistant", messages=said(QUESTION), stream=True))


def test_a_token_is_the_key(quick: Callable[..., Assistant]) -> None:
    assistant = quick(ScriptedReader("sold the vessel"))
    assistant.add(ARTICLE)
    with served_without_page(assistant, is_open=False) as served:
        for secret, error in (
            ("none", openai.AuthenticationError),
            (served.token("add"), openai.PermissionDeniedError),
        ):
            with (
                openai.OpenAI(base_url=f"{served.address}/v1", api_key=secret, max_retries=0) as client,
                pytest.raises(error),
            ):
                client.chat.completions.create(model="assistant", messages=said(QUESTION))
        with openai.OpenAI(base_url=f"{served.address}/v1", api_key=served.token("ask")) as client:
            assert client.chat.completions.create(model="assistant", messages=said(QUESTION)).choices


def test_turns_are_pairs_and_what_was_never_answered_is_none() -> None:
    def of(*roles: str) -> list[Message]:
        return [Message(role=role, content=f"{role} {n}") for n, role in enumerate(roles)]

    assert conversation_of(of("user")) == ("user 0", [])
    assert conversation_of(of("user", "user", "assistant", "assistant", "user")) == (
        "user 4",
        [("user 1", "assistant 2")],
    )
    assert conversation_of(of("assistant", "user", "developer", "assistant", "user")) == (
        "user 4",
        [("user 1", "assistant 3")],
    )


@pytest.mark.parametrize("mode", ["extractive", "written"])
def test_markers_stand_where_the_annotations_say_and_go_again(mode: Any) -> None:
    texts = ("Bees\nhum.", "It cost 5 [3] crowns.", *(f"Line {n}." for n in range(9)))
    evidence = [
        Evidence(Sentence(text, 0, len(text), n), "id", "T", 0.5, url="https://a.example/" if n else "")
        for n, text in enumerate(texts)
    ]
    answer = Answer("?", "?", "Said in other words.", citations=cite(evidence), mode=mode)
    content = answer.as_markdown()
    notes = [note["url_citation"] for note in annotations_of(answer)]
    assert [content[note["start_index"] : note["end_index"]] for note in notes] == [f"[{n}]" for n in range(1, 12)]
    assert [note["url"] for note in notes[:2]] == ["urn:article:id#0", "https://a.example/"]
    if mode == "written":
        assert without_markers(content) == "Said in other words."
    else:
        assert without_markers(content).startswith("Bees hum. It cost 5 crowns. Line 0.")
