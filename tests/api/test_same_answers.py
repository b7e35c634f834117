"""One answer, whatever the way in: Python, the command line, REST, OpenAI's form and Gradio's client."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest
from gradio_client import Client

from api.conftest import served_by
from assistant.assistant import Assistant
from assistant.cli import main

QUESTIONS: tuple[tuple[str, list[tuple[str, str]]], ...] = (
    ("What did Mirzoyan say?", []),
    ("Who is the foreign minister of Armenia?", []),
    ("Where is the 102nd base?", []),
    ("When was the base established?", []),
    ("How many soldiers serve at the base?", []),
    ("What is the article about?", []),
    ("Who won the football match?", []),
    ("Hello", []),
    ("hm", []),
    ("What did he say about it?", [("What did Mirzoyan say?", "")]),
)


def normal(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "seconds"}


@pytest.mark.usefixtures("with_sample")
def test_ten_questions_have_the_same_answer_on_every_way_in(
    sample: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    with served_by(sample) as served, openai.OpenAI(base_url=f"{served.address}/v1", api_key="-") as program:
        client, page = served.client(), Client(served.address, verbose=False)
        n_answered = 0
        for question, given in QUESTIONS:
            history = [(asked, answer or sample.ask(asked).text) for asked, answer in given]
            expected = normal(sample.ask(question, history=history).to_dict())
            n_answered += not expected["abstained"]
            pairs = [list(turn) for turn in history]
            assert normal(client.post("/api/v1/ask", json={"question": question, "history": pairs}).json()) == expected
            assert normal(page.predict(question, "", pairs, api_name="/ask")) == expected
            messages: list[Any] = []
            for asked, _ in history:
                said = sample.ask(asked).as_markdown()
                messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": said}]
            messages.append({"role": "user", "content": question})
            message = program.chat.completions.create(model="assistant", messages=messages).choices[0].message
            assert normal(message.assistant) == expected  # type: ignore[union-attr]
            assert message.content == sample.ask(question, history=history).as_markdown()
            if not history:
                assert main(["ask", question, "--json"]) == 0
                assert normal(json.loads(capsys.readouterr().out)) == expected
        assert 4 <= n_answered < len(QUESTIONS)
        page.close()
