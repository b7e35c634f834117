"""The chain is what answers: change a step, empty an index, and the answer changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fakes import ScriptedReader
from langchain_core.language_models import FakeListChatModel

from assistant.answer import Answer
from assistant.answering.inquiry import Inquiry
from assistant.assistant import Assistant, Step
from assistant.chain import STEPS, build_chain
from assistant.errors import AssistantError
from assistant.finding.ranking import MAX_BY_ITSELF
from assistant.networks.reader import Reading

TEXT = "The base stays in Gyumri. Mirzoyan said so in May. Bananas are yellow. Nobody asked about the base."
Open = Callable[..., Assistant]


def test_the_steps_run_in_order_and_each_adds_its_part(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri"))
    assistant.add(TEXT)
    inquiry = assistant.inquire("Where does the base stay?")
    assert inquiry.asked == "Where does the base stay?"
    assert inquiry.intent.kind == "fact"
    assert {c.stored.sentence.text for c in inquiry.candidates} == set(TEXT.replace(". ", ".|").split("|"))
    assert [r.passage.text for r in inquiry.readings] == [TEXT]
    assert inquiry.ranked[0].candidate.stored.sentence.text == "The base stays in Gyumri."
    assert inquiry.answer is None


def test_the_likeliest_sentences_are_read_once_more_without_their_neighbours(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri"))
    article = assistant.add(TEXT)
    inquiry = assistant.inquire("Where does the base stay?")
    assert len(inquiry.by_themselves) == MAX_BY_ITSELF
    assert inquiry.by_themselves[0].passage.text == "The base stays in Gyumri."
    for reading in inquiry.by_themselves:
        (sentence,) = reading.passage.sentences
        assert article.text[sentence.start : sentence.end] == sentence.text == reading.passage.text
    known = {r.candidate.stored.sentence.position: r.by_itself for r in inquiry.ranked}
    assert all(known[r.passage.sentences[0].position] is r for r in inquiry.by_themselves)


@pytest.mark.parametrize(
    ("question", "read", "behind_history"),
    [
        ("Where does the base stay?", "Where does the base stay?", False),  # stands alone: as if it were the first
        ("And where does it stay?", "And where does it stay?", True),
        ("What did he say?", "What did Mirzoyan say?", False),  # put in words of its own
        ("And Kopyrkin?", "Who is Kopyrkin?", False),
        ("Where is Gyumri (the town)?", "Where is Gyumri (the town)?", False),
    ],
)
def test_only_a_follow_up_that_points_back_is_read_behind_its_history(
    quick: Open, question: str, read: str, behind_history: bool
) -> None:
    reader = ScriptedReader("Gyumri")
    assistant = quick(reader)
    assistant.add(TEXT)
    turns = (("Who is Mirzoyan?", "The minister of foreign affairs."),)
    assistant.ask(question, history=turns)
    assert {(asked, history) for asked, _, history in reader.given} == {(read, turns if behind_history else ())}


def test_what_is_put_in_other_words_and_still_points_back_is_read_so_behind_its_history(quick: Open) -> None:
    reader = ScriptedReader("Gyumri")
    assistant = quick(reader)
    assistant.add(TEXT)
    turns = (("What did the minister say?", "That the base stays in Gyumri."),)
    answer = assistant.ask("Where did he say that?", history=turns)
    assert answer.standalone_question.startswith("Where did the minister say that? (What did the minister say? That")
    assert {(asked, history) for asked, _, history in reader.given} == {("Where did the minister say that?", turns)}


def test_a_replaced_reading_step_changes_the_answer(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri"))
    assistant.add("The base stays in Gyumri. The base stays in Yerevan.")
    assert assistant.ask("Where does the base stay?").short_answer == "The base stays in Gyumri."
    read = assistant.steps["read"]

    def other(inquiry: Inquiry) -> Inquiry:
        parts = replace(inquiry.parts, reader=ScriptedReader("Yerevan"))
        return read(replace(inquiry, parts=parts))

    assistant.steps["read"] = other
    assert assistant.ask("Where does the base stay?").short_answer == "The base stays in Yerevan."


def test_a_replaced_answer_step_is_what_ask_and_stream_give(quick: Open) -> None:
    assistant = quick()
    assistant.add(TEXT)
    assistant.steps["answer"] = lambda inquiry: replace(inquiry, answer=Answer(inquiry.question, "", "Mine."))
    assert assistant.ask("Where?").text == "Mine."
    assert list(assistant.stream("Where?"))[-1].text == "Mine."  # type: ignore[union-attr]


def test_a_chain_without_an_answer_says_what_is_wrong(quick: Open) -> None:
    assistant = quick()
    assistant.steps["answer"] = lambda inquiry: inquiry
    with pytest.raises(AssistantError, match="ended without an answer"):
        assistant.ask("Where?")


def test_an_emptied_vector_index_leaves_no_dense_candidates(sample: Assistant) -> None:
    before = sample.inquire("Who is the Armenian foreign minister?").candidates
    assert any(c.dense_rank == 1 for c in before)
    index = sample.store.index  # type: ignore[attr-defined]
    try:
        index.reset()
        after = sample.inquire("Who is the Armenian foreign minister?").candidates
        assert after
        assert all(c.dense_rank is None for c in after)
        assert any(c.lexical_rank == 1 for c in after)
    finally:
        store = sample.store
        store._index.rebuild()  # type: ignore[attr-defined]
    assert sample.inquire("Who is the Armenian foreign minister?").candidates == before


def test_steps_belong_to_one_assistant(quick: Open) -> None:
    one, two = quick(), quick()
    one.steps["read"] = lambda inquiry: inquiry
    assert two.steps == STEPS
    assert set(STEPS) == {"understand", "search", "read", "weigh", "answer", "write"}


def test_the_chain_is_of_langchain_and_ends_where_told(quick: Open) -> None:
    from langchain_core.runnables import Runnable

    chain = build_chain(STEPS, "search")
    assert isinstance(chain, Runnable)
    assistant = quick()
    assistant.add(TEXT)
    found = chain.invoke(assistant._inquiry("Where does the base stay?", None, (), {}))
    assert len(found.candidates) == 4
    assert found.readings == ()


def test_stream_tells_each_step_and_gives_the_answer_of_ask(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri"))
    assistant.add(TEXT)
    *steps, answer = list(assistant.stream("Where does the base stay?"))
    assert [s.name for s in steps if isinstance(s, Step)] == ["understand", "search", "read", "weigh", "answer"]
    assert all(s.detail for s in steps if isinstance(s, Step))
    assert isinstance(answer, Answer)
    assert replace(answer, seconds=0.0) == replace(assistant.ask("Where does the base stay?"), seconds=0.0)


def test_nothing_is_read_where_nothing_is_asked(quick: Open) -> None:
    reader = ScriptedReader()
    assistant = quick(reader)
    assistant.add(TEXT)
    for question in ("", "?!", "Hello!"):
        answer = assistant.ask(question)
        assert answer.abstained
        assert answer.citations == ()
    assert reader.given == []


def test_no_trace_leaves_the_machine_whatever_the_environment_says(
    quick: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    import http.server
    import threading

    requests: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            requests.append(self.path)
            self.send_response(202)
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - the name that http.server calls

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    model = FakeListChatModel(responses=["The base stays in Gyumri [1]."])
    assistant = quick(ScriptedReader("Gyumri"), language_model="fake", chat_model=model)
    assistant.add(TEXT)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "key")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        assistant.ask("Where does the base stay?")
        *_, answer = assistant.stream("Where does the base stay?")
        assert isinstance(answer, Answer)
        assert answer.mode == "written"  # by a model that LangChain calls
        assistant.retrieve("Where does the base stay?")
        from langchain_core.tracers.langchain import wait_for_all_tracers

        wait_for_all_tracers()
        server.shutdown()
    assert requests == []


def test_a_chain_of_the_same_steps_in_another_order_is_another(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri"))
    assistant.add(TEXT)
    assert assistant.inquire("Where does the base stay?", last="write").answer is not None
    assistant.steps = {name: STEPS[name] for name in ("understand", "search", "read", "weigh", "write", "answer")}
    assert assistant.inquire("Where does the base stay?", last="write").answer is None


def test_readings_must_be_one_a_passage(quick: Open) -> None:
    assistant = quick(ScriptedReader("Gyumri"))
    assistant.add(TEXT)
    readings = assistant.inquire("Where does the base stay?").readings
    assert all(isinstance(reading, Reading) for reading in readings)
    assert all(len(r.support) == len(r.passage.sentences) for r in readings)
